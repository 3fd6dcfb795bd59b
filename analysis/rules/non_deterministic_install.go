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
	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

var nonDeterministicInstall = &lint.Rule{
	ID:       "non-deterministic-install",
	Severity: lint.Warning,
	Section:  2,
	Title:    "An install may take other packages than the lockfile names.",
	Why: "`npm install` and its like update the lockfile where it does not fit, so that every build may get other " +
		"packages. `npm ci`, and the frozen modes of the other managers, take what the lockfile names or stop.",
	Check: func(p *lint.Pass) {
		if !mentionsManagers(p) {
			return
		}
		installs(p, p.Stages, node.ReadInstall, func(i install) {
			if !i.Frozen() && !i.frozenByEnvironment() {
				tellInstall(i)
			}
		})
	},
}

// frozenByEnvironment reports whether a variable makes pnpm and berry stop at a lockfile that does not fit, as CI does.
func (i install) frozenByEnvironment() bool {
	if i.Manager != node.PNPM && i.Manager != node.Yarn || i.Manager == node.Yarn && i.release().Major == 1 {
		return false
	}
	return slices.ContainsFunc([]string{"CI", "YARN_ENABLE_IMMUTABLE_INSTALLS"}, func(name string) bool {
		v := i.variable(name)
		return v.State == dockerfile.Known && v.Text != "" && v.Text != "false" && v.Text != "0"
	})
}

func tellInstall(i install) {
	proposal := i.frozenForm()
	f := lint.Finding{Span: i.inst.At(i.place())}
	found := i.project()
	if found.State == project.Known && len(found.Lockfiles) == 0 {
		f.Message = fmt.Sprintf("`%s` takes whatever fits package.json today: commit a lockfile, and write `%s`.",
			i.Called(), proposal.command)
		i.pass.Report(f)
		return
	}
	if lock := i.lockfileLeftOut(found); lock != "" {
		reason, cure := "not copied", "copy it too"
		if i.pass.Project.Ignored(lock).Value {
			reason, cure = "ignored", "take it out of "+path.Base(i.pass.Project.Ignore.Path)
		}
		f.Message = fmt.Sprintf("`%s` takes whatever fits package.json today, since `%s` is %s: %s, and write `%s`.",
			i.Called(), lock, reason, cure, proposal.command)
		i.pass.Report(f)
		return
	}
	if i.lockfileElsewhere() {
		f.Message = fmt.Sprintf(
			"`%s` takes whatever fits package.json today, since no lockfile is copied beside it: copy one too, "+
				"and write `%s`.",
			i.Called(), proposal.command)
		i.pass.Report(f)
		return
	}
	f.Message = fmt.Sprintf("`%s` may change what the lockfile names: write `%s`.", i.Called(), proposal.command)
	if i.OnlyDev() && i.Manager == node.NPM {
		f.Refusals = []lint.Refusal{
			{Title: "Change it to npm ci", Reason: "it would take the packages away that are installed already"},
		}
		i.pass.Report(f)
		return
	}
	if i.fetched() {
		f.Refusals = []lint.Refusal{
			{Title: "Change it to " + proposal.command, Reason: "the lockfile of what a RUN fetches is not seen"},
		}
		i.pass.Report(f)
		return
	}
	if !i.Verb.Decoded {
		fix := lint.Fix{Title: fmt.Sprintf("Change it to %s", proposal.command), Edits: []text.Edit{
			i.edit(proposal.edit),
		}, Safe: i.lockfileFits()}
		switch {
		case fix.Safe:
		case prunedByTurbo(i.pass, i.stage, i.inst):
			fix.Risk = "the lockfile that turbo has pruned may not fit"
		default:
			fix.Risk = "it stops where the lockfile is missing or does not fit"
		}
		f.Fixes = []lint.Fix{fix}
	}
	i.pass.Report(f)
}

// frozen is a command that does not change the lockfile, and the edit that makes it of the one that stands there.
type frozen struct {
	command string
	edit    text.Edit
}

// frozenForm is the frozen form of an install. Source: the managers' documentation, and cheatsheet-rules.
func (i install) frozenForm() frozen {
	behind := text.Span{Start: i.Verb.End, End: i.Verb.End}
	switch i.Manager {
	case node.NPM:
		return frozen{"npm ci", text.Edit{Span: i.Verb.Span, New: "ci"}}
	case node.Yarn:
		flag := "--frozen-lockfile"
		if i.release().Major > 1 {
			flag = "--immutable"
		}
		if i.Verb.Span == i.Words[0].Span {
			return frozen{"yarn install " + flag, text.Edit{Span: behind, New: " install " + flag}}
		}
		return frozen{"yarn install " + flag, text.Edit{Span: behind, New: " " + flag}}
	}
	return frozen{string(i.Manager) + " install --frozen-lockfile", text.Edit{Span: behind, New: " --frozen-lockfile"}}
}

// lockfileFits reports whether the frozen form is known to go through: npm 7 or newer or a manager that is known, and a
// lockfile that is in the context, not ignored, copied before, and in agreement with package.json.
func (i install) lockfileFits() bool {
	found := i.project()
	lock, locked := found.Lockfile()
	if !locked || lock.Agrees.State != project.Known || !lock.Agrees.Value || !i.runsManager(found) {
		return false
	}
	return copiedBefore(i.pass, i.stage, i.inst, lock.Path)
}

// runsManager reports whether the program is known to be the manager that wrote the lockfile.
func (i install) runsManager(found project.Project) bool {
	switch found.Manager.Manager {
	case project.NPM:
		return i.Manager == node.NPM && i.release().Major >= 7
	case project.YarnClassic, project.YarnBerry:
		return i.Manager == node.Yarn && found.Manager.Version.State == project.Known
	case project.PNPM:
		return i.Manager == node.PNPM && found.Manager.Version.State == project.Known
	case project.Bun:
		return i.Manager == node.Bun
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

// lockfileLeftOut is the lockfile, if it is known that it is not in the image when the command runs: what is copied in front
// of it is known, and some of it, such as package.json, lies beside the lockfile. Empty if it may be there.
func (i install) lockfileLeftOut(found project.Project) string {
	lock, locked := found.Lockfile()
	if !locked || copiedBefore(i.pass, i.stage, i.inst, lock.Path) {
		return ""
	}
	manifest := false
	for s := i.stage; s != nil; s = i.pass.Parent(s) {
		for _, inst := range s.Instructions {
			if s == i.stage && inst.Start >= i.inst.Start {
				break
			}
			switch inst.Name {
			case "COPY", "ADD":
				if !inst.FromContext() || !isTakenKnown(i.pass, inst) {
					return ""
				}
				manifest = manifest || takes(i.pass, inst, found.Package.Path)
			case "RUN":
				if len(inst.Flags) > 0 || strings.Contains(inst.Rest.Text, "lock") {
					return "" // a bind mount, or a command that makes one
				}
			}
		}
	}
	ref, _ := i.pass.Image(i.stage)
	if _, official := ref.Node(); !official || !manifest || len(i.inst.Flags) > 0 {
		return ""
	}
	return lock.Path
}

// lockfileElsewhere reports whether npm finds no lockfile in its folder, which is known to get a package.json: it looks
// into no other folder, but for the root of a workspace above.
func (i install) lockfileElsewhere() bool {
	folder, known := i.folder()
	if !known || i.Manager != node.NPM || len(i.inst.Flags) > 0 ||
		slices.ContainsFunc(i.stage.Instructions, writesLockfile) {
		return false
	}
	if _, manifest := copiedFile(i.pass, i.stage, path.Join(folder, "package.json")); !manifest {
		return false
	}
	for above := folder; above != "/"; {
		above = path.Dir(above)
		if i.mayHave(path.Join(above, "package.json")) {
			return false
		}
	}
	return !i.mayHave(path.Join(folder, "package-lock.json")) && !i.mayHave(path.Join(folder, "npm-shrinkwrap.json"))
}

// writesLockfile reports whether an instruction may make a lockfile, or bring one that is not in the context.
func writesLockfile(inst *dockerfile.Instruction) bool {
	switch inst.Name {
	case "RUN":
		return len(inst.Flags) > 0 || strings.Contains(inst.Rest.Text, "lock")
	case "COPY":
		return !inst.FromContext()
	}
	return false
}

// mayHave reports whether a file of the stage may be one of the context.
func (i install) mayHave(name string) bool {
	return slices.ContainsFunc(i.pass.ContextPaths(i.stage, name), func(file string) bool {
		taken := i.pass.Project.Takes(project.Copy{Source: file})
		return taken.State == project.Unknown || len(taken.Files) > 0
	})
}

// fetched reports whether what is installed is fetched by a RUN, since nothing of the context is copied in front of it.
func (i install) fetched() bool {
	fetches := false
	for s := i.stage; s != nil; s = i.pass.Parent(s) {
		for _, inst := range s.Instructions {
			switch {
			case inst.Start > i.inst.Start:
			case inst.Name == "COPY" || inst.Name == "ADD", inst.Name == "RUN" && len(inst.Flags) > 0:
				return false
			case inst.Name == "RUN":
				fetches = fetches || slices.ContainsFunc([]string{"git clone", "curl ", "wget "}, func(command string) bool {
					return strings.Contains(inst.Rest.Text, command)
				})
			}
		}
	}
	return fetches
}

// isTakenKnown reports whether all that a COPY or ADD takes out of the context is known.
func isTakenKnown(p *lint.Pass, inst *dockerfile.Instruction) bool {
	return !slices.ContainsFunc(inst.Sources(), func(word syntax.Word) bool {
		v := p.Expand(inst, word.Text)
		return v.State != dockerfile.Known || p.Project.Takes(project.Copy{Source: v.Text}).State != project.Known
	})
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

// prunedByTurbo reports whether an earlier instruction of a stage takes what turbo prune has made in another stage: a part
// of the monorepo with a lockfile of its own.
func prunedByTurbo(p *lint.Pass, stage *dockerfile.Stage, end *dockerfile.Instruction) bool {
	return slices.ContainsFunc(stage.Instructions, func(inst *dockerfile.Instruction) bool {
		return inst.Name == "COPY" &&
			inst.Start < end.Start && slices.ContainsFunc(p.Origins(inst), func(o dockerfile.Origin) bool {
			return o.Stage != nil && slices.ContainsFunc(o.Stage.Instructions, func(run *dockerfile.Instruction) bool {
				return run.Name == "RUN" && strings.Contains(run.Line.Text, "turbo") &&
					strings.Contains(run.Line.Text, "prune")
			})
		})
	})
}
