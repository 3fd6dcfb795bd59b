package syntax

import (
	"sort"
	"strings"

	"dockerfile-ls/analysis/text"
)

// Expansion is a word as BuildKit reads it when it builds, but without values for its variables.
type Expansion struct {
	// Text is the word with quotes and escapes taken off, and its variables empty.
	Text string
	// Words are the parts that EXPOSE takes it for: split at white space outside quotes.
	Words []string
	// Variables says that there are variables, so that Text is not all that BuildKit will see.
	Variables bool
	// Problem is why BuildKit rejects the word whatever values the variables have; nil if it does not.
	Problem *Problem
}

// Problem is a mistake in a word. Its span counts bytes from the start of the word's text.
type Problem struct {
	text.Span
	Message string
}

// Expand reads a word of an instruction in which BuildKit expands variables.
// Source: Lex.ProcessWord of BuildKit's shell package.
func Expand(word string, escape byte) Expansion {
	if !strings.ContainsAny(word, "$'\"\\`") {
		return Expansion{Text: word, Words: []string{word}}
	}
	return expand(lexer{src: word, escape: rune(escape)})
}

// ExpandHeredoc reads the body of a heredoc of COPY or ADD, in which quotes mean nothing and the escape character is
// always the backslash.
func ExpandHeredoc(body string) Expansion {
	return expand(lexer{src: body, escape: '\\', noQuotes: true})
}

// Variables are the names of the variables that a word reads, in order, with their places in its text: those in front of a
// mistake too.
func Variables(word string, escape byte) []Word {
	if strings.IndexByte(word, '$') < 0 {
		return nil
	}
	return variables(lexer{src: word, escape: rune(escape)})
}

// HeredocVariables is Variables for the body of a heredoc of COPY or ADD.
func HeredocVariables(body string) []Word {
	if strings.IndexByte(body, '$') < 0 {
		return nil
	}
	return variables(lexer{src: body, escape: '\\', noQuotes: true})
}

func variables(l lexer) []Word {
	var names []Word
	l.noted = &names
	_, _ = l.whole()
	return names
}

func expand(l lexer) Expansion {
	whole, err := l.whole()
	e := Expansion{Text: whole, Variables: l.variables}
	if l.tooDeep {
		return Expansion{Variables: true} // nothing is known of it
	}
	if err != nil {
		e.Problem = &Problem{err.Span, err.message}
		return e
	}
	for _, w := range l.words {
		e.Words = append(e.Words, w.text)
	}
	return e
}

// Within returns the span in the source of a range of a word's text. It is the whole word where the text is not what
// the source holds there, as in a decoded JSON string.
func (inst *Instruction) Within(word Word, part text.Span) text.Span {
	at := inst.Line.offset(word.Start)
	if !strings.HasPrefix(inst.Line.Text[at:], word.Text) {
		return word.Span
	}
	return inst.Line.Span(at+part.Start, at+part.End)
}

// offset is the place in Text of a byte offset of the source that lies in the line.
func (l *Line) offset(source int) int {
	i := sort.Search(len(l.segments), func(i int) bool { return l.segments[i].source > source }) - 1
	return min(l.segments[i].at+source-l.segments[i].source, len(l.Text))
}

// RestRange is the range of Rest in the text of the logical line.
func (inst *Instruction) RestRange() (start, end int) {
	start = inst.Line.offset(inst.Rest.Start)
	return start, start + len(inst.Rest.Text)
}
