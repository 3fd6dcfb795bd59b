package rules

import (
	"fmt"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/lint"
)

var unknownFlag = &lint.Rule{
	ID:       "unknown-flag",
	Severity: lint.Error,
	Syntax:   true,
	Title:    "An instruction has a flag that it does not know.",
	Why:      "BuildKit stops at a flag that it does not know. Flags stand in front of the arguments, in lower case.",
	CheckInstruction: func(p *lint.Pass, inst *dockerfile.Instruction) {
		specs, checked := flagsOf(inst)
		if !checked {
			return
		}
		for _, flag := range inst.Flags {
			if _, known := dockerfile.Flag(specs, flag.Name.Text); known {
				continue
			}
			name := flag.Name
			name.Text = "--" + name.Text
			name.Start = flag.Start
			names := dockerfile.FlagNames(specs)
			near := dockerfile.Nearest(flag.Name.Text, names)
			switch {
			case near != "":
				p.Tell(name.Span, fmt.Sprintf("%s does not know the flag `%s`: write `--%s`.", inst.Name, name.Text, near),
					correctName(name, "--"+near))
			case len(names) == 0:
				p.Tell(name.Span, fmt.Sprintf("%s takes no flags: take `%s` away.", inst.Name, name.Text))
			default:
				p.Tell(name.Span, fmt.Sprintf("%s does not know the flag `%s`, only --%s.", inst.Name, name.Text,
					strings.Join(names, ", --")))
			}
		}
	},
}

// flagsOf returns the flags that an instruction knows, and false where BuildKit does not look at its flags.
func flagsOf(inst *dockerfile.Instruction) ([]dockerfile.FlagSpec, bool) {
	specs, checked := dockerfile.Flags(inst.Name)
	none := inst.Name == "HEALTHCHECK" && len(inst.Args) > 0 && strings.EqualFold(inst.Args[0].Text, "NONE")
	return specs, checked && !none && known(inst)
}
