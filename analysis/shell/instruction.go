package shell

import (
	"fmt"
	"sort"
	"strings"

	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

// Parse reads what RUN, CMD, ENTRYPOINT, HEALTHCHECK, or one of them behind ONBUILD, has run. The shell is the SHELL in
// force, empty for Docker's default. The zero Script is for an instruction that runs nothing. It never fails.
func Parse(f *syntax.File, inst *syntax.Instruction, shell []string) Script {
	if inst.Inner != nil {
		inst = inst.Inner
	}
	switch inst.Name {
	case "CMD", "ENTRYPOINT", "HEALTHCHECK", "RUN":
	default:
		return Script{}
	}
	r := &reader{}
	if inst.JSON != nil {
		r.array(inst)
		return r.run()
	}
	start, end := CommandRange(inst)
	switch {
	case start == end:
	case !IsPOSIX(shell):
		r.unknown(inst.Line.Span(start, end), OtherInterpreter, fmt.Sprintf("%s is not a POSIX shell", baseName(shell[0])))
	case inst.Name != "RUN" || len(inst.Heredocs) == 0:
		r.queue(job{src: lineSource(&inst.Line, start, end)})
	case syntax.OpensHeredoc(inst.Line.Text[start:end]):
		r.heredoc(f, &inst.Heredocs[0])
	default:
		r.queue(job{src: withHeredocs(f, inst, start, end)})
	}
	return r.run()
}

// ParseFile reads a script of its own, such as an entry script: its first line may name another interpreter than sh.
// Spans are byte offsets into src. It never fails.
func ParseFile(src string) Script {
	r := &reader{}
	r.script(fileSource(src))
	return r.run()
}

// CommandRange is the range of a command in shell form in the text of the logical line.
func CommandRange(inst *syntax.Instruction) (start, end int) {
	start, end = inst.RestRange()
	if inst.Name != "HEALTHCHECK" {
		return start, end
	}
	if len(inst.Args) < 2 || !strings.EqualFold(inst.Args[0].Text, "CMD") {
		return end, end
	}
	return end - len(inst.Args[1].Text), end
}

// withHeredocs puts the line and the bodies of its heredocs together for the shell. Source: dispatchRun of BuildKit. What
// BuildKit rejects, a heredoc that is not terminated, ends where its body does.
func withHeredocs(f *syntax.File, inst *syntax.Instruction, start, end int) *source {
	src := lineSource(&inst.Line, start, end)
	var script strings.Builder
	script.WriteString(src.text)
	add := func(addition string, p piece) {
		p.at, p.torn = script.Len(), true
		src.pieces = append(src.pieces, p)
		script.WriteString(addition)
	}
	for _, h := range inst.Heredocs {
		body := h.Body.Of(f.Text)
		add("\n", piece{whole: &text.Span{Start: h.Body.Start, End: h.Body.Start}})
		add(body, piece{from: h.Body.Start})
		if !h.Terminated && body != "" && !strings.HasSuffix(body, "\n") {
			add("\n", piece{whole: &h.Terminator})
		}
		add(h.Name.Text, piece{whole: &h.Terminator})
	}
	src.text = script.String()
	return src
}

// heredoc reads the body of the one heredoc that is the whole command: BuildKit gives it to the shell as its script, or
// runs it as a file if its first line names an interpreter.
func (r *reader) heredoc(f *syntax.File, h *syntax.Heredoc) {
	r.script(fileSource(f.Text).within(h.Body.Start, h.Body.End, dropping{tabs: h.Chomp}))
}

// script reads a script whose first line may name an interpreter.
func (r *reader) script(src *source) {
	name, named := shebang(src.text)
	if named && !isShell(name) {
		r.unknown(src.span(0, len(src.text)), OtherInterpreter, fmt.Sprintf("%q is not a POSIX shell", name))
		return
	}
	r.queue(job{src: src})
}

// array reads an exec form.
func (r *reader) array(inst *syntax.Instruction) {
	array := inst.JSON
	if array.Unfinished || array.NotString != nil {
		r.unknown(array.Span, BrokenArray, "the array is unfinished or holds something else than strings")
		return
	}
	if len(array.Elements) == 0 {
		return
	}
	c := Command{Inside: InExec, After: Joint{Command: -1}}
	for _, e := range array.Elements {
		c.Words = append(c.Words, element(inst, e))
	}
	c.Span = extent(&c)
	c.After.Span = text.Span{Start: c.Start, End: c.Start}
	r.out.Commands = append(r.out.Commands, c)
	words := c.Program().Words
	if script := scriptOf(words).argument; script > 0 {
		r.queue(job{src: elementSource(inst, array.Elements[len(c.Words)-len(words)+script]), in: InScript, depth: 1})
	}
}

// elementRange is where an element of an array stands in the text of the logical line, with its quotes.
func elementRange(inst *syntax.Instruction, e syntax.Word) (start, end int) {
	line := &inst.Line
	start = sort.Search(len(line.Text), func(i int) bool { return line.Source(i) >= e.Start })
	end = sort.Search(len(line.Text), func(i int) bool { return line.Source(i) >= e.End })
	return start, end
}

func element(inst *syntax.Instruction, e syntax.Word) Word {
	start, end := elementRange(inst, e)
	w := walker{job: job{src: lineSource(&inst.Line, start, end)}}
	word := w.wordAt(0, end-start)
	word.Value, word.Literal = e.Text, true
	word.Decoded = !isPlainElement(word.Text, e.Text)
	return word
}

// elementSource is an element as a script; where it has escapes, all of it leads back to the whole element.
func elementSource(inst *syntax.Instruction, e syntax.Word) *source {
	start, end := elementRange(inst, e)
	if isPlainElement(inst.Line.Text[start:end], e.Text) {
		return lineSource(&inst.Line, start+1, end-1)
	}
	return &source{text: e.Text, pieces: []piece{{whole: &e.Span}}}
}

// isPlainElement reports whether an element is written with two quotes and its text between them.
func isPlainElement(written, decoded string) bool { return written[1:len(written)-1] == decoded }
