package navigate

import (
	"fmt"
	"regexp"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

// delimiterAt is the delimiter of a here-document at an offset of an instruction: behind its << or at its end.
func delimiterAt(m *dockerfile.Model, inst *dockerfile.Instruction, offset int) *Symbol {
	for _, h := range inst.Heredocs {
		places := delimiters(m, h)
		at, found := placeAt(places, offset)
		if !found {
			continue
		}
		s := &Symbol{Kind: Delimiter, Name: h.Name.Text, At: at, Places: places}
		s.Definitions = []Target{{places[0].Span, inst.Span}}
		s.Declarations = s.Definitions
		if !h.Terminated {
			s.refusal = fmt.Sprintf("the here-document has no end: write `%s` on a line of its own first", h.Name.Text)
		}
		s.clash = func(to string) string { return delimiterClash(m, inst, h, to) }
		return s
	}
	return nil
}

// delimiters are the places of a delimiter; none if it is written with escapes or quotes inside it.
func delimiters(m *dockerfile.Model, h syntax.Heredoc) []Place {
	n := strings.Index(h.Name.Of(m.Text), h.Name.Text)
	if n < 0 || h.Name.Text == "" {
		return nil
	}
	start := h.Name.Start + n
	places := []Place{{Span: text.Span{Start: start, End: start + len(h.Name.Text)}, Writes: true}}
	if h.Terminated && h.Terminator.Of(m.Text) == h.Name.Text {
		places = append(places, Place{Span: h.Terminator})
	}
	return places
}

var plainDelimiter = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.-]*$`)

// delimiterClash is why a here-document cannot have a delimiter.
func delimiterClash(m *dockerfile.Model, inst *dockerfile.Instruction, h syntax.Heredoc, to string) string {
	if !plainDelimiter.MatchString(to) {
		return fmt.Sprintf("`%s` is no plain delimiter: write letters, digits, `_`, `.` or `-`, a letter first", to)
	}
	for _, other := range inst.Heredocs {
		if other.Span != h.Span && other.Name.Text == to {
			return taken(m, to, other.Start)
		}
	}
	at := h.Body.Start
	for line := range strings.Lines(inst.Body(h)) {
		content := strings.TrimRight(line, "\r\n")
		if h.Chomp {
			content = strings.TrimLeft(content, "\t")
		}
		if content == to {
			return fmt.Sprintf("`%s` is line %d of the text, which would end there: choose another name", to, lineOf(m, at))
		}
		at += len(line)
	}
	return ""
}
