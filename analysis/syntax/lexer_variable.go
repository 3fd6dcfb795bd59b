package syntax

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"dockerfile-ls/analysis/text"
)

// dollar reads a variable from its $ on.
func (l *lexer) dollar() (string, *lexError) {
	start := l.at
	l.next()
	if l.peek() != '{' {
		name := l.notedName()
		if name == "" {
			return "$", nil
		}
		l.variables = true
		return l.kept("$" + name), nil
	}
	l.next()
	l.variables = true
	switch l.peek() {
	case lexEOF:
		return "", l.fail(start, len(l.src), "the ${ is not closed")
	case '{', '}', ':':
		return "", l.fail(start, l.at+1, "a variable name must follow ${")
	}
	name := l.notedName()
	modifier := l.at
	switch c := l.next(); c {
	case '}':
		return l.kept("${" + name + "}"), nil
	case ':':
		return l.operand(start, modifier, name, true, l.next())
	case '+', '-', '?', '#', '%':
		return l.operand(start, modifier, name, false, c)
	case '/':
		return l.replacement(start, name)
	case lexEOF:
		return "", l.fail(start, len(l.src), "the ${ is not closed")
	}
	return "", l.unknownModifier(modifier)
}

func (l *lexer) kept(written string) string {
	if l.keep {
		return written
	}
	return ""
}

func (l *lexer) unknownModifier(at int) *lexError {
	if c, _ := utf8.DecodeRuneInString(l.src[at:]); unicode.IsSpace(c) {
		return l.fail(at, at, "the ${ in front is not closed")
	}
	return l.fail(at, l.at, "BuildKit does not know the modifier "+l.src[at:l.at])
}

// operand reads the word behind a modifier such as :- up to the closing brace.
func (l *lexer) operand(start, modifier int, name string, colon bool, c rune) (string, *lexError) {
	pattern := c == '#' || c == '%'
	if colon && pattern {
		return "", l.unknownModifier(modifier)
	}
	written := l.src[modifier:l.at]
	stop := l.at
	word, err := l.until('}', pattern, pattern, start)
	if err != nil {
		return "", err
	}
	if l.keep {
		return "${" + name + written + word + "}", nil
	}
	switch {
	case pattern:
		return "", l.checkPattern(word, c, stop)
	case c != '-' && c != '+' && c != '?':
		l.at, stop = stop, l.at
		err := l.unknownModifier(modifier)
		l.at = stop
		return "", err
	}
	return "", nil
}

// replacement reads ${name/pattern/text} behind its first slash.
func (l *lexer) replacement(start int, name string) (string, *lexError) {
	if l.peek() == '/' {
		l.next()
	}
	at := l.at
	pattern, err := l.until('/', true, true, start)
	if err != nil {
		return "", err
	}
	word, err := l.until('}', true, false, start)
	if err != nil {
		return "", err
	}
	if l.keep {
		return "${" + name + "/" + pattern + "/" + word + "}", nil
	}
	return "", l.checkPattern(pattern, '/', at)
}

// checkPattern rejects what convertShellPatternToRegex rejects: a backslash in front of anything but * ? \ / and }.
func (l *lexer) checkPattern(pattern string, modifier rune, at int) *lexError {
	runes := []rune(pattern)
	if modifier != '/' && len(runes) > 0 && runes[0] == modifier {
		runes = runes[1:]
	}
	if modifier == '%' {
		runes = reversePattern(runes)
	}
	for i := 0; i < len(runes); i++ {
		if runes[i] != '\\' {
			continue
		}
		if i+1 < len(runes) && (runes[i+1] == '}' || runes[i+1] == '/') {
			continue
		}
		i++
		if i == len(runes) || runes[i] != '*' && runes[i] != '?' && runes[i] != '\\' {
			return l.fail(at, l.at-1, `only \*, \?, \\, \/ and \} are escapes in a pattern`)
		}
	}
	return nil
}

// reversePattern reverses a pattern but keeps each escape in front of what it escapes, as BuildKit does for % modifiers.
func reversePattern(pattern []rune) []rune {
	out := slices.Clone(pattern)
	slices.Reverse(out)
	for i := 0; i+1 < len(pattern); i++ {
		if pattern[i] == '\\' {
			at := len(pattern) - 1 - i
			out[at-1], out[at] = pattern[i], pattern[i+1]
			i++
		}
	}
	return out
}

// notedName reads a name and notes where it stands.
func (l *lexer) notedName() string {
	start := l.at
	name := l.name()
	if l.noted != nil && name != "" {
		*l.noted = append(*l.noted, Word{text.Span{Start: start, End: l.at}, name})
	}
	return name
}

// name reads a variable name: letters, digits and _, only digits if it begins with one, or one special parameter.
func (l *lexer) name() string {
	start := l.at
	c := l.peek()
	switch {
	case unicode.IsDigit(c):
		for unicode.IsDigit(l.peek()) {
			l.next()
		}
	case strings.ContainsRune("@*#?-$!0", c):
		l.next()
	default:
		for c := l.peek(); unicode.IsLetter(c) || unicode.IsDigit(c) || c == '_'; c = l.peek() {
			l.next()
		}
	}
	return l.src[start:l.at]
}
