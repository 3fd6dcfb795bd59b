package lint

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Printable shows what a terminal would obey, or would show nothing of, as an escape such as \x1b or \u202e: control
// characters but tabs, characters that turn the direction of the text around, invisible ones, and bytes that are not UTF-8.
func Printable(s string) string {
	if strings.IndexFunc(s, IsObeyed) < 0 && utf8.ValidString(s) {
		return s
	}
	var out strings.Builder
	for i, r := range s {
		if _, width := utf8.DecodeRuneInString(s[i:]); r == utf8.RuneError && width == 1 {
			fmt.Fprintf(&out, `\x%02x`, s[i])
			continue
		}
		out.WriteString(escape(r))
	}
	return out.String()
}

func escape(r rune) string {
	switch {
	case !IsObeyed(r):
		return string(r)
	case r == '\n':
		return `\n`
	case r == '\r':
		return `\r`
	case r < utf8.RuneSelf:
		return fmt.Sprintf(`\x%02x`, r)
	case r > 0xffff:
		return fmt.Sprintf(`\U%08x`, r)
	}
	return fmt.Sprintf(`\u%04x`, r)
}

// IsObeyed reports whether a character does something to a terminal or to others, and is not seen itself. The two joiners
// are left: scripts and emoji are written with them.
func IsObeyed(r rune) bool {
	const nonJoiner, joiner = '\u200c', '\u200d'
	return r != '\t' && r != nonJoiner && r != joiner && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp)
}
