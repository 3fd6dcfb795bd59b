package rules

import (
	"fmt"

	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/text"
)

var outdatedDigest = &lint.Rule{
	ID:          "outdated-digest",
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
			place := digestOf(stage.Base)
			f := lint.Finding{Span: place, Message: fmt.Sprintf("`%s` is another image by now, as its registry said on %s: update the digest.", ref.Key(), facts.Asked.Format("2006-01-02"))}
			if place != stage.Base.Span {
				f.Fixes = []lint.Fix{{Title: "Update digest of " + ref.Key(), Edits: []text.Edit{{Span: place, New: facts.Digest}}, Asked: true, Risk: "it is another image"}}
			}
			p.Report(f)
		}
	},
}
