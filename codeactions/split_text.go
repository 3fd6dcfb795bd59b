package codeactions

import (
	"slices"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/lint"
)

// passage is a part of the text of a stage: an instruction with what stands above it, or what stands by itself. All are
// whole lines; only the last one of a file may lack its line ending.
type passage struct {
	gap      string // blank lines
	comments string // directly above the instruction, without pragmas
	pragmas  string // comments that tools read, at the end of those above
	text     string // the instruction, or comments that stand by themselves
}

// copy is an instruction that stands in another stage too: its comments stay, and what tools read comes along.
func (p passage) copy() passage { return passage{pragmas: p.pragmas, text: p.text} }

// passagesOf are the parts of a stage in order: its FROM, then the instructions, each behind the comments that stand by
// themselves in front of it; nil ones have no instruction.
func passagesOf(m *dockerfile.Model, stage *dockerfile.Stage) (passages []passage, insts []*dockerfile.Instruction) {
	add := func(p passage, inst *dockerfile.Instruction) {
		passages, insts = append(passages, p), append(insts, inst)
	}
	at := lint.StartWithComments(m, stage.From)
	for _, inst := range append([]*dockerfile.Instruction{stage.From}, stage.Instructions...) {
		above := lint.StartWithComments(m, inst)
		alone, gap := cutGap(m.Text[at:above])
		for _, paragraph := range paragraphs(alone) {
			add(paragraph, nil)
		}
		p := passage{gap: gap, text: inst.Extent.Of(m.Text)}
		tools := startOfPragmas(m, inst)
		p.comments, p.pragmas = m.Text[above:tools], m.Text[tools:inst.Extent.Start]
		add(p, inst)
		at = inst.Extent.End
	}
	for _, paragraph := range paragraphs(m.Text[at:endOfStage(m, stage)]) {
		add(paragraph, nil)
	}
	return passages, insts
}

// paragraphs are the comments of a text that blank lines part, each with those above it; the last one may be blank lines
// alone.
func paragraphs(text string) []passage {
	var list []passage
	var p passage
	for line := range strings.Lines(text) {
		blank := strings.TrimSpace(line) == ""
		if blank && p.text != "" {
			list, p = append(list, p), passage{}
		}
		if blank {
			p.gap += line
			continue
		}
		p.text += line
	}
	if p != (passage{}) {
		list = append(list, p)
	}
	return list
}

// endOfStage is where the lines of the next stage begin, with the comments above its FROM, or where the file ends.
func endOfStage(m *dockerfile.Model, stage *dockerfile.Stage) int {
	if next := stage.Index + 1; next < len(m.Stages) {
		return lint.StartWithComments(m, m.Stages[next].From)
	}
	return len(m.Text)
}

// cutGap cuts the blank lines at the end of a text off.
func cutGap(text string) (before, gap string) {
	lines := strings.SplitAfter(text, "\n")
	end := len(lines)
	for end > 0 && strings.TrimSpace(lines[end-1]) == "" {
		end--
	}
	return strings.Join(lines[:end], ""), strings.Join(lines[end:], "")
}

// startOfPragmas is where the comments begin that tools read and that stand directly above an instruction.
func startOfPragmas(m *dockerfile.Model, inst *dockerfile.Instruction) int {
	at, above := inst.Extent.Start, lint.StartWithComments(m, inst)
	for _, c := range slices.Backward(m.Comments) {
		switch {
		case c.Start >= at:
		case c.Start < above || !lint.IsInstructionPragma(m.Text, c.Span):
			return at
		default:
			at = strings.LastIndexByte(m.Text[:c.Start], '\n') + 1
		}
	}
	return at
}

// writer puts lines together that may come from elsewhere.
type writer struct {
	strings.Builder
	ending string // of lines
	indent string // in front of new lines
}

func (w *writer) put(text string) {
	w.WriteString(text)
	if text != "" && !strings.HasSuffix(text, "\n") {
		w.WriteString(w.ending)
	}
}

func (w *writer) passage(p passage) {
	w.put(p.gap)
	w.put(p.comments)
	w.put(p.pragmas)
	w.put(p.text)
}

// line is a new line.
func (w *writer) line(text string) string { return w.indent + text + w.ending }
