package node

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"dockerfile-ls/analysis/shell"
)

// Release is a version of a package manager, as far as it is known.
type Release struct {
	Manager Manager
	// Major is the least version that it can be; 0 if nothing is known. That of a Yarn known to be berry is at least 2.
	Major int
}

// OmitsInProduction reports whether NODE_ENV=production makes an install leave dev dependencies out; known is false where
// the version decides. Source: cheatsheet-rules, by running each.
func (r Release) OmitsInProduction() (omits, known bool) {
	switch r.Manager {
	case NPM:
		return true, true
	case Yarn:
		return r.Major == 1, r.Major > 0
	case PNPM:
		return r.Major < 10, r.Major > 0
	}
	return false, true
}

// OmitOption is the option that makes an install leave dev dependencies out. Berry has none for a plain install.
func (r Release) OmitOption() string {
	switch {
	case r.Manager == PNPM:
		return "--prod"
	case r.Manager == NPM && !r.isOldNPM():
		return "--omit=dev"
	}
	return "--production"
}

// Prune is the command that takes dev dependencies away that were installed before. pnpm from 10.16 on asks before it
// removes, and stops where nobody is there to answer, unless CI is set (pnpm issue 9966).
func (r Release) Prune() string {
	switch {
	case r.Manager == NPM:
		return "npm prune " + r.OmitOption()
	case r.Manager == PNPM:
		return "CI=true pnpm prune " + r.OmitOption()
	case r.Manager == Yarn && r.Major > 1:
		return "yarn workspaces focus --all --production"
	}
	if r.Manager == Bun {
		return "rm -rf node_modules && bun install --frozen-lockfile --production"
	}
	return "yarn install --frozen-lockfile --production"
}

// isOldNPM reports whether it is known to be an npm without --omit.
func (r Release) isOldNPM() bool { return r.Manager == NPM && r.Major > 0 && r.Major < 7 }

// DevOption is the option of an install that decides about dev dependencies, whatever NODE_ENV says.
type DevOption struct {
	shell.Option
	Omits   bool
	Ignored bool // the release does not know it
}

// DevOption is the one that counts; false if the words say nothing about dev dependencies. npm installs what is both left
// out and asked for.
func (i Install) DevOption(r Release) (DevOption, bool) {
	var found []DevOption
	for _, option := range i.Args.Options {
		if d, ok := i.devOption(option); ok {
			d.Ignored = option.Name == "--omit" && r.isOldNPM()
			found = append(found, d)
		}
	}
	slices.SortStableFunc(found, func(a, b DevOption) int { return a.strength() - b.strength() })
	if len(found) == 0 {
		return DevOption{}, false
	}
	return found[len(found)-1], true
}

// strength orders options on one command, the one that counts last.
func (d DevOption) strength() int {
	switch {
	case d.Ignored:
		return 0
	case d.Omits:
		return 1
	}
	return 2
}

func (i Install) devOption(option shell.Option) (DevOption, bool) {
	off := option.HasValue && option.Value.Value == "false"
	switch name, value := option.Name, option.Value.Value; {
	case name == "--omit" && value == "dev", name == "--only" && strings.HasPrefix(value, "prod"):
		return DevOption{Option: option, Omits: true}, true
	case name == "--include" && value == "dev", name == "--also" && strings.HasPrefix(value, "dev"),
		name == "--no-production":
		return DevOption{Option: option}, true
	case name == "--production", name == "--prod", i.Manager == PNPM && name == "-P", i.Manager == Bun && name == "-p":
		return DevOption{Option: option, Omits: !off}, true
	}
	return DevOption{}, false
}

// OmitsDev reports whether the command says by itself that dev dependencies are left out.
func (i Install) OmitsDev() bool {
	option, ok := i.DevOption(Release{Manager: i.Manager})
	return ok && option.Omits
}

// OnlyDev reports whether the command installs nothing but dev dependencies.
func (i Install) OnlyDev() bool {
	only, limits := i.Args.Option("--only")
	return limits && strings.HasPrefix(only.Value.Value, "dev") || i.Manager == PNPM && i.Has("-D", "--dev")
}

// ReadPart reads a command that installs a part of a monorepo: yarn workspaces focus, which is berry's, and pnpm deploy. The
// verb is its last word, and the operands are those behind it.
func ReadPart(p shell.Program) (Install, bool) {
	i := Install{Manager: Manager(p.Name()), Words: p.Words, Args: arguments(p)}
	switch i.Manager {
	case Yarn:
		return i.part("workspaces", "focus")
	case PNPM:
		return i.part("deploy")
	}
	return i, false
}

func (i Install) part(verb ...string) (Install, bool) {
	if len(i.Args.Operands) < len(verb) || i.asksOnly() {
		return i, false
	}
	for n, word := range verb {
		if i.Args.Operands[n].Value != word {
			return i, false
		}
	}
	i.Verb = i.Args.Operands[len(verb)-1]
	i.Args.Operands = i.Args.Operands[len(verb):]
	return i, true
}

// Prunes reports whether a program takes away dev dependencies that an earlier one has installed, or all that it has;
// production says that NODE_ENV is production.
func Prunes(p shell.Program, production bool) bool {
	if p.Name() == "rm" {
		args := p.Arguments()
		return slices.ContainsFunc(args.Operands, func(w shell.Word) bool {
			path := strings.TrimRight(w.Value, "/*")
			return path == "node_modules" || strings.HasSuffix(path, "/node_modules")
		})
	}
	i := Install{Manager: Manager(p.Name()), Args: arguments(p)}
	switch i.Manager {
	case NPM, PNPM:
		if firstIs(i.Args, "prune") {
			return i.OmitsDev() || production && !i.keepsDev()
		}
	case Yarn:
		if firstIs(i.Args, "workspaces") {
			part, ok := ReadPart(p)
			return ok && part.OmitsDev()
		}
	}
	install, ok := ReadInstall(p)
	return ok && !install.Global && install.OmitsDev()
}

func (i Install) keepsDev() bool {
	option, ok := i.DevOption(Release{Manager: i.Manager})
	return ok && !option.Omits
}

// SetsUp reports whether a program may configure a manager or put one into the image, besides npm install -g.
func SetsUp(p shell.Program) bool {
	switch name := p.Name(); {
	case name == "corepack":
		return true
	case Manager(name) == NPM || Manager(name) == Yarn || Manager(name) == PNPM:
		return slices.ContainsFunc(p.Words, func(w shell.Word) bool {
			return w.Value == "config" || w.Value == "set" || w.Value == "policies"
		})
	}
	return false
}

// SetsOmission reports whether a program writes into a manager's configuration that dev dependencies are left out.
func SetsOmission(p shell.Program) bool {
	switch Manager(p.Name()) {
	case NPM, Yarn, PNPM:
	default:
		return false
	}
	args := p.Arguments("-C", "--location", "-L")
	words := args.Operands
	if len(words) > 0 && words[0].Value == "config" {
		words = words[1:]
	}
	if len(words) < 2 || words[0].Value != "set" {
		return false
	}
	key, value, joined := strings.Cut(words[1].Value, "=")
	if !joined && len(words) > 2 {
		value = words[2].Value
	}
	return OmissionSetting(key, value)
}

// OmissionSetting reports whether a setting, as .npmrc has it, leaves dev dependencies out.
func OmissionSetting(key, value string) bool {
	switch key {
	case "production":
		return value == "true"
	case "omit":
		return value == "dev"
	case "only":
		return strings.HasPrefix(value, "prod")
	}
	return false
}

// pinned matches a package manager with a version: pnpm@9, npm@^10.2.0.
var pinned = regexp.MustCompile(`^(npm|pnpm|yarn)@(?:[\^~]|>=)?v?(\d+)(?:\..*)?$`)

// Provides is the release of a package manager that a program puts into the image: npm install -g pnpm@9, corepack prepare
// pnpm@9.1.0 --activate, yarn set version berry. Major is 0 where it does not say which.
func Provides(p shell.Program) (Release, bool) {
	var words []shell.Word
	switch args := p.Arguments("-g"); p.Name() {
	case "corepack":
		words = p.Arguments().Operands
	case "yarn":
		return setVersion(args.Operands)
	case "npm":
		install, ok := ReadInstall(p)
		if !ok || !install.Global {
			return Release{}, false
		}
		words = install.Args.Operands
	}
	for _, w := range words[min(1, len(words)):] {
		name, _, _ := strings.Cut(w.Value, "@")
		switch Manager(name) {
		case NPM, PNPM, Yarn:
			return Release{Manager(name), major(w.Value)}, true
		}
	}
	return Release{}, false
}

// setVersion reads the operands of yarn set version.
func setVersion(operands []shell.Word) (Release, bool) {
	if len(operands) < 3 || operands[0].Value != "set" && operands[0].Value != "policies" {
		return Release{}, false
	}
	switch version := operands[2].Value; version {
	case "berry", "stable", "latest", "canary":
		return Release{Yarn, 2}, true
	case "classic":
		return Release{Yarn, 1}, true
	default:
		return Release{Yarn, major("yarn@" + version)}, true
	}
}

// major reads a manager with a version; without one it is the newest that the registry has, which no table can know better
// than by its least.
func major(word string) int {
	switch name, version, _ := strings.Cut(word, "@"); {
	case version != "" && version != "latest":
	case Manager(name) == NPM:
		return 9
	case Manager(name) == PNPM:
		return 10
	case Manager(name) == Yarn:
		return 1 // later ones are no package of this name
	}
	m := pinned.FindStringSubmatch(word)
	if m == nil {
		return 0
	}
	n, _ := strconv.Atoi(m[2]) // too many digits say nothing
	return n
}
