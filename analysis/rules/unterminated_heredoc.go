package rules

import (
	"fmt"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/lint"
)

var unterminatedHeredoc = &lint.Rule{
	ID:       "unterminated-heredoc",
	Severity: lint.Error,
	Syntax:   true,
	Title:    "A here-document is not ended.",
	Why: "The delimiter must stand alone on a line, without blanks around it; with <<- tabs may stand in front. " +
		"Without it BuildKit reads to the end of the file and stops.",
	CheckInstruction: func(p *lint.Pass, inst *dockerfile.Instruction) {
		if inst.Name == "ONBUILD" {
			return // told of the inner instruction
		}
		for _, h := range inst.Heredocs {
			if !h.Terminated {
				p.Tell(h.Span,
					fmt.Sprintf("The here-document is not ended: write `%s` alone on a line behind it.", h.Name.Text))
			}
		}
	},
}
