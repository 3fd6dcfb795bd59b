package rules

import (
	"fmt"

	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/text"
)

var unsupportedNodeVersion = &lint.Rule{
	ID:       "unsupported-node-version",
	Severity: lint.Warning,
	Section:  1,
	Title:    "The official node image has a version of Node.js, or a distribution under it, that gets no fixes any more.",
	Why: "Nobody mends holes in a version behind its end of life, and the images of frozen distributions are not built " +
		"any more: `lts-buster` says lts and is years old. The table of versions carries a date, so that a finding does " +
		"not come overnight.",
	Check: func(p *lint.Pass) {
		for _, stage := range p.Stages {
			ref, external := p.External(stage)
			node, official := ref.Node()
			if !external || !official {
				continue
			}
			what, since := node.Unsupported()
			if what == "" {
				continue
			}
			tag := tagOf(stage.Base)
			f := lint.Finding{
				Span: withoutColon(tag, stage.Base),
				Message: fmt.Sprintf("%s has had no fixes since %s: take a version that does, as `%s:%s`.", what, since,
					ref.Name, node.Supported()),
			}
			if tag != stage.Base.Span && ref.Digest == "" {
				f.Fixes = []lint.Fix{{
					Title: fmt.Sprintf("Use %s:%s", ref.Name, node.Supported()),
					Edits: []text.Edit{{Span: f.Span, New: node.Supported()}},
					Risk:  "another version",
				}}
			}
			p.Report(f)
		}
	},
}
