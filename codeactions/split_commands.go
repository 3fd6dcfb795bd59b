package codeactions

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/node"
	"dockerfile-ls/analysis/secret"
	"dockerfile-ls/analysis/shell"
)

// purpose says what a command of a RUN is there for.
type purpose int

const (
	unseen       purpose = iota
	forNothing           // it changes nothing that stays
	toPackage            // packages of the distribution
	toInstall            // what package.json names
	toBuild              // code out of code, and whatever else a script of package.json does
	toClean              // the cache of a package manager of Node.js
	toConfigure          // package managers of Node.js
	toBring              // programs of npm for the whole image
	toPopulate           // users and groups
	toChange             // files and folders
	toLogIn              // what a package manager logs in with
	toAdminister         // the system
)

// deed is what a command of a RUN does.
type deed struct {
	purpose
	paths []string // of changes, and of what holds a login: the files and folders, absolute
	makes bool     // of changes: nothing but folders; of what holds a login: it is written, and not removed
	names []string // of programs that come, and of users
}

// deed reads a command.
func (r *splitRun) deed(i int) deed {
	c := r.script.Commands[i]
	program := c.Program()
	if slices.ContainsFunc(program.Wrappers, isForeign) || !r.isNamed(program) {
		return deed{}
	}
	d := r.named(i, program)
	written, plain := r.written(i)
	switch {
	case !plain:
		return deed{}
	case len(written) == 0:
		return d
	case slices.ContainsFunc(written, holdsLogin):
		return deed{purpose: toLogIn, paths: written, makes: true}
	case d.purpose == forNothing || d.purpose == toChange:
		return deed{purpose: toChange, paths: append(d.paths, written...)}
	case d.purpose == toBuild:
		return d
	}
	return deed{}
}

// isForeign reports whether a wrapper runs its program as somebody else, or elsewhere.
func isForeign(name string) bool {
	return !slices.Contains([]string{
		"builtin", "command", "cross-env", "env", "exec", "nice", "stdbuf", "time", "timeout",
	}, name)
}

// isNamed reports whether it is seen what is called; assignments alone call nothing.
func (r *splitRun) isNamed(program shell.Program) bool {
	return len(program.Words) == 0 ||
		program.Words[0].Literal && !slices.Contains(r.script.Functions, program.Words[0].Value)
}

// written are the files that the redirections of a command write; false if one is not known.
func (r *splitRun) written(i int) (files []string, known bool) {
	for _, redirect := range r.script.Commands[i].Redirects {
		writes := strings.Contains(redirect.Operator, ">") && redirect.Operator != ">&"
		if !writes || strings.HasPrefix(redirect.Target.Value, "/dev/") {
			continue
		}
		file := r.pathOf(r.inst, r.script, i, redirect.Target)
		if file == "" {
			return nil, false
		}
		files = append(files, file)
	}
	return files, true
}

// holdsLogin reports whether a file is one that package managers, git and curl find tokens in.
func holdsLogin(file string) bool {
	switch path.Base(file) {
	case ".git-credentials", ".netrc", ".npmrc", ".yarnrc", ".yarnrc.yml":
		return true
	}
	return false
}

// named reads a command by its program, without redirections.
func (r *splitRun) named(i int, program shell.Program) deed {
	name := program.Name()
	switch {
	case name == "" || slices.Contains(idlePrograms, name) || asksVersion(program):
		return deed{purpose: forNothing}
	case shellNames[name]:
		return r.shell(i)
	case name == "node" || name == "nodejs":
		return nodeDeed(program)
	case packageManagers[name]:
		return deed{purpose: toPackage}
	case userPrograms[name]:
		return deed{purpose: toPopulate, names: shell.Values(program.Words[1:])}
	case filePrograms[name] != nil:
		return r.fileDeed(i, program)
	case systemPrograms[name]:
		return deed{purpose: toAdminister}
	case name == "git" && r.isGitConfig(program):
		return r.configured(i, toAdminister)
	}
	return r.ofNode(i, program)
}

// asksVersion reports whether a program is called for nothing but its version.
func asksVersion(program shell.Program) bool {
	return len(program.Words) == 2 && slices.Contains([]string{"--version", "-v", "-V"}, program.Words[1].Value)
}

var (
	idlePrograms = []string{
		":", "[", "[[", "arch", "cat", "cd", "date", "echo", "env", "exit", "export", "grep", "id", "ls", "printf", "pwd",
		"set", "sleep", "test", "true", "uname", "unset", "whoami", "which",
	}
	shellNames      = map[string]bool{"ash": true, "bash": true, "dash": true, "sh": true}
	packageManagers = map[string]bool{"apk": true, "apt": true, "apt-get": true, "aptitude": true}
	userPrograms    = map[string]bool{
		"addgroup": true, "adduser": true, "delgroup": true, "deluser": true, "groupadd": true, "groupdel": true,
		"groupmod": true,
		"useradd":  true, "userdel": true, "usermod": true,
	}
	systemPrograms = map[string]bool{"fc-cache": true, "ldconfig": true, "locale-gen": true, "update-ca-certificates": true}
	// filePrograms are the options of each that take a word. Their first operand is skipped where it is no file.
	filePrograms = map[string][]string{
		"chgrp": {}, "chmod": {}, "chown": {}, "cp": {}, "find": {}, "install": {"-g", "-m", "-o"}, "ln": {},
		"mkdir": {"-m"}, "mv": {},
		"rm": {}, "rmdir": {}, "sed": {"-e"}, "touch": {},
	}
)

// shell is a shell with its script, whose commands are read by themselves, or with a file, which is not.
func (r *splitRun) shell(i int) deed {
	if slices.ContainsFunc(r.script.Commands[i].Words, func(w shell.Word) bool {
		return strings.HasPrefix(w.Value, "-") && strings.HasSuffix(w.Value, "c")
	}) {
		return deed{purpose: forNothing}
	}
	return deed{}
}

// nodeDeed is what node does: a script of the project builds, and what only tells something is idle.
func nodeDeed(program shell.Program) deed {
	script, _, reason := node.Script(shell.Values(program.Words))
	switch {
	case reason == "" && !path.IsAbs(script):
		return deed{purpose: toBuild}
	case len(program.Words) > 1 && slices.Contains([]string{"-p", "-v", "--version", "--print"}, program.Words[1].Value):
		return deed{purpose: forNothing}
	}
	return deed{}
}

// fileDeed is what a program does to files that are named.
func (r *splitRun) fileDeed(i int, program shell.Program) deed {
	name := program.Name()
	args := program.Arguments(filePrograms[name]...)
	operands := args.Operands
	switch {
	case args.Uncertain:
		return deed{}
	case name == "sed" && !hasOption(args, "-i", "--in-place"):
		return deed{purpose: forNothing}
	case slices.Contains([]string{"chgrp", "chmod", "chown"}, name), name == "sed" && !hasOption(args, "-e"):
		operands = operands[min(1, len(operands)):]
	case name == "find":
		operands = operands[:min(1, len(operands))]
	case name == "ln":
		operands = operands[max(0, len(operands)-1):]
	}
	d := deed{purpose: toChange, makes: name == "mkdir"}
	for _, w := range operands {
		file := r.fileOf(i, w)
		if file == "" {
			return deed{}
		}
		d.paths = append(d.paths, file)
	}
	switch {
	case len(d.paths) == 0:
		return deed{}
	case name == "rm" && !slices.ContainsFunc(d.paths, func(file string) bool { return !isNodeCache(file) }):
		return deed{purpose: toClean}
	case name == "rm" && !slices.ContainsFunc(d.paths, func(file string) bool {
		return !isNodeCache(file) && !passes(file)
	}):
		return deed{purpose: forNothing}
	case name == "rm" && !slices.ContainsFunc(d.paths, func(file string) bool {
		return !holdsLogin(file) && !isNodeCache(file)
	}):
		return deed{purpose: toLogIn, paths: d.paths}
	}
	return d
}

func hasOption(args shell.Arguments, names ...string) bool {
	_, has := args.Option(names...)
	return has
}

// fileOf is the absolute path of a word; of a pattern, the folder in front of it. It is empty if that is not known.
func (r *splitRun) fileOf(i int, w shell.Word) string {
	if !slices.ContainsFunc(w.Parts, func(p shell.Part) bool {
		return p.Kind == shell.Pattern && !strings.HasPrefix(p.Value, "~")
	}) {
		return r.pathOf(r.inst, r.script, i, w)
	}
	if len(w.Variables) > 0 || len(w.Parts) > 1 {
		return ""
	}
	fixed := w.Value[:strings.IndexAny(w.Value, "*?[{")]
	folder, _ := path.Split(fixed)
	if folder == "" {
		folder = "."
	}
	return r.pathOf(r.inst, r.script, i, shell.Word{Value: folder, Literal: true})
}

// isNodeCache reports whether a path is a cache of package managers of Node.js, or in one.
func isNodeCache(file string) bool {
	for _, home := range [...]string{"/root", "/home/node"} {
		for _, folder := range [...]string{"/.npm", "/.cache", "/.yarn", "/.node-gyp", "/.local/share/pnpm", "/.bun"} {
			if _, inside := dockerfile.Relative(home+folder, file); inside {
				return true
			}
		}
	}
	_, yarns := dockerfile.Relative("/usr/local/share/.cache", file)
	return yarns
}

// passes reports whether nobody misses what lies at a path when the build is over.
func passes(file string) bool {
	for _, folder := range [...]string{
		"/tmp", "/var/tmp", "/var/cache", "/var/lib/apt/lists", "/var/log", "/usr/share/doc", "/usr/share/man",
	} {
		if _, inside := dockerfile.Relative(folder, file); inside {
			return true
		}
	}
	return false
}

func (r *splitRun) isGitConfig(program shell.Program) bool {
	return len(program.Words) > 2 && program.Words[1].Value == "config"
}

// configured is the purpose of a command that changes a configuration, or secrets if it brings one.
func (r *splitRun) configured(i int, plain purpose) deed {
	for _, w := range r.script.Commands[i].Words {
		reads := slices.ContainsFunc(w.Variables, func(v shell.Variable) bool { return secret.IsName(v.Name) })
		if reads || strings.Contains(w.Value, "_auth") || strings.Contains(w.Value, "_password") {
			return deed{purpose: toLogIn}
		}
	}
	return deed{purpose: plain}
}

// ofNode reads what package managers and tools of Node.js do.
func (r *splitRun) ofNode(i int, program shell.Program) deed {
	name := program.Name()
	if r.installAt(i) != nil {
		return deed{purpose: toInstall}
	}
	if globals := node.GlobalPackages(program); len(globals) > 0 {
		return broughtBy(globals)
	}
	switch name {
	case "corepack":
		return r.corepackDeed(program)
	case "npm", "yarn", "pnpm", "bun":
		return r.managerDeed(i, program)
	case "make":
		return deed{}
	case "npx", "bunx", "pnpx", "playwright", "cypress", "puppeteer":
		if fetchesBrowsers(program) {
			return deed{}
		}
	}
	if node.Builds(program) || len(node.BuildCommand(program)) > 0 {
		return deed{purpose: toBuild}
	}
	return deed{}
}

// corepackDeed is what corepack does: it brings package managers by their versions, or has each fetched when it is first
// called.
func (r *splitRun) corepackDeed(program shell.Program) deed {
	verb, global := "", hasOption(program.Arguments(), "-g", "--global")
	if len(program.Words) > 1 {
		verb = program.Words[1].Value
	}
	switch {
	case verb == "enable" || verb == "disable" || verb == "prepare" && len(program.Words) > 2 || verb == "install" && global:
		return deed{purpose: toConfigure, names: []string{"corepack"}, makes: verb == "prepare" || verb == "install"}
	}
	// which names the version, and is in the build stage
	return deed{purpose: toConfigure, names: []string{"corepack package.json"}}
}

// broughtBy is what an installation of programs for the whole image does: package managers are told from the others.
func broughtBy(globals []shell.Word) deed {
	d := deed{purpose: toConfigure}
	for _, w := range globals {
		name := node.WithoutVersion(w.Value)
		if !w.Literal || strings.ContainsAny(name, "./:") && !strings.HasPrefix(name, "@") {
			return deed{}
		}
		if !isManager(name) {
			d.purpose = toBring
		}
		d.names = append(d.names, name)
	}
	return d
}

func isManager(name string) bool {
	return slices.Contains([]string{"bun", "corepack", "npm", "pnpm", "yarn"}, name)
}

// fetchesBrowsers reports whether a command puts browsers into the home of its user, where nobody copies them from.
func fetchesBrowsers(program shell.Program) bool {
	return slices.ContainsFunc(shell.Values(program.Words), func(word string) bool {
		switch node.WithoutVersion(word) {
		case "@playwright/test", "@puppeteer/browsers", "cypress", "playwright", "puppeteer":
			return true
		}
		return false
	})
}

// managerDeed reads a package manager's command that does not install what package.json names.
func (r *splitRun) managerDeed(i int, program shell.Program) deed {
	args := program.Arguments("-C", "--prefix", "--cwd", "-w", "--workspace", "-F", "--filter", "--dir")
	verb, second := "", ""
	if len(args.Operands) > 0 {
		verb = args.Operands[0].Value
	}
	if len(args.Operands) > 1 {
		second = args.Operands[1].Value
	}
	switch verb {
	case "":
		return deed{purpose: forNothing} // --version
	case "cache", "fetch", "store":
		return deed{purpose: toClean}
	case "audit", "get", "ls", "list", "outdated", "ping", "view", "whoami", "why":
		if verb != "audit" || second != "fix" {
			return deed{purpose: forNothing}
		}
	case "config", "c", "set":
		if verb == "set" && program.Name() == "yarn" {
			return deed{} // it writes its next version into the project
		}
		return r.configured(i, toConfigure)
	case "adduser", "create", "deploy", "dlx", "init", "link", "login", "plugin", "policies", "publish", "self-update",
		"up", "update", "upgrade":
		return deed{}
	}
	if install, ok := node.ReadInstall(program); ok && install.Named {
		return deed{} // package.json and the lockfile are other ones then
	}
	return deed{purpose: toBuild}
}

// called is a command as it is told.
func called(c shell.Command) string {
	words := shell.Values(c.Words)
	for i, w := range c.Words {
		if !w.Literal {
			words[i] = w.Text
		}
	}
	return fmt.Sprintf("`%s`", secret.Hide(strings.Join(words[:min(3, len(words))], " ")))
}
