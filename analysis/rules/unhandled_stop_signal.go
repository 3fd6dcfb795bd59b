package rules

import (
	"fmt"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/text"
)

var unhandledStopSignal = &lint.Rule{
	ID:       "unhandled-stop-signal",
	Severity: lint.Warning,
	Section:  6,
	Title:    "The signal that stops the container cannot be handled.",
	Why: "No program can catch SIGKILL or SIGSTOP: it has no chance to finish its requests and close its connections. " +
		"Without STOPSIGNAL Docker sends SIGTERM, which it can.",
	Check: func(p *lint.Pass) {
		for _, inst := range p.Instructions {
			if inst.Name != "STOPSIGNAL" || len(inst.Args) == 0 {
				continue
			}
			signal := p.Expand(inst, inst.Args[0].Text)
			if signal.State != dockerfile.Known || !cannotBeHandled(signal.Text) {
				continue
			}
			p.Tell(inst.Args[0].Span, fmt.Sprintf("No program can handle `%s`: write `SIGTERM`.", signal.Text), lint.Fix{
				Title: "Change the signal to SIGTERM",
				Edits: []text.Edit{{Span: inst.Args[0].Span, New: "SIGTERM"}},
				Risk:  "the program may not end by it",
			})
		}
	},
}

// cannotBeHandled reports whether a signal, by its name or number, is one that no program gets.
func cannotBeHandled(signal string) bool {
	switch strings.TrimPrefix(strings.ToUpper(signal), "SIG") {
	case "KILL", "STOP", "9", "19":
		return true
	}
	return false
}
