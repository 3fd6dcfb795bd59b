package tokens

import (
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/shell"
	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

func (p *painter) directive(d syntax.Directive) {
	if d.Start >= p.span.End {
		return
	}
	p.add(d.Span, Comment, 0) // the rest of it is one to everybody else
	p.add(d.Name.Span, Directive, 0)
	if equals := strings.IndexByte(p.model.Text[d.Name.End:d.Value.Start], '='); equals >= 0 {
		p.add(text.Span{Start: d.Name.End + equals, End: d.Name.End + equals + 1}, Operator, 0)
	}
	if strings.EqualFold(d.Name.Text, "syntax") {
		p.image(d.Value.Text, func(part text.Span) text.Span { return part.Shift(d.Value.Start) })
		return
	}
	p.add(d.Value.Span, String, 0)
}

// instruction paints an instruction that BuildKit knows; the word of another one is being typed.
func (p *painter) instruction(inst *dockerfile.Instruction) {
	if !syntax.Known(inst.Name) {
		return
	}
	modifiers := Modifier(0)
	if inst.Name == "MAINTAINER" {
		modifiers = Deprecated
	}
	p.add(inst.Keyword.Span, Keyword, modifiers)
	for i := range inst.Flags {
		p.flag(inst, &inst.Flags[i])
	}
	switch inst.Name {
	case "ONBUILD":
		if inst.Inner != nil {
			p.instruction(inst.Inner)
		}
	case "RUN", "CMD", "ENTRYPOINT":
		p.command(inst)
	case "HEALTHCHECK":
		if len(inst.Args) > 0 {
			p.add(inst.Args[0].Span, Keyword, 0)
		}
		p.command(inst)
	case "FROM":
		p.from(inst)
	case "ARG", "ENV", "LABEL":
		p.pairs(inst)
	case "MAINTAINER":
	default:
		p.words(inst)
	}
}

func (p *painter) from(inst *dockerfile.Instruction) {
	start, end := inst.RestRange()
	defer p.expand(inst, start, end) // a variable counts, also where it is the whole name
	stage := p.model.StageOf(inst)
	if stage == nil || stage.From != inst {
		return // behind ONBUILD
	}
	if p.model.Parent(stage) != nil {
		p.add(stage.Base.Span, Stage, 0)
	} else {
		p.image(stage.Base.Text, func(part text.Span) text.Span { return inst.Within(stage.Base, part) })
	}
	if len(inst.Args) > 1 && strings.EqualFold(inst.Args[1].Text, "as") {
		p.add(inst.Args[1].Span, Keyword, 0)
	}
	p.add(stage.Name.Span, Stage, Declaration)
}

func (p *painter) pairs(inst *dockerfile.Instruction) {
	start, end := inst.RestRange()
	p.expand(inst, start, end)
	kind, modifiers := Variable, Declaration
	if inst.Name == "LABEL" {
		kind, modifiers = Key, 0
	}
	for _, pair := range inst.Pairs {
		p.add(pair.Key.Span, kind, modifiers)
		if pair.HasValue {
			p.equals(pair.Key.End)
		}
	}
}

// equals paints the = at an offset, if there is one.
func (p *painter) equals(at int) {
	if strings.HasPrefix(p.model.Text[at:], "=") {
		p.add(text.Span{Start: at, End: at + 1}, Operator, 0)
	}
}

// words paints the arguments of all other instructions.
func (p *painter) words(inst *dockerfile.Instruction) {
	if inst.JSON != nil {
		p.array(inst, inst.Name != "SHELL")
		return
	}
	start, end := inst.RestRange()
	p.expand(inst, start, end)
	p.heredocs(inst, nil)
	if inst.Name != "EXPOSE" && inst.Name != "STOPSIGNAL" {
		return
	}
	for _, word := range inst.Args {
		p.numbers(word)
	}
}

// numbers paints the numbers of a port, a range of ports or a signal, and what is between them.
func (p *painter) numbers(word syntax.Word) {
	if word.Len() != len(word.Text) || strings.Trim(word.Text, "0123456789-/tcpudsTCPUDS") != "" || !isDigit(word.Text[0]) {
		return
	}
	for at := 0; at < len(word.Text); {
		start, kind := at, Operator
		for at < len(word.Text) && isDigit(word.Text[at]) {
			at, kind = at+1, Number
		}
		if kind == Operator {
			at++
		}
		if c := word.Text[start]; kind == Number || c == '-' || c == '/' {
			p.add(text.Span{Start: word.Start + start, End: word.Start + at}, kind, 0)
		}
	}
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// array paints strings, and in them variables if BuildKit puts values in their place.
func (p *painter) array(inst *dockerfile.Instruction, expands bool) {
	for _, e := range inst.JSON.Elements {
		if !expands {
			p.add(e.Span, String, 0)
			continue
		}
		l := lexer{src: p.model.Text[:e.End], at: e.Start, escape: '\\', painter: p}
		l.doubleQuoted()
	}
}

// expand paints the strings and variables of a range of the logical line.
func (p *painter) expand(inst *dockerfile.Instruction, start, end int) {
	l := lexer{src: inst.Line.Text[:end], at: start, escape: inst.Escape, line: &inst.Line, painter: p}
	l.pieces()
}

func (p *painter) flag(inst *dockerfile.Instruction, f *syntax.Flag) {
	p.add(text.Span{Start: f.Start, End: f.Name.End}, Flag, 0)
	if !f.HasValue {
		return
	}
	p.equals(f.Name.End)
	switch {
	case f.Name.Text == "from":
		p.origin(inst, f.Value)
	case isMeasure(f.Value.Text):
		p.add(f.Value.Span, Number, 0)
	}
	for _, o := range f.Options {
		p.add(o.Key.Span, Key, 0)
		if !o.HasValue {
			continue
		}
		p.equals(o.Key.End)
		switch strings.ToLower(o.Key.Text) {
		case "from":
			p.origin(inst, o.Value)
		case "type", "sharing":
			p.add(o.Value.Span, Value, 0)
		}
	}
	l := lexer{src: p.model.Text[:f.Value.End], at: f.Value.Start, escape: inst.Escape, painter: p}
	l.pieces()
}

// isMeasure reports whether a value is a duration, a mode or a count.
func isMeasure(s string) bool {
	return s != "" && isDigit(s[0]) && strings.Trim(s, "0123456789.msh") == ""
}

// command paints what a shell runs, or the array of the exec form.
func (p *painter) command(inst *dockerfile.Instruction) {
	switch {
	case inst.JSON != nil:
		p.array(inst, false)
	case p.model.IsPOSIX(inst):
		start, end := shell.CommandRange(inst.Instruction)
		l := lexer{
			src: inst.Line.Text[:end], at: start, escape: '\\', shell: true, line: &inst.Line, painter: p,
			openers: make([]opener, 0, len(inst.Heredocs)), keepsOpeners: true,
		}
		l.list(0)
		p.heredocs(inst, l.openers)
	default:
		p.heredocs(inst, nil)
	}
}

// heredocs paints here-documents; openers are those that the shell has painted already, in order.
func (p *painter) heredocs(inst *dockerfile.Instruction, openers []opener) {
	for _, h := range inst.Heredocs {
		p.add(h.Terminator, Delimiter, 0)
		for len(openers) > 0 && openers[0].Start < h.Start {
			openers = openers[1:]
		}
		command, known := "", len(openers) > 0 && h.Contains(openers[0].Span)
		if known {
			command = openers[0].command()
		} else {
			p.add(text.Span{Start: h.Start, End: h.Name.Start}, Operator, 0)
			p.add(h.Name.Span, Delimiter, 0)
		}
		body := h.Body.Of(p.model.Text)
		script := strings.HasPrefix(body, "#!") || known && (command == "" || shell.IsPOSIX([]string{command}))
		switch l := p.body(h.Body); {
		case shell.IsForeign(body):
		case script:
			l.shell = true
			l.list(0)
		case h.Expand && (known || inst.Name != "RUN"):
			l.shell = known
			l.variables()
		}
	}
}

// body is a lexer of what stands between an offset and another one.
func (p *painter) body(span text.Span) *lexer {
	return &lexer{src: p.model.Text[:span.End], at: span.Start, escape: '\\', painter: p}
}
