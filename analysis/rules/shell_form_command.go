package rules

import (
	"fmt"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/execform"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/project"
)

var shellFormCommand = &lint.Rule{
	ID:       "shell-form-command",
	Aliases:  []string{"JSONArgsRecommended", "DL3025"},
	Severity: lint.Warning,
	Section:  5,
	Title:    "The command of the container is written in shell form.",
	Why: "In shell form the process is `/bin/sh -c`, which does not pass signals on: the program never hears SIGTERM, and " +
		"is killed when Docker's patience ends. The exec form, a JSON array, starts the program itself.",
	Check: func(p *lint.Pass) {
		for _, stage := range p.Stages {
			if p.Windows(stage) {
				continue
			}
			shell := hasShell(p, stage)
			for _, inst := range stage.Instructions {
				shell = shell || inst.Name == "SHELL"
				if shell || !isShellForm(inst) || p.InForce(inst, "SHELL") != nil || // behind ONBUILD
					p.Rejected(inst) || p.Told(inst, curlyQuotes) || p.Told(inst, unfinishedArray) ||
					p.Told(inst, invalidExecForm) {
					continue
				}
				f := lint.Finding{
					Span: inst.Rest.Span,
					Message: fmt.Sprintf("%s is in shell form, so that `/bin/sh -c` receives the signals and not the "+
						"program: write a JSON array.", inst.Name),
				}
				f.Fixes, f.Refusals = execForm(p, inst)
				f.Related = append(replaced(p.Model, inst), unusedCmd(p, stage, inst)...)
				p.Report(f)
			}
		}
	},
}

// unusedCmd is the CMD of a stage whose ENTRYPOINT is in shell form, which takes no arguments.
func unusedCmd(p *lint.Pass, stage *dockerfile.Stage, entrypoint *dockerfile.Instruction) []lint.Related {
	if p.InForceAtEnd(stage, "ENTRYPOINT") != entrypoint {
		return nil
	}
	cmd := p.Process(stage).Cmd
	if cmd == nil {
		return nil
	}
	return []lint.Related{
		{Span: cmd.Rest.Span, Message: "this CMD is not used, since the shell of the ENTRYPOINT takes no arguments"},
	}
}

func isShellForm(inst *dockerfile.Instruction) bool {
	return (inst.Name == "CMD" || inst.Name == "ENTRYPOINT") && inst.JSON == nil && len(inst.Args) > 0
}

// hasShell reports whether a stage inherits a SHELL from the stages that it is based on.
func hasShell(p *lint.Pass, stage *dockerfile.Stage) bool {
	for parent := p.Parent(stage); parent != nil; parent = p.Parent(parent) {
		for _, inst := range parent.Instructions {
			if inst.Name == "SHELL" {
				return true
			}
		}
	}
	return false
}

const execFormTitle = "Rewrite to exec form"

// execForm offers the array, or says why it does not.
func execForm(p *lint.Pass, inst *dockerfile.Instruction) ([]lint.Fix, []lint.Refusal) {
	fix, reason, ok := processExecForm(p, inst)
	fix.Title = execFormTitle
	switch {
	case !ok:
		return nil, nil
	case reason != "":
		return nil, []lint.Refusal{{Title: execFormTitle, Reason: reason}}
	}
	return []lint.Fix{fix}, nil
}

// ExecForm is the fix, without title, that writes a CMD or an ENTRYPOINT in shell form as an array, or why there is none, as
// a clause. It is not ok where a shell reads the command that is not known. What lies around may be nil.
func ExecForm(
	m *dockerfile.Model, around *project.Surroundings, inst *dockerfile.Instruction,
) (fix lint.Fix, reason string, ok bool) {
	return processExecForm(lint.Outside(m, around), inst)
}

func processExecForm(p *lint.Pass, inst *dockerfile.Instruction) (fix lint.Fix, reason string, ok bool) {
	command, ok := execform.Of(p.Model, inst)
	stage := p.StageOf(inst)
	if !ok || stage == nil {
		return fix, "", false
	}
	if words, plain := command.Words(); plain {
		risks := formRisks(p, stage, inst)
		if words.Twin() {
			risks = append(risks, "the program may differ from the shell's own "+words.Program())
		}
		if file := withoutInterpreter(p, stage, words.Program()); file != "" {
			risks = append(risks, "only a shell runs "+file+", which begins without #!")
		}
		if name := command.Startup(); name != "" && !runsAsGiven(p, stage) {
			risks = append(risks, "the base image may set "+name)
		}
		return lint.Fix{Edits: command.Array(words), Risk: strings.Join(risks, "; "), Safe: len(risks) == 0}, "", true
	}
	// It is the array of a shell form, to ENTRYPOINT and CMD too, but for an exec.
	edits, gives, reason := command.ThroughShell()
	fix = lint.Fix{Edits: edits, Risk: "through " + command.Shell() + ", which still receives the signals"}
	if gives {
		fix.Risk = "through " + command.Shell() + ", which gives way to the last command"
	}
	return fix, reason, true
}

// withoutInterpreter is the script of the context that a program is, if its first line names no interpreter: a shell reads
// such a script itself, where the kernel refuses it. Empty if it is not known to be one.
func withoutInterpreter(p *lint.Pass, stage *dockerfile.Stage, program string) string {
	file, text, found := shellScript(p, stage, program)
	if !found || strings.HasPrefix(text, "#!") || strings.Contains(text, "\x00") {
		return ""
	}
	return file
}

// formRisks are why a container may differ in more than its process.
func formRisks(p *lint.Pass, stage *dockerfile.Stage, inst *dockerfile.Instruction) []string {
	if risk := partnerRisk(p, stage, inst); risk != "" {
		return []string{risk}
	}
	if inst.Name == "CMD" && !runsAsGiven(p, stage) {
		return []string{"the base image may have an entrypoint that reads its arguments"}
	}
	return nil
}

// partnerRisk says what the other form of a CMD means for the ENTRYPOINT of the file that gets it, or that of an ENTRYPOINT
// for the CMD that it gets; empty if there is none. The shell form of ENTRYPOINT ignores CMD.
func partnerRisk(p *lint.Pass, stage *dockerfile.Stage, inst *dockerfile.Instruction) string {
	for _, s := range p.Stages {
		if !basedOn(p.Model, s, stage) {
			continue
		}
		entrypoint, cmd := p.InForceAtEnd(s, "ENTRYPOINT"), p.Process(s).Cmd
		switch {
		case inst.Name == "CMD" && entrypoint != nil && entrypoint.JSON != nil:
			return "ENTRYPOINT gets other arguments"
		case inst.Name == "CMD" && entrypoint != nil:
			return "CMD counts only when ENTRYPOINT is in exec form too"
		case inst.Name == "CMD" || entrypoint != inst || cmd == nil:
		case cmd.JSON != nil:
			return "it takes CMD for its arguments"
		default:
			array, _ := execform.Shell(p.Model, cmd)
			return fmt.Sprintf("it takes %s and CMD for its arguments", strings.Join(array, " "))
		}
	}
	return ""
}

// basedOn reports whether a stage is another one, or based on it.
func basedOn(m *dockerfile.Model, s, on *dockerfile.Stage) bool {
	for ; s != nil; s = m.Parent(s) {
		if s == on {
			return true
		}
	}
	return false
}

// runsAsGiven reports whether the image below a stage is known to run a command as it is given. One that a build argument
// names is not known: the build may name another.
func runsAsGiven(p *lint.Pass, stage *dockerfile.Stage) bool {
	base := p.Global(p.Root(stage).Base.Text)
	ref, known := p.Image(stage)
	return base.State == dockerfile.Known && !base.Default && (base.Text == "scratch" || known && ref.RunsCommandsAsGiven())
}
