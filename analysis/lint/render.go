package lint

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"dockerfile-ls/analysis/text"
)

// Render prints findings as a compiler does: name, one-based line and column, and the line with carets under the part that
// is meant, as far as it stands on that line.
func Render(name string, lines *text.Lines, src string, findings []Finding) string {
	var out strings.Builder
	for _, f := range findings {
		at, column := lines.OneBased(f.Start)
		fmt.Fprintf(&out, "%s:%d:%d: %s: %s [%s]\n", name, at, column, f.Severity, f.Message, f.Rule.ID)
		span := lines.Line(at - 1)
		if at == 1 && strings.HasPrefix(src, "\uFEFF") {
			span.Start += len("\uFEFF")
		}
		line := strings.ToValidUTF8(span.Of(src), "\uFFFD")
		out.WriteString(strings.TrimRight("  "+line, " \t") + "\n")
		out.WriteString("  " + carets(src, span, f.Span) + "\n")
	}
	return out.String()
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
