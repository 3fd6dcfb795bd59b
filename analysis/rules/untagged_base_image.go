package rules

import (
	"strings"

	"dockerfile-ls/analysis/lint"
)

var untaggedBaseImage = &lint.Rule{
	ID:       "untagged-base-image",
	Aliases:  []string{"DL3006"},
	Severity: lint.Warning,
	Section:  1,
	Title:    "A base image has neither tag nor digest.",
	Why:      "x",
	Check: func(p *lint.Pass) {
		for _, s := range p.Stages {
			if !strings.ContainsAny(s.Base.Text, ":@$") {
				p.Report(lint.Finding{Span: s.Base.Span, Message: "x"})
			}
		}
	},
}
