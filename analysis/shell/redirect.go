package shell

import (
	"strings"

	sh "mvdan.cc/sh/v3/syntax"
)

// redirects adds a command's redirections. The body of the one that is a script is read as such, and not for its own
// variables and substitutions besides.
func (w *walker) redirects(c *Command, redirects []*sh.Redirect, in Context, script *sh.Redirect) {
	for _, r := range redirects {
		c.Redirects = append(c.Redirects, w.redirect(r, in, r == script))
	}
}

// redirectsOnly adds a command without words.
func (w *walker) redirectsOnly(redirects []*sh.Redirect, in Context) {
	index := w.begin(in)
	var c Command
	w.redirects(&c, redirects, in, nil)
	w.finish(index, c)
}

func (w *walker) redirect(r *sh.Redirect, in Context, script bool) Redirect {
	start, end := w.trim(offset(r.Pos()), offset(r.Word.End()))
	redirect := Redirect{
		Span:     w.src.span(start, end),
		Operator: r.Op.String(),
		Target:   w.word(r.Word, in),
	}
	if r.N != nil {
		redirect.FD = r.N.Value
	}
	if r.Hdoc == nil {
		return redirect
	}
	start, end = w.bodyRange(r)
	body := w.wordAt(start, end)
	body.Value = w.body(r).text
	if !script {
		d := decoder{w: w, in: in}
		d.reads(r.Hdoc.Parts)
		body.Variables = d.variables
	}
	body.Literal = quotedDelimiter(r) || onlyLetters(r.Hdoc)
	redirect.Body = &body
	return redirect
}

// body is what a program reads from a heredoc, but for the values of variables.
func (w *walker) body(r *sh.Redirect) *source {
	drop := dropping{tabs: r.Op == sh.DashHdoc}
	if !quotedDelimiter(r) {
		drop.escapes = "$`\\"
	}
	start, end := w.bodyRange(r)
	return w.src.within(start, end, drop)
}

// bodyRange is the range of the lines of a heredoc. To the parser it begins behind tabs and ends with the delimiter.
func (w *walker) bodyRange(r *sh.Redirect) (start, end int) {
	start, end = offset(r.Hdoc.Pos()), offset(r.Hdoc.End())
	start = strings.LastIndexByte(w.src.text[:start], '\n') + 1
	return start, max(start, strings.LastIndexByte(w.src.text[:end], '\n')+1)
}

// quotedDelimiter reports whether the body of a heredoc is taken as it is.
func quotedDelimiter(r *sh.Redirect) bool {
	for _, part := range r.Word.Parts {
		if lit, ok := part.(*sh.Lit); !ok || strings.IndexByte(lit.Value, '\\') >= 0 {
			return true
		}
	}
	return false
}

func onlyLetters(x *sh.Word) bool {
	for _, part := range x.Parts {
		if _, ok := part.(*sh.Lit); !ok {
			return false
		}
	}
	return true
}
