package javascript

import (
	"slices"
	"strings"

	"github.com/tdewolff/parse/v2/js"
)

// loaded is a thing that a source loads: a module, or one of its exports; empty for the module itself and its default.
type loaded struct{ module, export string }

// makesServer reports whether the call of a thing makes what can listen and be a server. Source: the documentation of the
// packages.
func (l loaded) makesServer() bool {
	exports := ""
	switch name, _ := PackageOf(l.module); name {
	case "connect", "express", "express-ws", "koa", "polka", "restana", "sockjs", "ultimate-express", "@feathersjs/express",
		"@feathersjs/koa":
		return l.export == "" || l.export == "koa"
	case "http", "https", "http2", "net", "tls", "spdy", "http-server", "http-proxy", "ldapjs", "restify", "@marblejs/http":
		exports = "createServer createSecureServer createProxyServer Server"
	case "fastify", "micro", "elysia", "hapi", "@hapi/hapi", "socket.io", "hyper-express", "uWebSockets.js", "@tinyhttp/app",
		"smtp-server", "loopback":
		exports = "fastify Fastify serve Elysia server Server App SSLApp SMTPServer"
		if l.export == "" {
			return true
		}
	case "json-server":
		exports = "create"
	case "@nestjs/core":
		exports = "NestFactory.create NestFactory.createMicroservice"
	case "@trpc/server":
		exports = "createHTTPServer"
	case "routing-controllers":
		exports = "createExpressServer createKoaServer"
	}
	return l.export != "" && slices.Contains(strings.Fields(exports), l.export)
}

// names are what a source calls the things that it loads.
func names(list []token) map[string]loaded {
	found := map[string]loaded{}
	for i, t := range list {
		module, isString := at(list, i+1).str()
		switch {
		case t.kind == js.FromToken && isString:
			importNames(list, i, module, found)
		case t.text == "require" && at(list, i+1).text == "(" && at(list, i-1).kind != js.DotToken:
			requireNames(list, i, found)
		}
	}
	return found
}

func at(list []token, i int) token {
	if i < 0 || i >= len(list) {
		return token{}
	}
	return list[i]
}

// importNames reads what stands between import and a from.
func importNames(list []token, from int, module string, found map[string]loaded) {
	start := from - 1
	for start >= 0 && list[start].kind != js.ImportToken {
		if kind := list[start].kind; kind == js.SemicolonToken || kind == js.StringToken || kind == js.ExportToken {
			return
		}
		start--
	}
	if start < 0 {
		return
	}
	inner := false
	for i := start + 1; i < from; i++ {
		t := list[i]
		inner = inner && t.kind != js.CloseBraceToken || t.kind == js.OpenBraceToken
		renamed := at(list, i+1).text == "as" && js.IsIdentifierName(at(list, i+2).kind)
		switch {
		case renamed:
			found[list[i+2].text] = loaded{module, exported(inner, t.text)}
			i += 2
		case js.IsIdentifier(t.kind):
			found[t.text] = loaded{module, exported(inner, t.text)}
		}
	}
}

// exported is the name of what stands in the braces of an import, or in front of them.
func exported(inner bool, name string) string {
	if !inner || name == "default" {
		return ""
	}
	return name
}

// requireNames reads name = require("x"), { a, b: c } = require("x"), and name = require("x").a.
func requireNames(list []token, i int, found map[string]loaded) {
	module, ok := at(list, i+2).str()
	if !ok || at(list, i+3).kind != js.CloseParenToken {
		return
	}
	export, end := member(list, i+4)
	if at(list, end).kind == js.OpenParenToken {
		return // the name is that of what it returns
	}
	if at(list, i-1).kind == js.OpenParenToken && js.IsIdentifier(at(list, i-2).kind) {
		i -= 2 // __importDefault(require("x")) of compiled TypeScript
	}
	if at(list, i-1).text != "=" {
		return
	}
	if js.IsIdentifier(at(list, i-2).kind) {
		found[list[i-2].text] = loaded{module, export}
		return
	}
	if at(list, i-2).kind != js.CloseBraceToken {
		return
	}
	for k := i - 3; k >= 0 && list[k].kind != js.OpenBraceToken; k-- {
		if !js.IsIdentifier(list[k].kind) {
			continue
		}
		name := list[k].text
		if at(list, k-1).kind == js.ColonToken {
			k -= 2
		}
		if k >= 0 {
			found[name] = loaded{module, exported(true, list[k].text)}
		}
	}
}

// member reads .a.b from a token on, without default.
func member(list []token, i int) (path string, end int) {
	var parts []string
	for at(list, i).kind == js.DotToken && js.IsIdentifierName(at(list, i+1).kind) {
		if name := list[i+1].text; name != "default" {
			parts = append(parts, name)
		}
		i += 2
	}
	return strings.Join(parts, "."), i
}

// call reads the call of a thing that a source loads, as express(…), new http.Server(…) and require("fastify")(…), and
// returns where its arguments begin; false if none begins at the token.
func call(list []token, i int, names map[string]loaded) (what loaded, arguments int, ok bool) {
	made := at(list, i).kind == js.NewToken
	if made {
		i++
	}
	if at(list, i).kind == js.OpenParenToken && at(list, i+1).text == "0" {
		i += 3
	}
	// (0, express_1.default)(…) of compiled TypeScript
	wrapped := at(list, i-1).kind == js.CommaToken && at(list, i-2).text == "0" && at(list, i-3).kind == js.OpenParenToken
	what, ok = names[at(list, i).text]
	end := i + 1
	if module, isString := at(list, i+2).str(); at(list, i).text == "require" && isString {
		what, ok, end = loaded{module, ""}, true, i+4
	}
	if !ok || at(list, i-1).kind == js.DotToken {
		return loaded{}, 0, false
	}
	path, end := member(list, end)
	what.export = strings.Trim(what.export+"."+path, ".")
	if wrapped {
		end++
	}
	next := at(list, end).kind
	return what, end, next == js.OpenParenToken || next == js.LtToken || made
}
