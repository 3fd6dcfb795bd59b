package node

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"dockerfile-ls/analysis/shell"
)

// Package is what a package.json says of how its application is started.
type Package struct {
	Scripts map[string]string
	Main    string
	// ServerJS says that a server.js is known to lie beside it, which npm and pnpm start where there is no start script.
	ServerJS bool
}

// Start is the plain command of Node.js that stands behind a script of package.json.
type Start struct {
	Words   []string // node, its options, the script and its arguments
	Env     []string // NAME=value, in the order in which they are set
	Scripts []string // the names of the scripts that lead to it, in order
}

// maxScripts is how many scripts may run each other; more go in circles.
const maxScripts = 8

// Resolve follows a command through the scripts of package.json down to node. Where it is no plain command of node, the
// reason says so as a clause.
func (p Package) Resolve(words []string) (s Start, reason string) {
	s.Words = words
	for range maxScripts {
		if len(s.Words) > 0 && isNode(s.Words[0]) {
			return s, ""
		}
		call, reason := p.readCall(s.Words)
		if reason != "" {
			return Start{}, reason
		}
		if reason := p.follow(&s, call); reason != "" {
			return Start{}, reason
		}
	}
	return Start{}, "the scripts run each other in circles"
}

func isNode(program string) bool { return program == "node" || program == "nodejs" }

// follow replaces the words of s by those of the script that is called.
func (p Package) follow(s *Start, call scriptCall) (reason string) {
	text, ok := p.Scripts[call.name]
	switch {
	case !ok && call.name == "start" && p.ServerJS && (call.manager == NPM || call.manager == PNPM):
		text = "node server.js"
	case !ok:
		return fmt.Sprintf("package.json has no script `%s`", call.name)
	}
	for _, hook := range []string{"pre", "post"} {
		if _, hooked := p.Scripts[hook+call.name]; hooked {
			return fmt.Sprintf("the script `%s%s` runs too", hook, call.name)
		}
	}
	words, env, reason := plainCommand(text)
	if reason != "" {
		return fmt.Sprintf("the script `%s` %s", call.name, reason)
	}
	s.Words = append(words, call.args...)
	s.Env = append(s.Env, env...)
	s.Scripts = append(s.Scripts, call.name)
	return ""
}

// plainCommand reads a script that is one command without anything that only a shell knows.
func plainCommand(text string) (words, env []string, reason string) {
	script := shell.ParseFile(text)
	if !script.Known() || len(script.Commands) != 1 {
		return nil, nil, "needs a shell"
	}
	c := script.Commands[0]
	program := c.Program()
	if c.Inside != 0 || len(c.Redirects) > 0 || len(program.Words) == 0 || wrapped(c, program) {
		return nil, nil, "needs a shell"
	}
	for _, w := range program.Words {
		if !w.Literal {
			return nil, nil, "needs a shell"
		}
		words = append(words, w.Value)
	}
	for _, a := range program.Assigns {
		if a.Value.Text != "" && !a.Value.Literal || a.Append || a.Element {
			return nil, nil, "needs a shell"
		}
		env = append(env, a.Name+"="+a.Value.Value)
	}
	return words, env, ""
}

// wrapped reports whether more stands in front of a program than what only sets variables.
func wrapped(c shell.Command, program shell.Program) bool {
	for _, name := range program.Wrappers {
		if name != "cross-env" && name != "env" && name != "exec" {
			return true
		}
	}
	// Options of env and exec change what they start.
	return len(c.Words)-len(program.Words) != len(program.Wrappers)+len(program.Assigns)-len(c.Assigns)
}

// scriptCall is a call of a script of package.json.
type scriptCall struct {
	manager Manager
	name    string
	args    []string
}

// readCall reads which script a command of a package manager runs.
func (p Package) readCall(words []string) (call scriptCall, reason string) {
	if len(words) == 0 {
		return call, "there is no command"
	}
	call.manager = Manager(words[0])
	rest, reason := withoutQuiet(words[1:])
	if reason != "" {
		return call, reason
	}
	if len(rest) == 0 {
		return call, fmt.Sprintf("`%s` runs no script", words[0])
	}
	verb := rest[0]
	switch call.manager {
	case NPM:
		return call.npm(verb, rest[1:])
	case Yarn, PNPM, Bun:
		if slices.Contains(ownVerbs, verb) {
			return call, fmt.Sprintf("`%s %s` runs no script", call.manager, verb)
		}
		if verb == "run" {
			if rest, reason = withoutQuiet(rest[1:]); reason != "" || len(rest) == 0 {
				return call, "no script is named"
			}
		}
		call.name, call.args = rest[0], rest[1:]
		if _, ok := p.Scripts[call.name]; !ok && call.name != "start" {
			return call, fmt.Sprintf("`%s` is no script of package.json", call.name)
		}
		return call, ""
	}
	return call, fmt.Sprintf("`%s` is not node", words[0])
}

// ownVerbs are verbs of yarn, pnpm and bun that no script of that name replaces.
var ownVerbs = []string{"add", "dlx", "exec", "i", "install", "node", "x"}

// npm reads the words behind the verb. Npm takes options for itself up to --, and gives the rest to the script.
func (c scriptCall) npm(verb string, rest []string) (scriptCall, string) {
	switch verb {
	case "run", "run-script", "rum", "urn":
		var reason string
		if rest, reason = withoutQuiet(rest); reason != "" || len(rest) == 0 {
			return c, "no script is named"
		}
		verb, rest = rest[0], rest[1:]
	case "start", "test":
	default:
		return c, fmt.Sprintf("`npm %s` runs no script", verb)
	}
	c.name = verb
	own, behind := rest, []string(nil)
	if at := slices.Index(rest, "--"); at >= 0 {
		own, behind = rest[:at], rest[at+1:]
	}
	for _, word := range own {
		switch {
		case isQuiet(word):
		case strings.HasPrefix(word, "-"):
			return c, fmt.Sprintf("`%s` is an option of npm", word)
		default:
			c.args = append(c.args, word)
		}
	}
	c.args = append(c.args, behind...)
	return c, ""
}

// withoutQuiet takes leading options off that say only what a manager prints.
func withoutQuiet(words []string) (rest []string, reason string) {
	for len(words) > 0 && strings.HasPrefix(words[0], "-") {
		if !isQuiet(words[0]) {
			return nil, fmt.Sprintf("`%s` is an option of the package manager", words[0])
		}
		words = words[1:]
	}
	return words, ""
}

func isQuiet(option string) bool {
	switch option {
	case "-s", "--silent", "-q", "--quiet", "--no-update-notifier", "--no-audit", "--no-fund":
		return true
	}
	return strings.HasPrefix(option, "--loglevel=")
}

// Script is the script that a command of Node.js runs, as written, and the modules that it loads before; the reason says
// as a clause why there is none.
func Script(words []string) (script string, preloads []string, reason string) {
	for at := 1; at < len(words); at++ {
		option := words[at]
		name, value, hasValue := strings.Cut(option, "=")
		switch {
		case option == "--":
			continue
		case !strings.HasPrefix(option, "-"):
			return option, preloads, ""
		case option == "-", slices.Contains(scriptless, name):
			return "", nil, fmt.Sprintf("`%s` runs no script", option)
		}
		if valued := slices.Contains(nodeValued, name); valued && !hasValue {
			if at++; at < len(words) {
				value = words[at]
			}
		}
		if slices.Contains(nodePreloads, name) && value != "" {
			preloads = append(preloads, value)
		}
	}
	return "", nil, "no script is named"
}

// The options of node. Source: node --help of Node 24.
var (
	scriptless = []string{
		"-e", "--eval", "-p", "--print", "-pe", "-c", "--check", "-i", "--interactive", "-v", "--version", "-h", "--help",
		"--run", "--test", "--v8-options",
	}
	nodePreloads = []string{"-r", "--require", "--import", "--loader", "--experimental-loader"}
	nodeValued   = append([]string{"-C", "--conditions", "--env-file", "--env-file-if-exists", "--title", "--icu-data-dir",
		"--inspect-port", "--diagnostic-dir", "--dns-result-order", "--unhandled-rejections", "--input-type",
		"--openssl-config", "--watch-path", "--disable-warning", "--redirect-warnings", "--trace-event-categories",
		"--tls-cipher-list", "--tls-keylog"}, nodePreloads...)
)

// RunsScript reports whether a program is a package manager that starts something else as its child: a script of
// package.json, or a tool. It is about the process of a container.
func RunsScript(p shell.Program) bool {
	words := shell.Values(arguments(p).Operands)
	switch p.Name() {
	case "npm":
		return len(words) > 0 && slices.Contains([]string{
			"start", "run", "run-script", "rum", "urn", "test", "t", "exec", "x", "restart",
		}, words[0])
	case "yarn":
		return len(words) > 0 &&
			!slices.Contains([]string{"install", "add", "cache", "config", "set", "global", "init"}, words[0])
	case "pnpm":
		return len(words) > 0 &&
			!slices.Contains([]string{"install", "i", "add", "fetch", "store", "config", "prune", "setup", "init"}, words[0])
	case "npx", "bunx", "pnpx":
		return len(words) > 0
	case "bun":
		return bunRunsScript(words)
	}
	return false
}

// bunRunsScript tells a script of package.json from a file, which bun runs itself.
func bunRunsScript(words []string) bool {
	if len(words) == 0 {
		return false
	}
	switch words[0] {
	case "x":
		return true
	case "install", "i", "add", "build", "test", "init", "create", "upgrade", "repl", "pm":
		return false
	case "run":
		words = words[1:]
	}
	return len(words) > 0 && !strings.ContainsAny(words[0], "./")
}

// ScriptFiles are the files that node looks for when it is given a script, in order, as paths from the working directory
// or absolute as the script is. A folder's own package.json is read for the working directory only.
func (p Package) ScriptFiles(script string) []string {
	clean := path.Clean(script)
	if clean == "." {
		if p.Main != "" && path.Clean(p.Main) != "." {
			return p.ScriptFiles("./" + p.Main)
		}
		return []string{"index.js"}
	}
	switch path.Ext(clean) {
	case ".js", ".cjs", ".mjs", ".ts", ".cts", ".mts":
		return []string{clean}
	}
	return []string{clean, clean + ".js", clean + "/index.js"}
}
