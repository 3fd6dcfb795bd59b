package rules

import (
	"fmt"

	"dockerfile-ls/analysis/lint"
)

var unusedPragma = &lint.Rule{
	ID:          "unused-pragma",
	Unnecessary: true,
	Severity:    lint.Hint,
	Title:       "A pragma silences a rule that has nothing to tell there.",
	Why:         "The reason for the pragma is gone, or it stands at another place than was meant; it hides what may come.",
	CheckPragmas: func(p *lint.Pass, pragmas []*lint.Pragma) {
		for _, pragma := range pragmas {
			for _, name := range pragma.Names {
				if pragma.Ours && name.Known && !name.Used {
					p.Tell(name.Span, fmt.Sprintf("`%s` silences nothing here: take it away.", name.Text))
				}
			}
		}
	},
}
