package rules

import (
	"fmt"
	"slices"
	"strings"

	"dockerfile-ls/analysis/distribution"
	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/node"
	"dockerfile-ls/analysis/shell"
	"dockerfile-ls/analysis/text"
)

var buildToolsInProduction = &lint.Rule{
	ID:       BuildToolsInProduction,
	Severity: lint.Information,
	Section:  8,
	Title:    "The image that runs Node.js is the one that it was built in.",
	Why: "Compilers, bundlers and headers make the image large, and are at hand for whoever breaks in. Build in a stage " +
		"of its own, and copy what it makes into a final stage that has none of that.",
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
		f := lint.Finding{Span: found[0].Span, Message: fmt.Sprintf("`%s` %s in the image that runs: build in a stage of "+
			"its own, and copy what it makes.", found[0].name, found[0].stays)}
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
	return runsNode(p, stage) && !slices.ContainsFunc(processCommands(p, stage), func(c shell.Command) bool {
		return develops(c.Program())
	})
}

// develops reports whether a program is there to develop, to build or to test: by its name, or by a word that it is called
// with.
func develops(program shell.Program) bool {
	switch program.Name() {
	case "nodemon", "ts-node-dev", "tsnd", "vite", "webpack-dev-server", "react-scripts", "vue-cli-service", "ng", "parcel",
		"expo":
		return !slices.ContainsFunc(program.Words, func(w shell.Word) bool { return w.Value == "preview" })
	}
	return slices.ContainsFunc(program.Words, func(w shell.Word) bool {
		if strings.ContainsAny(w.Value, "./") {
			return false // a file may be called so
		}
		return slices.ContainsFunc(strings.FieldsFunc(w.Value, func(r rune) bool {
			return strings.ContainsRune(":-_", r)
		}), isDevelopment)
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
			if inst.Name == "COPY" && slices.ContainsFunc(p.Origins(inst), func(o dockerfile.Origin) bool {
				return o.Stage != nil
			}) {
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
		for _, w := range distribution.Installed(program) {
			if distribution.IsBuildPackage(w.Value) && !distribution.IsRemoved(program, w.Value, later) {
				found = append(found, buildTool{inst.At(w.Span), w.Value, "stays"})
			}
		}
		for _, w := range node.GlobalPackages(program) {
			if name := node.WithoutVersion(w.Value); node.IsDevTool(name) && !isCalled(p, stage, name) {
				found = append(found, buildTool{inst.At(w.Span), name, "stays"})
			}
		}
		if words := node.BuildCommand(program); len(words) > 0 && !slices.ContainsFunc(later, func(c shell.Command) bool {
			return node.Prunes(c.Program(), true)
		}) {
			found = append(found, buildTool{
				inst.At(text.Span{Start: words[0].Start, End: words[len(words)-1].End}), spoken(words),
				"leaves sources and tools",
			})
		}
	}
	return found
}

// isCalled reports whether a container of a stage runs a tool.
func isCalled(p *lint.Pass, stage *dockerfile.Stage, name string) bool {
	return slices.ContainsFunc(processCommands(p, stage), func(c shell.Command) bool {
		program := c.Program()
		return slices.ContainsFunc(append(program.Words, c.Words...), func(w shell.Word) bool { return w.Value == name })
	})
}

func spoken(words []shell.Word) string { return strings.Join(shell.Values(words), " ") }
