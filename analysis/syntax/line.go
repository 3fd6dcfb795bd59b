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
