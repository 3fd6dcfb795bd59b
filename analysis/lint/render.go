package lint

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"dockerfile-ls/analysis/text"
)

// Render prints findings as a compiler does: name, one-based line and column, and the line with carets under the part that
// is meant, as far as it stands on that line.
func Render(name string, lines *text.Lines, src string, findings []Finding) string {
	var out strings.Builder
	for _, f := range findings {
		at, column := lines.OneBased(f.Start)
		fmt.Fprintf(&out, "%s:%d:%d: %s: %s [%s]\n", name, at, column, f.Severity, printable(f.Message), f.Rule.ID)
		span := lines.Line(at - 1)
		if at == 1 && strings.HasPrefix(src, "\uFEFF") {
			span.Start += len("\uFEFF")
		}
		span = clip(span, f.Span)
		out.WriteString(strings.TrimRight("  "+printable(span.Of(src)), " \t") + "\n")
		out.WriteString("  " + carets(src, span, f.Span) + "\n")
	}
	return out.String()
}

// clip is the part of a long line around what is meant.
func clip(line, part text.Span) text.Span {
	const before, width = 60, 240
	if line.Len() <= width {
		return line
	}
	start := max(line.Start, min(part.Start, line.End)-before)
	return text.Span{Start: start, End: min(line.End, start+width)}
}

// printable replaces what a terminal would obey or could not show.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r == utf8.RuneError || r != '\t' && unicode.IsControl(r) {
			return utf8.RuneError
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

// carets underlines the part of a line; tabs in front of it stay tabs, so that the carets stand below it.
func carets(src string, line, part text.Span) string {
	var out strings.Builder
	for _, c := range src[line.Start:min(part.Start, line.End)] {
		if c == '\t' {
			out.WriteByte('\t')
			continue
		}
		out.WriteByte(' ')
	}
	covered := src[min(part.Start, line.End):max(min(part.End, line.End), min(part.Start, line.End))]
	out.WriteString(strings.Repeat("^", max(1, utf8.RuneCountInString(covered))))
	return out.String()
}
