package rules

import (
	"fmt"

	"dockerfile-ls/analysis/lint"
)

var lateDirective = &lint.Rule{
	ID:          "late-directive",
	Unnecessary: true,
	Severity:    lint.Hint,
	Title:       "A parser directive stands too low and is a comment.",
	Why: "Directives count only in the first lines of the file: a comment, a blank line or an instruction above makes an " +
		"ordinary comment of them.",
	Check: func(p *lint.Pass) {
		for _, c := range p.Comments {
			if c.Late != nil {
				p.Tell(c.Span, fmt.Sprintf("The directive `%s` has no effect here: it belongs above all comments and "+
					"blank lines.", c.Late.Name.Text))
			}
		}
	},
}
