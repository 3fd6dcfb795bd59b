package rules

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/node"
	"dockerfile-ls/analysis/project"
	"dockerfile-ls/analysis/shell"
)

// Started is what a container of a stage runs by its ENTRYPOINT, its CMD and its HEALTHCHECK.
type Started struct {
	// Commands are all, those of the scripts that they start too: of package.json, and of the context.
	Commands []shell.Command
	Unseen   string // the script of the context, or what else is not known; empty if everything is
	// Develops says that one of them is there to develop.
	Develops bool

	scripts node.Package // of package.json, whose commands are among these
	global  []string     // the packages of npm that are installed for the whole image
}

// maxFollowed is how many commands are read of what a container starts; scripts may run each other in circles.
const maxFollowed = 64

// Starts follows what a container of a stage runs; around may be nil.
func Starts(m *dockerfile.Model, around *project.Surroundings, stage *dockerfile.Stage) Started {
	p := lint.Outside(m, around)
	s := Started{}
	run := m.Process(stage)
	for _, inst := range []*dockerfile.Instruction{run.Entrypoint, run.Cmd, m.InForceAtEnd(stage, "HEALTHCHECK")} {
		if inst == nil {
			continue
		}
		script, posix := m.Script(inst)
		if !posix || !script.Known() {
			s.Unseen = "`" + inst.Name + "`"
			return s
		}
		s.Commands = append(s.Commands, script.Commands...)
	}
	s.scripts, _ = packageAt(p, stage)
	s.global = globalNames(p, stage)
	for i := 0; i < min(len(s.Commands), maxFollowed); i++ {
		s.follow(p, stage, s.Commands[i])
	}
	return s
}

// globalNames are the packages of npm that a stage installs for the whole image.
func globalNames(p *lint.Pass, stage *dockerfile.Stage) []string {
	var names []string
	for _, inst := range stage.Instructions {
		script, posix := p.Script(inst)
		if inst.Name != "RUN" || !posix {
			continue
		}
		for _, c := range script.Commands {
			for _, w := range node.GlobalPackages(c.Program()) {
				names = append(names, node.WithoutVersion(w.Value))
			}
		}
	}
	return names
}

// follow adds the commands of the scripts that a command starts.
func (s *Started) follow(p *lint.Pass, stage *dockerfile.Stage, c shell.Command) {
	program := c.Program()
	s.Develops = s.Develops || develops(program)
	if name, calls := managersScript(program); calls {
		for _, hook := range []string{"pre", "", "post"} {
			s.add(shell.ParseFile(s.scripts.Scripts[hook+name]))
		}
	}
	for _, w := range c.Words {
		if !isScriptName(path.Base(w.Value)) {
			continue
		}
		switch _, text, found := shellScript(p, stage, w.Value); {
		case found:
			s.add(shell.ParseFile(text))
		case !isImagesOwn(stage, w.Value):
			s.Unseen = "`" + w.Value + "`"
		}
	}
}

func (s *Started) add(script shell.Script) {
	if !script.Known() {
		s.Unseen = "a script"
	}
	s.Commands = append(s.Commands, script.Commands...)
}

// isImagesOwn reports whether a word is the entry script of the official image, and no COPY brings another one of that name.
func isImagesOwn(stage *dockerfile.Stage, word string) bool {
	return path.Base(word) == "docker-entrypoint.sh" &&
		!slices.ContainsFunc(stage.Instructions, func(inst *dockerfile.Instruction) bool {
			return (inst.Name == "COPY" || inst.Name == "ADD") && strings.Contains(inst.Line.Text, "docker-entrypoint.sh")
		})
}

// managersScript is the script of package.json that a package manager is called to run.
func managersScript(program shell.Program) (string, bool) {
	switch program.Name() {
	case "npm", "yarn", "pnpm", "bun":
		return calledScript(program)
	}
	return "", false
}

// startedNeedsDev says as a clause which command may need dev dependencies; empty if it is known that none does.
func startedNeedsDev(s Started, pkg project.Package) string {
	if s.Unseen != "" {
		return fmt.Sprintf("what %s runs is not seen", s.Unseen)
	}
	for _, c := range s.Commands {
		program := c.Program()
		for _, wrapper := range program.Wrappers {
			if _, dev := pkg.DevDependencies.Value[wrapper]; dev {
				return fmt.Sprintf("`%s` is one of them", wrapper)
			}
		}
		if len(program.Words) == 0 || isInit(program) || goesWithout(program) || isScriptName(program.Name()) ||
			!program.Words[0].Literal {
			continue
		}
		if name, calls := managersScript(program); calls && s.scripts.Scripts[name] != "" {
			continue // its commands are among these
		}
		if shell.IsBuiltin(program.Name()) || isShellWithScript(program) || startsWithoutDev(pkg, program, 0) {
			continue
		}
		if preloadsDependencies(pkg, program) || s.supplies(pkg, program) {
			continue
		}
		return fmt.Sprintf("`%s` may need them", spoken(program.Words[:min(len(program.Words), 3)]))
	}
	return ""
}

// isShellWithScript reports whether a program is a shell with its script among its words, whose commands are read by
// themselves.
func isShellWithScript(program shell.Program) bool {
	return isShellName(program.Name()) && slices.ContainsFunc(program.Words, func(w shell.Word) bool {
		return w.Value == "-c"
	})
}

// supplies reports whether a tool comes of a package that is installed for the whole image, or of dependencies: packages are
// called like their tools in part, as @remix-run/serve brings remix-serve and pm2 brings pm2-runtime.
func (s Started) supplies(pkg project.Package, program shell.Program) bool {
	tool := toolOf(program)
	if tool == "" {
		return false
	}
	parts := strings.Split(tool, "-")
	hasAll := func(name string) bool {
		return !slices.ContainsFunc(parts, func(part string) bool { return !strings.Contains(name, part) })
	}
	hasFirst := func(name string) bool { return strings.Contains(name, parts[0]) }
	if slices.ContainsFunc(s.global, hasFirst) || isMapped(pkg.Dependencies.Value, hasAll) && len(parts) > 1 {
		return true
	}
	return isMapped(pkg.Dependencies.Value, hasFirst) && !isMapped(pkg.DevDependencies.Value, hasFirst)
}

// toolOf is the tool that a program is, or that a package manager starts; empty if it is none.
func toolOf(program shell.Program) string {
	operands := program.Arguments("-p", "--package").Operands
	switch name := program.Name(); name {
	case "npm", "node", "nodejs":
		return ""
	case "yarn", "pnpm", "bun":
		if len(operands) > 0 && slices.Contains([]string{"exec", "run", "x"}, operands[0].Value) {
			operands = operands[1:]
		}
	case "npx", "bunx", "pnpx":
	default:
		return name
	}
	if len(operands) == 0 || !operands[0].Literal {
		return ""
	}
	return operands[0].Value
}

func isMapped(packages map[string]string, is func(name string) bool) bool {
	for name := range packages {
		if is(name) {
			return true
		}
	}
	return false
}

// preloadsDependencies reports whether a program is Node.js with a script, and loads nothing before it but files and
// packages of dependencies.
func preloadsDependencies(pkg project.Package, program shell.Program) bool {
	_, preloads, reason := node.Script(shell.Values(program.Words))
	return isNodeName(program.Name()) && reason == "" && !slices.ContainsFunc(preloads, func(name string) bool {
		first, rest, _ := strings.Cut(name, "/")
		if strings.HasPrefix(first, "@") {
			second, _, _ := strings.Cut(rest, "/")
			first += "/" + second
		}
		_, dependency := pkg.Dependencies.Value[first]
		return !dependency && name[0] != '.' && name[0] != '/'
	})
}
