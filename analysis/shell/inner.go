package shell

import (
	"slices"
	"strings"

	sh "mvdan.cc/sh/v3/syntax"

	"dockerfile-ls/analysis/text"
)

// maxInner is how many scripts may stand inside each other.
const maxInner = 8

// reader reads a script, then those inside it, one after the other.
type reader struct {
	out  Script
	jobs []job
}

// job is one script that is to be read.
type job struct {
	src   *source
	in    Context
	depth int // how many scripts it stands inside of
}

func (r *reader) queue(j job) { r.jobs = append(r.jobs, j) }

// run reads all that was queued, and returns the whole in order.
func (r *reader) run() Script {
	for len(r.jobs) > 0 {
		next := r.jobs[0]
		r.jobs = r.jobs[1:]
		r.read(next)
	}
	slices.SortStableFunc(r.out.Variables, func(a, b Variable) int { return a.Start - b.Start })
	slices.SortStableFunc(r.out.Blocks, func(a, b Block) int { return a.Start - b.Start })
	slices.SortStableFunc(r.out.Unknowns, func(a, b Unknown) int { return a.Start - b.Start })
	r.sortCommands()
	return r.out
}

// sortCommands puts the commands of inner scripts to the places where they stand.
func (r *reader) sortCommands() {
	commands := r.out.Commands
	if slices.IsSortedFunc(commands, func(a, b Command) int { return a.Start - b.Start }) {
		return
	}
	order := make([]int, len(commands))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return commands[a].Start - commands[b].Start })
	place := make([]int, len(commands))
	r.out.Commands = make([]Command, len(commands))
	for to, from := range order {
		place[from], r.out.Commands[to] = to, commands[from]
	}
	for i := range r.out.Commands {
		if at := &r.out.Commands[i].After.Command; *at >= 0 {
			*at = place[*at]
		}
	}
}

func (r *reader) read(j job) {
	if j.depth > maxInner {
		r.unknown(j.src.span(0, len(j.src.text)), TooComplex, "there are too many scripts inside each other")
		return
	}
	stmts, failed := parse(j.src.text)
	w := walker{reader: r, job: j, flow: flow{last: -1}}
	w.list(stmts, j.in)
	if failed == nil {
		return
	}
	u := Unknown{Span: j.src.span(failed.start, len(j.src.text)), Reason: failed.reason, Message: failed.message}
	u.At = u.End
	if failed.at < len(j.src.text) {
		u.At = j.src.byteAt(failed.at).Start
	}
	r.out.Unknowns = append(r.out.Unknowns, u)
}

func (r *reader) unknown(span text.Span, reason Reason, message string) {
	r.out.Unknowns = append(r.out.Unknowns, Unknown{span, span.Start, reason, message})
}

// innerScript queues the script that a command gives to a shell, as an argument or as its input. It returns the heredoc
// that is the script, or nil.
func (w *walker) innerScript(c *Command, args []*sh.Word, redirects []*sh.Redirect, in Context) *sh.Redirect {
	words := c.Program().Words
	inner := scriptOf(words)
	switch {
	case inner.input:
		return w.inputScript(redirects, in)
	case inner.argument > 0:
		index := len(c.Words) - len(words) + inner.argument
		w.argumentScript(args[index], c.Words[index], in)
	}
	return nil
}

// argumentScript queues a word that is a script, if it is one quoted piece without expansions.
func (w *walker) argumentScript(x *sh.Word, word Word, in Context) {
	start, end, drop, ok := w.quotedRange(x)
	if !ok {
		w.unknown(word.Span, ComputedScript, "the script for the inner shell is not one plain word")
		return
	}
	w.queue(job{w.src.within(start, end, drop), in | InScript, w.depth + 1})
}

// quotedRange is the range of the text of a word that means itself, quotes aside, and what is to be taken off it.
func (w *walker) quotedRange(x *sh.Word) (start, end int, drop dropping, ok bool) {
	if len(x.Parts) != 1 {
		return 0, 0, drop, false
	}
	switch part := x.Parts[0].(type) {
	case *sh.SglQuoted:
		return offset(part.Left) + 1, offset(part.Right), drop, !part.Dollar
	case *sh.DblQuoted:
		drop.escapes = "$`\"\\"
		return offset(part.Left) + 1, offset(part.Right), drop, !part.Dollar && onlyLetters(&sh.Word{Parts: part.Parts})
	}
	start, end = w.bounds(x)
	_, ok = plainLetters(x)
	return start, end, drop, ok
}

// inputScript queues what a shell without a script reads from its input, and returns its heredoc.
func (w *walker) inputScript(redirects []*sh.Redirect, in Context) *sh.Redirect {
	for _, r := range slices.Backward(redirects) {
		if r.N != nil && r.N.Value != "0" {
			continue
		}
		switch {
		case r.Op == sh.WordHdoc:
			w.argumentScript(r.Word, w.wordAt(w.bounds(r.Word)), in)
			return nil
		case r.Hdoc != nil:
			w.queue(job{w.body(r), in | InScript, w.depth + 1})
			return r
		case strings.HasPrefix(r.Op.String(), "<"):
			return nil
		}
	}
	return nil
}
