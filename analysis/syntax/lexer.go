package syntax

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"dockerfile-ls/analysis/text"
)

// lexer reads words as BuildKit's shell lexer does, but with the place of everything in its source, and without values:
// variables are left as they are written (as for unset ones under SkipUnsetEnv) or are empty.
// Source: shell/lex.go of BuildKit.
type lexer struct {
	src        string
	at         int
	escape     rune
	rawQuotes  bool // quotes stay in the result
	rawEscapes bool // escape characters stay in the result
	noQuotes   bool // quotes are ordinary characters
	keep       bool // variables stay in the result as written; else they are empty, and patterns are checked

	variables bool    // a variable was read
	noted     *[]Word // takes the names of variables, if it is not nil
	tooDeep   bool    // it was given up

	depth  int
	words  []lexWord
	buf    strings.Builder // the word being read
	start  int             // where it starts in src
	inWord bool
}

// lexWord is a word with its place in the source of the lexer.
type lexWord struct {
	text.Span
	text string
}

// lexError says what is wrong with a range of the lexer's source.
type lexError struct {
	text.Span
	message string
}

const lexEOF rune = -1

// maxDepth is how deeply ${a:-${b:-…}} may be nested to be read. People nest two or three; each level costs stack, and time
// that grows with what it holds.
const maxDepth = 1_000

// lex reads src to its end. The words are those of ProcessWords; after an error there are none.
func (l *lexer) lex() ([]lexWord, *lexError) {
	if _, err := l.whole(); err != nil {
		return nil, err
	}
	return l.words, nil
}

// whole reads src to its end as one word, as ProcessWord does.
func (l *lexer) whole() (string, *lexError) {
	l.at = len(l.src) - len(strings.TrimPrefix(l.src, bom))
	return l.until(lexEOF, l.rawEscapes, false, l.at)
}

func (l *lexer) peek() rune {
	if l.at >= len(l.src) {
		return lexEOF
	}
	r, _ := utf8.DecodeRuneInString(l.src[l.at:])
	return r
}

func (l *lexer) next() rune {
	if l.at >= len(l.src) {
		return lexEOF
	}
	r, width := utf8.DecodeRuneInString(l.src[l.at:])
	l.at += width
	return r
}

func (l *lexer) fail(start, end int, message string) *lexError {
	return &lexError{text.Span{Start: start, End: min(end, len(l.src))}, message}
}

// add puts r, read from an offset, into the current word; white space ends the word if it is not raw.
func (l *lexer) add(r rune, from int, raw bool) {
	if l.depth > 1 {
		return
	}
	if raw || !unicode.IsSpace(r) {
		if l.buf.Len() == 0 {
			l.start = from
		}
		l.buf.WriteRune(r)
		l.inWord = true
		return
	}
	if l.inWord && l.buf.Len() > 0 {
		l.endWord(from)
	}
}

func (l *lexer) endWord(at int) {
	l.words = append(l.words, lexWord{text.Span{Start: l.start, End: at}, l.buf.String()})
	l.buf.Reset()
	l.inWord = false
}

// until is processStopOn: it reads up to a stop character outside quotes and variables, and over it.
func (l *lexer) until(stop rune, rawEscapes, pattern bool, opener int) (string, *lexError) {
	if l.depth++; l.depth > maxDepth {
		l.tooDeep = true
		return "", l.fail(opener, opener, "it is nested too deeply")
	}
	defer func() { l.depth-- }()
	l.buf.Reset() // so does BuildKit, and thereby forgets what stood in front of a nested word
	outer := l.rawEscapes
	l.rawEscapes = rawEscapes
	defer func() { l.rawEscapes = outer }()
	var out strings.Builder
	for l.peek() != lexEOF {
		from := l.at
		if stop != lexEOF && l.peek() == stop {
			l.next()
			return out.String(), nil
		}
		if err := l.piece(&out, from, pattern); err != nil {
			return "", err
		}
	}
	if stop != lexEOF {
		return "", l.fail(opener, len(l.src), "the ${ is not closed")
	}
	if l.buf.Len() > 0 {
		l.endWord(l.at)
	}
	return out.String(), nil
}

// piece reads one character, escape, quoted string or variable.
func (l *lexer) piece(out *strings.Builder, from int, pattern bool) *lexError {
	var piece string
	var err *lexError
	raw := true
	switch c := l.peek(); {
	case c == '$':
		piece, err = l.dollar()
		raw = false
	case c == '<':
		piece = l.angle()
	case c == '\'' && !l.noQuotes:
		piece, err = l.singleQuoted(pattern)
	case c == '"' && !l.noQuotes:
		piece, err = l.doubleQuoted(pattern)
	case c == l.escape:
		l.escaped(out, from)
		return nil
	default:
		l.next()
		l.add(c, from, false)
		out.WriteRune(c)
		return nil
	}
	if err != nil {
		return err
	}
	out.WriteString(piece)
	for _, r := range piece {
		l.add(r, from, raw)
	}
	l.inWord = l.inWord || raw && l.depth == 1
	return nil
}

func (l *lexer) escaped(out *strings.Builder, from int) {
	c := l.next()
	if l.rawEscapes {
		l.add(c, from, true)
		out.WriteRune(c)
	}
	at := l.at
	if c = l.next(); c == lexEOF {
		return
	}
	if !l.rawEscapes {
		at = from
	}
	l.add(c, at, true)
	out.WriteRune(c)
}

// angle reads <, or << with the white space behind it, which may stand between a redirection and its delimiter.
func (l *lexer) angle() string {
	start := l.at
	l.next()
	if l.peek() != '<' {
		return "<"
	}
	l.next()
	for c := l.peek(); c == '\t' || c == '\r' || c == ' '; c = l.peek() {
		l.next()
	}
	return l.src[start:l.at]
}

func (l *lexer) singleQuoted(pattern bool) (string, *lexError) {
	start := l.at
	l.next()
	var out strings.Builder
	if l.rawQuotes {
		out.WriteByte('\'')
	}
	for {
		c := l.next()
		switch c {
		case lexEOF:
			return "", l.fail(start, len(l.src), "the single quote is not closed")
		case '\'':
			if l.rawQuotes {
				out.WriteByte('\'')
			}
			return out.String(), nil
		}
		if pattern && c == l.escape {
			out.WriteRune(c)
		}
		out.WriteRune(c)
	}
}

func (l *lexer) doubleQuoted(pattern bool) (string, *lexError) {
	start := l.at
	l.next()
	var out strings.Builder
	if l.rawQuotes {
		out.WriteByte('"')
	}
	for {
		switch l.peek() {
		case lexEOF:
			return "", l.fail(start, len(l.src), "the double quote is not closed")
		case '"':
			l.next()
			if l.rawQuotes {
				out.WriteByte('"')
			}
			return out.String(), nil
		case '$':
			value, err := l.dollar()
			if err != nil {
				return "", err
			}
			out.WriteString(value)
		default:
			l.quotedCharacter(&out, pattern)
		}
	}
}

func (l *lexer) quotedCharacter(out *strings.Builder, pattern bool) {
	c := l.next()
	if c != l.escape {
		out.WriteRune(c)
		return
	}
	switch next := l.peek(); next {
	case lexEOF:
		return
	case '"', '$', l.escape:
		if l.rawEscapes {
			out.WriteRune(c)
		}
		c = l.next()
	default:
		if l.rawEscapes && (!l.rawQuotes || pattern) {
			out.WriteRune(c)
		}
	}
	out.WriteRune(c)
}
