package codeactions

import (
	"fmt"
	"slices"
	"strings"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/image"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/rules"
	"dockerfile-ls/analysis/text"
)

// pinAllImages offers the digests of all images of the file, at one that has none, if there are more: of the base images
// that are found to have none, and of those that stand elsewhere.
func pinAllImages(s *analysis.Snapshot, place text.Span) []Action {
	here, n := false, 0
	for _, f := range s.Findings() {
		if f.Rule.ID == rules.BaseImageWithoutDigest && (f.Ask != nil || len(f.Fixes) > 0) {
			here, n = here || f.Touches(place), n+1
		}
	}
	images := "base images"
	for _, pin := range unpinned(s.Model()) {
		here, n, images = here || pin.word.Touches(place), n+1, "images"
	}
	if !here || n < 2 {
		return nil
	}
	a := Action{Title: fmt.Sprintf("Insert digests of all %d %s", n, images), Kind: QuickFix, Risk: Asked, again: allDigests}
	a.Edits, a.Asks = allDigests(s, s.Facts().Images)
	if a.Asks == nil && len(a.Edits) == 0 {
		return nil
	}
	return []Action{a}
}

// unpinned are what gives a digest to each image without one that stands elsewhere than in a FROM.
func unpinned(m *dockerfile.Model) []pin {
	var pins []pin
	for _, word := range otherImages(m) {
		if pin, ok := pinOf(word); ok && !strings.Contains(word.Text, "@") {
			pins = append(pins, pin)
		}
	}
	return pins
}

// allDigests asks for one image after the other, and then has the edits for those that there are.
func allDigests(s *analysis.Snapshot, known image.Known) ([]text.Edit, *lint.Ask) {
	edits, ask := baseDigests(s, known)
	if ask != nil {
		return nil, ask
	}
	for _, pin := range unpinned(s.Model()) {
		more, ask := pin.again(s, known)
		if ask != nil {
			return nil, ask
		}
		edits = append(edits, more...)
	}
	slices.SortFunc(edits, func(a, b text.Edit) int { return a.Start - b.Start })
	return edits, nil
}

// baseDigests is allDigests for the base images that are found to have none.
func baseDigests(s *analysis.Snapshot, known image.Known) ([]text.Edit, *lint.Ask) {
	var edits []text.Edit
	for _, f := range s.Knowing(known).Findings() {
		switch {
		case f.Rule.ID != rules.BaseImageWithoutDigest:
		case f.Ask != nil:
			return nil, f.Ask
		case len(f.Fixes) > 0 && !overlap(edits, f.Fixes[0].Edits): // a build argument may feed two of them
			edits = append(edits, f.Fixes[0].Edits...)
		}
	}
	slices.SortFunc(edits, func(a, b text.Edit) int { return a.Start - b.Start })
	return edits, nil
}
