package javascript

import (
	"slices"

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
	f := finder{tokens: list, names: names(list), apps: map[string]bool{}}
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
	names  map[string]loaded
	apps   map[string]bool // of Express and the like, whose listen makes a server of node:http
	found  []Server
}

func (f *finder) token(i int) token { return at(f.tokens, i) }
func (f *finder) text(i int) string { return at(f.tokens, i).text }

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

// declaration reads const name = … and keeps the name of a server, or of an app.
func (f *finder) declaration(i int) {
	name, value := f.text(i+1), i+3
	if f.text(i+2) != "=" || f.isBody(i) { // which may not be done
		return
	}
	if f.text(value) == "module" && f.text(value+2) == "exports" && f.text(value+3) == "=" {
		value += 4
	}
	if f.text(value) == "await" {
		value++
	}
	what, arguments, called := call(f.tokens, value, f.names)
	switch {
	case f.listens(value) && f.ends(value+3, true, "on", "once"):
		f.found = append(f.found, Server{Name: name, Declare: -1})
	case !called || !what.makesServer():
	case what.module == "fastify" && f.ends(arguments, true, "withTypeProvider"):
		f.found = append(f.found, Server{Name: name, Fastify: true, Declare: -1})
	case isHTTP(what.module) && f.ends(arguments, true, "listen", "on", "once"):
		f.found = append(f.found, Server{Name: name, Declare: -1})
	case isApp(what.module) && f.ends(arguments, true):
		f.apps[name] = true
	}
}

// statement reads app.listen(…), whose value is the server.
func (f *finder) statement(i int) {
	if f.listens(i) && f.ends(i+3, false, "on", "once") {
		f.found = append(f.found, Server{Declare: f.tokens[i].at})
	}
}

// listens matches app.listen(…).
func (f *finder) listens(i int) bool {
	return f.apps[f.text(i)] && f.text(i+1) == "." && f.text(i+2) == "listen" && f.text(i+3) == "("
}

// isHTTP reports whether the servers of a module are those of node:http.
func isHTTP(module string) bool {
	name, _ := PackageOf(module)
	return name == "http" || name == "https"
}

// isApp reports whether what a module makes returns a server of node:http when it listens.
func isApp(module string) bool { return module == "express" || module == "koa" || module == "connect" }

// ends reports whether the statement ends behind arguments, which begin at a token, and behind calls of methods that return
// what they are called of. In a declaration another one may follow.
func (f *finder) ends(i int, declaration bool, methods ...string) bool {
	for {
		if i = f.behind(i); f.text(i) != "." || !slices.Contains(methods, f.text(i+1)) {
			break
		}
		i += 2
	}
	next := f.token(i)
	switch {
	case i == len(f.tokens), next.kind == js.SemicolonToken, declaration && next.kind == js.CommaToken:
		return true
	case !next.line, next.text == "as", next.text == "satisfies":
		return false
	}
	return js.IsIdentifierName(next.kind) && next.kind != js.InToken && next.kind != js.InstanceofToken ||
		next.kind == js.OpenBraceToken || next.kind == js.StringToken || js.IsNumeric(next.kind)
}

// behind is the token behind arguments, with their types in front of them; or the token itself if it begins none.
func (f *finder) behind(i int) int {
	for f.token(i).kind == js.LtToken || f.token(i).kind == js.OpenParenToken {
		depth := 0
		types := f.token(i).kind == js.LtToken
		for ; i < len(f.tokens); i++ {
			switch f.token(i).kind {
			case js.OpenParenToken, js.OpenBraceToken, js.OpenBracketToken, js.TemplateStartToken:
				depth++
			case js.CloseParenToken, js.CloseBraceToken, js.CloseBracketToken, js.TemplateEndToken:
				depth--
			case js.LtToken:
				if types {
					depth++
				}
			case js.GtToken:
				if types {
					depth--
				}
			case js.GtGtToken:
				if types {
					depth -= 2
				}
			}
			if depth == 0 {
				break
			}
		}
		if i++; !types {
			break
		}
	}
	return i
}

// isBody reports whether a token begins what an if or a loop does.
func (f *finder) isBody(i int) bool {
	last := f.token(i - 1)
	return last.condition || last.kind == js.ElseToken || last.kind == js.DoToken
}

// begins reports whether a token at the start of a line begins a statement.
func (f *finder) begins(i int) bool {
	if f.tokens[i].kind != js.IdentifierToken || f.isBody(i) {
		return false
	}
	if i == 0 {
		return true
	}
	switch last := f.tokens[i-1]; last.kind {
	case js.SemicolonToken, js.CloseBraceToken, js.CloseParenToken, js.CloseBracketToken, js.StringToken, js.TemplateToken,
		js.TemplateEndToken:
		return true
	default:
		return js.IsIdentifier(last.kind) && last.kind != js.AwaitToken || js.IsNumeric(last.kind)
	}
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
