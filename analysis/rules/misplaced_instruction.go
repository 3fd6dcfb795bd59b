package rules

import (
	"fmt"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/syntax"
)

var misplacedInstruction = &lint.Rule{
	ID:       "misplaced-instruction",
	Severity: lint.Error,
	Syntax:   true,
	Title:    "An instruction stands where it cannot.",
	Why: "Only ARG may stand in front of the first FROM, since there is no image yet that an instruction could change. " +
		"Behind ONBUILD neither FROM, MAINTAINER nor another ONBUILD can stand.",
	CheckInstruction: func(p *lint.Pass, inst *dockerfile.Instruction) {
		if inst.Inner == nil {
			return
		}
		switch inner := inst.Inner; inner.Name {
		case "FROM", "MAINTAINER", "ONBUILD":
			p.Tell(inner.Keyword.Span, fmt.Sprintf("ONBUILD cannot trigger %s.", inner.Name))
		}
	},
	Check: func(p *lint.Pass) {
		for _, inst := range p.Globals {
			if !known(inst) {
				return // it may be a mistyped FROM, and is told
			}
			if inst.Name == "ARG" {
				continue
			}
			if len(p.Stages) == 0 {
				p.Tell(inst.Keyword.Span, fmt.Sprintf("%s needs a base image: begin the file with FROM.", inst.Name))
				return
			}
			p.Tell(inst.Keyword.Span,
				fmt.Sprintf("%s stands before the first FROM, where only ARG can: move it below.", inst.Name))
		}
	},
}

func known(inst *dockerfile.Instruction) bool { return syntax.Known(inst.Keyword.Text) }
