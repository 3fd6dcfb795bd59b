// Package codeactions knows what a user can have changed at a place of a Dockerfile, and computes the change.
// It must not know LSP: changes are byte offsets and paths.
package codeactions

import (
	"slices"
	"strings"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/rules"
	"dockerfile-ls/analysis/text"
)

// Kind is the kind of an action, in LSP's words.
type Kind string

// The kinds of actions.
const (
	QuickFix   Kind = "quickfix" // mends a finding, or lives with it
	Rewrite    Kind = "refactor.rewrite"
	FixAllKind Kind = "source.fixAll.dockerfile-ls"
	HardenKind Kind = "source.hardenDockerfile"
)

// Kinds lists all kinds that there are.
func Kinds() []Kind { return []Kind{QuickFix, Rewrite, FixAllKind, HardenKind} }

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
	Nth   int    // how many actions for the same range stand above this one with the same title
	Kind  Kind   // empty for what changes nothing
	Risk  Risk
	// Mends is the finding that the action mends, or nil.
	Mends *lint.Finding
	// Preferred marks the one safe action for a finding.
	Preferred bool
	// Edits change the Dockerfile itself, in byte offsets of the snapshot.
	Edits []text.Edit
	later func() []text.Edit // makes Edits, where that takes time; see Made
	// Creates are files that are made besides.
	Creates []NewFile
	// Asks is what a registry has to be asked before there are edits; nil if there are.
	Asks  *lint.Ask
	again again // what the action comes to then
	// Scans is the image that the action has scanned; then there are no edits.
	Scans string
	// Hardens marks the action that a Hardener computes; then there are no edits.
	Hardens bool
	// Others are files that are changed besides, or instead.
	Others []OtherFile
	// Tells is what the user has to know or to do when the action is made, such as the build command that it needs; empty if
	// there is nothing.
	Tells string
	// Parts are the titles of what it is made of, where its own does not say it.
	Parts []string
	// Refused says why the action is not possible here, as a clause; empty if it is. Then there are no edits.
	Refused string
}

// Made is the action with its edits, which may take as long as finding everything in the file some times.
func (a Action) Made() Action {
	if a.later != nil {
		a.Edits, a.later = a.later(), nil
	}
	return a
}

// Description is what the user may want to know before the action is made: what it is made of, each in a line, and what it
// tells.
func (a Action) Description() string {
	lines := slices.Clone(a.Parts)
	if a.Tells != "" {
		lines = append(lines, a.Tells)
	}
	return strings.Join(lines, "\n")
}

// NewFile is a file that is not there yet. The path is one in the file system that the surroundings were read from.
type NewFile struct{ Path, Text string }

// OtherFile is a file that is there, with edits of its text as it was read. The path is one in the file system that the
// surroundings were read from.
type OtherFile struct {
	Path, Text string
	Edits      []text.Edit
}

// providers are what offers actions, in menu order.
func providers() []func(*analysis.Snapshot, text.Span) []Action {
	return []func(*analysis.Snapshot, text.Span) []Action{
		quickFixes,
		fixAllOfRule,
		pinAllImages,
		pinImage,
		rewrite,
		addChown,
		modernEnv,
		requireSecret,
		noteBuildCommand,
		mountCache,
		splitAtFrom,
		scanImage,
		silence,
		fixAllInFile,
		harden,
	}
}

// At returns the actions for a range of a snapshot in menu order: what mends the findings that touch it, by position, each
// with what is refused behind it, and then everything else.
// A range without length is a cursor, which touches the word that it stands in or beside.
func At(s *analysis.Snapshot, place text.Span) []Action {
	var actions []Action
	for _, provide := range providers() {
		actions = append(actions, provide(s, place)...)
	}
	above := map[string]int{}
	for i := range actions {
		actions[i].Nth = above[actions[i].Title]
		above[actions[i].Title]++
	}
	return actions
}

// quickFixes are what mends findings.
func quickFixes(s *analysis.Snapshot, place text.Span) []Action {
	var actions []Action
	for _, finding := range s.Findings() {
		if finding.Touches(place) {
			actions = append(actions, mending(s, &finding)...)
		}
	}
	return actions
}

// mending are the fixes of a finding, what needs more than its file, and what is refused, by risk.
func mending(s *analysis.Snapshot, f *lint.Finding) []Action {
	var actions []Action
	for i, fix := range f.Fixes {
		actions = append(actions, quickFix(f, fix, i == 0))
	}
	if f.Ask != nil {
		actions = append(actions, askFirst(f))
	}
	actions = append(actions, convertToSecretMount(s, f)...)
	switch f.Rule.ID {
	case rules.MissingDockerignore:
		actions = append(actions, generateDockerignore(s, f)...)
	case rules.NoSignalHandler:
		actions = append(actions, addSignalHandler(s, f)...)
	case rules.ScriptWithoutExec:
		actions = append(actions, execInScript(s, f)...)
	case rules.BuildToolsInProduction:
		actions = append(actions, splitForFinding(s, f)...)
	}
	actions = append(actions, completeDockerignore(s, f)...)
	actions = append(actions, exceptFromDockerignore(s, f)...)
	for _, refusal := range f.Refusals {
		actions = append(actions, Action{Title: refusal.Title, Kind: QuickFix, Mends: f, Refused: refusal.Reason})
	}
	return byRisk(actions)
}

func quickFix(f *lint.Finding, fix lint.Fix, first bool) Action {
	a := Action{Title: fix.Label(), Kind: QuickFix, Mends: f, Edits: fix.Edits}
	switch {
	case fix.Safe:
		a.Risk = Safe
		a.Preferred = first
	case fix.Asked && fix.Risk == "":
		a.Risk = Asked
	}
	return a
}

// askFirst is the fix that a finding has when a registry has answered.
func askFirst(f *lint.Finding) Action {
	a := Action{Title: f.Ask.Label(), Kind: QuickFix, Mends: f, Asks: f.Ask, again: sameFinding(f, f.Ask.Title)}
	if f.Ask.Risk == "" {
		a.Risk = Asked
	}
	return a
}

// byRisk are actions in the order in which a person would try them: safe ones, then those that ask a registry for just
// what they say, then risky ones, and what is refused behind all of them.
func byRisk(actions []Action) []Action {
	order := func(a Action) int {
		switch {
		case a.Refused != "":
			return 3
		case a.Risk == Risky:
			return 2
		case a.Risk == Asked:
			return 1
		}
		return 0
	}
	return slices.SortedStableFunc(slices.Values(actions), func(a, b Action) int { return order(a) - order(b) })
}
