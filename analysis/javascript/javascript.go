// Package javascript knows what a source in JavaScript or TypeScript loads, and which signals it handles, by its tokens
// alone. It must not know where the source lies, what lies around it, or what it is for.
package javascript

import (
	"slices"
	"strings"

	"github.com/tdewolff/parse/v2/js"
)

// Module is what is known of one source. Lists are in the order of the source, each name once.
type Module struct {
	// Whole says that the source was read to its end.
	Whole bool
	// Imports are the modules that it loads, as written, by import, export from, require and import().
	Imports []string
	// Computed says that it loads modules besides whose names are computed.
	Computed bool
	// Handled are the signals that it surely handles, by itself or by a library that is known for it.
	Handled []string
	// Named are signals that it names otherwise, as in a list, but not those that it sends.
	Named []string
	// HandlesNamed says that it handles signals whose names it takes from a variable.
	HandlesNamed bool
	// Serves says that it is a server by itself.
	Serves bool
	// Listens says that it calls listen of something that may be a server.
	Listens bool
	// MakesServer says that it makes what can listen, by a library that is known for it.
	MakesServer bool
	// ReadsNPM says that it reads variables that only npm and its like set.
	ReadsNPM bool
}

// Read reads a source. It never fails.
func Read(src string) Module {
	r := reader{}
	r.tokens, r.Whole = tokens(src)
	r.names = names(r.tokens)
	for r.at = range r.tokens {
		r.read()
	}
	for _, name := range r.Imports {
		r.Handled = adding(r.Handled, library(name)...)
		r.Serves = r.Serves || isServer(name)
	}
	return r.Module
}

type reader struct {
	Module
	tokens []token
	at     int
	names  map[string]loaded
	// callees are the names in front of the parentheses that are open.
	callees []string
	// process says that a handler was added to the process, which others may be chained to.
	process bool
	// taken is the index of a string that is the signal of a handler.
	taken int
}

// peek is the token at a distance from the one that is looked at.
func (r *reader) peek(distance int) token { return at(r.tokens, r.at+distance) }

func (r *reader) read() {
	t := r.peek(0)
	switch t.kind {
	case js.OpenParenToken:
		r.callees = append(r.callees, r.peek(-1).text)
	case js.CloseParenToken:
		r.callees = r.callees[:max(0, len(r.callees)-1)]
	case js.StringToken, js.TemplateToken:
		r.readString()
	case js.FromToken, js.ImportToken:
		r.readImport(t)
	default:
		r.readName(t)
	}
}

// readImport reads import "x", from "x" and import("x").
func (r *reader) readImport(t token) {
	if name, ok := r.peek(1).str(); ok && r.peek(1).kind == js.StringToken && r.peek(-1).kind != js.DotToken {
		r.Imports = adding(r.Imports, name)
	}
	if t.kind == js.ImportToken && r.peek(1).kind == js.OpenParenToken {
		r.load()
	}
}

// load reads the argument of require or import().
func (r *reader) load() {
	name, ok := r.peek(2).str()
	if end := r.peek(3).kind; !ok || end != js.CloseParenToken && end != js.CommaToken {
		r.Computed = true
		return
	}
	r.Imports = adding(r.Imports, name)
}

func (r *reader) readName(t token) {
	called := r.peek(1).kind == js.OpenParenToken
	member := r.peek(-1).kind == js.DotToken || r.peek(-1).kind == js.OptChainToken
	if what, _, found := call(r.tokens, r.at, r.names); found && what.makesServer() {
		r.MakesServer = true
	}
	switch {
	case t.text == "require" && called && !member && r.peek(-1).kind != js.FunctionToken:
		r.load()
	case t.text == "enableShutdownHooks" && called && member: // of NestJS
		r.Handled = adding(r.Handled, all...)
	case t.text == "listen" && called && member:
		r.Listens = r.Listens || !r.isOther(-2)
	case t.text == "serve" && called && member && (r.peek(-2).text == "Bun" || r.peek(-2).text == "Deno"):
		r.Serves = true
	case isSignal(t.text) && (r.peek(1).kind == js.ColonToken || member):
		r.Named = adding(r.Named, t.text)
	case strings.HasPrefix(t.text, "npm_") && member:
		r.ReadsNPM = true
	case called && member && adds(t.text):
		r.readHandler()
	}
}

// isOther reports whether the token at a distance is surely no server: a package, or an object of a class that is not known
// to be one. Such a class of the project calls listen of a server in its own source.
func (r *reader) isOther(distance int) bool {
	t := r.peek(distance)
	if !js.IsIdentifier(t.kind) || r.peek(distance-1).kind == js.DotToken {
		return false
	}
	if what, found := r.names[t.text]; found {
		return IsPackage(what.module)
	}
	other := false
	for i := range r.tokens {
		if r.tokens[i].text != t.text || at(r.tokens, i-1).kind == js.DotToken || at(r.tokens, i+1).text != "=" {
			continue
		}
		what, _, found := call(r.tokens, i+2, r.names)
		if found && what.makesServer() {
			return false
		}
		other = other || at(r.tokens, i+2).kind == js.NewToken
	}
	return other
}

// adds reports whether a method adds a handler.
func adds(method string) bool {
	switch method {
	case "on", "once", "addListener", "prependListener", "prependOnceListener":
		return true
	}
	return false
}

// readHandler reads process.on(…), and .on(…) that is chained to it.
func (r *reader) readHandler() {
	owner := r.peek(-2)
	chained := owner.kind == js.CloseParenToken && r.process
	if !chained && !strings.HasSuffix(strings.ToLower(owner.text), "process") {
		return
	}
	r.process = true
	name, ok := r.peek(2).str()
	switch {
	case ok && isSignal(name):
		r.Handled, r.taken = adding(r.Handled, name), r.at+2
	case !ok:
		r.HandlesNamed = true
	}
}

func (r *reader) readString() {
	name, _ := r.peek(0).str()
	if strings.HasPrefix(name, "npm_") {
		r.ReadsNPM = true
	}
	if !isSignal(name) || r.at == r.taken {
		return
	}
	callee := ""
	if len(r.callees) > 0 {
		callee = r.callees[len(r.callees)-1]
	}
	switch {
	case callee == "kill":
	case (callee == "once" || callee == "on") && r.peek(-1).kind == js.CommaToken && r.peek(-2).text == "process":
		r.Handled = adding(r.Handled, name) // once(process, "SIGTERM") of node:events
	default:
		r.Named = adding(r.Named, name)
	}
}

// isSignal reports whether a text is the name of a signal.
func isSignal(name string) bool {
	rest, ok := strings.CutPrefix(name, "SIG")
	return ok && len(rest) > 1 && len(rest) < 10 && strings.Trim(rest, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == ""
}

func adding(list []string, names ...string) []string {
	for _, name := range names {
		if !slices.Contains(list, name) {
			list = append(list, name)
		}
	}
	return list
}
