package syntax

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"dockerfile-ls/analysis/golden"
	"dockerfile-ls/analysis/text"
)

// The cases of the tree stand in testdata/syntax/*.txtar: a part "<name>" is a Dockerfile, "<name>: tree" the golden dump
// of it, written by -update. In the Dockerfile ␍ stands for a carriage return, {bom} for a byte order mark.

func TestTrees(t *testing.T) {
	for file, archive := range golden.Archives(t, "../../testdata/syntax/*.txtar") {
		want := txtar.Archive{Comment: archive.Comment}
		for _, f := range archive.Files {
			if strings.Contains(f.Name, ":") {
				continue
			}
			src := strings.NewReplacer("␍", "\r", "{bom}", bom).Replace(string(f.Data))
			if broken := checkLaws(src); broken != "" {
				t.Errorf("%s: %s: %s", file, f.Name, broken)
			}
			want.Files = append(want.Files, f, txtar.File{Name: f.Name + ": tree", Data: []byte(dump(Parse(src)))})
		}
		golden.Check(t, file, txtar.Format(&want))
	}
}

// dump prints a tree: a line for each node with its place (one-based lines and columns in characters) and its text.
func dump(f *File) string {
	d := &dumper{lines: text.NewLines(f.Text), src: f.Text}
	for _, directive := range f.Directives {
		d.line(0, "directive", directive.Span, directive.Name.Text+"="+directive.Value.Text,
			flags("repeated", directive.Repeated))
	}
	for _, c := range f.Comments {
		d.line(0, "comment", c.Span, c.Of(f.Text), flags("late", c.Late != nil))
	}
	for _, inst := range f.Instructions {
		d.instruction(0, inst)
	}
	return d.out.String()
}

type dumper struct {
	lines *text.Lines
	src   string
	out   strings.Builder
}

func (d *dumper) place(s text.Span) string {
	from, to := d.lines.Position(s.Start, text.UTF32), d.lines.Position(s.End, text.UTF32)
	if from.Line == to.Line {
		return fmt.Sprintf("%d:%d-%d", from.Line+1, from.Column+1, to.Column+1)
	}
	return fmt.Sprintf("%d:%d-%d:%d", from.Line+1, from.Column+1, to.Line+1, to.Column+1)
}

func (d *dumper) line(depth int, what string, s text.Span, value, suffix string) {
	fmt.Fprintf(&d.out, "%s%s %s %q%s\n", strings.Repeat("  ", depth), what, d.place(s), value, suffix)
}

func flags(name string, set bool) string {
	if set {
		return " " + name
	}
	return ""
}

func (d *dumper) instruction(depth int, inst *Instruction) {
	d.line(depth, inst.Name, inst.Span, inst.Line.Text, flags("recovered", inst.Recovered))
	for _, f := range inst.Flags {
		d.line(depth+1, "flag", f.Span, f.Name.Text, "")
		if f.HasValue {
			d.line(depth+2, "value", f.Value.Span, f.Value.Text, "")
		}
		for _, o := range f.Options {
			d.line(depth+2, "option", o.Span, o.Key.Text+" → "+o.Value.Text, flags("bare", !o.HasValue))
		}
	}
	if inst.JSON != nil {
		d.line(depth+1, "array", inst.JSON.Span, "", flags("unfinished",
			inst.JSON.Unfinished)+flags("open-string", inst.JSON.OpenString)+flags("mixed", inst.JSON.NotString != nil))
		for _, e := range inst.JSON.Elements {
			d.line(depth+2, "element", e.Span, e.Text, "")
		}
	}
	if inst.JSON == nil && inst.Pairs == nil {
		for _, arg := range inst.Args {
			d.line(depth+1, "arg", arg.Span, arg.Text, "")
		}
	}
	for _, p := range inst.Pairs {
		d.line(depth+1, "pair", p.Span, p.Key.Text+" → "+p.Value.Text, flags("bare", !p.HasValue)+flags("legacy", p.Legacy))
	}
	if inst.Inner != nil {
		d.instruction(depth+1, inst.Inner)
		return
	}
	for _, h := range inst.Heredocs {
		suffix := fmt.Sprintf(" fd=%d", h.FD) + flags("expand", h.Expand) + flags("chomp", h.Chomp) + flags("unterminated",
			!h.Terminated)
		d.line(depth+1, "heredoc", h.Span, h.Name.Text, suffix)
		d.line(depth+2, "body", h.Body, h.Body.Of(d.src), "")
		d.line(depth+2, "terminator", h.Terminator, h.Terminator.Of(d.src), "")
	}
	for _, b := range inst.BlankLines {
		d.line(depth+1, "blank", b, b.Of(d.src), "")
	}
}
