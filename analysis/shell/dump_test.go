package shell

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"dockerfile-ls/analysis/golden"
	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

// The cases stand in testdata/shell/*.txtar: a part "<name>" is a Dockerfile, "<name>: commands" the golden dump of what
// its instructions run, written by -update. In the Dockerfile ␍ stands for a carriage return.

func TestCommands(t *testing.T) {
	for file, archive := range golden.Archives(t, "../../testdata/shell/*.txtar") {
		want := txtar.Archive{Comment: archive.Comment}
		for _, f := range archive.Files {
			if strings.Contains(f.Name, ":") {
				continue
			}
			src := strings.ReplaceAll(string(f.Data), "␍", "\r")
			if broken := checkFile(src); broken != "" {
				t.Errorf("%s: %s: %s", file, f.Name, broken)
			}
			want.Files = append(want.Files, f, txtar.File{Name: f.Name + ": commands", Data: []byte(dump(src))})
		}
		golden.Check(t, file, txtar.Format(&want))
	}
}

// scripts reads what each instruction of a file runs, with the SHELL in front of it.
func scripts(f *syntax.File) map[*syntax.Instruction]Script {
	found := map[*syntax.Instruction]Script{}
	var shell []string
	for _, inst := range f.Instructions {
		found[inst] = Parse(f, inst, shell)
		if inst.Name == "SHELL" && inst.JSON != nil {
			shell = nil
			for _, element := range inst.JSON.Elements {
				shell = append(shell, element.Text)
			}
		}
	}
	return found
}

func dump(src string) string {
	f := syntax.Parse(src)
	d := &dumper{lines: text.NewLines(src), src: src}
	found := scripts(f)
	for _, inst := range f.Instructions {
		s := found[inst]
		if len(s.Commands)+len(s.Unknowns) == 0 {
			continue
		}
		d.print(0, "%s %s", inst.Name, d.place(inst.Span))
		for i := range s.Commands {
			d.command(i, &s.Commands[i])
		}
		for _, b := range s.Blocks {
			redirects := ""
			if b.Redirects.Len() > 0 {
				redirects = " with redirections " + d.place(b.Redirects)
			}
			d.print(1, "block %s%s%s", d.place(b.Span), note(b.Subshell, " in a shell of its own"), redirects)
		}
		for _, v := range s.Variables {
			d.print(1, "reads %s %s%s", d.place(v.Span), v.Name, note(!v.Plain, " with an operator"))
		}
		for _, u := range s.Unknowns {
			d.print(1, "unknown %s at %s, reason %d: %s", d.place(u.Span),
				d.place(text.Span{Start: u.At, End: u.At}), u.Reason, u.Message)
		}
	}
	return d.out.String()
}

type dumper struct {
	lines *text.Lines
	src   string
	out   strings.Builder
}

func (d *dumper) print(depth int, format string, args ...any) {
	fmt.Fprintf(&d.out, strings.Repeat("  ", depth)+format+"\n", args...)
}

func note(set bool, what string) string {
	if set {
		return what
	}
	return ""
}

func (d *dumper) place(s text.Span) string {
	from, to := d.lines.Position(s.Start, text.UTF32), d.lines.Position(s.End, text.UTF32)
	if from.Line == to.Line {
		return fmt.Sprintf("%d:%d-%d", from.Line+1, from.Column+1, to.Column+1)
	}
	return fmt.Sprintf("%d:%d-%d:%d", from.Line+1, from.Column+1, to.Line+1, to.Column+1)
}

var contexts = []string{
	"pipeline", "subshell", "group", "condition", "branch", "loop", "function", "substitution", "background", "negation",
	"time", "script", "exec",
}

func (d *dumper) command(i int, c *Command) {
	var inside []string
	for bit, name := range contexts {
		if c.Inside.Has(1 << bit) {
			inside = append(inside, name)
		}
	}
	line := fmt.Sprintf("%d %s", i, d.place(c.Span))
	if c.After.Operator != Start {
		line += fmt.Sprintf(" behind %d %s %s", c.After.Command, c.After.Operator, d.place(c.After.Span))
	}
	line += note(len(inside) > 0, " in "+strings.Join(inside, ", "))
	if p := c.Program(); len(p.Wrappers) > 0 {
		line += fmt.Sprintf(" runs %q through %s", p.Name(), strings.Join(p.Wrappers, ", "))
	}
	d.print(1, "%s", line)
	for _, a := range c.Assigns {
		d.word("assigns "+a.Name+note(a.Append, "+")+note(a.Element, "[]"), a.Value)
	}
	for _, w := range c.Words {
		d.word("word", w)
	}
	for _, r := range c.Redirects {
		d.word("redirect "+r.FD+r.Operator, r.Target)
		if r.Body != nil {
			d.word("body", *r.Body)
		}
	}
}

func (d *dumper) word(what string, w Word) {
	line := fmt.Sprintf("%s %s %s", what, d.place(w.Span), written(w.Text))
	if w.Literal && w.Value != w.Text {
		line += " → " + written(w.Value)
	}
	for _, p := range w.Parts {
		line += [...]string{" + ", " + $", " + pattern ", " + computed "}[p.Kind] + written(p.Value)
	}
	line += note(w.Decoded, " decoded")
	d.print(2, "%s", line)
}

// written quotes what is hard to read.
func written(s string) string {
	if s == "" || strings.ContainsAny(s, " \t\r\n\"\\") {
		return fmt.Sprintf("%q", s)
	}
	return s
}
