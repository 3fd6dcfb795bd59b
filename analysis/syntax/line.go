package syntax

import (
	"sort"

	"dockerfile-ls/analysis/text"
)

// Line is the logical line of an instruction: what is left after continuations, and comments and blank lines between
// them, are taken out. Text equals Node.Original of BuildKit's parser.
type Line struct {
	Text     string
	segments []segment
}

// segment says where a piece of the logical line comes from; it ends where the next one starts.
type segment struct{ at, source int }

// Source leads a byte offset of Text, 0 to len(Text), back to the source.
func (l *Line) Source(offset int) int {
	i := len(l.segments) - 1
	if i > 0 {
		i = sort.Search(len(l.segments), func(i int) bool { return l.segments[i].at > offset }) - 1
	}
	return l.segments[i].source + offset - l.segments[i].at
}

// Span leads the half-open range from start to end of Text back to the source. Continuations inside the range belong
// to it, those at its end do not.
func (l *Line) Span(start, end int) text.Span {
	first := l.Source(start)
	if end <= start {
		return text.Span{Start: first, End: first}
	}
	return text.Span{Start: first, End: l.Source(end-1) + 1}
}

// word makes a word of the range from start to end of Text.
func (l *Line) word(start, end int) Word {
	return Word{Span: l.Span(start, end), Text: l.Text[start:end]}
}

// Offset is the place in Text of a byte offset of the source, and how many bytes of Text follow it on the same physical
// line.
// It is false where the source holds what is not in Text: a continuation, or a comment or blank line between.
func (l *Line) Offset(source int) (offset, left int, ok bool) {
	i := sort.Search(len(l.segments), func(i int) bool { return l.segments[i].source > source }) - 1
	if i < 0 {
		return 0, 0, false
	}
	end := len(l.Text)
	if i+1 < len(l.segments) {
		end = l.segments[i+1].at
	}
	offset = l.segments[i].at + source - l.segments[i].source
	return offset, end - offset, offset <= end
}

// Joined is how much of Text stands in the source in front of a byte offset that is not in Text itself.
func (l *Line) Joined(source int) int {
	i := sort.Search(len(l.segments), func(i int) bool { return l.segments[i].source > source })
	if i == len(l.segments) {
		return len(l.Text)
	}
	return l.segments[i].at
}

// ParseLine reads a logical line alone, as the tree of what stands in front of a cursor is read. Its spans are offsets into
// the line, and it has no bodies of here-documents. It never fails.
func ParseLine(line string, escape byte) *Instruction {
	inst := &Instruction{Span: text.Span{End: len(line)}, Line: Line{Text: line, segments: []segment{{0, 0}}}}
	inst.parse(0, escape)
	return inst
}
