package syntax

import (
	"strings"
	"unicode"

	"dockerfile-ls/analysis/text"
)

// directiveAt reads the directive in text[start:end], a comment from its # on; ok is false where it has not the form
// of one. Source: directiveRegexp of BuildKit's parser.
func directiveAt(src string, start, end int) (d Directive, ok bool) {
	name := start + 1
	name += leadingSpace(src[name:end])
	stop := name
	for stop < end && isAlphanumeric(src[stop]) {
		stop++
	}
	if stop == name || src[name] >= '0' && src[name] <= '9' {
		return d, false
	}
	equals := stop + blanks(src[stop:end])
	if equals == end || src[equals] != '=' {
		return d, false
	}
	value := equals + 1 + blanks(src[equals+1:end])
	if value == end {
		value-- // the pattern needs a value, and takes the last blank for it if there is nothing else
	}
	for end > value+1 && isBlank(src[end-1]) {
		end--
	}
	if value == equals {
		return d, false
	}
	return Directive{
		Span:  text.Span{Start: start, End: end},
		Name:  Word{text.Span{Start: name, End: stop}, src[name:stop]},
		Value: Word{text.Span{Start: value, End: end}, src[value:end]},
	}, true
}

// DirectiveIn reads a comment as a directive; ok is false where it has not the form of one. BuildKit also takes a check
// directive in the comments above an instruction.
func DirectiveIn(src string, comment text.Span) (d Directive, ok bool) {
	return directiveAt(src, comment.Start, comment.End)
}

// known is the directive's name in lower case if BuildKit knows it, else empty.
func (d *Directive) known() string {
	switch name := strings.ToLower(d.Name.Text); name {
	case "syntax", "escape", "check":
		return name
	}
	return ""
}

// leadingSpace is the number of bytes of the Unicode white space that s begins with.
func leadingSpace(s string) int {
	if s == "" || s[0] > ' ' && s[0] < 0x80 {
		return 0
	}
	return len(s) - len(strings.TrimLeftFunc(s, unicode.IsSpace))
}

// trailingSpace is the number of bytes of the Unicode white space that s ends with.
func trailingSpace(s string) int {
	if s == "" || s[len(s)-1] > ' ' && s[len(s)-1] < 0x80 {
		return 0
	}
	return len(s) - len(strings.TrimRightFunc(s, unicode.IsSpace))
}

// blanks is the number of blanks, as \s of a Go regular expression has them, that s begins with.
func blanks(s string) int {
	n := 0
	for n < len(s) && isBlank(s[n]) {
		n++
	}
	return n
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r' }

func isAlphanumeric(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}
