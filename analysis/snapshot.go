// Package analysis knows one version of one Dockerfile: its tree, its model and its findings.
// It must not know LSP, and does no I/O.
package analysis

import (
	"sync"
	"sync/atomic"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/image"
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
	model   func() *dockerfile.Model
	verdict func() *verdict
	// kept is the memory that the next version starts from: that of this snapshot when it is computed, else that of the
	// newest version before it which was. So a burst of versions that nobody asked about leaves no chain behind.
	kept *atomic.Pointer[memory]
}

// verdict is what the rules say of a text.
type verdict struct {
	findings []lint.Finding
	failures []lint.Failure
}

// memory is what one version leaves to the next; it holds no position of the file.
type memory struct {
	readings dockerfile.Readings
	memo     lint.Memo
}

// New makes the snapshot of a text with what is known besides. What previous knows of unchanged instructions is not computed
// again; it may be nil. It returns at once: nothing is parsed here.
func New(source string, facts lint.Facts, previous *Snapshot) *Snapshot {
	s := &Snapshot{text: source, facts: facts, kept: &atomic.Pointer[memory]{}}
	start := &memory{}
	if previous != nil {
		start = previous.kept.Load()
	}
	s.kept.Store(start)
	s.lines = sync.OnceValue(func() *text.Lines { return text.NewLines(source) })
	s.model = sync.OnceValue(func() *dockerfile.Model {
		known := s.kept.Load()
		model := dockerfile.New(syntax.Parse(source), known.readings)
		s.kept.Store(&memory{model.Readings, known.memo})
		return model
	})
	s.verdict = sync.OnceValue(s.judge)
	return s
}

// With is the snapshot of the same text with other facts. What the text means is not computed again.
func (s *Snapshot) With(facts lint.Facts) *Snapshot {
	other := &Snapshot{text: s.text, facts: facts, lines: s.lines, model: s.model, kept: s.kept}
	other.verdict = sync.OnceValue(other.judge)
	return other
}

// Knowing is the snapshot with what registries have said of images.
func (s *Snapshot) Knowing(known image.Known) *Snapshot {
	facts := s.facts
	facts.Images = known
	return s.With(facts)
}

func (s *Snapshot) judge() *verdict {
	model := s.model()
	findings, memo, failures := lint.Run(model, rules.All(), s.facts, s.kept.Load().memo)
	s.kept.Store(&memory{model.Readings, memo})
	return &verdict{findings, failures}
}

// Text is the whole text of the version.
func (s *Snapshot) Text() string { return s.text }

// Facts are what was known besides the text.
func (s *Snapshot) Facts() lint.Facts { return s.facts }

// Lines converts between byte offsets and positions of the text.
func (s *Snapshot) Lines() *text.Lines { return s.lines() }

// Model is what the text means. No rule runs for it.
func (s *Snapshot) Model() *dockerfile.Model { return s.model() }

// Failures are the rules that panicked or took too long.
func (s *Snapshot) Failures() []lint.Failure { return s.verdict().failures }

// Findings are the findings of all rules, by position.
func (s *Snapshot) Findings() []lint.Finding { return s.verdict().findings }
