// Package navigate knows where the names of a Dockerfile are declared and used: stages, variables, delimiters of
// here-documents and ids of mounts; and what becomes of the file when one is renamed.
// It must not know LSP, and does no I/O.
package navigate

import (
	"cmp"
	"slices"
	"sort"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/text"
)

// Kind is what a name names.
type Kind int

// The kinds of names.
const (
	Stage Kind = iota
	Variable
	Delimiter
	MountID
)

// Symbol is what a name at a place of a file means, with all places that mean it.
type Symbol struct {
	Kind Kind
	Name string // as declared; empty for a stage without a name
	At   Place  // the one that was asked about
	// Places are all of them, in order.
	Places []Place
	// Declarations are where it is declared first, Definitions where what it has at the place comes from: none if that is
	// not in the file.
	Declarations, Definitions []Target

	// refusal is why it cannot be renamed, whatever the new name; empty if it can.
	refusal string
	// clash is why a name that is well-formed cannot be the new one; empty if it can.
	clash func(to string) string
}

// Place is one place that means a symbol.
type Place struct {
	text.Span
	Writes bool // it declares the symbol or gives it a value
	// Unnamed says that it means the symbol without its name: the number of a stage, or the FROM of one without a name.
	Unnamed bool
	lower   bool // the name of a stage that has to be in lower case
}

// Target is a place to go to: the name, and the whole that it belongs to.
type Target struct{ Name, Whole text.Span }

// At is what the name at an offset means; nil if there is none. An offset at the end of a name counts too.
func At(m *dockerfile.Model, offset int) *Symbol {
	inst := instructionAt(m, offset)
	if inst == nil {
		return nil
	}
	for _, find := range [...]func(*dockerfile.Model, *dockerfile.Instruction, int) *Symbol{
		variableAt, delimiterAt, stageAt, mountIDAt,
	} {
		if s := find(m, inst, offset); s != nil {
			s.tidy()
			return s
		}
	}
	return nil
}

// instructionAt is the instruction whose lines hold an offset; nil if none does.
func instructionAt(m *dockerfile.Model, offset int) *dockerfile.Instruction {
	i := sort.Search(len(m.Instructions), func(i int) bool { return m.Instructions[i].Extent.Start > offset }) - 1
	if i < 0 || offset > max(m.Instructions[i].Extent.End, m.Instructions[i].End) {
		return nil
	}
	return m.Instructions[i]
}

// withInner are an instruction and the one behind its ONBUILD.
func withInner(inst *dockerfile.Instruction) []*dockerfile.Instruction {
	if inst.Inner == nil {
		return []*dockerfile.Instruction{inst}
	}
	return []*dockerfile.Instruction{inst, inst.Inner}
}

func touches(span text.Span, offset int) bool { return span.Start <= offset && offset <= span.End }

// tidy puts the places in order, each once.
func (s *Symbol) tidy() {
	slices.SortFunc(s.Places, func(a, b Place) int { return cmp.Compare(a.Start, b.Start) })
	s.Places = slices.CompactFunc(s.Places, func(a, b Place) bool { return a.Span == b.Span })
}

// placeAt is the place that touches an offset.
func placeAt(places []Place, offset int) (Place, bool) {
	i := slices.IndexFunc(places, func(p Place) bool { return touches(p.Span, offset) })
	if i < 0 {
		return Place{}, false
	}
	return places[i], true
}

// Linked are the places that can be typed into at the same time: all of them have the same text. Nil if there are fewer than
// two, if the symbol cannot be renamed, or at a use: who writes another name there means another thing, unless it is the
// end of a here-document.
func (s *Symbol) Linked(source string) []text.Span {
	declares := slices.ContainsFunc(s.Declarations, func(t Target) bool { return t.Name == s.At.Span })
	if s.refusal != "" || s.At.Unnamed || !declares && s.Kind != Delimiter {
		return nil
	}
	var spans []text.Span
	for _, p := range s.Places {
		switch {
		case p.Unnamed:
		case p.Of(source) != s.At.Of(source):
			return nil
		default:
			spans = append(spans, p.Span)
		}
	}
	if len(spans) < 2 {
		return nil
	}
	return spans
}
