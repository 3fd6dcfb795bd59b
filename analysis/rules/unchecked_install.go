package rules

import (
	"fmt"
	"slices"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/node"
	"dockerfile-ls/analysis/shell"
	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

var uncheckedInstall = &lint.Rule{
	ID:       "unchecked-install",
	Severity: lint.Information,
	Section:  10,
	Title:    "An install may fail, and the build goes on.",
	Why: "The status of a list with `;` is that of its last command. If the install fails and the removal behind it does " +
		"not, the build makes an image without its packages, and keeps it in the cache. `&&` and `set -e` stop at the " +
		"first failure.",
	Check: func(p *lint.Pass) {
		for _, inst := range p.Instructions {
			source := inst.Extent.Of(p.Text)
			if !runs(inst) || inst.JSON != nil || !strings.Contains(source, ";") || !node.Mentioned(source) {
				continue // few need to be read as a script
			}
			if script, posix := p.Script(inst); posix && !shellStops(p, inst) {
				tellUnchecked(p, inst, script)
			}
		}
	},
}

// uncheckable are the places where the status of a command is asked about, or cannot be.
const uncheckable = shell.InPipeline | shell.InCondition | shell.InFunction | shell.InSubstitution | shell.InBackground |
	shell.InNegation | shell.InScript | shell.InExec

func tellUnchecked(p *lint.Pass, inst *dockerfile.Instruction, script *shell.Script) {
	for i, c := range script.Commands {
		if stopsAtFailure(c) {
			return
		}
		install, ok := node.ReadInstall(c.Program())
		if !ok || c.Inside.Has(uncheckable) {
			continue
		}
		next := nextUnchecked(script, i)
		if next < 0 || asksStatus(script, next) {
			continue
		}
		place := inst.At(script.Commands[next].After.Span)
		if c.Inside.Has(shell.InLoop) {
			p.Tell(place, fmt.Sprintf("`;` hides a failed `%s`, since the loop goes on: write `|| exit 1` in front of it.",
				install.Called()))
			return
		}
		p.Tell(place, fmt.Sprintf("`;` hides a failed `%s`, since the status of the last command counts: write `&&`.",
			install.Called()),
			joinWithAnd(p, inst, script, next)...)
		return
	}
}

// shellStops reports whether the SHELL in force stops at the first failure.
func shellStops(p *lint.Pass, inst *dockerfile.Instruction) bool {
	sh := p.InForce(inst, "SHELL")
	if sh == nil {
		return false
	}
	return slices.ContainsFunc(sh.Args, func(w syntax.Word) bool { return isErrexit(w.Text) })
}

// stopsAtFailure reports whether a command is set -e.
func stopsAtFailure(c shell.Command) bool {
	return c.Name() == "set" && slices.ContainsFunc(c.Words[1:], func(w shell.Word) bool { return isErrexit(w.Value) })
}

// isErrexit reports whether an option of a shell, or several in one word, make it stop at the first failure.
func isErrexit(option string) bool {
	return option == "errexit" ||
		strings.HasPrefix(option, "-") && !strings.HasPrefix(option, "--") && strings.Contains(option, "e")
}

// nextUnchecked is the command behind the first ; that a failed command jumps to: it comes behind that command, or behind
// those that && joins to it. It is -1 if there is none.
func nextUnchecked(script *shell.Script, failed int) int {
	for i := failed + 1; i < len(script.Commands); i++ {
		after := script.Commands[i].After
		if after.Command != failed {
			continue
		}
		switch after.Operator {
		case shell.And:
			failed = i
		case shell.Semicolon:
			return i
		default:
			return -1
		}
	}
	return -1
}

// asksStatus reports whether the script looks at a status from a command on, or is written to go on.
func asksStatus(script *shell.Script, next int) bool {
	last := script.Commands[len(script.Commands)-1]
	switch last.Name() {
	case "true", ":", "exit":
		return true
	}
	start := script.Commands[next].After.Start
	return slices.ContainsFunc(script.Variables, func(v shell.Variable) bool { return v.Name == "?" && v.Start > start })
}

// joinWithAnd offers && in place of each ; from a command on, where nothing but plain commands follows: an || behind it
// would hide the failure again.
func joinWithAnd(p *lint.Pass, inst *dockerfile.Instruction, script *shell.Script, next int) []lint.Fix {
	var edits []text.Edit
	previous := script.Commands[next].After.Command
	for i := next; i < len(script.Commands); i++ {
		c := script.Commands[i]
		if c.Inside.Has(shell.InSubstitution | shell.InScript) {
			continue
		}
		joined := c.After.Operator == shell.Semicolon || c.After.Operator == shell.And
		if !joined || c.After.Command != previous || c.Inside != script.Commands[next].Inside {
			return nil
		}
		previous = i
		place := inst.At(c.After.Span)
		if c.After.Operator == shell.And {
			continue
		}
		if place.Of(p.Text) != ";" {
			return nil
		}
		edits = append(edits, text.Edit{Span: place, New: spaced(p.Text, place, "&&")})
	}
	return []lint.Fix{{Title: "Join with &&", Edits: edits, Risk: "what follows does not run after a failure"}}
}

// spaced puts blanks around a text where it would touch what stands there.
func spaced(src string, place text.Span, replacement string) string {
	if place.Start > 0 && !strings.ContainsAny(src[place.Start-1:place.Start], " \t\n") {
		replacement = " " + replacement
	}
	if place.End < len(src) && !strings.ContainsAny(src[place.End:place.End+1], " \t\r\n") {
		replacement += " "
	}
	return replacement
}
