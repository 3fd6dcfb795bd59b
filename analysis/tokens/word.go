package tokens

import "strings"

// word reads one word of a script, and paints what it is where it stands.
func (l *lexer) word(s *state) {
	start := l.at
	equals := l.readWord()
	if l.at == start {
		l.at++ // what nobody has read, such as a backquote that closes nothing
		return
	}
	written := l.src[start:l.at]
	if c := l.next(0); (c == '<' || c == '>') && isNumber(written) {
		l.paint(start, l.at, Operator, 0) // a file descriptor
		return
	}
	switch {
	case s.target:
		s.target = false
	case s.pattern:
		if written == "esac" {
			l.paint(start, l.at, Keyword, 0)
			s.begin()
			s.pattern, s.expect, s.cases = false, false, max(s.cases-1, 0)
		}
	case l.awaited(s, start, written):
	case s.expect:
		l.first(s, start, equals)
	default:
		l.argument(s, start, equals)
	}
}

// readWord reads up to the end of a word; it returns the offset of the first = that is not quoted, or -1. An array in
// brackets belongs to the word.
func (l *lexer) readWord() (equals int) {
	equals = -1
	start := l.at
	for l.at < len(l.src) {
		c := l.src[l.at]
		switch {
		case c == '(' && equals >= 0 && l.at == equals+1 && isAssignable(l.src[start:equals]):
			l.array()
			return equals
		case isMeta(c), c == '`' && l.backquoted:
			return equals
		case c == '=' && equals < 0:
			equals = l.at
			l.at++
		default:
			l.piece()
		}
	}
	return equals
}

// array reads the words of NAME=( … ).
func (l *lexer) array() {
	l.operator(1)
	for l.at < len(l.src) {
		switch c := l.src[l.at]; {
		case c == ')':
			l.operator(1)
			return
		case c == '#' && isBlank(l.src[l.at-1]):
			l.comment()
		default:
			l.piece()
		}
	}
}

// isAssignable reports whether what stands in front of a = is a variable, with an index or a + behind it perhaps.
func isAssignable(name string) bool {
	name = strings.TrimSuffix(name, "+")
	if open := strings.IndexByte(name, '['); open > 0 && strings.HasSuffix(name, "]") {
		name = name[:open]
	}
	if name == "" || isDigit(name[0]) {
		return false
	}
	for i := range len(name) {
		if !isNameLetter(rune(name[i]), true) {
			return false
		}
	}
	return true
}

// assignment paints NAME=value, and reports whether it is one.
func (l *lexer) assignment(start, equals int) bool {
	if equals < 0 || !isAssignable(l.src[start:equals]) {
		return false
	}
	end := equals
	if l.src[equals-1] == '+' {
		end--
	}
	l.paint(start, end, Variable, Declaration)
	l.paint(end, equals+1, Operator, 0)
	return true
}

// awaited paints the part of a compound command that a word is, if it is one.
func (l *lexer) awaited(s *state, start int, written string) bool {
	awaits := s.awaits
	s.awaits = nothing
	switch awaits {
	case loopVariable:
		l.paint(start, l.at, Variable, Declaration)
		s.awaits = loopIn
	case caseSubject:
		s.awaits = caseIn
	case functionName:
		l.paint(start, l.at, Command, Declaration)
		s.expect = true
	case loopIn, caseIn:
		if written != "in" {
			s.expect = true // for x do
			return false
		}
		l.paint(start, l.at, Keyword, 0)
		s.pattern = awaits == caseIn
	default:
		return false
	}
	return true
}

// first paints the word at which a command may begin: a reserved word, an assignment, or the command.
func (l *lexer) first(s *state, start, equals int) {
	written := l.src[start:l.at]
	if l.reserved(s, start, written) || l.assignment(start, equals) {
		return
	}
	if s.wraps && written[0] == '-' {
		s.wraps, s.expect = false, false
		l.argument(s, start, equals)
		return
	}
	if l.next(0) == '(' && l.next(1) == ')' {
		l.paint(start, l.at, Command, Declaration)
		l.operator(2)
		return
	}
	if !strings.Contains(written, "$(") && !strings.Contains(written, "`") {
		l.paint(start, l.at, Command, 0) // else what is in the substitution would be one too
	}
	s.expect = isWrapper(written)
	s.wraps = s.expect
	s.assigns = isDeclaration(written)
	*s.program = written
}

// reserved paints a reserved word, and notes what follows it.
func (l *lexer) reserved(s *state, start int, written string) bool {
	switch written {
	case "if", "then", "elif", "else", "do", "while", "until", "time":
	case "fi", "done", "}":
		s.expect = false
	case "esac":
		s.expect, s.cases = false, max(s.cases-1, 0)
	case "for", "select":
		s.awaits, s.expect = loopVariable, false
	case "case":
		s.awaits, s.expect = caseSubject, false
		s.cases++
	case "function":
		s.awaits, s.expect = functionName, false
	case "[[":
		s.test, s.expect = true, false
	case "{", "!":
		l.paint(start, l.at, Operator, 0)
		return true
	default:
		return false
	}
	kind := Keyword
	if written == "}" {
		kind = Operator
	}
	l.paint(start, l.at, kind, 0)
	return true
}

// argument paints a word behind the command: an option, a number, or a variable that is set.
func (l *lexer) argument(s *state, start, equals int) {
	written := l.src[start:l.at]
	switch {
	case s.test && written == "]]":
		s.test = false
		l.paint(start, l.at, Keyword, 0)
	case written[0] == '-' && len(written) > 1:
		end := l.at
		if equals >= 0 {
			end = equals
			l.paint(equals, equals+1, Operator, 0)
		}
		l.paint(start, end, Option, 0)
	case isNumber(written):
		l.paint(start, l.at, Number, 0)
	case s.assigns:
		l.assignment(start, equals)
	}
}

// isWrapper reports whether a program only starts the one that is named behind it.
func isWrapper(name string) bool {
	switch name {
	case "builtin", "command", "env", "exec", "nohup", "sudo", "xargs":
		return true
	}
	return false
}

func isDeclaration(name string) bool {
	switch name {
	case "declare", "export", "local", "readonly", "typeset":
		return true
	}
	return false
}
