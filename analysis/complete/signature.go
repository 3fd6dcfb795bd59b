package complete

import (
	"strings"

	"dockerfile-ls/analysis/reference"
	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

// Signature is a form in which what stands around a cursor can be written.
type Signature struct {
	Label      string
	Parameters []Parameter
	// Active is the index of the parameter that the cursor is in; -1 if it is in none.
	Active     int
	Text, Page string // as those of an Item
}

// Parameter is a part of a form, by its bytes in the label.
type Parameter struct {
	text.Span
	Text string
}

// SignaturesAt are the forms for a byte offset, and which of them is written there: those of the flag around it, else
// those of
// the instruction. There are none in a keyword, a comment or a body. Typed says that nobody has asked: then there are none
// in a
// command either, whose blanks mean nothing to the instruction.
func SignaturesAt(f Facts, offset int, typed bool) (list []Signature, active int) {
	if offset < 0 || offset > len(f.Model.Text) {
		return nil, 0
	}
	p := f.placeAt(offset)
	if p == nil || p.half == nil {
		return nil, 0
	}
	if p.at <= p.half.Keyword.End {
		if !p.onbuild {
			return nil, 0
		}
		p.half = &syntax.Instruction{Name: "ONBUILD"}
	}
	if s, ok := p.flagSignature(); ok {
		return []Signature{s}, 0
	}
	if typed && p.isInCommand() {
		return nil, 0
	}
	written, name := p.writtenForm()
	for _, form := range forms {
		keyword, rest, _ := strings.Cut(form, " ")
		if keyword != p.half.Name {
			continue
		}
		if form == written {
			active = len(list)
		}
		s := newSignature(p.cased(keyword) + " " + rest)
		s.Active = s.find(name)
		if entry, ok := reference.Find(reference.Instruction, "", keyword); ok {
			s.Text, s.Page = entry.Text, entry.Page()
		}
		list = append(list, s)
	}
	return list, active
}

// newSignature reads a form in which parameters stand between ‹ and ›.
func newSignature(form string) Signature {
	s := Signature{Active: -1}
	for {
		before, rest, more := strings.Cut(form, "‹")
		s.Label += before
		if !more {
			return s
		}
		name, behind, _ := strings.Cut(rest, "›")
		s.Parameters = append(s.Parameters, Parameter{Span: text.Span{Start: len(s.Label), End: len(s.Label) + len(name)}})
		s.Label += name
		form = behind
	}
}

// find is the index of the parameter of a name; -1 if there is none.
func (s *Signature) find(name string) int {
	for i, p := range s.Parameters {
		if p.Of(s.Label) == name {
			return i
		}
	}
	return -1
}

// isInCommand reports whether the cursor stands behind the first word of a command in shell form.
func (p *place) isInCommand() bool {
	rest := p.half.Rest.Text
	switch p.half.Name {
	case "RUN", "CMD", "ENTRYPOINT":
	case "HEALTHCHECK":
		_, rest, _ = strings.Cut(rest, " ")
	default:
		return false
	}
	rest = strings.TrimLeft(rest, " \t")
	return rest != "" && rest[0] != '[' && (strings.ContainsAny(rest, " \t") || p.isBlank())
}
