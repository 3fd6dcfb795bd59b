package format

import (
	"slices"
	"strings"
	"unicode"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/text"
)

// line is one physical line as BuildKit reads it: it ends at \n, and the \r in front of that do not count.
type line struct {
	text.Span     // without the ending
	next      int // where the next line begins
}

func lineAt(src string, start int) line {
	l := line{text.Span{Start: start, End: len(src)}, len(src)}
	if n := strings.IndexByte(src[start:], '\n'); n >= 0 {
		l.End, l.next = start+n, start+n+1
	}
	for l.End > start && src[l.End-1] == '\r' {
		l.End--
	}
	return l
}

// lineEnding is the ending of the line in front of an offset, or of the first one of the file.
func lineEnding(src string, offset int) string {
	n := strings.LastIndexByte(src[:offset], '\n')
	if n < 0 {
		n = strings.IndexByte(src, '\n')
	}
	if n > 0 && src[n-1] == '\r' {
		return "\r\n"
	}
	return "\n"
}

// lead is the number of blanks and tabs that a text begins with.
func lead(s string) int { return len(s) - len(strings.TrimLeft(s, " \t")) }

func isBlankLine(s string) bool { return strings.TrimLeftFunc(s, unicode.IsSpace) == "" }

func isComment(s string) bool {
	return strings.HasPrefix(strings.TrimLeftFunc(s, unicode.IsSpace), "#")
}

// linesOf are the lines of an instruction, without those of its heredocs.
func (f *formatter) linesOf(inst *dockerfile.Instruction) []line {
	end := inst.Extent.End
	if len(inst.Heredocs) > 0 {
		end = inst.Heredocs[0].Body.Start
	}
	lines := make([]line, 0, 4)
	for at := inst.Extent.Start; at < end; at = lines[len(lines)-1].next {
		lines = append(lines, lineAt(f.src, at))
	}
	return lines
}

// hasLong reports whether a line is so long that BuildKit may not read it if it becomes longer.
func hasLong(lines []line) bool {
	return slices.ContainsFunc(lines, func(l line) bool { return l.Len() > 60_000 })
}

// isDangling reports whether an instruction goes on where the file ends.
func isDangling(inst *dockerfile.Instruction) bool {
	text := inst.Line.Text
	written := inst.Line.Source(len(text))
	return len(inst.Heredocs) == 0 && inst.End > written
}

// trailing takes the blanks off the ends of an instruction's lines: those behind a continuation mean nothing to BuildKit.
func (f *formatter) trailing(inst *dockerfile.Instruction, lines []line) {
	for i, l := range lines {
		if i == len(lines)-1 && len(inst.Heredocs) > 0 && strings.HasSuffix(strings.TrimRight(l.Of(f.src), " \t"), `\`) {
			continue // an escaped blank belongs to the delimiter
		}
		f.trimEnd(l)
	}
}

func (f *formatter) trimEnd(l line) {
	if f.o.KeepTrailing {
		return
	}
	content := l.Of(f.src)
	trimmed := strings.TrimRight(content, " \t")
	if strings.HasSuffix(trimmed, "\r") {
		return // it would become a part of the line ending
	}
	f.edit(l.Start+len(trimmed), l.End, "")
}
