package rules

import (
	"fmt"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/image"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/text"
)

var outdatedDigest = &lint.Rule{
	ID:          OutdatedDigest,
	Severity:    lint.Information,
	Section:     1,
	NeedsImages: true,
	Title:       "A base image has a digest that its tag does not mean any more.",
	Why: "The build is the same every time, and so are the holes that have been mended in the image since. Nothing " +
		"is asked because a file is open: `registry.lookups` says when.",
	Check: func(p *lint.Pass) {
		for _, stage := range p.Stages {
			ref, external := p.External(stage)
			if !external || ref.Digest == "" || ref.Tag == "" {
				continue
			}
			facts, known := p.Images[ref.Key()]
			if !known || facts.Digest == "" || facts.Means(ref.Digest) {
				continue
			}
			f := lint.Finding{
				Span: digestOf(stage.Base),
				Message: fmt.Sprintf("`%s` is another image by now, as its registry said on %s: update the digest.",
					ref.Key(), facts.Asked.Format("2006-01-02")),
			}
			if place, ok := WrittenDigest(p.Model, stage, ref); ok {
				edits := []text.Edit{{Span: place, New: facts.Digest}}
				f.Fixes = []lint.Fix{{Title: UpdateDigestTitle(ref), Edits: edits, Asked: true}}
			}
			p.Report(f)
		}
	},
}

// UpdateDigestTitle is the title of what writes the digest that a tag means today over another one. Another image is what
// is asked for, so that it names no risk besides.
func UpdateDigestTitle(ref image.Reference) string {
	return fmt.Sprintf("Update digest of %s (it is another image)", ref.Key())
}

// WrittenDigest is where the digest of a base image stands in the file: in FROM, or at the end of the default of a build
// argument.
func WrittenDigest(m *dockerfile.Model, stage *dockerfile.Stage, ref image.Reference) (place text.Span, ok bool) {
	word, ok := writtenIn(m, stage.Base)
	return text.Span{Start: word.End - len(ref.Digest), End: word.End}, ok && strings.HasSuffix(word.Text, ref.Digest)
}
