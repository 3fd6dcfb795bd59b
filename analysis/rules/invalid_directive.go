package rules

import (
	"fmt"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/linter"

	"dockerfile-ls/analysis/image"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/syntax"
)

var invalidDirective = &lint.Rule{
	ID:       "invalid-directive",
	Severity: lint.Error,
	Syntax:   true,
	Title:    "A parser directive is repeated or has an impossible value.",
	Why: "BuildKit stops at a directive that stands twice, at an escape character other than ` and \\, at a syntax that " +
		"is no image reference, and at check options that it cannot read.",
	Check: func(p *lint.Pass) {
		for i := range p.Directives {
			d := &p.Directives[i]
			if d.Repeated {
				p.Tell(d.Span, fmt.Sprintf("The directive `%s` stands above already: take this one away.", d.Name.Text))
				continue
			}
			if message := badDirective(d); message != "" {
				p.Tell(d.Value.Span, message)
			}
		}
	},
}

func badDirective(d *syntax.Directive) string {
	value := d.Value.Text
	switch strings.ToLower(d.Name.Text) {
	case "escape":
		if value != "`" && value != `\` {
			return fmt.Sprintf("`%s` cannot be the escape character: write ` or \\.", value)
		}
	case "check":
		if _, err := linter.ParseLintOptions(value); err != nil {
			return fmt.Sprintf("`%s` are no check options: write skip=, experimental= or error=, with ; between them.",
				value)
		}
	case "syntax":
		name, _, _ := strings.Cut(value, " ")
		if _, err := image.Parse(name); err != nil {
			return fmt.Sprintf("`%s` is no image of a Dockerfile frontend: write docker/dockerfile:1.", name)
		}
	}
	return ""
}
