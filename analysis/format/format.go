// Package format knows how a Dockerfile is laid out, and which edits lay it out so: of keywords, blanks and blank lines.
// It must not know where its options come from, or that there is an editor, and changes nothing that a build could notice.
package format

import (
	"cmp"
	"slices"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

// Case is how keywords are written.
type Case int

// The cases of keywords.
const (
	Upper Case = iota
	Lower
	Keep
)

// Options say how a file is to be laid out.
type Options struct {
	Case       Case
	Indent     int  // of continued lines, in columns, at least 1
	Tabs       bool // the indentation is made of tabs
	TabWidth   int  // of a tab, in columns, at least 1
	BlankLines int  // between stages
	Arrays     bool // JSON arrays get one blank behind each comma and no others
	Flags      bool // of several flags each gets a line of its own
	// KeepTrailing leaves blanks at the ends of lines, NoFinalNewline the end of the file.
	KeepTrailing, NoFinalNewline bool
	// LineEnding is that of lines that are added; empty for that of the line above.
	LineEnding string
}

// Default lays out as is usual where nobody has said anything.
func Default() Options { return Options{Indent: 4, TabWidth: 4, BlankLines: 1} }

// Format returns the edits that lay out a file, in order: each of keywords and blanks alone, and each right without the
// others. What BuildKit does not read is left as it is.
func Format(m *dockerfile.Model, o Options) []text.Edit {
	f := &formatter{Model: m, o: o, src: m.Text}
	f.o.Indent, f.o.TabWidth = max(o.Indent, 1), max(o.TabWidth, 1)
	if f.o.Tabs {
		f.o.Indent = f.o.TabWidth
	}
	between := text.Span{Start: len(f.src) - len(strings.TrimPrefix(f.src, bom))}
	var last *syntax.Instruction
	stages := 0
	for _, inst := range f.asBuilt() {
		between.End = inst.Extent.Start
		isStage := inst.Name == "FROM"
		f.between(between, last, inst.Instruction, isStage && stages > 0)
		if isStage {
			stages++
		}
		f.instruction(inst)
		between.Start, last = inst.Extent.End, inst.Instruction
	}
	between.End = len(f.src)
	f.between(between, last, nil, false)
	f.finalNewline(last)
	slices.SortStableFunc(f.edits, func(a, b text.Edit) int { return cmp.Compare(a.Start, b.Start) })
	return f.edits
}

const bom = "\uFEFF"

type formatter struct {
	*dockerfile.Model
	o     Options
	src   string
	edits []text.Edit
	// broken says that the last instruction is left as it is.
	broken bool
}

// built is an instruction as BuildKit reads it; known is the model's, nil where people read something else.
type built struct {
	*syntax.Instruction
	known *dockerfile.Instruction
}

// asBuilt are the instructions of the file as BuildKit splits them: what it takes into another one is not to be touched.
func (f *formatter) asBuilt() []built {
	all := make([]built, 0, len(f.Instructions))
	if !slices.ContainsFunc(f.Instructions, func(i *dockerfile.Instruction) bool { return i.Recovered }) {
		for _, inst := range f.Instructions {
			all = append(all, built{inst.Instruction, inst})
		}
		return all
	}
	known := map[text.Span]*dockerfile.Instruction{}
	for _, inst := range f.Instructions {
		known[inst.Extent] = inst
	}
	for _, inst := range syntax.ParseAsBuildKit(f.src).Instructions {
		all = append(all, built{inst, known[inst.Extent]})
	}
	return all
}

// instruction lays out one instruction, unless it is broken or still being typed.
func (f *formatter) instruction(b built) {
	inst := b.known
	f.broken = inst == nil || inst.Recovered || inst.Command == nil || isDangling(inst) ||
		inst.Inner != nil && !syntax.Known(inst.Inner.Name) // BuildKit reads it when it is triggered
	if f.broken {
		return
	}
	lines := f.linesOf(inst)
	if f.broken = f.looksLost(lines) || hasLong(lines); f.broken {
		return
	}
	f.words(inst)
	f.indentation(inst, lines)
	f.trailing(inst, lines)
}

// edit replaces what differs of a range of the file.
func (f *formatter) edit(start, end int, new string) {
	old := f.src[start:end]
	for old != "" && new != "" && old[0] == new[0] {
		old, new, start = old[1:], new[1:], start+1
	}
	for old != "" && new != "" && old[len(old)-1] == new[len(new)-1] {
		old, new, end = old[:len(old)-1], new[:len(new)-1], end-1
	}
	if old != new {
		f.edits = append(f.edits, text.Edit{Span: text.Span{Start: start, End: end}, New: new})
	}
}

// ending is the line ending for a line that is added behind an offset: that of the line that ends there or in front of it.
func (f *formatter) ending(offset int) string {
	if f.o.LineEnding != "" {
		return f.o.LineEnding
	}
	return lineEnding(f.src, offset)
}
