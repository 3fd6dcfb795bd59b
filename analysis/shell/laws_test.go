package shell

import (
	"fmt"
	"slices"
	"strings"

	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

// checkFile returns what is wrong with what is read of a Dockerfile; empty if nothing is. The laws: spans lie inside their
// owner and ascend; a word is what the file holds there without continuations, and means alone what it means in its
// script; what joins two commands stands between them.
func checkFile(src string) string {
	f := syntax.Parse(src)
	found := scripts(f)
	for _, inst := range f.Instructions {
		c := checker{
			src:   src,
			whole: inst.Extent,
			read:  func(s text.Span) string { return readBack(f, inst, s) },
		}
		for _, h := range inst.Heredocs {
			c.added = append(c.added, h.Terminator)
			c.whole.End = max(c.whole.End, h.Terminator.End) // may lie behind the extent of a recovered instruction
		}
		s := found[inst]
		c.script(&s)
		if c.broken != "" {
			return fmt.Sprintf("%s in %q", c.broken, inst.Extent.Of(src))
		}
	}
	return ""
}

func checkScript(src string) string {
	c := checker{
		src:   src,
		whole: text.Span{End: len(src)},
		read:  func(s text.Span) string { return s.Of(src) },
	}
	s := ParseFile(src)
	c.script(&s)
	return c.broken
}

type checker struct {
	src    string
	whole  text.Span
	read   func(text.Span) string
	added  []text.Span // the terminators of heredocs, where the shell may see operators that the file does not show
	broken string
}

func (c *checker) law(holds bool, format string, args ...any) {
	if !holds && c.broken == "" {
		c.broken = fmt.Sprintf(format, args...)
	}
}

func (c *checker) inside(what string, s, outer text.Span) {
	c.law(s.Start <= s.End && outer.Contains(s), "%s %v lies outside %v", what, s, outer)
}

func (c *checker) script(s *Script) {
	last := c.whole.Start
	for i := range s.Commands {
		command := &s.Commands[i]
		c.law(command.Start >= last, "command %d is not in order", i)
		last = command.Start
		c.command(s, i)
	}
	last = c.whole.Start
	for _, b := range s.Blocks {
		c.inside("block", b.Span, c.whole)
		c.law(b.Start >= last, "block %v is not in order", b.Span)
		behind := b.Redirects.Start >= b.End && b.Redirects.Start <= b.Redirects.End
		c.law(behind, "block %v has redirections %v", b.Span, b.Redirects)
		last = b.Start
	}
	last = c.whole.Start
	for _, v := range s.Variables {
		c.inside("variable", v.Span, c.whole)
		c.law(v.Start >= last, "variable %s is not in order", v.Name)
		c.law(v.Name != "", "a variable has no name")
		last = v.Start
	}
	for _, u := range s.Unknowns {
		c.inside("unknown", u.Span, c.whole)
		c.inside("its place", text.Span{Start: u.At, End: u.At}, u.Span)
		c.law(u.Reason != 0 && u.Message != "", "an unknown has no reason")
	}
}

func (c *checker) command(s *Script, i int) {
	command := &s.Commands[i]
	c.inside("command", command.Span, c.whole)
	c.law(len(command.Words)+len(command.Assigns)+len(command.Redirects) > 0, "command %d is empty", i)
	c.joint(s, i)
	at := command.Start
	for _, w := range command.Words {
		c.inside("word", w.Span, text.Span{Start: at, End: command.End})
		at = w.End
		if w.Decoded {
			at = w.Start
		}
		c.word(w)
		if !command.Inside.Has(InExec) && !isDeclaration(command.Name()) && command.Name() != "[[" {
			c.alone(w)
		}
	}
	for _, a := range command.Assigns {
		c.inside("assignment", a.Span, command.Span)
		c.inside("value", a.Value.Span, a.Span)
		c.word(a.Value)
		c.law(a.Name != "", "an assignment has no name")
	}
	at = command.Start
	for _, r := range command.Redirects {
		c.inside("redirection", r.Span, text.Span{Start: at, End: command.End})
		c.inside("target", r.Target.Span, r.Span)
		c.word(r.Target)
		if r.Body != nil {
			c.inside("body", r.Body.Span, c.whole)
			c.law(r.Body.Start >= r.End || r.Body.Decoded, "a body stands in front of its redirection")
			c.verbatim(*r.Body)
		}
		at = r.Start
	}
	c.program(command)
}

func (c *checker) joint(s *Script, i int) {
	command := &s.Commands[i]
	before := command.After.Command
	c.inside("joint", command.After.Span, c.whole)
	c.law(before == -1 || command.After.Operator != Start, "command %d is joined to %d by %q", i, before,
		command.After.Operator)
	c.law(before < i, "command %d is joined to %d", i, before)
	c.law(command.After.End <= command.Start || c.decoded(command), "the joint of command %d stands behind its start", i)
	if before >= 0 && !slices.ContainsFunc(c.added, func(s text.Span) bool { return s.Contains(command.After.Span) }) {
		c.law(s.Commands[before].End <= command.After.Start || c.decoded(command),
			"the joint of command %d stands in front of command %d", i, before)
		written := c.read(command.After.Span)
		operator := command.After.Operator
		c.law(written == operator.String() || operator == Newline && written == "" || operator == Pipe && written == "|&" ||
			c.decoded(command),
			"the joint of command %d is %q and not %q", i, written, operator)
	}
}

// decoded reports whether a command stands where several words may have one span.
func (c *checker) decoded(command *Command) bool {
	return command.Inside.Has(InScript) || slices.ContainsFunc(command.Words, func(w Word) bool { return w.Decoded })
}

func (c *checker) word(w Word) {
	c.verbatim(w)
	c.law(w.Literal == (w.Parts == nil), "%q is literal: %v, and has %d parts", w.Text, w.Literal, len(w.Parts))
	at, known := w.Start, ""
	for _, p := range w.Parts {
		c.inside("part", p.Span, text.Span{Start: at, End: w.End})
		at = p.Start
		if p.Kind == Plain || p.Kind == Pattern {
			known += p.Value
		}
	}
	c.law(w.Literal || known == w.Value, "%q means %q, its parts %q", w.Text, w.Value, known)
	for _, v := range w.Variables {
		c.inside("variable", v.Span, w.Span)
	}
	if _, value, ok := w.Cut(); ok {
		c.inside("value", value.Span, w.Span)
		c.verbatim(value)
		c.law(strings.HasSuffix(w.Value, value.Value), "the value of %q is %q", w.Value, value.Value)
	}
	if w.Literal && !strings.ContainsAny(w.Text, "\"'\\$") {
		c.law(w.Value == w.Text, "%q means %q", w.Text, w.Value)
	}
}

// verbatim holds that a word is what the file says.
func (c *checker) verbatim(w Word) {
	c.inside("word", w.Span, c.whole)
	if w.Decoded || c.broken != "" {
		return
	}
	c.law(c.read(w.Span) == w.Text, "%q is %q in the file", w.Text, w.Of(c.src))
}

// alone holds that a word is a word by itself, and means the same.
func (c *checker) alone(w Word) {
	if c.broken != "" || w.Text == "((" && w.Literal {
		return
	}
	s := ParseFile("x " + w.Text)
	if len(s.Unknowns) > 0 && strings.Contains(s.Unknowns[0].Message, "backquotes") {
		return
	}
	if len(s.Commands) == 0 || len(s.Commands[0].Words) != 2 {
		c.law(false, "%q is not a word alone", w.Text)
		return
	}
	word := s.Commands[0].Words[1]
	c.law(word.Text == w.Text && word.Value == w.Value && word.Literal == w.Literal,
		"%q means %q (literal: %v), alone %q of %q (literal: "+
			"%v)", w.Text, w.Value, w.Literal, word.Value, word.Text, word.Literal)
}

// program holds that what a command runs are its last words, and that reading arguments loses none.
func (c *checker) program(command *Command) {
	p := command.Program()
	words := command.Words[len(command.Words)-len(p.Words):]
	c.law(len(command.Words) == 0 || len(p.Words) > 0 && words[0].Span == p.Words[0].Span,
		"%q runs nothing", command.Of(c.src))
	for _, a := range p.Assigns {
		c.inside("assignment", a.Span, command.Span)
		c.inside("value", a.Value.Span, a.Span)
	}
	arguments := p.Arguments("-x", "--option")
	for _, o := range arguments.Options {
		c.inside("option", o.Span, command.Span)
		c.law(strings.HasPrefix(o.Name, "-"), "an option is named %q", o.Name)
		if o.HasValue {
			c.inside("value", o.Value.Span, o.Span)
		}
	}
	for _, w := range arguments.Operands {
		c.inside("operand", w.Span, command.Span)
	}
}

// readBack is what a span of an instruction holds, without continuations and the comments and blank lines between them.
// A heredoc has none.
func readBack(f *syntax.File, inst *syntax.Instruction, s text.Span) string {
	for _, h := range inst.Heredocs {
		if h.Body.Contains(s) {
			return s.Of(f.Text)
		}
	}
	var out strings.Builder
	for rest := s.Of(f.Text); rest != ""; {
		line, next, more := strings.Cut(rest, "\n")
		if !more {
			out.WriteString(line)
			break
		}
		line = strings.TrimRight(line, "\r")
		out.WriteString(strings.TrimSuffix(strings.TrimRight(line, " \t"), string(f.Escape)))
		rest = skipIdle(next)
	}
	return out.String()
}

// skipIdle takes off the comment lines and blank lines at the start of a text.
func skipIdle(s string) string {
	for {
		line, rest, more := strings.Cut(s, "\n")
		idle := strings.TrimSpace(line)
		if !more || idle != "" && idle[0] != '#' {
			return s
		}
		s = rest
	}
}
