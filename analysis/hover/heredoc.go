package hover

import (
	"slices"
	"strings"

	"dockerfile-ls/analysis/navigate"
	"dockerfile-ls/analysis/syntax"
)

// delimiter is the delimiter of a here-document, in front of its text or behind it.
func delimiter(p *place) (Card, bool) {
	if !p.means(navigate.Delimiter) {
		return Card{}, false
	}
	for _, h := range p.Heredocs {
		if !p.touches(h.Name.Span) && !p.touches(h.Terminator) {
			continue
		}
		c := concept(p.symbol.At.Span, "Here-document", "heredoc")
		c.Subject = h.Name.Text
		c.row("text", count(len(slices.Collect(strings.Lines(p.Body(h)))), "line", "lines"))
		p.addReader(&c, h)
		if h.Chomp {
			c.row("tabs", "those at the beginnings of lines are taken off, because of the -")
		}
		if h.Terminated {
			c.row("ends in", line(p.Text, h.Terminator))
		} else {
			c.row("ends in", "no line: it lacks its end")
		}
		return c, true
	}
	return Card{}, false
}

// addReader says who reads the text, and what becomes of variables in it. Source: dispatchRun and dispatchCopy of BuildKit.
func (p *place) addReader(c *Card, h syntax.Heredoc) {
	quoted := "left as they are, because of the quotes"
	if p.Name != "RUN" {
		c.row("becomes", "a file, which is called by the delimiter if the destination is a folder")
		if h.Expand {
			c.row("variables", "filled in while it is built")
		} else {
			c.row("variables", quoted)
		}
		return
	}
	if strings.TrimSpace(p.Rest.Text) != strings.TrimSpace(p.written(h)) {
		c.row("becomes", "the input of the command")
		if h.Expand {
			c.row("variables", "filled in by the shell")
		} else {
			c.row("variables", quoted)
		}
		return
	}
	first, _, _ := strings.Cut(p.Body(h), "\n")
	if program, ok := strings.CutPrefix(strings.TrimLeft(first, "\t"), "#!"); ok {
		c.code("run by", strings.TrimSpace(program), "its first line says so")
		return
	}
	c.row("becomes", "a script, whose variables are the shell's")
	if sh := p.InForce(p.Instruction, "SHELL"); sh != nil {
		c.code("run by", sh.Rest.Text, line(p.Text, sh.Span))
		return
	}
	if s := p.StageOf(p.Instruction); s != nil && !p.Windows(s) {
		c.code("run by", "/bin/sh -c", "if the base image has no other SHELL")
	}
}

func (p *place) written(h syntax.Heredoc) string { return h.Of(p.Text) }
