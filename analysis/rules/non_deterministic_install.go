package rules

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/execform"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/node"
	"dockerfile-ls/analysis/project"
	"dockerfile-ls/analysis/shell"
	"dockerfile-ls/analysis/text"
)

var nonDeterministicInstall = &lint.Rule{
	ID:       "non-deterministic-install",
	Severity: lint.Warning,
	Section:  2,
	Title:    "An install may take other packages than the lockfile names.",
	Why: "`npm install` and its like update the lockfile where it does not fit, so that every build may get other packages. " +
		"`npm ci`, and the frozen modes of the other managers, take what the lockfile names or stop.",
	Check: func(p *lint.Pass) {
		for _, inst := range p.Instructions {
			if !runs(inst) || !node.Mentioned(inst.Line.Text) && len(inst.Heredocs) == 0 {
				continue // few need to be read as a script
			}
			script, posix := p.Script(inst)
			if !posix {
				continue
			}
			for _, c := range script.Commands {
				install, ok := node.ReadInstall(c.Program())
				if !ok || install.Named || install.Global || install.Frozen() || frozenByEnvironment(p, inst, c, install) {
					continue
				}
				tellInstall(p, inst, install, c.Inside.Has(shell.InExec))
			}
		}
	},
}

// runs reports whether an instruction runs something in the build, or has it run behind ONBUILD.
func runs(inst *dockerfile.Instruction) bool {
	return inst.Name == "RUN" || inst.Inner != nil && inst.Inner.Name == "RUN"
}

// frozenByEnvironment reports whether a variable makes pnpm and berry stop at a lockfile that does not fit, as CI does.
func frozenByEnvironment(p *lint.Pass, inst *dockerfile.Instruction, c shell.Command, install node.Install) bool {
	if install.Manager != node.PNPM && install.Manager != node.Yarn || install.Manager == node.Yarn && manager(p) == project.YarnClassic {
		return false
	}
	for _, name := range []string{"CI", "YARN_ENABLE_IMMUTABLE_INSTALLS"} {
		if slices.ContainsFunc(c.Program().Assigns, func(a shell.Assign) bool { return a.Name == name && a.Value.Value != "false" }) {
			return true
		}
		if v := p.Value(inst, name); v.State == dockerfile.Known && v.Text != "" && v.Text != "false" && v.Text != "0" {
			return true
		}
	}
	return false
}

func manager(p *lint.Pass) project.Manager {
	return p.Project.Project(".").Manager.Manager
}

// tellInstall tells an install; exec says that its words are elements of an array, in quotes.
func tellInstall(p *lint.Pass, inst *dockerfile.Instruction, install node.Install, exec bool) {
	place := text.Span{Start: install.Words[0].Start, End: install.Verb.End}
	proposal := frozenForm(p, install)
	if exec {
		proposal.edit.New = asElements(proposal.edit)
	}
	f := lint.Finding{Span: inst.At(place)}
	found := p.Project.Project(".")
	if found.State == project.Known && len(found.Lockfiles) == 0 {
		f.Message = fmt.Sprintf("`%s` takes whatever fits package.json today: commit a lockfile, and write `%s`.", install.Called(), proposal.command)
		p.Report(f)
		return
	}
	f.Message = fmt.Sprintf("`%s` may change what the lockfile names: write `%s`.", install.Called(), proposal.command)
	if proposal.edit.Span != (text.Span{}) && !install.Verb.Decoded {
		proposal.edit.Span = inst.At(proposal.edit.Span)
		fix := lint.Fix{Title: fmt.Sprintf("Change it to %s", proposal.command), Edits: []text.Edit{proposal.edit}, Safe: lockfileFits(p, inst, install)}
		if !fix.Safe {
			fix.Risk = "it stops where the lockfile is missing or does not fit"
		}
		f.Fixes = []lint.Fix{fix}
	}
	p.Report(f)
}

// frozen is a command that does not change the lockfile, and the edit that makes it of the one that stands there.
type frozen struct {
	command string
	edit    text.Edit
}

// frozenForm is the frozen form of an install. Source: the managers' documentation, and cheatsheet-rules.
func frozenForm(p *lint.Pass, install node.Install) frozen {
	behind := text.Span{Start: install.Verb.End, End: install.Verb.End}
	switch install.Manager {
	case node.NPM:
		return frozen{"npm ci", text.Edit{Span: install.Verb.Span, New: "ci"}}
	case node.Yarn:
		flag := "--frozen-lockfile"
		if manager(p) == project.YarnBerry {
			flag = "--immutable"
		}
		if install.Verb.Span == install.Words[0].Span {
			return frozen{"yarn install " + flag, text.Edit{Span: behind, New: " install " + flag}}
		}
		return frozen{"yarn install " + flag, text.Edit{Span: behind, New: " " + flag}}
	}
	return frozen{string(install.Manager) + " install --frozen-lockfile", text.Edit{Span: behind, New: " --frozen-lockfile"}}
}

// asElements writes what an edit inserts or replaces as elements of an array.
func asElements(edit text.Edit) string {
	if edit.Len() > 0 {
		return execform.Quote(edit.New)
	}
	var out strings.Builder
	for word := range strings.FieldsSeq(edit.New) {
		out.WriteString(", " + execform.Quote(word))
	}
	return out.String()
}

// lockfileFits reports whether the frozen form is known to go through: npm 7 or newer or a manager that is known, and a
// lockfile that is in the context, not ignored, copied before, and in agreement with package.json.
func lockfileFits(p *lint.Pass, inst *dockerfile.Instruction, install node.Install) bool {
	stage := p.StageOf(inst)
	found := p.Project.Project(".")
	lock, locked := found.Lockfile()
	if stage == nil || !locked || lock.Agrees.State != project.Known || !lock.Agrees.Value || !runsManager(p, stage, install, found) {
		return false
	}
	return copiedBefore(p, stage, inst, lock.Path)
}

// runsManager reports whether the program is known to be the manager that wrote the lockfile.
func runsManager(p *lint.Pass, stage *dockerfile.Stage, install node.Install, found project.Project) bool {
	switch found.Manager.Manager {
	case project.NPM:
		ref, _ := p.Image(stage)
		image, official := ref.Node()
		return install.Manager == node.NPM && official && image.NPM() >= 7
	case project.YarnClassic, project.YarnBerry:
		return install.Manager == node.Yarn && found.Manager.Version.State == project.Known
	case project.PNPM:
		return install.Manager == node.PNPM && found.Manager.Version.State == project.Known
	case project.Bun:
		return install.Manager == node.Bun
	}
	return false
}

// copiedBefore reports whether a file of the context is known to be copied in front of an instruction, in its stage or in
// one below.
func copiedBefore(p *lint.Pass, stage *dockerfile.Stage, end *dockerfile.Instruction, file string) bool {
	for s := stage; s != nil; s = p.Parent(s) {
		for _, inst := range s.Instructions {
			if inst == end {
				break
			}
			if inst.FromContext() && takes(p, inst, file) {
				return true
			}
		}
	}
	return false
}

func takes(p *lint.Pass, inst *dockerfile.Instruction, file string) bool {
	for _, word := range inst.Sources() {
		v := p.Expand(inst, word.Text)
		if v.State != dockerfile.Known {
			continue
		}
		taken := p.Project.Takes(project.Copy{Source: v.Text})
		if slices.ContainsFunc(taken.Files, func(f string) bool { return path.Clean(f) == path.Clean(file) }) {
			return true
		}
	}
	return false
}
