package javascript

import (
	"io"
	"strings"

	"github.com/tdewolff/parse/v2"
	"github.com/tdewolff/parse/v2/js"
)

// token is a token that means something: no blank and no comment.
type token struct {
	kind js.TokenType
	text string
	at   int  // in the source, in bytes
	line bool // a line begins in front of it
	// condition says that it closes the parentheses of an if or a loop, behind which its body begins.
	condition bool
}

// tokens reads a source up to the first place at which it is no JavaScript; whole says that there is none. Types and
// decorators of TypeScript are tokens like others.
func tokens(src string) (list []token, whole bool) {
	shebang := 0
	if strings.HasPrefix(src, "#!") {
		if shebang = strings.IndexByte(src, '\n') + 1; shebang == 0 {
			return nil, true
		}
	}
	input := parse.NewInputString(src[shebang:])
	s := scanner{input: input, lexer: js.NewLexer(input), src: src[shebang:], shebang: shebang, line: true}
	for {
		t, more := s.next()
		if !more {
			return s.tokens, s.lexer.Err() == io.EOF
		}
		s.add(t)
	}
}

type scanner struct {
	input  *parse.Input
	lexer  *js.Lexer
	src    string
	tokens []token
	// conditions says of each open parenthesis whether it is that of an if or a loop, behind which an expression begins;
	// closed is that of the one that was closed last.
	conditions []bool
	closed     bool
	shebang    int  // the length of the line in front of src
	line       bool // a line has begun since the last token
}

// next is the next token that means something; false at the end or where the source is broken.
func (s *scanner) next() (token, bool) {
	for {
		if s.input.Peek(0) == '@' { // the lexer knows no decorators, and its errors take time
			s.input.Move(1)
			s.input.Skip()
			continue
		}
		kind, text := s.lexer.Next()
		switch kind {
		case js.ErrorToken:
			return token{}, false
		case js.LineTerminatorToken, js.CommentLineTerminatorToken:
			s.line = true
			continue
		case js.WhitespaceToken, js.CommentToken:
			continue
		case js.DivToken, js.DivEqToken:
			if s.expectsExpression() && s.closesOnLine() {
				if kind, text = s.lexer.RegExp(); kind == js.ErrorToken {
					return token{}, false
				}
			}
		}
		line := s.line
		s.line = false
		return token{kind: kind, text: string(text), at: s.shebang + s.input.Offset() - len(text), line: line}, true
	}
}

func (s *scanner) add(t token) {
	switch t.kind {
	case js.OpenParenToken:
		last := at(s.tokens, len(s.tokens)-1).kind
		if last == js.AwaitToken {
			last = at(s.tokens, len(s.tokens)-2).kind // for await (…)
		}
		s.conditions = append(s.conditions, isCondition(last))
	case js.CloseParenToken:
		if last := len(s.conditions) - 1; last >= 0 {
			s.closed = s.conditions[last]
			s.conditions = s.conditions[:last]
			t.condition = s.closed
		}
	}
	s.tokens = append(s.tokens, t)
}

func isCondition(kind js.TokenType) bool {
	return kind == js.IfToken || kind == js.WhileToken || kind == js.ForToken || kind == js.WithToken
}

// expectsExpression reports whether a slash begins a regular expression here, and is no division.
func (s *scanner) expectsExpression() bool {
	if len(s.tokens) == 0 {
		return true
	}
	switch last := s.tokens[len(s.tokens)-1].kind; last {
	case js.CloseParenToken:
		return s.closed
	case js.CloseBracketToken, js.StringToken, js.TemplateToken, js.TemplateEndToken, js.RegExpToken,
		js.PrivateIdentifierToken,
		js.IncrToken, js.DecrToken, js.ThisToken, js.SuperToken, js.NullToken, js.TrueToken, js.FalseToken:
		return false
	default:
		return !js.IsIdentifier(last) && !js.IsNumeric(last)
	}
}

// closesOnLine reports whether another slash stands on the line, as a regular expression needs it.
func (s *scanner) closesOnLine() bool {
	rest := s.src[min(s.input.Offset(), len(s.src)):]
	end := strings.IndexByte(rest, '/')
	return end >= 0 && !strings.ContainsAny(rest[:end], "\r\n")
}

// str is the value of a string without escapes, or of a template without expressions; false for anything else.
func (t token) str() (string, bool) {
	if t.kind != js.StringToken && t.kind != js.TemplateToken || len(t.text) < 2 {
		return "", false
	}
	return t.text[1 : len(t.text)-1], true
}
