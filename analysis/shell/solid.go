package shell

import (
	"strings"

	sh "mvdan.cc/sh/v3/syntax"

	"dockerfile-ls/analysis/text"
)

// Solid are the parts of a script of one line in which blanks count, as byte offsets: words with their quotes, a comment,
// and not what is between words, in substitutions of commands too. It is false where the script cannot be read.
func Solid(script string) ([]text.Span, bool) {
	if strings.Contains(script, "$'") && strings.Contains(script, `\'`) {
		return nil, false // shells do not agree on where such a text ends
	}
	stmts, failed := parse(script)
	if failed != nil {
		return nil, false
	}
	s := &solids{}
	s.statements(stmts)
	s.comment(script)
	return s.spans, true
}

// comment adds the comment at the end of the line, which the parser leaves out.
func (s *solids) comment(script string) {
	at := 0
	for _, span := range append(s.spans, text.Span{Start: len(script), End: len(script)}) {
		if n := strings.IndexByte(script[min(at, span.Start):span.Start], '#'); n >= 0 {
			s.spans = append(s.spans, text.Span{Start: at + n, End: len(script)})
			return
		}
		at = max(at, span.End)
	}
}

type solids struct{ spans []text.Span }

func (s *solids) add(start, end int) { s.spans = append(s.spans, text.Span{Start: start, End: end}) }

func (s *solids) statements(stmts []*sh.Stmt) {
	for _, stmt := range stmts {
		sh.Walk(stmt, func(node sh.Node) bool {
			word, ok := node.(*sh.Word)
			if !ok {
				return true
			}
			for _, part := range word.Parts {
				s.part(part)
			}
			return false
		})
	}
}

func (s *solids) part(part sh.WordPart) {
	switch p := part.(type) {
	case *sh.CmdSubst:
		if isOpen(p) {
			s.statements(p.Stmts)
			return
		}
	case *sh.ProcSubst:
		s.statements(p.Stmts)
		return
	case *sh.DblQuoted:
		s.quoted(p)
		return
	}
	s.add(offset(part.Pos()), offset(part.End()))
}

// quoted is solid but for the commands of its substitutions.
func (s *solids) quoted(p *sh.DblQuoted) {
	at := offset(p.Pos())
	for _, part := range p.Parts {
		if c, ok := part.(*sh.CmdSubst); ok && isOpen(c) {
			s.add(at, offset(c.Left)+len("$("))
			s.statements(c.Stmts)
			at = offset(c.Right)
		}
	}
	s.add(at, offset(p.End()))
}

// isOpen reports whether a substitution is one of $(…), in which a command is written as anywhere else.
func isOpen(c *sh.CmdSubst) bool { return !c.Backquotes && !c.TempFile && !c.ReplyVar }
