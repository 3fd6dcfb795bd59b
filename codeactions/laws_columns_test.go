package codeactions

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"dockerfile-ls/analysis/text"
)

// columns holds that a client makes of a text what is meant, in whichever unit it counts columns.
func (l *laws) columns(title, source string, edits []text.Edit, want string) {
	l.Helper()
	if !utf8.ValidString(source) {
		return // no client sends it
	}
	lines := text.NewLines(source)
	edits = slices.SortedStableFunc(slices.Values(edits), func(a, b text.Edit) int { return cmp.Compare(a.Start, b.Start) })
	for _, encoding := range []text.Encoding{text.UTF8, text.UTF16, text.UTF32} {
		result := source
		for i := len(edits) - 1; i >= 0; i-- { // from the end, so that the places in front stay what they are
			e := edits[i]
			result = replaceAsClient(result, encoding, lines.Position(e.Start, encoding),
				lines.Position(e.End, encoding), e.New)
		}
		if result != want {
			l.Errorf("%s: %s: a client that counts in encoding %d has\n%s\nwant\n%s", l.name, title, encoding, result, want)
		}
	}
}

// replaceAsClient edits a text as clients do: they know lines, and units from the beginning of one.
func replaceAsClient(source string, encoding text.Encoding, start, end text.Position, with string) string {
	return source[:placeInClient(source, encoding, start)] + with + source[placeInClient(source, encoding, end):]
}

// placeInClient is the byte offset of a position, found without what the server finds it by.
func placeInClient(source string, encoding text.Encoding, at text.Position) int {
	offset := 0
	for range at.Line {
		rest := source[offset:]
		end := strings.IndexAny(rest, "\r\n")
		if strings.HasPrefix(rest[end:], "\r\n") {
			end++
		}
		offset += end + 1
	}
	line := source[offset:]
	switch encoding {
	case text.UTF8:
		return offset + at.Column
	case text.UTF16:
		return offset + len(string(utf16.Decode(utf16.Encode([]rune(line))[:at.Column])))
	default:
		return offset + len(string([]rune(line)[:at.Column]))
	}
}
