package rules

import (
	"fmt"
	"slices"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/node"
	"dockerfile-ls/analysis/shell"
	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

var nodeEnvNotProduction = &lint.Rule{
	ID:       NodeEnvNotProduction,
	Severity: lint.Warning,
	Section:  3,
	Title:    "The final stage runs Node.js without NODE_ENV=production.",
	Why: "Express and many other libraries cache, log less and hide stack traces only if NODE_ENV is production. It is " +
		"about more than which packages are installed.",
	Check: func(p *lint.Pass) {
		final := p.Final()
		if final == nil || final.Development() || !isNodeStage(p, final) || !runsNode(p, final) || setsNodeEnv(p, final) {
			return
		}
		env, pair := p.ContainerBinding(final, "NODE_ENV")
		if env == nil {
			tellUnset(p, final)
			return
		}
		value := p.ContainerValue(final, "NODE_ENV")
		if value.State != dockerfile.Known || value.Default || value.Text == "production" {
			return
		}
		p.Report(lint.Finding{
			Span:    pair.Value.Span,
			Message: fmt.Sprintf("NODE_ENV is `%s` in the final stage: write `production`.", value.Text),
			Fixes: []lint.Fix{{
				Title: "Change NODE_ENV to production",
				Edits: []text.Edit{{Span: pair.Value.Span, New: "production"}},
				Risk:  "the application behaves differently",
			}},
			Related: hiddenProduction(p, final, pair),
		})
	},
}

// hiddenProduction is the ENV in front of another one that sets NODE_ENV to production and has no effect for it.
func hiddenProduction(p *lint.Pass, stage *dockerfile.Stage, hiding syntax.Pair) []lint.Related {
	inst, pair := lastNodeEnv(p, stage, hiding.Key.Start, "ENV")
	if inst == nil || !isProduction(p, inst, pair) {
		return nil
	}
	return []lint.Related{{Span: pair.Value.Span, Message: "this value is hidden"}}
}

// lastNodeEnv is the last instruction with one of the names, and its pair, that sets NODE_ENV in front of a place of a
// stage, or in a stage below; nil if there is none.
func lastNodeEnv(p *lint.Pass, stage *dockerfile.Stage, end int, names ...string) (*dockerfile.Instruction, syntax.Pair) {
	for s := stage; s != nil; s = p.Parent(s) {
		for _, inst := range slices.Backward(s.Instructions) {
			if !slices.Contains(names, inst.Name) {
				continue
			}
			for _, pair := range slices.Backward(inst.Pairs) {
				if pair.Key.Text == "NODE_ENV" && pair.Key.Start < end {
					return inst, pair
				}
			}
		}
	}
	return nil, syntax.Pair{}
}

// productionElsewhere is the first ARG or ENV that sets NODE_ENV to production and does not reach the container: an ARG
// counts in the build alone, and an ENV in its stage.
func productionElsewhere(p *lint.Pass) []lint.Related {
	for _, inst := range p.Instructions {
		for _, pair := range inst.Pairs {
			switch {
			case p.StageOf(inst) == nil || !isProduction(p, inst, pair):
			case inst.Name == "ARG":
				return []lint.Related{{Span: pair.Key.Span, Message: "an ARG counts in the build only"}}
			case inst.Name == "ENV":
				return []lint.Related{{Span: pair.Key.Span, Message: "this counts in its own stage only"}}
			}
		}
	}
	return nil
}

func isProduction(p *lint.Pass, inst *dockerfile.Instruction, pair syntax.Pair) bool {
	return pair.Key.Text == "NODE_ENV" && p.Expand(inst, pair.Value.Text).Is("production")
}

// tellUnset is softer where the base image is not the official one, and may set NODE_ENV itself.
func tellUnset(p *lint.Pass, stage *dockerfile.Stage) {
	f := lint.Finding{
		Span:    stage.Base.Span,
		Message: "NODE_ENV is not set: write `ENV NODE_ENV=production` into this stage.",
		Fixes:   setProduction(p, stage),
		Related: productionElsewhere(p),
	}
	ref, _ := p.Image(stage)
	if _, official := ref.Node(); !official {
		f.Severity = lint.Information
		f.Message = fmt.Sprintf(
			"NODE_ENV is not set, if `%s` does not set it: write `ENV NODE_ENV=production` into this stage.",
			stage.Base.Text,
		)
	}
	p.Report(f)
}

// runsNode reports whether the command that the file gives a container is Node.js, a package manager, or a script.
func runsNode(p *lint.Pass, stage *dockerfile.Stage) bool {
	return slices.ContainsFunc(processCommands(p, stage), func(c shell.Command) bool {
		program := c.Program()
		return node.Runs(program) || strings.HasSuffix(program.Name(), ".sh")
	})
}

// setsNodeEnv reports whether the command itself sets NODE_ENV to production: in front of it, through cross-env, or in the
// script of package.json that it runs.
func setsNodeEnv(p *lint.Pass, stage *dockerfile.Stage) bool {
	return slices.ContainsFunc(processCommands(p, stage), func(c shell.Command) bool {
		return startsInProduction(p, stage, c, maxScripts)
	})
}

// maxScripts is how many scripts of package.json are followed that run each other.
const maxScripts = 8

func startsInProduction(p *lint.Pass, stage *dockerfile.Stage, c shell.Command, left int) bool {
	program := c.Program()
	if slices.ContainsFunc(program.Assigns, func(a shell.Assign) bool {
		return a.Name == "NODE_ENV" && a.Value.Value == "production"
	}) {
		return true
	}
	if left == 0 || !node.RunsScript(program) {
		return false
	}
	pkg, _ := packageAt(p, stage)
	name, _ := calledScript(program)
	script := shell.ParseFile(pkg.Scripts[name])
	last := script.Last()
	return last != nil && startsInProduction(p, stage, *last, left-1)
}

// setProduction offers the ENV: behind FROM where nothing is installed or built that would need dev dependencies, else
// behind the last install or build of the stage.
func setProduction(p *lint.Pass, stage *dockerfile.Stage) []lint.Fix {
	fix := lint.Fix{Title: "Set NODE_ENV to production", Safe: true}
	if isBase(p, stage) {
		fix.Safe, fix.Risk = false, "other stages build on this one"
	}
	last := lastNeedingDev(p, stage)
	if last == nil {
		last = head(stage)
	}
	fix.Edits = []text.Edit{p.InsertAfter(last, "ENV NODE_ENV=production")}
	return []lint.Fix{fix}
}

func isBase(p *lint.Pass, stage *dockerfile.Stage) bool {
	for _, s := range p.Stages {
		if p.Parent(s) == stage {
			return true
		}
	}
	return false
}

// lastNeedingDev is the last RUN of a stage that builds something, or installs dev dependencies, or is not known; nil if
// there is none.
func lastNeedingDev(p *lint.Pass, stage *dockerfile.Stage) *dockerfile.Instruction {
	for i := len(stage.Instructions) - 1; i >= 0; i-- {
		inst := stage.Instructions[i]
		if inst.Name != "RUN" {
			continue
		}
		script, posix := p.Script(inst)
		if !posix || !script.Known() {
			return inst
		}
		for _, c := range script.Commands {
			program := c.Program()
			install, installs := node.ReadInstall(program)
			if node.Builds(program) || installs && !install.OmitsDev() && !install.Global {
				return inst
			}
		}
	}
	return nil
}

// head is the last of the ARG and LABEL instructions that stand directly behind the FROM, or the FROM.
func head(stage *dockerfile.Stage) *dockerfile.Instruction {
	last := stage.From
	for _, inst := range stage.Instructions {
		if inst.Name != "ARG" && inst.Name != "LABEL" {
			break
		}
		last = inst
	}
	return last
}
