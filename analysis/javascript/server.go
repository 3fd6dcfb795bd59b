package javascript

import (
	"slices"
	"strings"

	"github.com/tdewolff/parse/v2/js"
)

// Server is a server that a source starts, as code behind it can close it.
type Server struct {
	// Name is the variable at the top of the module that holds it.
	Name string
	// Fastify says that it is one of Fastify; else it is one of node:http, as Express and Koa start it.
	Fastify bool
	// Declare is where the declaration of the variable has to be put, in bytes; -1 if it is there.
	Declare int
	// Semicolons says that statements end in one.
	Semicolons bool
}

// FindServer finds the one server of a source; false if there is none, if there are several, or if the source is not clear.
func FindServer(src string) (Server, bool) {
	list, whole := tokens(src)
	if !whole {
		return Server{}, false
	}
	f := finder{tokens: list, module: Read(src)}
	f.find()
	if len(f.found) != 1 {
		return Server{}, false
	}
	server := f.found[0]
	server.Semicolons = slices.ContainsFunc(list, func(t token) bool { return t.kind == js.SemicolonToken })
	if server.Declare >= 0 {
		server.Name = f.freeName()
	}
	return server, true
}

type finder struct {
	tokens []token
	module Module
	found  []Server
}

func (f *finder) text(i int) string {
	if i < 0 || i >= len(f.tokens) {
		return ""
	}
	return f.tokens[i].text
}

// find looks at the statements at the top of the module.
func (f *finder) find() {
	depth := 0
	for i, t := range f.tokens {
		switch t.kind {
		case js.OpenParenToken, js.OpenBraceToken, js.OpenBracketToken, js.TemplateStartToken:
			depth++
		case js.CloseParenToken, js.CloseBraceToken, js.CloseBracketToken, js.TemplateEndToken:
			depth--
		case js.ConstToken, js.LetToken, js.VarToken:
			if depth == 0 {
				f.declaration(i)
			}
		default:
			if depth == 0 && t.line && f.begins(i) {
				f.statement(i)
			}
		}
	}
}

// declaration reads const name = … and keeps the name of a server.
func (f *finder) declaration(i int) {
	name, value := f.text(i+1), i+3
	if f.text(i+2) != "=" {
		return
	}
	if f.text(value) == "await" {
		value++
	}
	switch {
	case f.isFastify(value):
		f.found = append(f.found, Server{Name: name, Fastify: true, Declare: -1})
	case f.isHTTP(value), f.listens(value) && !f.isPackage("fastify"):
		f.found = append(f.found, Server{Name: name, Declare: -1})
	}
}

// statement reads app.listen(…), whose value is the server.
func (f *finder) statement(i int) {
	if f.listens(i) && !f.isPackage("fastify") && !f.declared(f.text(i)) && (f.isPackage("express") || f.isPackage("koa")) {
		f.found = append(f.found, Server{Declare: f.tokens[i].at})
	}
}

// declared reports whether a name is that of a server that was found.
func (f *finder) declared(name string) bool {
	return slices.ContainsFunc(f.found, func(s Server) bool { return s.Name == name })
}

// begins reports whether a token at the start of a line begins a statement.
func (f *finder) begins(i int) bool {
	if f.tokens[i].kind != js.IdentifierToken {
		return false
	}
	if i == 0 {
		return true
	}
	switch last := f.tokens[i-1]; last.kind {
	case js.SemicolonToken, js.CloseBraceToken, js.CloseParenToken, js.CloseBracketToken, js.StringToken, js.TemplateToken, js.TemplateEndToken:
		return true
	default:
		return js.IsIdentifier(last.kind) && last.kind != js.AwaitToken || js.IsNumeric(last.kind)
	}
}

// isFastify matches fastify(…), Fastify(…) and require('fastify')(…).
func (f *finder) isFastify(i int) bool {
	if !f.isPackage("fastify") {
		return false
	}
	if strings.EqualFold(f.text(i), "fastify") && f.text(i+1) == "(" {
		return true
	}
	name, _ := f.token(i + 2).str()
	return f.text(i) == "require" && name == "fastify" && f.text(i+4) == "("
}

// isHTTP matches createServer(…), and http.createServer(…) and the like.
func (f *finder) isHTTP(i int) bool {
	if !f.isPackage("http") && !f.isPackage("https") {
		return false
	}
	if f.text(i) == "createServer" && f.text(i+1) == "(" {
		return true
	}
	if f.text(i) == "require" {
		name, _ := f.token(i + 2).str()
		name = strings.TrimPrefix(name, "node:")
		return (name == "http" || name == "https") && f.text(i+4) == "." && f.text(i+5) == "createServer"
	}
	return (f.text(i) == "http" || f.text(i) == "https") && f.text(i+1) == "." && f.text(i+2) == "createServer"
}

// listens matches app.listen(…).
func (f *finder) listens(i int) bool {
	return f.token(i).kind == js.IdentifierToken && f.text(i+1) == "." && f.text(i+2) == "listen" && f.text(i+3) == "("
}

func (f *finder) token(i int) token {
	if i < 0 || i >= len(f.tokens) {
		return token{}
	}
	return f.tokens[i]
}

func (f *finder) isPackage(name string) bool {
	return slices.Contains(f.module.Imports, name) || slices.Contains(f.module.Imports, "node:"+name)
}

// freeName is a name for the variable that the source does not use.
func (f *finder) freeName() string {
	for _, name := range []string{"server", "httpServer", "listeningServer"} {
		if !slices.ContainsFunc(f.tokens, func(t token) bool { return t.text == name }) {
			return name
		}
	}
	return "serverToClose"
}
