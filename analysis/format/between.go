package format

import (
	"strings"

	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

// between lays out what stands between two instructions: comments and blank lines. There is no instruction before the first
// and after the last one. A new stage begins with the comments that stand directly above its FROM.
func (f *formatter) between(span text.Span, before, after *syntax.Instruction, newStage bool) {
	lines := f.linesIn(span)
	stage := len(lines) // the line with which the new stage begins
	for newStage && stage > 0 && !isBlankLine(lines[stage-1].Of(f.src)) {
		stage--
	}
	if newStage && stage == 0 && f.o.BlankLines > 0 {
		f.edit(span.Start, span.Start, strings.Repeat(f.ending(span.Start), f.o.BlankLines))
	}
	for i := 0; i < len(lines); i++ {
		if !isBlankLine(lines[i].Of(f.src)) {
			f.comment(lines[i])
			continue
		}
		first := i
		for i+1 < len(lines) && isBlankLine(lines[i+1].Of(f.src)) {
			i++
		}
		f.blankLines(lines[first:i+1], f.wanted(lines, first, i+1, before, after, newStage && i+1 == stage))
	}
}

// linesIn are the lines of a part of the file that ends where a line does.
func (f *formatter) linesIn(span text.Span) []line {
	var lines []line
	for at := span.Start; at < span.End; at = lines[len(lines)-1].next {
		lines = append(lines, lineAt(f.src, at))
	}
	return lines
}

// wanted is how many of the blank lines[first:end] there are to be.
func (f *formatter) wanted(lines []line, first, end int, before, after *syntax.Instruction, aboveStage bool) int {
	switch {
	case aboveStage && f.o.BlankLines == 0 && first > 0:
		return 1 // else the comment above would say something of the stage
	case aboveStage:
		return f.o.BlankLines
	case end == len(lines) && after == nil:
		return 0
	case first == 0 && before == nil && f.canBeFirst(lines, end, after):
		return 0
	}
	return 1
}

// canBeFirst reports whether what stands behind the blank lines at the top of the file means the same in the first line.
// A comment could become a directive there.
func (f *formatter) canBeFirst(lines []line, at int, after *syntax.Instruction) bool {
	if at == len(lines) {
		return after != nil && syntax.Known(after.Name)
	}
	l := lines[at]
	l.Start += lead(l.Of(f.src))
	_, directive := syntax.DirectiveIn(f.src, l.Span)
	return !directive && isComment(l.Of(f.src)) && !strings.HasPrefix(l.Of(f.src), "#!")
}

// blankLines leaves so many of blank lines, without blanks in them, or adds some.
func (f *formatter) blankLines(lines []line, wanted int) {
	for _, l := range lines[:min(wanted, len(lines))] {
		f.trimEnd(l)
	}
	last := lines[len(lines)-1]
	switch {
	case wanted < len(lines):
		f.edit(lines[wanted].Start, last.next, "")
	case wanted > len(lines):
		f.edit(last.next, last.next, strings.Repeat(f.ending(last.next), wanted-len(lines)))
	}
}

// comment takes the blanks off both ends of a comment between instructions. Those in front of a directive stay, and of what
// has the form of one: not all that read directives take them.
func (f *formatter) comment(l line) {
	content := l.Of(f.src)
	n := lead(content)
	if n == len(content) || content[n] != '#' {
		return
	}
	d, isDirective := syntax.DirectiveIn(f.src, text.Span{Start: l.Start + n, End: l.End})
	if !isDirective {
		f.edit(l.Start, l.Start+n, "")
	}
	if !isDirective || strings.TrimSpace(d.Value.Text) != "" {
		f.trimEnd(l)
	}
}

// finalNewline ends the last line, unless that is broken.
func (f *formatter) finalNewline(last *syntax.Instruction) {
	end := len(f.src)
	if f.o.NoFinalNewline || end == 0 || f.src[end-1] == '\n' || f.broken && last.Extent.End == end {
		return
	}
	l := lineAt(f.src, strings.LastIndexByte(f.src, '\n')+1)
	if isBlankLine(strings.TrimPrefix(l.Of(f.src), bom)) || l.End < end {
		return
	}
	f.edit(end, end, f.ending(end))
}
