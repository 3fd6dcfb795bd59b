package shell

import (
	"strings"

	sh "mvdan.cc/sh/v3/syntax"

	"dockerfile-ls/analysis/text"
)

// begin makes room for a command, so that those of its substitutions come behind it.
func (w *walker) begin(in Context) int {
	c := Command{After: w.flow.joint, Inside: in}
	c.After.Command = w.flow.last
	if c.After.Operator == Start {
		c.After.Command = -1
	}
	w.out.Commands = append(w.out.Commands, c)
	w.flow = flow{last: len(w.out.Commands) - 1}
	return w.flow.last
}

func (w *walker) finish(index int, c Command) {
	begun := &w.out.Commands[index]
	c.After, c.Inside = begun.After, begun.Inside
	c.Span = extent(&c)
	if c.After.Operator == Start {
		c.After.Span = text.Span{Start: c.Start, End: c.Start}
	}
	*begun = c
}

func (w *walker) call(call *sh.CallExpr, redirects []*sh.Redirect, in Context) {
	index := w.begin(in)
	var c Command
	args := call.Args
	for i, a := range call.Assigns {
		if !sh.ValidName(a.Name.Value) {
			args = append(asWords(call.Assigns[i:]), args...)
			break
		}
		c.Assigns = append(c.Assigns, w.assign(a, in))
	}
	c.Words = make([]Word, len(args))
	for i, x := range args {
		c.Words[i] = w.word(x, in)
	}
	if isDeclaration(c.Name()) {
		c.Assigns = append(c.Assigns, assignments(c.Words[1:])...)
	}
	script := w.innerScript(&c, args, redirects, in)
	w.redirects(&c, redirects, in, script)
	w.finish(index, c)
}

// asWords makes words of what the parser takes for assignments: a-b=[ is none, nor is what follows.
func asWords(assigns []*sh.Assign) []*sh.Word {
	words := make([]*sh.Word, len(assigns))
	for i, a := range assigns {
		name := &sh.Lit{ValuePos: a.Name.Pos(), ValueEnd: a.End(), Value: a.Name.Value + "="}
		if a.Append {
			name.Value = a.Name.Value + "+="
		}
		words[i] = &sh.Word{Parts: []sh.WordPart{name}}
		if a.Value != nil {
			name.ValueEnd = a.Value.Pos()
			words[i].Parts = append(words[i].Parts, a.Value.Parts...)
		}
	}
	return words
}

// isDeclaration reports whether a command takes assignments for arguments. The parser takes it apart for Bash only.
func isDeclaration(name string) bool {
	switch name {
	case "declare", "export", "local", "nameref", "readonly", "typeset":
		return true
	}
	return false
}

func (w *walker) declaration(clause *sh.DeclClause, redirects []*sh.Redirect, in Context) {
	index := w.begin(in)
	var c Command
	c.Words = append(c.Words, w.letters(clause.Variant))
	for _, a := range clause.Args {
		switch {
		case a.Naked && a.Name == nil:
			c.Words = append(c.Words, w.word(a.Value, in))
		case a.Naked && a.Index == nil:
			c.Words = append(c.Words, w.letters(a.Name))
		case !sh.ValidName(a.Name.Value):
			c.Words = append(c.Words, w.word(asWords([]*sh.Assign{a})[0], in))
		default:
			c.Words = append(c.Words, w.declared(a, in))
		}
	}
	c.Assigns = assignments(c.Words[1:])
	w.redirects(&c, redirects, in, nil)
	w.finish(index, c)
}

func (w *walker) letters(lit *sh.Lit) Word { return w.word(&sh.Word{Parts: []sh.WordPart{lit}}, 0) }

// declared is the argument NAME=value of a declaration as one word.
func (w *walker) declared(a *sh.Assign, in Context) Word {
	start, end := w.bounds(a)
	value := w.valueStart(a)
	word := w.wordAt(start, max(end, value))
	d := decoder{w: w, in: in, from: value, literal: true}
	name := Part{w.src.span(start, value), Plain, unfold(w.src.text[start:value])}
	if a.Index != nil {
		name.Kind, d.literal = Computed, false
		d.arithmetic(a.Index)
	} else {
		d.value.WriteString(name.Value)
	}
	d.bare.WriteString(name.Value)
	d.parts = append(d.parts, name)
	d.content(a)
	d.finish(&word, false)
	return word
}

// unfold takes continuations out of a name.
func unfold(s string) string { return strings.NewReplacer("\\\n", "", "\\\r\n", "").Replace(s) }

// content reads the value of an assignment, if there is one.
func (d *decoder) content(a *sh.Assign) {
	switch {
	case a.Array != nil:
		d.computed(Computed, a.Array)
		for _, element := range a.Array.Elems {
			d.arithmetic(element.Index)
			d.readWord(element.Value)
		}
	case a.Value != nil:
		d.unquoted(a.Value.Parts)
	}
}

func (w *walker) assign(a *sh.Assign, in Context) Assign {
	w.arithmetic([]sh.ArithmExpr{a.Index}, in)
	start, end := w.bounds(a)
	value := w.valueStart(a)
	end = max(end, value)
	valueStart, valueEnd := w.trim(value, end)
	word := w.wordAt(valueStart, valueEnd)
	d := decoder{w: w, in: in, from: value, literal: true}
	d.content(a)
	d.finish(&word, true)
	return Assign{
		Span:    w.src.span(start, end),
		Name:    a.Name.Value,
		Value:   word,
		Append:  a.Append,
		Element: a.Index != nil || a.Array != nil,
	}
}

// valueStart is the offset behind the = of an assignment. The parser's own is wrong where the name is continued.
func (w *walker) valueStart(a *sh.Assign) int {
	at := offset(a.Name.Pos())
	if a.Index != nil {
		at = offset(a.Index.End())
	}
	equals := strings.IndexByte(w.src.text[at:], '=')
	if a.Naked || equals < 0 {
		return offset(a.End())
	}
	return at + equals + 1
}

// keyword adds a command of which only the name is a word.
func (w *walker) keyword(node sh.Node, name string, redirects []*sh.Redirect, in Context) {
	index := w.begin(in)
	start := offset(node.Pos())
	word := w.wordAt(start, start+len(name))
	word.Value, word.Literal = name, true
	c := Command{Words: []Word{word}}
	w.redirects(&c, redirects, in, nil)
	w.finish(index, c)
}

func (w *walker) test(clause *sh.TestClause, redirects []*sh.Redirect, in Context) {
	index := w.begin(in)
	var c Command
	bracket := func(p sh.Pos, name string) {
		word := w.wordAt(offset(p), offset(p)+len(name))
		word.Value, word.Literal = name, true
		c.Words = append(c.Words, word)
	}
	bracket(clause.Left, "[[")
	for _, x := range operands(clause.X, nil) {
		c.Words = append(c.Words, w.word(x, in))
	}
	bracket(clause.Right, "]]")
	w.redirects(&c, redirects, in, nil)
	w.finish(index, c)
}

func operands(expr sh.TestExpr, words []*sh.Word) []*sh.Word {
	switch x := expr.(type) {
	case *sh.BinaryTest:
		return operands(x.Y, operands(x.X, words))
	case *sh.UnaryTest:
		return operands(x.X, words)
	case *sh.ParenTest:
		return operands(x.X, words)
	case *sh.Word:
		return append(words, x)
	}
	return words
}
