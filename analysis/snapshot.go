// Package analysis knows one version of one Dockerfile: its tree, its model and its findings.
// It must not know LSP, and does no I/O.
package analysis

import (
	"sync"
	"sync/atomic"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/rules"
	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

// Snapshot is one version of a Dockerfile. It is immutable and safe for concurrent use; what it knows is computed when
// first asked for, and once.
type Snapshot struct {
	text    string
	facts   lint.Facts
	lines   func() *text.Lines
	reading func() *reading
	// kept is the memory that the next version starts from: that of this snapshot when it is computed, else that of the
	// newest version before it which was. So a burst of versions that nobody asked about leaves no chain behind.
	kept atomic.Pointer[memory]
}

// reading is everything that is computed of a text.
type reading struct {
	model    *dockerfile.Model
	findings []lint.Finding
	failures []lint.Failure
}

// memory is what one version leaves to the next; it holds no position of the file.
type memory struct {
	readings dockerfile.Readings
	memo     lint.Memo
}

// New makes the snapshot of a text with what is known besides. What previous knows of unchanged instructions is not computed again; it may be nil.
// It returns at once: nothing is parsed here.
func New(source string, facts lint.Facts, previous *Snapshot) *Snapshot {
	s := &Snapshot{text: source, facts: facts}
	start := &memory{}
	if previous != nil {
		start = previous.kept.Load()
	}
	s.kept.Store(start)
	s.lines = sync.OnceValue(func() *text.Lines { return text.NewLines(source) })
	s.reading = sync.OnceValue(s.compute)
	return s
}

func (s *Snapshot) compute() *reading {
	known := s.kept.Load()
	model := dockerfile.New(syntax.Parse(s.text), known.readings)
	findings, memo, failures := lint.Run(model, rules.All(), s.facts, known.memo)
	s.kept.Store(&memory{model.Readings, memo})
	return &reading{model, findings, failures}
}

// Text is the whole text of the version.
func (s *Snapshot) Text() string { return s.text }

// Facts are what was known besides the text.
func (s *Snapshot) Facts() lint.Facts { return s.facts }

// Lines converts between byte offsets and positions of the text.
func (s *Snapshot) Lines() *text.Lines { return s.lines() }

// Model is what the text means.
func (s *Snapshot) Model() *dockerfile.Model { return s.reading().model }

// Failures are the rules that panicked.
func (s *Snapshot) Failures() []lint.Failure { return s.reading().failures }

// Findings are the findings of all rules, by position.
func (s *Snapshot) Findings() []lint.Finding { return s.reading().findings }
