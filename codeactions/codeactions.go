// Package codeactions knows what a user can have changed at a place of a Dockerfile, and computes the change.
// It must not know LSP: changes are byte offsets and paths.
package codeactions

import (
	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/text"
)

// Kind is the kind of an action, in LSP's words.
type Kind string

// QuickFix mends a finding.
const QuickFix Kind = "quickfix"

// Risk says how much an action may change besides what it names.
type Risk int

// Risky is the zero value, so that an action that says nothing is treated with care. An Asked action makes what its title
// says of what a registry says.
const (
	Risky Risk = iota
	Safe
	Asked
)

// Action is one entry of the menu at a place.
type Action struct {
	Title string // names the risk of an action that is not safe
	Kind  Kind   // empty for what changes nothing
	Risk  Risk
	// Mends is the finding that the action mends, or nil.
	Mends *lint.Finding
	// Preferred marks the one safe action for a finding.
	Preferred bool
	// Edits change the Dockerfile itself, in byte offsets of the snapshot.
	Edits []text.Edit
	// Creates are files that are made besides.
	Creates []NewFile
	// Asks is what a registry has to be asked before there are edits; nil if there are.
	Asks *lint.Ask
	// Scans is the image that the action has scanned; then there are no edits.
	Scans string
	// Others are files that are changed besides, or instead.
	Others []OtherFile
	// Refused says why the action is not possible here, as a clause; empty if it is. Then there are no edits.
	Refused string
}

// NewFile is a file that is not there yet. The path is one in the file system that the surroundings were read from.
type NewFile struct{ Path, Text string }

// OtherFile is a file that is there, with edits of its text as it was read. The path is one in the file system that the
// surroundings were read from.
type OtherFile struct {
	Path, Text string
	Edits      []text.Edit
}

// At returns the actions for a range of a snapshot in menu order: the fixes of all findings that touch it, by position, each with
// what is refused behind it, and then what mends no finding.
// A range without length is a cursor, which touches the word that it stands in or beside.
func At(s *analysis.Snapshot, place text.Span) []Action {
	var actions []Action
	for _, finding := range s.Findings() {
		if !finding.Touches(place) {
			continue
		}
		for i, fix := range finding.Fixes {
			actions = append(actions, quickFix(&finding, fix, i == 0))
		}
		if finding.Ask != nil {
			actions = append(actions, Action{Title: finding.Ask.Title, Kind: QuickFix, Risk: Asked, Mends: &finding, Asks: finding.Ask})
		}
		switch finding.Rule.ID {
		case "missing-dockerignore":
			actions = append(actions, generateDockerignore(s, &finding)...)
		case "no-signal-handler":
			actions = append(actions, addSignalHandler(s, &finding)...)
		case "script-without-exec":
			actions = append(actions, execInScript(s, &finding)...)
		}
		for _, refusal := range finding.Refusals {
			actions = append(actions, Action{Title: refusal.Title, Kind: QuickFix, Mends: &finding, Refused: refusal.Reason})
		}
	}
	return append(actions, scanBaseImage(s, place)...)
}

func quickFix(f *lint.Finding, fix lint.Fix, first bool) Action {
	a := Action{Title: fix.Label(), Kind: QuickFix, Mends: f, Edits: fix.Edits}
	switch {
	case fix.Safe:
		a.Risk = Safe
		a.Preferred = first
	case fix.Asked:
		a.Risk = Asked
	}
	return a
}
