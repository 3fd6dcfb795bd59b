package rules

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/project"
	"dockerfile-ls/analysis/secret"
	"dockerfile-ls/analysis/shell"
)

var scriptWithoutExec = &lint.Rule{
	ID:       ScriptWithoutExec,
	Severity: lint.Information,
	Section:  5,
	Title:    "The process is a shell script that never gives way to the program.",
	Why: "A shell does not pass signals on to what it runs: the script gets SIGTERM, and the program is killed when " +
		"Docker's patience ends. With `exec` in front of its last command the program takes the place of the shell.",
	Check: func(p *lint.Pass) {
		final := p.Final()
		if final == nil || p.Windows(final) || p.Project.Context.State != project.Known {
			return
		}
		run, known := processIn(p, final)
		if !known || signalsGroup(p, final, run) || isKilled(p, final) {
			return
		}
		file, text, found := startedScript(p, final, run)
		if !found {
			return
		}
		script := shell.ParseFile(text)
		if last := lastProgram(script); last != "" && !givesUpShell(script) {
			p.Report(lint.Finding{
				Span:    run.place(),
				File:    file,
				Related: run.related(p.Model),
				Message: fmt.Sprintf("`%s` never execs a program, so that the signals end in its shell: write `exec` in "+
					"front of its last command, `%s`.", file, last),
			})
		}
	},
}

// isKilled reports whether a container of a stage is stopped by a signal that no program handles: that is told of
// STOPSIGNAL.
func isKilled(p *lint.Pass, stage *dockerfile.Stage) bool {
	inst := p.InForceAtEnd(stage, "STOPSIGNAL")
	return inst != nil && cannotBeHandled(p.Expand(inst, inst.Args[0].Text).Text)
}

// signalsGroup reports whether an init stands in front that sends signals to the children of the shell too: dumb-init, or
// one with -g.
func signalsGroup(p *lint.Pass, stage *dockerfile.Stage, run process) bool {
	if !run.hasInit() {
		return false
	}
	return slices.Contains(run.wrappers, "dumb-init") ||
		slices.ContainsFunc(processCommands(p, stage), func(c shell.Command) bool {
			return slices.ContainsFunc(c.Words, func(w shell.Word) bool { return w.Value == "-g" })
		})
}

// startedScript is the shell script of the context that a process is: by its name, or given to a shell.
func startedScript(p *lint.Pass, stage *dockerfile.Stage, run process) (file, text string, found bool) {
	words, known := run.values()
	if !known {
		return "", "", false
	}
	if !isShellName(run.program.Name()) {
		return shellScript(p, stage, words[0])
	}
	args := run.program.Arguments()
	if len(args.Operands) == 0 || args.Uncertain {
		return "", "", false
	}
	if _, command := args.Option("-c"); command {
		return "", "", false
	}
	script := args.Operands[0].Value
	if !path.IsAbs(script) {
		script = "./" + script // a shell looks for it in the working directory
	}
	return shellScript(p, stage, script)
}

// givesUpShell reports whether a script execs something, or handles signals itself.
func givesUpShell(script shell.Script) bool {
	return !script.Known() || slices.ContainsFunc(script.Commands, func(c shell.Command) bool {
		return c.Name() == "trap" || c.Name() == "exec" && len(c.Words) > 1
	})
}

// lastProgram is the last command of a script if it runs a program in the foreground, and if it is one that may stay; else
// empty.
func lastProgram(script shell.Script) string {
	c := script.Last()
	if c == nil || c.Inside != 0 || len(c.Words) == 0 ||
		c.Words[0].Literal && (shell.IsBuiltin(c.Words[0].Value) || ends(c.Name())) {
		return ""
	}
	words := make([]string, len(c.Words))
	for i, w := range c.Words {
		words[i] = w.Text
	}
	return shortened(strings.Join(words, " "))
}

// shortened is a command as a message shows it.
func shortened(command string) string {
	line, _, more := strings.Cut(secret.Hide(command), "\n") // before half an address stands there
	if runes := []rune(line); len(runes) > maxShown {
		line, more = string(runes[:maxShown]), true
	}
	if more {
		line += "…"
	}
	return line
}

// maxShown is how many letters of a command stand in a message.
const maxShown = 60

// ends names programs that end at once, so that no signal matters to them.
func ends(program string) bool {
	switch program {
	case "ab", "cat", "chmod", "chown", "cp", "curl", "date", "ln", "ls", "mkdir", "mv", "rm", "sleep", "tar", "touch",
		"wget":
		return true
	}
	return shell.HasTwin(program)
}
