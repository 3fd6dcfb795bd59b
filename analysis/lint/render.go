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
	return render(name, lines, src, findings, func(_ Severity, s string) string { return s })
}

// RenderColoured is Render for a terminal: the severity and the carets have the severity's colour.
func RenderColoured(name string, lines *text.Lines, src string, findings []Finding) string {
	return render(name, lines, src, findings, func(severity Severity, s string) string {
		return "\x1b[" + colourOf(severity) + "m" + s + "\x1b[0m"
	})
}

// colourOf is the SGR code of a severity.
func colourOf(s Severity) string {
	switch s {
	case Error:
		return "31" // red
	case Warning:
		return "33" // yellow
	}
	return "36" // cyan
}

func render(name string, lines *text.Lines, src string, findings []Finding, paint func(Severity, string) string) string {
	var out strings.Builder
	for _, f := range findings {
		at, column := lines.OneBased(f.Start)
		fmt.Fprintf(&out, "%s:%d:%d: %s: %s [%s]\n", Printable(name), at, column, paint(f.Severity, f.Severity.String()),
			Printable(f.Message), f.Rule.ID)
		span := lines.Line(at - 1)
		if at == 1 && strings.HasPrefix(src, "\uFEFF") {
			span.Start += len("\uFEFF")
		}
		span = clip(span, f.Span)
		out.WriteString(strings.TrimRight("  "+Printable(span.Of(src)), " \t") + "\n")
		below := carets(src, span, f.Span)
		marks := strings.TrimLeft(below, " \t")
		out.WriteString("  " + below[:len(below)-len(marks)] + paint(f.Severity, marks) + "\n")
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

// carets underlines the part of a line as Printable shows it; tabs in front of it stay tabs, so that the carets stand below
// it.
func carets(src string, line, part text.Span) string {
	var out strings.Builder
	for _, c := range Printable(src[line.Start:min(part.Start, line.End)]) {
		if c == '\t' {
			out.WriteByte('\t')
			continue
		}
		out.WriteByte(' ')
	}
	covered := src[min(part.Start, line.End):max(min(part.End, line.End), min(part.Start, line.End))]
	out.WriteString(strings.Repeat("^", max(1, utf8.RuneCountInString(Printable(covered)))))
	return out.String()
}
