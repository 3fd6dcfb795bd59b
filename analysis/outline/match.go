package outline

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Matches reports whether the characters of a query stand in a name in their order, whatever their case. An empty query
// matches every name.
func Matches(query, name string) bool {
	for _, c := range query {
		at := strings.IndexFunc(name, func(n rune) bool { return sameFolded(n, c) })
		if at < 0 {
			return false
		}
		_, width := utf8.DecodeRuneInString(name[at:])
		name = name[at+width:]
	}
	return true
}

func sameFolded(a, b rune) bool {
	return a == b || unicode.ToLower(a) == unicode.ToLower(b)
}
