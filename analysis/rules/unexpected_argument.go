package rules

import (
	"fmt"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

var unexpectedArgument = &lint.Rule{
	ID:       "unexpected-argument",
	Severity: lint.Error,
	Syntax:   true,
	Title:    "An instruction has more arguments than it takes.",
	Why: "BuildKit stops at FROM with anything but an image and a name behind AS, and at HEALTHCHECK NONE with a " +
		"command.",
	CheckInstruction: func(p *lint.Pass, inst *dockerfile.Instruction) {
		args := inst.Args
		switch {
		case inst.Name == "HEALTHCHECK" && len(args) > 1 && strings.EqualFold(args[0].Text, "NONE"):
			p.Tell(args[1].Span, fmt.Sprintf("HEALTHCHECK NONE takes no command: take `%s` away.", args[1].Text))
		case inst.Name != "FROM" || len(args) < 2:
		case !strings.EqualFold(args[1].Text, "AS"):
			p.Tell(from(args[1:]),
				fmt.Sprintf("FROM takes one image: write AS in front of a stage name, or take `%s` away.", args[1].Text))
		case len(args) > 3:
			p.Tell(from(args[3:]), fmt.Sprintf("FROM ends with the stage name: take `%s` away.", args[3].Text))
		}
	},
}

// from is the span of several words.
func from(words []syntax.Word) text.Span {
	return text.Span{Start: words[0].Start, End: words[len(words)-1].End}
}
