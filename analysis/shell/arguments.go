package shell

import (
	"slices"
	"strings"

	sh "mvdan.cc/sh/v3/syntax"

	"dockerfile-ls/analysis/text"
)

// Arguments are the words behind the name of a program, as most programs read them.
type Arguments struct {
	Options  []Option
	Operands []Word // those behind -- too
	// Uncertain says that a word may turn out to be an option, or several words, such as $FLAGS. It is an operand here,
	// if it has no dash.
	Uncertain bool
}

// Option is one option with its value.
type Option struct {
	text.Span        // its word, and the next one too if that is the value; of the whole cluster for a letter of one
	Name      string // with its dashes; one letter if it is from a cluster
	HasValue  bool
	Value     Word // what stands behind the =, behind the letter, or the next word
}

// ReadArguments tells options from operands. The names in valued, with their dashes, are of options that take the next
// word if there is no = or, for a letter, nothing behind it. Of -abc all letters are options, if -abc itself is not valued.
func ReadArguments(words []Word, valued ...string) Arguments {
	var a Arguments
	for i := 0; i < len(words); i++ {
		w := words[i]
		switch {
		case w.Literal && w.Value == "--":
			a.Operands = append(a.Operands, words[i+1:]...)
			return a
		case !isOption(w) || w.Value == "-":
			a.Uncertain = a.Uncertain || mayBeOption(w)
			if a.Operands == nil {
				a.Operands = make([]Word, 0, len(words)-i) // most words are operands
			}
			a.Operands = append(a.Operands, w)
			continue
		}
		if a.option(w, valued) && i+1 < len(words) {
			i++
			last := &a.Options[len(a.Options)-1]
			last.Value, last.HasValue, last.End = words[i], true, words[i].End
		}
	}
	return a
}

// isOption reports whether a word begins with a dash, whatever follows.
func isOption(w Word) bool {
	return strings.HasPrefix(w.Value, "-") && (w.Literal || w.Parts[0].Kind == Plain)
}

// mayBeOption reports whether a word begins with something that is not known.
func mayBeOption(w Word) bool {
	return !w.Literal && (w.Parts[0].Kind == Reference || w.Parts[0].Kind == Computed)
}

// option adds the options of a word, and reports whether the last one takes the next word.
func (a *Arguments) option(w Word, valued []string) bool {
	if name, value, ok := w.Cut(); ok && (strings.HasPrefix(name, "--") || len(name) == 2) {
		a.Options = append(a.Options, Option{w.Span, name, true, value})
		return false
	}
	a.Uncertain = a.Uncertain || !w.Literal
	if strings.HasPrefix(w.Value, "--") || slices.Contains(valued, w.Value) {
		a.Options = append(a.Options, Option{Span: w.Span, Name: w.Value})
		return w.Literal && slices.Contains(valued, w.Value)
	}
	for i, letter := range w.Value[1:] {
		rest := w.Value[1+i+len(string(letter)):]
		option := Option{Span: w.Span, Name: "-" + string(letter)}
		takes := slices.Contains(valued, option.Name)
		if takes && rest != "" {
			option.HasValue = true
			option.Value = Word{Span: w.Span, Text: rest, Value: rest, Literal: w.Literal, Decoded: true}
		}
		a.Options = append(a.Options, option)
		if takes {
			return rest == "" && w.Literal
		}
	}
	return false
}

// Option is the last option with one of the names; ok is false if there is none.
func (a *Arguments) Option(names ...string) (option Option, ok bool) {
	for _, option := range slices.Backward(a.Options) {
		if slices.Contains(names, option.Name) {
			return option, true
		}
	}
	return Option{}, false
}

// Cut splits a word at its first =, if everything up to there is known.
func (w Word) Cut() (name string, value Word, ok bool) {
	known := w.Value
	if !w.Literal {
		known = w.Parts[0].Value
		if w.Parts[0].Kind != Plain && w.Parts[0].Kind != Pattern {
			return "", value, false
		}
	}
	name, _, ok = strings.Cut(known, "=")
	if !ok || w.tail == (text.Span{}) || strings.ContainsAny(name, "*?[{~(") {
		return "", value, false
	}
	before, behind, _ := strings.Cut(w.Text, "=")
	value = Word{Span: w.tail, Text: behind, Value: w.Value[len(name)+1:], Literal: w.Literal, Decoded: w.Decoded}
	closeQuote(&value, before)
	value.behind(w)
	if equals := strings.IndexByte(value.Text, '='); equals >= 0 && value.Len() == len(value.Text) {
		value.tail = text.Span{Start: value.Start + equals + 1, End: value.End}
	}
	return name, value, true
}

// closeQuote takes the quote at the end off a value that is inside quotes with its name, as in "--a=b".
func closeQuote(value *Word, before string) {
	if before == "" || before[0] != '"' && before[0] != '\'' {
		return
	}
	quote := before[:1]
	if strings.Count(before, quote)%2 == 1 && strings.HasSuffix(value.Text, quote) &&
		strings.Count(value.Text, quote) == 1 && !value.Decoded {
		value.Text = value.Text[:len(value.Text)-1]
		value.End--
	}
}

// behind copies the parts and variables of a word that stand behind its =.
func (value *Word) behind(w Word) {
	for i, part := range w.Parts {
		if i == 0 {
			_, part.Value, _ = strings.Cut(part.Value, "=")
			part.Start = min(w.tail.Start, part.End)
			if part.Value == "" {
				continue
			}
		}
		value.Parts = append(value.Parts, part)
	}
	for _, v := range w.Variables {
		if v.Start >= w.tail.Start {
			value.Variables = append(value.Variables, v)
		}
	}
}

// assignment reads a word of the form NAME=value.
func assignment(w Word) (Assign, bool) {
	name, value, ok := w.Cut()
	name, appends := strings.CutSuffix(name, "+")
	if !ok || !sh.ValidName(name) {
		return Assign{}, false
	}
	return Assign{Span: w.Span, Name: name, Value: value, Append: appends, Element: strings.HasPrefix(value.Text, "(")}, true
}

func assignments(words []Word) []Assign {
	var assigns []Assign
	for _, w := range words {
		if assign, ok := assignment(w); ok {
			assigns = append(assigns, assign)
		}
	}
	return assigns
}
