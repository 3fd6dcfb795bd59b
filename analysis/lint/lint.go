// Package lint knows what a rule, a finding and a fix are, and runs rules over a model.
// It must not know any single rule, and does no I/O.
package lint

import "dockerfile-ls/analysis/dockerfile"

// Rule finds one kind of mistake. Its documentation is made of its fields and of the examples in its txtar.
type Rule struct {
	ID       string   // kebab-case, names the bad thing
	Aliases  []string // the names of the same check in BuildKit and hadolint
	Severity Severity // of its findings, where they do not say otherwise
	Section  int      // of the Node.js Docker Cheat Sheet; 0 if it has none
	Title    string   // one sentence: what the rule finds
	Why      string   // what goes wrong, and what to do
	// Syntax marks what BuildKit rejects. Pragmas cannot silence it.
	Syntax bool
	// Unnecessary marks what has no effect and can be taken away; editors show it faded.
	Unnecessary bool

	// NeedsImages marks what is found only where a registry has been asked what the images are.
	NeedsImages bool
	// NeedsScan marks what is found only where a scanner was run.
	NeedsScan bool

	// A rule has at least one of the three functions. Check looks at the whole file.
	Check func(*Pass)
	// CheckInstruction looks at what lies in the span of one instruction and at nothing else, so that its findings are
	// kept while the text stays the same.
	CheckInstruction func(*Pass, *dockerfile.Instruction)
	// CheckPragmas looks at the pragmas when everything is told and silenced.
	CheckPragmas func(*Pass, []*Pragma)
}
