package text

import (
	"sort"
	"strings"
	"unicode/utf8"
)

// Encoding is the unit in which columns are counted (LSP 3.17, PositionEncodingKind).
type Encoding int

// The three encodings of LSP. UTF16 is the zero value because it is the protocol's default.
const (
	UTF16 Encoding = iota
	UTF8
	UTF32
)

// Position is a place in a text: a zero-based line and a zero-based column in units of an Encoding.
type Position struct{ Line, Column int }

// Lines converts between byte offsets and positions of one text. Lines end with \n, \r\n or a lone \r, as LSP has it.
// An invalid UTF-8 byte counts as one character of one unit, since it reaches a client as U+FFFD.
type Lines struct {
	src    string
	starts []int
}

// NewLines reads the line table of src in one pass.
func NewLines(src string) *Lines {
	l := &Lines{src: src, starts: make([]int, 1, 2+strings.Count(src, "\n"))}
	if strings.IndexByte(src, '\r') < 0 {
		l.splitAtNewlines()
		return l
	}
	for i := 0; i < len(src); i++ {
		if src[i] == '\n' || src[i] == '\r' && (i+1 == len(src) || src[i+1] != '\n') {
			l.starts = append(l.starts, i+1)
		}
	}
	return l
}

// splitAtNewlines is the fast way for texts without \r.
func (l *Lines) splitAtNewlines() {
	for at := 0; ; {
		n := strings.IndexByte(l.src[at:], '\n')
		if n < 0 {
			return
		}
		at += n + 1
		l.starts = append(l.starts, at)
	}
}

// Count is the number of lines; a text without a line ending has one.
func (l *Lines) Count() int { return len(l.starts) }

// Start is the byte offset of the first byte of a zero-based line, which must exist.
func (l *Lines) Start(line int) int { return l.starts[line] }

// Line returns the span of a zero-based line without its line ending; the line must exist.
func (l *Lines) Line(line int) Span {
	end := len(l.src)
	if line+1 < len(l.starts) {
		end = l.starts[line+1]
	}
	start := l.starts[line]
	for end > start && (l.src[end-1] == '\n' || l.src[end-1] == '\r') {
		end--
	}
	return Span{start, end}
}

// LineAt is the zero-based line that holds a byte offset; offsets outside the text are clamped into it.
func (l *Lines) LineAt(offset int) int {
	return sort.Search(len(l.starts), func(i int) bool { return l.starts[i] > offset }) - 1
}

// Position converts a byte offset. Offsets outside the text are clamped into it, offsets inside a character to its start,
// and offsets inside a line ending to the end of the line.
func (l *Lines) Position(offset int, enc Encoding) Position {
	offset = min(max(offset, 0), len(l.src))
	line := l.LineAt(offset)
	span := l.Line(line)
	stop := min(offset, span.End)
	column := 0
	for at := span.Start; at < stop; {
		width, units := measure(l.src[at:], enc)
		if at+width > stop {
			break
		}
		at += width
		column += units
	}
	return Position{line, column}
}

// Walk converts byte offsets that ascend: it reads each line once, and a long one not anew for each offset in it.
type Walk struct {
	lines            *Lines
	enc              Encoding
	line, at, column int // of the last character that was passed
}

// Walk begins at the start of the text.
func (l *Lines) Walk(enc Encoding) *Walk { return &Walk{lines: l, enc: enc} }

// Position is that of Lines. An offset in front of the last one is right too, and takes longer.
func (w *Walk) Position(offset int) Position {
	l := w.lines
	offset = min(max(offset, 0), len(l.src))
	if offset < w.at {
		*w = Walk{lines: l, enc: w.enc}
	}
	if next := w.line + 1; next < len(l.starts) && l.starts[next] <= offset {
		w.line, w.column = l.LineAt(offset), 0
		w.at = l.starts[w.line]
	}
	for stop := min(offset, l.Line(w.line).End); w.at < stop; {
		width, units := measure(l.src[w.at:], w.enc)
		if w.at+width > stop {
			break
		}
		w.at += width
		w.column += units
	}
	return Position{w.line, w.column}
}

// OneBased is the place of a byte offset as people and compilers count: line and column from 1 on, columns in code points,
// a tab as one, a byte order mark not counted.
func (l *Lines) OneBased(offset int) (line, column int) {
	p := l.Position(offset, UTF32)
	if p.Line == 0 && p.Column > 0 && strings.HasPrefix(l.src, "\uFEFF") {
		p.Column--
	}
	return p.Line + 1, p.Column + 1
}

// Offset converts a position. A line after the last one gives the end of the text, a column after the end of a line
// the end of that line, and a column inside a character its start.
func (l *Lines) Offset(p Position, enc Encoding) int {
	if p.Line < 0 {
		return 0
	}
	if p.Line >= len(l.starts) {
		return len(l.src)
	}
	span := l.Line(p.Line)
	at := span.Start
	for column := 0; at < span.End; {
		width, units := measure(l.src[at:], enc)
		if column+units > p.Column {
			break
		}
		at += width
		column += units
	}
	return at
}

// measure returns the bytes of the first character of s and its units in the encoding.
func measure(s string, enc Encoding) (width, units int) {
	if s[0] < utf8.RuneSelf {
		return 1, 1
	}
	r, width := utf8.DecodeRuneInString(s)
	switch {
	case r == utf8.RuneError && width == 1:
		if enc == UTF8 {
			return 1, len(string(utf8.RuneError))
		}
		return 1, 1
	case enc == UTF8:
		return width, width
	case enc == UTF16 && r > 0xFFFF:
		return width, 2
	}
	return width, 1
}
