package shell

import (
	"sort"
	"strings"

	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

// source is the text of a script with the way back to the file. Its pieces ascend, begin with one at 0, and each reaches
// to the next.
type source struct {
	text   string
	pieces []piece
	outer  *source // what the pieces lead to, if not to a line or to the file
}

// piece says where the text from an offset on comes from.
type piece struct {
	at    int          // where it begins in the text
	from  int          // where that is in the line, in the outer text or in the file
	line  *syntax.Line // nil if it comes from the outer text or the file
	whole *text.Span   // all of it comes from all of this span of the file; else nil
	torn  bool         // more than a continuation of the Dockerfile was left out in front of it
}

func fileSource(src string) *source { return &source{text: src, pieces: []piece{{}}} }

// lineSource is text[start:end] of a logical line.
func lineSource(line *syntax.Line, start, end int) *source {
	return &source{text: line.Text[start:end], pieces: []piece{{from: start, line: line}}}
}

func (s *source) index(offset int) int {
	return sort.Search(len(s.pieces), func(i int) bool { return s.pieces[i].at > offset }) - 1
}

// byteAt is the span in the file of the byte at an offset.
func (s *source) byteAt(offset int) text.Span {
	p := &s.pieces[s.index(offset)]
	at := p.from + offset - p.at
	switch {
	case p.whole != nil:
		return *p.whole
	case s.outer != nil:
		return s.outer.byteAt(at)
	case p.line != nil:
		at = p.line.Source(at)
	}
	return text.Span{Start: at, End: at + 1}
}

// span leads a range of the text back to the file. What was left out inside it belongs to it; an empty range lies behind
// the byte in front of it.
func (s *source) span(start, end int) text.Span {
	if start < end {
		return text.Span{Start: s.byteAt(start).Start, End: s.byteAt(end - 1).End}
	}
	at := s.byteAt(max(start-1, 0)).Start
	if start > 0 {
		at = s.byteAt(start - 1).End
	}
	return text.Span{Start: at, End: at}
}

// decoded reports whether the file holds something else than the range of the text, continuations aside.
func (s *source) decoded(start, end int) bool {
	if start >= end {
		return false
	}
	first, last := s.index(start), s.index(end-1)
	for i := first; i <= last; i++ {
		if p := &s.pieces[i]; p.whole != nil || p.torn && i > first {
			return true
		}
	}
	if s.outer == nil {
		return false
	}
	from := s.pieces[first].from + start - s.pieces[first].at
	to := s.pieces[last].from + end - s.pieces[last].at
	return s.outer.decoded(from, to)
}

// dropping says what a shell takes off a text before it is someone's input.
type dropping struct {
	tabs    bool   // those at the start of each line
	escapes string // the bytes in front of which a backslash goes, a newline with its backslash too; none if empty
}

// within is text[start:end] of a source with some of it taken off.
func (s *source) within(start, end int, drop dropping) *source {
	inner := &source{outer: s, text: s.text[start:end], pieces: []piece{{from: start}}}
	var kept strings.Builder
	copied := start
	skip := func(from, to int) {
		kept.WriteString(s.text[copied:from])
		inner.pieces = append(inner.pieces, piece{at: kept.Len(), from: to, torn: true})
		copied = to
	}
	for at := start; at < end; {
		n, size := drop.at(s.text[at:end], at == start || s.text[at-1] == '\n')
		if n > 0 {
			skip(at, at+n)
		}
		at += n + size
	}
	if copied > start {
		kept.WriteString(s.text[copied:end])
		inner.text = kept.String()
	}
	return inner
}

// at returns how many bytes go at the start of a text, and how many behind them are kept unseen.
func (d dropping) at(rest string, lineStart bool) (dropped, kept int) {
	switch {
	case d.tabs && lineStart && rest[0] == '\t':
		return len(rest) - len(strings.TrimLeft(rest, "\t")), 0
	case d.escapes == "" || rest[0] != '\\' || len(rest) == 1:
		return 0, 1
	case escapedNewline(rest) > 0:
		return escapedNewline(rest), 0
	case strings.IndexByte(d.escapes, rest[1]) >= 0:
		return 1, 1
	}
	return 0, 1
}

// escapedNewline is the length of a backslash and the newline behind it that a text begins with, or 0.
func escapedNewline(s string) int {
	switch {
	case strings.HasPrefix(s, "\\\n"):
		return 2
	case strings.HasPrefix(s, "\\\r\n"):
		return 3
	}
	return 0
}
