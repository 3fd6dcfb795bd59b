package outline

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

// Selection is what is selected around an offset, step by step: from a word over its instruction and its stage to the whole
// file. Each span lies in the next one, and is not the same; all hold the offset.
func Selection(m *dockerfile.Model, offset int) []text.Span {
	s := selector{offset: offset, source: m.Text, spans: []text.Span{{Start: 0, End: len(m.Text)}}}
	for _, stage := range m.Stages {
		s.add(extent(stage))
	}
	if inst := instructionAt(m.Instructions, offset); inst != nil {
		s.instruction(m, inst)
	}
	for _, d := range m.Directives {
		s.addAll(d.Span, d.Value.Span, d.Name.Span)
	}
	s.comment(m.Comments)
	s.letters(func(c rune) bool { return !unicode.IsSpace(c) })
	s.letters(func(c rune) bool { return c == '_' || unicode.IsLetter(c) || unicode.IsDigit(c) })
	slices.Reverse(s.spans)
	return s.spans
}

// instructionAt is the instruction that holds an offset, or ends at it.
func instructionAt(instructions []*dockerfile.Instruction, offset int) *dockerfile.Instruction {
	after, _ := slices.BinarySearchFunc(instructions, offset+1, func(inst *dockerfile.Instruction, offset int) int {
		return inst.Start - offset
	})
	if after == 0 || instructions[after-1].End < offset {
		return nil
	}
	return instructions[after-1]
}

// selector goes from the outside to the inside.
type selector struct {
	offset int
	source string
	spans  []text.Span
}

// add takes a span that holds the offset and lies in the last one.
func (s *selector) add(span text.Span) bool {
	last := s.spans[len(s.spans)-1]
	if span.Start > s.offset || s.offset > span.End || !last.Contains(span) {
		return false
	}
	if span != last && !span.Empty() {
		s.spans = append(s.spans, span)
	}
	return true
}

func (s *selector) addAll(spans ...text.Span) {
	for _, span := range spans {
		s.add(span)
	}
}

func (s *selector) instruction(m *dockerfile.Model, inst *dockerfile.Instruction) {
	s.add(inst.Span)
	if s.heredocs(inst) {
		return
	}
	for ; inst.Inner != nil; inst = inst.Inner {
		s.add(inst.Inner.Span)
	}
	s.add(inst.Keyword.Span)
	for i := range inst.Flags {
		s.flag(&inst.Flags[i])
	}
	s.add(inst.Rest.Span)
	if inst.JSON != nil {
		s.array(inst.JSON)
		return
	}
	for _, p := range inst.Pairs {
		s.addAll(p.Span, p.Key.Span, p.Value.Span, inQuotes(p.Value.Span, s.source))
	}
	for _, word := range inst.Args {
		s.add(word.Span)
	}
	s.script(m, inst)
}

func (s *selector) flag(f *syntax.Flag) {
	s.addAll(f.Span, f.Name.Span, f.Value.Span)
	for _, o := range f.Options {
		s.addAll(o.Span, o.Key.Span, o.Value.Span)
	}
}

func (s *selector) array(a *syntax.Array) {
	s.add(a.Span)
	for _, e := range a.Elements {
		if s.add(e.Span) {
			s.add(inQuotes(e.Span, s.source))
			return
		}
	}
}

// inQuotes is what stands between the quotes of a string, the second of which may not be typed yet.
func inQuotes(span text.Span, source string) text.Span {
	written := span.Of(source)
	if !strings.HasPrefix(written, `"`) {
		return span
	}
	if span.Start++; len(written) > 1 && strings.HasSuffix(written, `"`) {
		span.End--
	}
	return span
}

// heredocs selects in the bodies of an instruction; it reports whether the offset is in one.
func (s *selector) heredocs(inst *dockerfile.Instruction) bool {
	for _, h := range inst.Heredocs {
		if s.offset >= h.Body.Start && s.offset < h.Body.End {
			s.add(h.Body)
			s.line(h.Body)
			return true
		}
	}
	return false
}

// line selects the line around the offset inside a span, then without the blanks around it.
func (s *selector) line(inside text.Span) {
	start := inside.Start + strings.LastIndexByte(s.source[inside.Start:s.offset], '\n') + 1
	end := inside.End
	if n := strings.IndexByte(s.source[s.offset:inside.End], '\n'); n >= 0 {
		end = s.offset + n
	}
	line := s.source[start:end]
	trimmed := strings.TrimSpace(line)
	start += len(line) - len(strings.TrimLeftFunc(line, unicode.IsSpace))
	s.addAll(text.Span{Start: start, End: start + len(trimmed)})
}

// script selects the command and the word of a script in shell form.
func (s *selector) script(m *dockerfile.Model, inst *dockerfile.Instruction) {
	script, ok := m.Script(inst)
	if !ok || len(inst.Heredocs) > 0 {
		return
	}
	for i := range script.Commands {
		c := &script.Commands[i]
		if !s.add(inst.At(c.Span)) {
			continue
		}
		for _, word := range c.Words {
			s.add(inst.At(word.Span))
		}
	}
}

// comment selects the comment around the offset.
func (s *selector) comment(comments []syntax.Comment) {
	after, _ := slices.BinarySearchFunc(comments, s.offset+1, func(c syntax.Comment, offset int) int {
		return c.Start - offset
	})
	if after > 0 {
		s.add(comments[after-1].Span)
	}
}

// letters selects the characters of a kind around the offset, if they are inside of what is selected.
func (s *selector) letters(kind func(rune) bool) {
	last := s.spans[len(s.spans)-1]
	word := text.Span{Start: s.offset, End: s.offset}
	for word.Start > last.Start {
		c, width := utf8.DecodeLastRuneInString(s.source[last.Start:word.Start])
		if !kind(c) {
			break
		}
		word.Start -= width
	}
	for word.End < last.End {
		c, width := utf8.DecodeRuneInString(s.source[word.End:last.End])
		if !kind(c) {
			break
		}
		word.End += width
	}
	s.add(word)
}
