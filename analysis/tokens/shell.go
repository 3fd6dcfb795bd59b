package tokens

import (
	"strings"

	"dockerfile-ls/analysis/shell"
	"dockerfile-ls/analysis/text"
)

// opener is the redirection of a here-document in a script.
type opener struct {
	text.Span         // of the delimiter
	name      string  // without quotes
	expand    bool    // variables in the body count
	chomp     bool    // tabs in front of the end of the body do not
	program   *string // the command that gets it, once that is known
}

func (o *opener) command() string { return *o.program }

// state is where in a list of commands the lexer is.
type state struct {
	expect  bool    // a command may begin here
	program *string // the name of the command
	assigns bool    // the command takes NAME=value
	wraps   bool    // what follows is a command too, such as behind exec
	target  bool    // a file of a redirection follows
	test    bool    // inside [[ … ]]
	cases   int     // how many case are open
	pattern bool    // a pattern of a case follows
	awaits  part
}

// part is a part of a compound command.
type part int

const (
	nothing part = iota
	loopVariable
	loopIn // the word in, which a loop may do without
	caseSubject
	caseIn
	functionName
)

// begin starts a command.
func (s *state) begin() {
	*s = state{expect: true, program: new(string), cases: s.cases, pattern: s.pattern}
}

// list paints commands up to a closing bracket or backquote, which is left, or to the end.
func (l *lexer) list(stop byte) {
	l.depth++
	defer func() { l.depth-- }()
	var s state
	s.begin()
	brackets := 0
	for l.at < len(l.src) {
		switch c := l.src[l.at]; {
		case c == stop && (stop == '`' || brackets == 0 && !s.pattern):
			return
		case c == ' ' || c == '\t' || c == '\r':
			l.at++
		case c == '\n':
			l.at++
			l.bodies()
			s.begin()
		case c == '\\' && l.continued() > 0:
			l.at += l.continued()
		case c == '#':
			l.comment()
		case c == '(' || c == ')':
			brackets = l.bracket(&s, brackets)
		case c == ';' || c == '|' || c == '&':
			l.joint(&s)
		case c == '<' || c == '>':
			l.redirect(&s)
		default:
			l.word(&s)
		}
	}
}

// continued is the length of a backslash with the end of a line behind it, or 0.
func (l *lexer) continued() int {
	switch {
	case l.next(1) == '\n':
		return 2
	case l.next(1) == '\r' && l.next(2) == '\n':
		return 3
	}
	return 0
}

// comment goes to the end of the line.
func (l *lexer) comment() {
	start := l.at
	l.at = len(l.src)
	if n := strings.IndexByte(l.src[start:], '\n'); n >= 0 {
		l.at = start + n
	}
	l.paint(start, l.at, Comment, 0)
}

func (l *lexer) bracket(s *state, brackets int) int {
	closes := l.src[l.at] == ')'
	l.operator(1)
	switch {
	case s.pattern:
		if closes {
			s.pattern = false
			s.begin()
		}
		return brackets
	case s.test:
		return brackets
	}
	s.begin()
	if closes {
		s.expect = false
		return max(brackets-1, 0)
	}
	return brackets + 1
}

// joint reads what stands between two commands.
func (l *lexer) joint(s *state) {
	rest := l.src[l.at:]
	for _, operator := range [...]string{";;&", "&>>", "&&", "||", "|&", ";;", ";&", "&>", ";", "|", "&"} {
		if !strings.HasPrefix(rest, operator) {
			continue
		}
		l.operator(len(operator))
		switch {
		case strings.HasPrefix(operator, "&>"):
			s.target = true
		case s.pattern, s.test:
		default:
			s.begin()
			s.pattern = s.cases > 0 && len(operator) > 1 && operator[0] == ';'
		}
		return
	}
}

// redirect reads an operator; what it names follows.
func (l *lexer) redirect(s *state) {
	rest := l.src[l.at:]
	for _, operator := range [...]string{"<<<", "<<-", "<<", "<(", ">(", "<&", "<>", ">>", ">&", ">|", "<", ">"} {
		if !strings.HasPrefix(rest, operator) {
			continue
		}
		switch operator {
		case "<(", ">(":
			l.substitution(2)
			s.expect = false
		case "<<", "<<-":
			l.operator(len(operator))
			l.delimiter(s, operator == "<<-")
		default:
			l.operator(len(operator))
			s.target = true
		}
		return
	}
}

// delimiter reads the word behind <<, and notes that a body follows.
func (l *lexer) delimiter(s *state, chomp bool) {
	for l.next(0) == ' ' || l.next(0) == '\t' {
		l.at++
	}
	start := l.at
	for l.at < len(l.src) && !isMeta(l.src[l.at]) {
		switch c := l.src[l.at]; c {
		case '\'', '"':
			n := strings.IndexByte(l.src[l.at+1:], c)
			if n < 0 {
				n = len(l.src) - l.at - 2
			}
			l.at += max(n, 0) + 2
		default:
			l.at++
		}
	}
	l.at = min(l.at, len(l.src))
	if l.at == start {
		return
	}
	l.paint(start, l.at, Delimiter, 0)
	written := l.src[start:l.at]
	name := strings.NewReplacer(`'`, "", `"`, "", `\`, "").Replace(written)
	l.openers = append(l.openers, opener{l.place(start, l.at), name, name == written, chomp, s.program})
}

// isMeta reports whether a byte ends a word of a shell.
func isMeta(c byte) bool { return strings.IndexByte(" \t\r\n;&|<>()", c) >= 0 }

// bodies reads the here-documents that a line has opened.
func (l *lexer) bodies() {
	if l.keepsOpeners {
		return
	}
	opened := l.openers
	l.openers = nil
	for i := range opened {
		o := &opened[i]
		start, end := l.at, len(l.src)
		l.at = end
		for at := start; at < len(l.src); {
			line, _, _ := strings.Cut(l.src[at:], "\n")
			content := strings.TrimRight(line, "\r")
			if o.chomp {
				content = strings.TrimLeft(content, "\t")
			}
			if content == o.name {
				end, l.at = at, at+len(strings.TrimRight(line, "\r"))
				l.paint(l.at-len(content), l.at, Delimiter, 0)
				break
			}
			at += len(line) + 1
		}
		l.body(o, start, end)
	}
}

// body paints a here-document inside of a script.
func (l *lexer) body(o *opener, start, end int) {
	inner := *l
	inner.src, inner.at = l.src[:end], start
	switch {
	case l.depth >= maxDepth, shell.IsForeign(l.src[start:end]):
	case shell.IsPOSIX([]string{o.command()}):
		inner.list(0)
	case o.expand:
		inner.variables()
	}
}

// substitution reads $( … ), <( … ) or >( … ) behind its first bytes.
func (l *lexer) substitution(opening int) {
	l.operator(opening)
	if l.depth >= maxDepth {
		return
	}
	l.inner(')', false)
}

func (l *lexer) backquote() {
	l.operator(1)
	if l.depth < maxDepth && !l.backquoted {
		l.inner('`', true)
	}
}

// inner paints the commands of a substitution, and what closes it.
func (l *lexer) inner(stop byte, backquoted bool) {
	quoted, outer := l.quoted, l.backquoted
	l.quoted, l.backquoted = false, backquoted || outer
	l.list(stop)
	l.quoted, l.backquoted = quoted, outer
	if l.next(0) == stop {
		l.operator(1)
	}
}

// arithmetic reads $(( … )).
func (l *lexer) arithmetic() {
	l.operator(3)
	l.depth++
	defer func() { l.depth-- }()
	for brackets := 0; l.at < len(l.src); {
		switch c := l.src[l.at]; {
		case c == ')' && brackets == 0:
			if l.operator(1); l.next(0) == ')' {
				l.operator(1)
			}
			return
		case c == '(' || c == ')':
			if brackets--; c == '(' {
				brackets += 2
			}
			l.at++
		case isNameLetter(rune(c), true):
			kind, start := Variable, l.at
			if isDigit(c) {
				kind = Number
			}
			l.at = l.nameEnd(l.at)
			l.paint(start, l.at, kind, 0)
		case c == '\n' || c == '"' && l.quoted:
			return
		default:
			l.piece()
		}
	}
}

// ansiQuoted reads $'…', in which a backslash counts.
func (l *lexer) ansiQuoted() {
	start := l.at
	for l.at += 2; l.at < len(l.src) && l.src[l.at] != '\''; {
		if l.src[l.at] == '\\' {
			l.escaped()
		} else {
			l.at++
		}
	}
	l.at = min(l.at+1, len(l.src))
	l.paint(start, l.at, String, 0)
}
