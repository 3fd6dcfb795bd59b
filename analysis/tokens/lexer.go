package tokens

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

// lexer paints words as BuildKit reads them, or a script as a shell does. It never fails and never goes back, so that what
// is half typed costs no more than itself, and time grows with the length.
type lexer struct {
	*painter
	src    string
	at     int
	escape byte
	shell  bool
	line   *syntax.Line // that src is the start of; nil where it is the start of the file
	depth  int

	quoted       bool // inside double quotes
	backquoted   bool // inside ` … `
	keepsOpeners bool // here-documents are read by somebody else
	openers      []opener
}

// maxDepth is how deeply substitutions may be nested to be painted. People nest two or three.
const maxDepth = 50

// paint adds a token for a range of src.
func (l *lexer) paint(start, end int, kind Kind, modifiers Modifier) {
	if start < end {
		l.add(l.place(start, end), kind, modifiers)
	}
}

func (l *lexer) place(start, end int) text.Span {
	if l.line == nil {
		return text.Span{Start: start, End: end}
	}
	return l.line.Span(start, end)
}

// operator paints and skips the next bytes.
func (l *lexer) operator(size int) {
	end := min(l.at+size, len(l.src))
	l.paint(l.at, end, Operator, 0)
	l.at = end
}

// next is the byte that stands so far behind the current one; 0 if there is none.
func (l *lexer) next(ahead int) byte {
	if l.at+ahead >= len(l.src) {
		return 0
	}
	return l.src[l.at+ahead]
}

// pieces paints the strings and variables of words up to the end.
func (l *lexer) pieces() {
	for l.at < len(l.src) {
		l.piece()
	}
}

// piece reads a quoted string, a variable, or one character.
func (l *lexer) piece() {
	switch c := l.src[l.at]; {
	case c == l.escape:
		l.escaped()
	case c == '\'':
		l.singleQuoted()
	case c == '"':
		l.doubleQuoted()
	case c == '$':
		l.dollar()
	case c == '`' && l.shell:
		l.backquote()
	default:
		l.at++
	}
}

// escaped skips an escape character and what is behind it.
func (l *lexer) escaped() {
	if n := l.continued(); n > 0 {
		l.at += n
		return
	}
	l.at++
	if l.at < len(l.src) {
		_, width := utf8.DecodeRuneInString(l.src[l.at:])
		l.at += width
	}
}

// variables paints the variables of a text in which quotes mean nothing.
func (l *lexer) variables() {
	for l.at < len(l.src) {
		switch c := l.src[l.at]; {
		case c == '\\':
			l.escaped()
		case c == '$':
			l.dollar()
		case c == '`' && l.shell:
			l.backquote()
		default:
			l.at++
		}
	}
}

func (l *lexer) singleQuoted() {
	start := l.at
	l.at = len(l.src)
	if n := strings.IndexByte(l.src[start+1:], '\''); n >= 0 {
		l.at = start + n + 2
	}
	l.paint(start, l.at, String, 0)
}

// doubleQuoted paints a string up to its end, in pieces around what is expanded in it.
func (l *lexer) doubleQuoted() {
	start, outer := l.at, l.quoted
	l.quoted = true
	defer func() { l.quoted = outer }()
	for l.at++; l.at < len(l.src); {
		switch c := l.src[l.at]; {
		case c == l.escape:
			l.escaped()
		case c == '"':
			l.at++
			l.paint(start, l.at, String, 0)
			return
		case c == '$' || c == '`' && l.shell:
			l.paint(start, l.at, String, 0)
			before := l.at
			l.piece()
			if start = l.at; !l.expands(before) {
				start = before // a letter of the string
			}
		default:
			l.at++
		}
	}
	l.paint(start, l.at, String, 0)
}

// expands reports whether more than the one byte at an offset was read.
func (l *lexer) expands(from int) bool { return l.at > from+1 }

// dollar reads what begins with a $: a variable, a substitution or a string of Bash, or the letter.
func (l *lexer) dollar() {
	start := l.at
	switch c := l.next(1); {
	case l.depth >= maxDepth:
		l.at++
	case c == '{':
		l.braced()
	case c == '(' && l.shell && l.next(2) == '(':
		l.arithmetic()
	case c == '(' && l.shell:
		l.substitution(2)
	case c == '\'' && l.shell && !l.quoted:
		l.ansiQuoted()
	case strings.IndexByte("@*#?-$!", c) >= 0 && c != 0:
		l.at += 2
		l.paint(start, l.at, Variable, 0)
	default:
		l.at++
		if l.at = l.nameEnd(l.at); l.at > start+1 {
			l.paint(start, l.at, Variable, 0)
		}
	}
}

// nameEnd is the end of the name of a variable that begins at an offset: letters, digits and _; of digits alone if it
// begins with one. BuildKit takes the letters of all scripts.
func (l *lexer) nameEnd(at int) int {
	digits := at < len(l.src) && isDigit(l.src[at])
	for at < len(l.src) {
		c, width := rune(l.src[at]), 1
		if c >= utf8.RuneSelf && !l.shell {
			c, width = utf8.DecodeRuneInString(l.src[at:])
		}
		if !isNameLetter(c, l.shell) || digits && !unicode.IsDigit(c) {
			break
		}
		at += width
	}
	return at
}

func isNameLetter(c rune, ascii bool) bool {
	if c < utf8.RuneSelf {
		return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
	}
	return !ascii && (unicode.IsLetter(c) || unicode.IsDigit(c))
}

// braced reads ${name}, ${name:-word} and the like, up to the end of the line at most.
func (l *lexer) braced() {
	start := l.at
	l.at += 2
	if c := l.next(0); l.shell && (c == '#' || c == '!') && l.next(1) != '}' {
		l.at++
	}
	if name := l.nameEnd(l.at); name > l.at {
		l.at = name
	} else if strings.IndexByte("@*#?-$!", l.next(0)) >= 0 && l.next(0) != 0 {
		l.at++
	}
	if l.next(0) == '}' {
		l.at++
		l.paint(start, l.at, Variable, 0)
		return
	}
	l.paint(start, l.at, Variable, 0)
	l.operator(l.modifier())
	l.depth++
	defer func() { l.depth-- }()
	for l.at < len(l.src) {
		switch c := l.src[l.at]; {
		case c == '}':
			l.paint(l.at, l.at+1, Variable, 0)
			l.at++
			return
		case c == '\n', l.quoted && c == '"':
			return // it is not closed, and what follows is something else
		case l.quoted && c == '\'':
			l.at++
		default:
			l.piece()
		}
	}
}

// modifier is the length of the operator behind the name of a variable.
func (l *lexer) modifier() int {
	switch c := l.next(0); {
	case c == ':' && strings.IndexByte("-+?=", l.next(1)) >= 0 && l.next(1) != 0:
		return 2
	case strings.IndexByte("#%/^,", c) >= 0 && c != 0 && l.next(1) == c:
		return 2
	case strings.IndexByte(":-+?=#%/^,@", c) >= 0 && c != 0:
		return 1
	}
	return 0
}
