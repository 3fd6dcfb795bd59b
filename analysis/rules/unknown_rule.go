package rules

import (
	"fmt"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/lint"
)

var unknownRule = &lint.Rule{
	ID:       "unknown-rule",
	Severity: lint.Hint,
	Title:    "A pragma names a rule that does not exist.",
	Why:      "The pragma silences nothing. Rules are called by their ID, or by their names in BuildKit and hadolint.",
	CheckPragmas: func(p *lint.Pass, pragmas []*lint.Pragma) {
		for _, pragma := range pragmas {
			for _, name := range pragma.Names {
				if !pragma.Ours || name.Known {
					continue
				}
				near := dockerfile.Nearest(name.Text, p.RuleNames())
				if near == "" {
					p.Tell(name.Span, fmt.Sprintf("There is no rule `%s`: take it away.", name.Text))
					continue
				}
				p.Tell(name.Span, fmt.Sprintf("There is no rule `%s`: write `%s`.", name.Text, near),
					correctName(name.Word, near))
			}
		}
	},
}
