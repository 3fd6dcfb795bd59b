package codeactions

import (
	"fmt"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/image"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/text"
)

// withoutDigest is the rule whose fixes pin base images.
const withoutDigest = "base-image-without-digest"

// pinAllImages offers the digests of all base images of the file, at one that has none, if there are more.
func pinAllImages(s *analysis.Snapshot, place text.Span) []Action {
	here, n := false, 0
	for _, f := range s.Findings() {
		if f.Rule.ID == withoutDigest && (f.Ask != nil || len(f.Fixes) > 0) {
			here, n = here || f.Touches(place), n+1
		}
	}
	if !here || n < 2 {
		return nil
	}
	a := Action{Title: fmt.Sprintf("Insert digests of all %d base images", n), Kind: QuickFix, Risk: Asked, again: allDigests}
	a.Edits, a.Asks = allDigests(s, s.Facts().Images)
	if a.Asks == nil && len(a.Edits) == 0 {
		return nil
	}
	return []Action{a}
}

// allDigests asks for one base image after the other, and then has the edits for those that there are.
func allDigests(s *analysis.Snapshot, known image.Known) ([]text.Edit, *lint.Ask) {
	s = knowing(s, known)
	for _, f := range s.Findings() {
		if f.Rule.ID == withoutDigest && f.Ask != nil {
			return nil, f.Ask
		}
	}
	return fixedAll(s, func(f lint.Finding, fix lint.Fix) bool { return f.Rule.ID == withoutDigest && fix.Asked }), nil
}
