package rules

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/node"
	"dockerfile-ls/analysis/project"
	"dockerfile-ls/analysis/shell"
)

// risk is why an install may not go without dev dependencies, as a few words; empty only if it is known that it may.
func (i install) risk(release node.Release) string {
	switch {
	case i.berry(release):
		return "it does not check the lockfile"
	case release.Manager == node.Yarn && release.Major == 0:
		return "Yarn 2 and later do not know it"
	case release.Manager == node.NPM && release.Major == 0:
		return "npm before 7 ignores it"
	}
	if later := i.needsDevLater(); later != "" {
		return fmt.Sprintf("`%s` may need them", later)
	}
	found := i.project()
	pkg := found.Package
	if found.State != project.Known || pkg.Scripts.State == project.Unknown || pkg.Dependencies.State == project.Unknown ||
		!isAlone(found) {
		return "a script of a package.json may need them"
	}
	if !i.Has("--ignore-scripts") {
		for _, name := range node.InstallHooks() {
			if !runsWithoutDev(pkg, pkg.Scripts.Value[name], 0) {
				return fmt.Sprintf("the script `%s` of package.json may need them", name)
			}
		}
	}
	return i.commandNeedsDev(pkg)
}

// effects are what the commands of a RUN mean for dev dependencies that are there.
type effects struct {
	lastPrune int      // the index of the last command that takes them away; -1 if none does
	needs     []string // how each command is called that may need them; empty for all others
	lastBuild int      // the index of the last command that is known to build; -1 if none does
}

// effectsOf reads the script of a RUN once. A script that is not known may need them at its end.
func (r *reading) effectsOf(inst *dockerfile.Instruction) *effects {
	if e := r.effects[inst]; e != nil {
		return e
	}
	e := &effects{lastPrune: -1, lastBuild: -1}
	r.effects[inst] = e
	script, posix := r.pass.Script(inst)
	if !posix {
		e.needs = []string{"RUN"}
		return e
	}
	production := r.pass.Value(inst, "NODE_ENV").Is("production")
	for n, c := range script.Commands {
		program := c.Program()
		v, assigned := assigned(program.Assigns, "NODE_ENV")
		if node.Prunes(program, production && !assigned || v.Is("production")) {
			e.lastPrune = n
		}
		needs := ""
		if len(program.Words) > 0 && !goesWithout(program) {
			needs = spoken(program.Words[:min(len(program.Words), 3)])
		}
		e.needs = append(e.needs, needs)
		if needs != "" && node.Builds(program) {
			e.lastBuild = n
		}
	}
	if !script.Known() {
		e.needs = append(e.needs, "RUN")
	}
	return e
}

// needsDevLater is a later command, in a stage that has what is installed, that may need dev dependencies; empty if none
// does.
func (i install) needsDevLater() string {
	if needs := cmp.Or(i.effectsOf(i.inst).needs[i.command+1:]...); needs != "" {
		return needs
	}
	for _, stage := range withModulesOf(i.pass, i.stage) {
		for _, inst := range stage.Instructions {
			if inst.Name != "RUN" || inst.Start <= i.inst.Start {
				continue
			}
			if needs := cmp.Or(i.effectsOf(inst).needs...); needs != "" {
				return needs
			}
		}
	}
	return ""
}

// build is a command that is known to build, and so needs dev dependencies.
type build struct {
	inst      *dockerfile.Instruction
	command   int    // its index in the script
	called    string // how it is called; empty if there is none
	elsewhere bool   // it is in another stage than what it is built with
}

// builtWith is the last build with what is installed, in the same stage, or else in another one.
func (i install) builtWith() (last build) {
	if e := i.effectsOf(i.inst); e.lastBuild > i.command {
		last = build{i.inst, e.lastBuild, e.needs[e.lastBuild], false}
	}
	for _, stage := range withModulesOf(i.pass, i.stage) {
		for _, inst := range stage.Instructions {
			if inst.Name != "RUN" || inst.Start <= i.inst.Start {
				continue
			}
			if e := i.effectsOf(inst); e.lastBuild >= 0 {
				last = build{inst, e.lastBuild, e.needs[e.lastBuild], stage != i.stage}
			}
		}
		if last.called != "" {
			break
		}
	}
	return last
}

// withModulesOf are a stage, those that are based on it, and those that take something from one of them.
func withModulesOf(p *lint.Pass, from *dockerfile.Stage) []*dockerfile.Stage {
	found := []*dockerfile.Stage{from}
	has := make([]bool, len(p.Stages))
	has[from.Index] = true
	for _, stage := range p.Stages[from.Index+1:] {
		parent := p.Parent(stage)
		if parent != nil &&
			has[parent.Index] || slices.ContainsFunc(stage.Instructions, func(inst *dockerfile.Instruction) bool {
			return (inst.Name == "COPY" || inst.Name == "RUN") &&
				slices.ContainsFunc(p.Origins(inst), func(o dockerfile.Origin) bool {
					return o.Stage != nil && has[o.Stage.Index]
				})
		}) {
			has[stage.Index] = true
			found = append(found, stage)
		}
	}
	return found
}

// goesWithout reports whether a program of a build is known to need no package of the application.
func goesWithout(program shell.Program) bool {
	switch name := program.Name(); name {
	case ":", "[", "addgroup", "adduser", "apk", "apt", "apt-get", "cat", "cd", "chgrp", "chmod", "chown", "corepack", "cp",
		"curl", "dnf", "echo", "exit", "export", "find", "groupadd", "install", "ln", "ls", "microdnf", "mkdir", "mv",
		"printf", "rm", "sed", "set", "tar", "test", "touch", "true", "unset", "useradd", "usermod", "wget", "yum":
		return true
	case "npm", "pnpm", "yarn", "bun":
		if _, ok := readAnyInstall(program); ok {
			return true // its scripts find what it installs itself
		}
		operands := program.Arguments("-C", "--prefix").Operands
		if len(operands) == 0 {
			return true // npm --version
		}
		switch operands[0].Value {
		case "cache", "config", "prune", "set", "store":
			return true
		}
	}
	return false
}

// runsWithoutDev reports whether a script of package.json is known to run without dev dependencies.
func runsWithoutDev(pkg project.Package, script string, depth int) bool {
	if script == "" {
		return true
	}
	parsed := shell.ParseFile(script)
	return parsed.Known() && depth < 3 && !slices.ContainsFunc(parsed.Commands, func(c shell.Command) bool {
		program := c.Program()
		return len(program.Words) > 0 && !goesWithout(program) && !startsWithoutDev(pkg, program, depth)
	})
}

// startsWithoutDev reports whether a program is Node.js with a file, a script of package.json that is, or a tool of
// dependencies.
func startsWithoutDev(pkg project.Package, program shell.Program, depth int) bool {
	name := program.Name()
	switch name {
	case "node":
		return !slices.ContainsFunc(program.Words, func(w shell.Word) bool {
			return !w.Literal || strings.HasPrefix(w.Value, "-r") || strings.HasPrefix(w.Value, "--require") ||
				strings.HasPrefix(w.Value, "--import") ||
				strings.HasPrefix(w.Value, "--loader") || strings.HasPrefix(w.Value, "--experimental-loader") ||
				strings.HasSuffix(w.Value, "ts")
		})
	case "npm", "yarn", "pnpm":
		script, known := calledScript(program)
		text, there := pkg.Scripts.Value[script]
		if !known || !there {
			return false
		}
		return runsWithoutDev(pkg, pkg.Scripts.Value["pre"+script], depth+1) && runsWithoutDev(pkg, text, depth+1)
	}
	_, dependency := pkg.Dependencies.Value[name]
	return dependency
}

// calledScript is the script of package.json that a manager is called to run.
func calledScript(program shell.Program) (string, bool) {
	operands := program.Arguments().Operands
	switch {
	case len(operands) == 0 || !operands[0].Literal:
		return "", false
	case operands[0].Value == "run" || operands[0].Value == "run-script":
		return lastLiteral(operands)
	}
	return operands[0].Value, true
}

func lastLiteral(operands []shell.Word) (string, bool) {
	if len(operands) < 2 || !operands[1].Literal {
		return "", false
	}
	return operands[1].Value, true
}

// commandNeedsDev says that what the container runs may need dev dependencies; empty if it is known not to.
func (i install) commandNeedsDev(pkg project.Package) string {
	commands := processCommands(i.pass, i.pass.Final())
	if len(commands) == 0 {
		return "what the container runs may need them"
	}
	for _, c := range commands {
		if program := c.Program(); len(program.Words) > 0 && !isInit(program) && !startsWithoutDev(pkg, program, 0) {
			return fmt.Sprintf("`%s` may need them", spoken(program.Words[:min(len(program.Words), 3)]))
		}
	}
	return ""
}

// devTool is a dev dependency that the command of the final stage is known to run; empty if none is.
func (i install) devTool() string {
	pkg := i.project().Package
	for _, c := range processCommands(i.pass, i.pass.Final()) {
		if tool := devToolOf(pkg, c.Program(), 0); tool != "" {
			return tool
		}
	}
	return ""
}

// devToolOf is a dev dependency, and no other one besides, that a program is or runs by a script of package.json.
func devToolOf(pkg project.Package, program shell.Program, depth int) string {
	switch name := program.Name(); name {
	case "npm", "yarn", "pnpm":
		script, known := calledScript(program)
		text, there := pkg.Scripts.Value[script]
		if !known || !there || depth > 3 {
			return ""
		}
		for _, c := range shell.ParseFile(text).Commands {
			if tool := devToolOf(pkg, c.Program(), depth+1); tool != "" {
				return tool
			}
		}
		return ""
	default:
		from := packageOfTool(name)
		_, dev := pkg.DevDependencies.Value[from]
		_, dependency := pkg.Dependencies.Value[from]
		if !dev || dependency {
			return ""
		}
		return name
	}
}

// packageOfTool is the package that brings a tool, which most call alike.
func packageOfTool(tool string) string {
	switch tool {
	case "nest":
		return "@nestjs/cli"
	case "ng":
		return "@angular/cli"
	case "tsc":
		return "typescript"
	case "vue-cli-service":
		return "@vue/cli-service"
	}
	return tool
}

// isInit reports whether a program is an init to which CMD is given as arguments.
func isInit(program shell.Program) bool {
	switch program.Name() {
	case "catatonit", "dumb-init", "tini", "tini-static":
		return true
	}
	return false
}

// testStage is the stage that tests with what another stage has installed; nil if there is none.
func testStage(p *lint.Pass, from *dockerfile.Stage) *dockerfile.Stage {
	for _, stage := range withModulesOf(p, from)[1:] {
		if stage.Development() || runsTests(p, stage) {
			return stage
		}
	}
	return nil
}

// runsTests reports whether a stage is there to test or to check, by its name or by what it runs.
func runsTests(p *lint.Pass, stage *dockerfile.Stage) bool {
	if strings.Contains(strings.ToLower(stage.Name.Text), "test") {
		return true
	}
	return slices.ContainsFunc(stage.Instructions, func(inst *dockerfile.Instruction) bool {
		if inst.Name != "RUN" || !strings.Contains(inst.Line.Text, "test") && !strings.Contains(inst.Line.Text, "lint") {
			return false
		}
		script, posix := p.Script(inst)
		return posix && slices.ContainsFunc(script.Commands, func(c shell.Command) bool { return isTest(c.Program()) })
	})
}

// isTest reports whether a program tests or checks the application.
func isTest(program shell.Program) bool {
	switch program.Name() {
	case "jest", "mocha", "vitest", "eslint", "ava", "tap", "cypress", "playwright":
		return true
	case "npm", "yarn", "pnpm", "npx", "bun":
		script, _ := calledScript(program)
		first, _, _ := strings.Cut(strings.ReplaceAll(script, "-", ":"), ":")
		return first == "test" || first == "t" || first == "lint" || first == "eslint" || first == "jest"
	}
	return false
}
