// Package tokens knows what every piece of a Dockerfile is, so that it can be coloured: also the shell in it, and also of
// what is half typed. It must not know LSP, and does no I/O.
package tokens

import (
	"slices"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/text"
)

// Kind says what a token is.
type Kind int

// The kinds of tokens.
const (
	Comment   Kind = iota
	Directive      // the name of a parser directive
	Keyword        // of an instruction, and reserved words of the shell
	Flag           // with its dashes
	Key            // of a mount or a device, and of a label
	Value          // one out of a list, such as the type of a mount
	Stage
	Image
	Tag
	Digest
	Variable // also with $ and braces
	String
	Number
	Operator
	Command   // that a shell runs, and functions of its script
	Option    // of a command, with its dashes
	Delimiter // of a here-document
)

// Modifier is a set of what is special about a token.
type Modifier int

const (
	// Declaration is where a stage, a variable or a function gets its name.
	Declaration Modifier = 1 << iota
	// Deprecated is what should not be written any more.
	Deprecated
)

// Token is a piece of one line.
type Token struct {
	text.Span
	Kind      Kind
	Modifiers Modifier
}

// Of are the tokens of a file, in order. They do not overlap, and none goes over the end of a line.
func Of(m *dockerfile.Model) []Token { return Within(m, text.Span{Start: 0, End: len(m.Text)}) }

// Within are the tokens of a file that have a byte in a span.
func Within(m *dockerfile.Model, span text.Span) []Token {
	p := painter{model: m, span: span}
	for _, d := range m.Directives {
		p.directive(d)
	}
	comments := m.Comments
	comments = comments[firstBehind(len(comments), func(i int) bool { return comments[i].End > span.Start }):]
	instructions := m.Instructions
	first := firstBehind(len(instructions), func(i int) bool { return instructions[i].End > span.Start })
	for _, inst := range instructions[first:] {
		if inst.Start >= span.End {
			break
		}
		for ; len(comments) > 0 && comments[0].Start < inst.End; comments = comments[1:] {
			p.add(comments[0].Span, Comment, 0) // those inside lie in what is continued
		}
		p.instruction(inst)
		p.flush()
	}
	for ; len(comments) > 0 && comments[0].Start < span.End; comments = comments[1:] {
		p.add(comments[0].Span, Comment, 0)
	}
	p.flush()
	return p.tokens
}

// firstBehind is the first index for which reached holds, which holds for all behind it too.
func firstBehind(n int, reached func(i int) bool) int {
	low, high := 0, n
	for low < high {
		if middle := (low + high) / 2; reached(middle) {
			high = middle
		} else {
			low = middle + 1
		}
	}
	return low
}

// painter gathers tokens that may lie in each other, and makes ones of them that do not.
type painter struct {
	model  *dockerfile.Model
	span   text.Span
	tokens []Token
	layers []Token // of the instruction that is being painted
	open   []Token // those around the one that flush is at, the outermost first
}

func (p *painter) add(span text.Span, kind Kind, modifiers Modifier) {
	if span.Start < span.End {
		p.layers = append(p.layers, Token{span, kind, modifiers})
	}
}

// flush puts what was gathered side by side: of two tokens over the same bytes the shorter or later one counts.
func (p *painter) flush() {
	slices.SortStableFunc(p.layers, func(a, b Token) int {
		if a.Start != b.Start {
			return a.Start - b.Start
		}
		return b.End - a.End
	})
	at := 0
	p.open = p.open[:0]
	for _, t := range p.layers {
		at = p.close(at, t.Start)
		if n := len(p.open); n > 0 {
			p.emit(at, t.Start, p.open[n-1])
			t.End = min(t.End, p.open[n-1].End)
		}
		at = max(at, t.Start)
		p.open = append(p.open, t)
	}
	p.close(at, len(p.model.Text)+1)
	p.layers = p.layers[:0]
}

// close ends the open tokens that end in front of an offset, and returns where the painted part ends.
func (p *painter) close(at, before int) int {
	for n := len(p.open); n > 0 && p.open[n-1].End <= before; n-- {
		p.emit(at, p.open[n-1].End, p.open[n-1])
		at = max(at, p.open[n-1].End)
		p.open = p.open[:n-1]
	}
	return at
}

// emit adds a token for each line of a range, without the blanks in front of what is continued.
func (p *painter) emit(start, end int, t Token) {
	source := p.model.Text
	for start < end {
		stop := start
		for stop < end && source[stop] != '\n' && source[stop] != '\r' {
			stop++
		}
		if start < stop && start < p.span.End && stop > p.span.Start {
			p.tokens = append(p.tokens, Token{text.Span{Start: start, End: stop}, t.Kind, t.Modifiers})
		}
		for start = stop; start < end && stop < end && isBlank(source[start]); {
			start++
		}
	}
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }
