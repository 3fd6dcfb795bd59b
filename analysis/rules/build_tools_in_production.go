package rules

import (
	"fmt"
	"slices"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/node"
	"dockerfile-ls/analysis/shell"
	"dockerfile-ls/analysis/text"
)

var buildToolsInProduction = &lint.Rule{
	ID:       "build-tools-in-production",
	Severity: lint.Information,
	Section:  8,
	Title:    "The image that runs Node.js is the one that it was built in.",
	Why: "Compilers, bundlers and headers make the image large, and are at hand for whoever breaks in. Build in a stage of its " +
		"own, and copy what it makes into a final stage that has none of that.",
	Check: func(p *lint.Pass) {
		final := unsplit(p)
		if final == nil || !isNodeStage(p, final) {
			return
		}
		var found []buildTool
		for _, inst := range p.Instructions {
			if inst.Name == "RUN" && ships(p, p.StageOf(inst)) && mayBuild(inst.Extent.Of(p.Text)) {
				found = append(found, buildTools(p, final, inst)...)
			}
		}
		if len(found) == 0 {
			return
		}
		f := lint.Finding{Span: found[0].Span, Message: fmt.Sprintf("`%s` %s in the image that runs: build in a stage of its own, "+
			"and copy what it makes.", found[0].name, found[0].stays)}
		for _, other := range found[1:] {
			f.Related = append(f.Related, lint.Related{Span: other.Span, Message: fmt.Sprintf("so with `%s`", other.name)})
		}
		p.Report(f)
	},
}

// buildTool is a package, or a command, that only a build needs.
type buildTool struct {
	text.Span
	name, stays string
}

// servesNode reports whether a container of a stage runs Node.js, and not to develop or to test.
func servesNode(p *lint.Pass, stage *dockerfile.Stage) bool {
	return runsNode(p, stage) && !slices.ContainsFunc(processCommands(p, stage), func(c shell.Command) bool { return develops(c.Program()) })
}

// develops reports whether a program is there to develop, to build or to test: by its name, or by a word that it is called with.
func develops(program shell.Program) bool {
	switch program.Name() {
	case "nodemon", "ts-node-dev", "tsnd", "vite", "webpack-dev-server", "react-scripts", "vue-cli-service", "ng", "parcel", "expo":
		return !slices.ContainsFunc(program.Words, func(w shell.Word) bool { return w.Value == "preview" })
	}
	return slices.ContainsFunc(program.Words, func(w shell.Word) bool {
		if strings.ContainsAny(w.Value, "./") {
			return false // a file may be called so
		}
		return slices.ContainsFunc(strings.FieldsFunc(w.Value, func(r rune) bool { return strings.ContainsRune(":-_", r) }), isDevelopment)
	})
}

// isDevelopment reports whether a part of the name of a script, or of an option, says that it is for development.
func isDevelopment(word string) bool {
	switch word {
	case "build", "dev", "develop", "development", "watch", "test", "e2e", "lint", "storybook", "debug", "inspect", "brk":
		return true
	}
	return false
}

// copiesFromStage reports whether a stage, or one that it is based on, takes something from another stage.
func copiesFromStage(p *lint.Pass, stage *dockerfile.Stage) bool {
	for s := stage; s != nil; s = p.Parent(s) {
		for _, inst := range s.Instructions {
			if inst.Name == "COPY" && slices.ContainsFunc(p.Origins(inst), func(o dockerfile.Origin) bool { return o.Stage != nil }) {
				return true
			}
		}
	}
	return false
}

// mayBuild reports whether the text of a RUN has a word that a package manager or a build is called with.
func mayBuild(source string) bool {
	for _, word := range [...]string{"add", "install", "build", "compile", "tsc", "webpack", "rollup", "npm i ", "pnpm i "} {
		if strings.Contains(source, word) {
			return true
		}
	}
	return false
}

// buildTools are the packages that a RUN installs for a build and leaves there, and the builds that it makes.
func buildTools(p *lint.Pass, stage *dockerfile.Stage, inst *dockerfile.Instruction) []buildTool {
	script, posix := p.Script(inst)
	if !posix {
		return nil
	}
	var found []buildTool
	for i, c := range script.Commands {
		program := c.Program()
		later := script.Commands[i+1:]
		for _, w := range InstalledPackages(program) {
			if IsBuildPackage(w.Value) && !IsRemoved(program, w.Value, later) {
				found = append(found, buildTool{inst.At(w.Span), w.Value, "stays"})
			}
		}
		for _, w := range GlobalPackages(program) {
			if name := WithoutVersion(w.Value); IsDevTool(name) && !isCalled(p, stage, name) {
				found = append(found, buildTool{inst.At(w.Span), name, "stays"})
			}
		}
		if words := BuildCommand(program); len(words) > 0 && !slices.ContainsFunc(later, func(c shell.Command) bool { return node.Prunes(c.Program(), true) }) {
			found = append(found, buildTool{
				inst.At(text.Span{Start: words[0].Start, End: words[len(words)-1].End}), spoken(words), "leaves sources and tools",
			})
		}
	}
	return found
}

// InstalledPackages are the packages that a package manager of a distribution installs.
func InstalledPackages(program shell.Program) []shell.Word {
	verb := "install"
	switch program.Name() {
	case "apk":
		verb = "add"
	case "apt", "apt-get", "aptitude", "dnf", "microdnf", "yum":
	default:
		return nil
	}
	operands := program.Arguments("-t", "--virtual", "-o", "--option", "--repository", "-X").Operands
	if len(operands) == 0 || operands[0].Value != verb {
		return nil
	}
	return operands[1:]
}

// buildPackages are packages of the distributions that compile something, or watch how it runs.
var buildPackages = []string{
	"alpine-sdk", "autoconf", "automake", "build-base", "build-essential", "bison", "cargo", "clang", "cmake", "flex", "g++", "gcc",
	"gcc-c++", "gdb", "go", "golang", "libtool", "linux-headers", "make", "nasm", "ninja", "ninja-build", "rust", "rustc", "strace",
	"valgrind",
}

// IsBuildPackage reports whether a package of a distribution is one of those, with a version or without.
func IsBuildPackage(name string) bool {
	name, _, _ = strings.Cut(name, "=")
	return slices.Contains(buildPackages, name) || strings.HasSuffix(name, "-dev") || strings.HasSuffix(name, "-devel")
}

// IsRemoved reports whether a later command of the script removes a package, or may: by its name, by that of the group that it
// was installed with, or by a variable.
func IsRemoved(installed shell.Program, name string, later []shell.Command) bool {
	args := installed.Arguments("-t", "--virtual", "-o", "--option", "--repository", "-X")
	group, _ := args.Option("-t", "--virtual")
	return slices.ContainsFunc(later, func(c shell.Command) bool {
		program := c.Program()
		args := program.Arguments("-o", "--option")
		if program.Name() != installed.Name() && !(strings.HasPrefix(program.Name(), "apt") && strings.HasPrefix(installed.Name(), "apt")) {
			return false
		}
		if len(args.Operands) < 2 || !slices.Contains([]string{"del", "purge", "remove", "erase", "autoremove"}, args.Operands[0].Value) {
			return false
		}
		return slices.ContainsFunc(args.Operands[1:], func(w shell.Word) bool {
			return !w.Literal || w.Value == name || group.Value.Value != "" && w.Value == group.Value.Value
		})
	})
}

// GlobalPackages are the packages that a manager of Node.js installs for the whole image.
func GlobalPackages(program shell.Program) []shell.Word {
	if program.Name() == "yarn" {
		if args := program.Arguments(); len(args.Operands) > 2 && args.Operands[0].Value == "global" && args.Operands[1].Value == "add" {
			return args.Operands[2:]
		}
		return nil
	}
	if program.Name() != "npm" && program.Name() != "pnpm" && program.Name() != "bun" {
		return nil
	}
	install, ok := node.ReadInstall(program)
	if !ok || !install.Global || len(install.Args.Operands) == 0 {
		return nil
	}
	return install.Args.Operands[1:]
}

// WithoutVersion is the name of a package of npm.
func WithoutVersion(name string) string {
	if at := strings.LastIndexByte(name, '@'); at > 0 {
		return name[:at]
	}
	return name
}

// devTools are packages of npm that make code of code, check it, or start it anew when it changes.
var devTools = []string{
	"@angular/cli", "@nestjs/cli", "@vue/cli", "bower", "eslint", "grunt", "grunt-cli", "gulp", "gulp-cli", "jest", "lerna", "mocha",
	"node-gyp", "nodemon", "parcel", "rollup", "ts-node", "typescript", "vite", "webpack", "webpack-cli",
}

// IsDevTool reports whether a package of npm, named without its version, is one of those.
func IsDevTool(name string) bool { return slices.Contains(devTools, name) }

// isCalled reports whether a container of a stage runs a tool.
func isCalled(p *lint.Pass, stage *dockerfile.Stage, name string) bool {
	return slices.ContainsFunc(processCommands(p, stage), func(c shell.Command) bool {
		program := c.Program()
		return slices.ContainsFunc(append(program.Words, c.Words...), func(w shell.Word) bool { return w.Value == name })
	})
}

// BuildCommand are the words of a command that builds the application, up to what it builds; none if it does not.
func BuildCommand(program shell.Program) []shell.Word {
	words := program.Words
	switch program.Name() {
	case "npx", "bunx":
		if len(words) > 1 {
			inner := BuildCommand(shell.Program{Words: words[1:]})
			return words[:min(len(words), len(inner)+min(1, len(inner)))]
		}
	case "npm", "yarn", "pnpm", "bun":
		operands := program.Arguments("-w", "--workspace", "--prefix", "-C", "--cwd", "-F", "--filter", "--dir").Operands
		if len(operands) > 1 && (operands[0].Value == "run" || operands[0].Value == "run-script") {
			return upTo(words, operands[1], isBuildScript(operands[1].Value))
		}
		if len(operands) > 0 && program.Name() != "npm" {
			return upTo(words, operands[0], isBuildScript(operands[0].Value))
		}
	case "tsc", "webpack", "rollup", "esbuild":
		return words[:1]
	case "next", "nuxt", "vite", "ng", "nest", "turbo", "nx", "parcel", "react-scripts":
		if len(words) > 1 && words[1].Value == "build" {
			return words[:2]
		}
	}
	return nil
}

// upTo are the words of a command up to one of them, if it is a build.
func upTo(words []shell.Word, last shell.Word, builds bool) []shell.Word {
	if !builds {
		return nil
	}
	return words[:1+slices.IndexFunc(words, func(w shell.Word) bool { return w.Span == last.Span })]
}

// isBuildScript reports whether a script of package.json is called as one that builds.
func isBuildScript(name string) bool {
	first, _, _ := strings.Cut(strings.ReplaceAll(name, "-", ":"), ":")
	return first == "build" || first == "compile" || strings.HasSuffix(name, ":build")
}

func spoken(words []shell.Word) string { return strings.Join(shell.Values(words), " ") }
