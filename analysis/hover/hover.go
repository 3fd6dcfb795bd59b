// Package hover knows what to show of a place in a Dockerfile besides findings: what the word there does, which value it
// has, and what is known of what it names.
// It must not know LSP, and does no I/O.
package hover

import (
	"sort"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/image"
	"dockerfile-ls/analysis/navigate"
	"dockerfile-ls/analysis/reference"
	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

// Known is what is known besides the text.
type Known struct {
	Images  image.Known           // what registries have said
	Scans   map[string]image.Scan // what a scanner has found, by lint.ScanKey
	Failure string                // why a registry has not said what the image of the place is; empty if it was not asked
}

// At is what to show of the innermost thing at an offset; false if there is nothing to say. An offset at the end of a word
// counts too.
func At(m *dockerfile.Model, offset int, known Known) (Card, bool) {
	p := newPlace(m, offset, known)
	if comment, found := commentAt(m, offset); found {
		card, ok := p.comment(comment)
		return card.tidied(nil), ok
	}
	if p.Instruction == nil {
		return Card{}, false
	}
	for _, provide := range [...]func(*place) (Card, bool){
		variable, goneArgument, delimiter, stage, baseImage, signal, user, port, directory,
		mountOption, deviceOption, flagValue, flag, keyword,
	} {
		if card, ok := provide(p); ok {
			return card.tidied(p.secrets()), true
		}
	}
	return Card{}, false
}

// place is an offset with what stands there.
type place struct {
	*dockerfile.Model
	// Instruction is the one at the offset, also where it stands behind ONBUILD; nil if there is none.
	*dockerfile.Instruction
	outer  *dockerfile.Instruction // with what is in front of it: ONBUILD, or itself
	offset int
	known  Known
	symbol *navigate.Symbol // what the name at the offset means; nil if it means nothing
	// bindings are those of the file, once they were asked for.
	bindings []binding
}

func newPlace(m *dockerfile.Model, offset int, known Known) *place {
	p := &place{Model: m, offset: offset, known: known}
	found := around(m, offset)
	if len(found) == 0 {
		return p
	}
	p.outer, p.Instruction = found[0], found[len(found)-1]
	p.symbol = navigate.At(m, offset)
	return p
}

// around are the instructions whose lines hold an offset: none, one, or an ONBUILD and the one behind it.
func around(m *dockerfile.Model, offset int) []*dockerfile.Instruction {
	i := sort.Search(len(m.Instructions), func(i int) bool { return m.Instructions[i].Extent.Start > offset }) - 1
	if i < 0 || offset > max(m.Instructions[i].Extent.End, m.Instructions[i].End) {
		return nil
	}
	outer := m.Instructions[i]
	if outer.Inner == nil || offset < outer.Inner.Start {
		return []*dockerfile.Instruction{outer}
	}
	return []*dockerfile.Instruction{outer, outer.Inner}
}

func (p *place) touches(span text.Span) bool { return span.Start <= p.offset && p.offset <= span.End }

// means reports whether the name at the place is of a kind.
func (p *place) means(kind navigate.Kind) bool { return p.symbol != nil && p.symbol.Kind == kind }

// behindOnbuild reports whether the instruction runs later, in another build.
func (p *place) behindOnbuild() bool { return p.outer != p.Instruction }

// entry is a card with what the reference says.
func entry(span text.Span, title string, e reference.Entry) Card {
	return Card{Span: span, Title: title, Text: e.Text, Page: e.Page()}
}

// concept is a card about what has no word of its own.
func concept(span text.Span, title, name string) Card {
	e, _ := reference.Find(reference.Concept, "", name)
	return entry(span, title, e)
}

// how adds how something is written, and what counts without it.
func (c *Card) how(e reference.Entry) {
	if e.Form != "" {
		c.code("form", e.Form, "")
	}
	if e.Default != "" {
		c.row("without it", e.Default)
	}
}

// keyword is the instruction at its keyword: that behind ONBUILD, or the one in front of all.
func keyword(p *place) (Card, bool) {
	for _, inst := range [...]*dockerfile.Instruction{p.Instruction, p.outer} {
		e, known := reference.Find(reference.Instruction, "", inst.Name)
		if !known || !p.touches(inst.Keyword.Span) {
			continue
		}
		c := entry(inst.Keyword.Span, e.Name, e)
		c.how(e)
		if specs, _ := dockerfile.Flags(e.Name); len(specs) > 0 {
			c.code("flags", "--"+strings.Join(dockerfile.FlagNames(specs), " --"), "")
		}
		switch {
		case inst.Name == "FROM" && p.StageOf(inst) != nil && p.StageOf(inst).From == inst:
			p.describe(&c, p.StageOf(inst))
		case inst.Name == "HEALTHCHECK":
			p.health(&c)
		case inst.Name == "ONBUILD":
			p.later(&c)
		case p.behindOnbuild():
			c.row("runs", "later, right behind the FROM of a build that is based on this stage")
		}
		return c, true
	}
	if kind := healthKind(p.Instruction); p.touches(kind.Span) && kind.Text != "" {
		if e, known := reference.Find(reference.Value, "HEALTHCHECK", kind.Text); known {
			c := entry(kind.Span, "HEALTHCHECK "+e.Name, e)
			c.how(e)
			return c, true
		}
	}
	return Card{}, false
}

func healthKind(inst *dockerfile.Instruction) syntax.Word {
	if inst.Name != "HEALTHCHECK" || len(inst.Args) == 0 {
		return syntax.Word{}
	}
	return inst.Args[0]
}

// later says which builds run what stands behind ONBUILD.
func (p *place) later(c *Card) {
	stage := p.StageOf(p.outer)
	if stage == nil {
		return
	}
	var based []text.Span
	for _, s := range p.Stages {
		if p.Parent(s) == stage {
			based = append(based, s.From.Keyword.Span)
		}
	}
	if len(based) > 0 {
		c.row("runs", "behind the FROM in "+lines(p.Text, based))
		return
	}
	c.row("runs", "in other builds: no stage of this file is based on its stage")
}
