// Package node knows how Node.js and its package managers are called: which command installs what, which one builds, and
// what a script of package.json runs.
// It must not know rules, files, or what a stage is for.
package node

import (
	"slices"
	"strings"

	"dockerfile-ls/analysis/shell"
)

// Manager is a package manager, by the name of its program.
type Manager string

// The package managers. Yarn 1 and Yarn 2 and later (berry) have the same name and other options.
const (
	NPM  Manager = "npm"
	Yarn Manager = "yarn"
	PNPM Manager = "pnpm"
	Bun  Manager = "bun"
)

// Install is a command that installs packages.
type Install struct {
	Manager Manager
	Words   []shell.Word    // of the whole command, the manager's name first
	Verb    shell.Word      // install, ci, add …; the manager's name for a bare yarn
	Args    shell.Arguments // of the manager
	Clean   bool            // npm ci and its like: by the lockfile, or not at all
	Named   bool            // it names packages, or may; else it installs what package.json names
	Global  bool
}

// InstallHooks are the scripts of package.json that an install runs, in their order.
func InstallHooks() []string {
	return []string{"preinstall", "install", "postinstall", "prepublish", "preprepare", "prepare", "postprepare"}
}

// Mentioned reports whether a text has the name of a manager in it: without, no command of it runs one.
func Mentioned(text string) bool {
	for _, m := range [...]Manager{NPM, Yarn, PNPM, Bun} {
		if strings.Contains(text, string(m)) {
			return true
		}
	}
	return false
}

// ReadInstall reads the command that a program's words are; false if it installs nothing.
func ReadInstall(p shell.Program) (Install, bool) {
	manager := Manager(p.Name())
	if !slices.Contains([]Manager{NPM, Yarn, PNPM, Bun}, manager) {
		return Install{}, false
	}
	i := Install{Manager: manager, Words: p.Words, Args: arguments(p)}
	switch i.Manager {
	case NPM:
		return i.verb(npmInstalls, npmCleans)
	case Yarn:
		return i.yarn()
	case PNPM:
		return i.verb([]string{"install", "i", "add"}, nil)
	case Bun:
		return i.verb([]string{"install", "i", "add", "a"}, []string{"ci"})
	}
	return i, false
}

// npmInstalls and npmCleans are the verbs with their aliases. Source: npm install and npm ci of npm's documentation.
var (
	npmInstalls = []string{
		"install", "add", "i", "in", "ins", "inst", "insta", "instal", "isnt", "isnta", "isntal", "isntall",
	}
	npmCleans = []string{"ci", "clean-install", "ic", "install-clean", "isntall-clean"}
)

// arguments are those of a manager, or of another program, with the values of its options.
func arguments(p shell.Program) shell.Arguments {
	switch Manager(p.Name()) {
	case NPM:
		return p.Arguments(npmValued...)
	case Yarn:
		return p.Arguments(yarnValued...)
	case PNPM:
		return p.Arguments(pnpmValued...)
	case Bun:
		return p.Arguments(bunValued...)
	}
	return p.Arguments()
}

// The options that have a value in the next word.
var (
	bunValued = []string{
		"--cwd", "--registry", "--cache-dir", "--backend", "--omit", "--filter", "-F", "-r", "--preload",
	}
	pnpmValued = []string{
		"-C", "--dir", "-F", "--filter", "--store-dir", "--registry", "--reporter", "--network-concurrency",
	}
	yarnValued = []string{
		"--cwd", "--cache-folder", "--modules-folder", "--mutex", "--network-concurrency", "--network-timeout", "--registry",
	}
	npmValued = []string{"-w", "--workspace", "--prefix", "-C", "--registry", "--loglevel", "--cache", "--userconfig",
		"--globalconfig", "--omit", "--include", "--only", "--also", "--install-strategy", "--tag", "--script-shell",
		"--before", "--cpu", "--os", "--libc", "--fetch-retries", "--fetch-timeout", "--maxsockets", "--location"}
)

// verb reads the first operand as the verb, and what stands behind it as packages.
func (i Install) verb(installs, cleans []string) (Install, bool) {
	if len(i.Args.Operands) == 0 || i.asksOnly() {
		return i, false
	}
	i.Verb = i.Args.Operands[0]
	i.Clean = slices.Contains(cleans, i.Verb.Value)
	if !i.Verb.Literal || !i.Clean && !slices.Contains(installs, i.Verb.Value) {
		return i, false
	}
	adds := i.Verb.Value == "add" && i.Manager != NPM // to which it is install
	i.Named = len(i.Args.Operands) > 1 || i.Args.Uncertain || adds
	location, located := i.Args.Option("--location")
	_, global := i.Args.Option("-g", "--global")
	i.Global = global || located && location.Value.Value == "global"
	return i, true
}

// yarn installs without a verb too.
func (i Install) yarn() (Install, bool) {
	if i.asksOnly() {
		return i, false
	}
	if len(i.Args.Operands) > 0 {
		return i.verb([]string{"install", "add"}, nil)
	}
	i.Verb = i.Words[0]
	i.Named = i.Args.Uncertain
	return i, true
}

// asksOnly reports whether the manager is called for its version or help.
func (i Install) asksOnly() bool {
	_, asks := i.Args.Option("-v", "--version", "-h", "--help")
	return asks
}

// Has reports whether an option is given, and not switched off by =false.
func (i Install) Has(names ...string) bool {
	option, ok := i.Args.Option(names...)
	return ok && option.Value.Value != "false"
}

// Frozen reports whether the command fails where the lockfile does not fit, for all that its words say.
func (i Install) Frozen() bool {
	return i.Clean || i.Has("--frozen-lockfile", "--immutable")
}

// Builds reports whether a program may build something: a script of package.json, or a tool that makes code of code.
func Builds(p shell.Program) bool {
	switch name := p.Name(); name {
	case "npm":
		return firstIs(arguments(p), "run", "run-script", "rum", "urn", "test", "t", "exec", "x", "rebuild")
	case "yarn":
		return !firstIs(arguments(p), "install", "add", "cache", "config", "set", "global", "workspaces", "--version") &&
			len(p.Words) > 1
	case "pnpm":
		return !firstIs(arguments(p), "install", "i", "add", "fetch", "store", "config",
			"deploy", "prune", "setup") && len(p.Words) > 1
	case "bun":
		return firstIs(arguments(p), "run", "build", "x")
	case "npx", "bunx", "turbo", "nx", "lerna", "tsc", "webpack", "vite", "rollup", "esbuild", "next", "nuxt", "ng", "nest",
		"gulp", "grunt", "parcel", "babel", "swc", "node-gyp", "make":
		return true
	}
	return false
}

func firstIs(args shell.Arguments, verbs ...string) bool {
	return len(args.Operands) > 0 && slices.Contains(verbs, args.Operands[0].Value)
}

// Runs reports whether a program is Node.js, or starts it: as the process of a container, not in a build.
func Runs(p shell.Program) bool {
	switch p.Name() {
	case "node", "nodejs", "npm", "npx", "yarn", "pnpm", "bun", "pm2", "pm2-runtime", "nodemon", "ts-node", "tsx", "next",
		"nuxt", "nest":
		return true
	}
	return strings.HasSuffix(p.Name(), ".js") || strings.HasSuffix(p.Name(), ".mjs") || strings.HasSuffix(p.Name(), ".cjs")
}

// Called is how the install is called, without its options.
func (i Install) Called() string {
	switch {
	case i.Verb.Span == i.Words[0].Span:
		return string(i.Manager)
	case i.Verb.Value == "focus":
		return "yarn workspaces focus"
	}
	return string(i.Manager) + " " + i.Verb.Value
}
