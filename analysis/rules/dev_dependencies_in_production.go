package rules

import (
	"fmt"
	"slices"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/node"
	"dockerfile-ls/analysis/project"
	"dockerfile-ls/analysis/shell"
	"dockerfile-ls/analysis/text"
)

var devDependenciesInProduction = &lint.Rule{
	ID:       "dev-dependencies-in-production",
	Severity: lint.Warning,
	Section:  2,
	Title:    "The final image has the dev dependencies of the application in it.",
	Why: "Compilers, linters and test runners make the image large, and each is one more package that may have a hole. " +
		"The final image needs what `dependencies` names. NODE_ENV=production alone leaves them out for npm, Yarn 1 and " +
		"pnpm before 10, and not for berry, newer pnpm and Bun.",
	Check: func(p *lint.Pass) {
		final := p.Final()
		if final == nil || final.Development() || !mentionsManagers(p) || ownCommand(p, final) && !servesNode(p, final) {
			return
		}
		shipped := shippedStages(p, final)
		stages := slices.DeleteFunc(slices.Clone(p.Stages), func(s *dockerfile.Stage) bool {
			return shipped[s.Index] == nil
		})
		installs(p, stages, readAnyInstall, func(i install) {
			if i.inst.Name == "RUN" {
				tellDev(i, shipped[i.stage.Index])
			}
		})
	},
}

func readAnyInstall(program shell.Program) (node.Install, bool) {
	if i, ok := node.ReadInstall(program); ok {
		return i, true
	}
	return node.ReadPart(program)
}

func tellDev(i install, s *shippedStage) {
	folder, known := i.folder()
	if !known || strings.HasPrefix(folder, imageWorkdir) {
		folder = ""
	}
	by, ships := s.takesModules(folder)
	if !ships || i.OnlyDev() || i.hasNoDev() || i.startsDevServer() {
		return
	}
	f, keeps := i.keepsDev()
	if !keeps || f.Severity != lint.Hint && i.prunedLater(s) {
		return
	}
	if f.Severity == 0 && !ownCommand(i.pass, i.pass.Final()) {
		f.Severity = lint.Information // what the image is for is said elsewhere
	}
	f.Span = i.inst.At(f.Span)
	if by != nil {
		f.Related = append(f.Related, lint.Related{Span: by.Keyword.Span, Message: "what it installs is copied here"})
	}
	if test := testStage(i.pass, i.stage); test != nil && f.Severity != lint.Hint {
		f.Severity, f.Fixes = lint.Information, nil
		f.Message = fmt.Sprintf("`%s` installs the dev dependencies for the stage `%s`, and the final image gets them "+
			"too: install in a stage of its own for each.",
			i.Called(), nameOfStage(test))
		f.Related = append(f.Related, lint.Related{Span: test.Base.Span, Message: "this stage needs them"})
	}
	i.pass.Report(f)
}

// nameOfStage is how a person finds a stage.
func nameOfStage(stage *dockerfile.Stage) string {
	if stage.Name.Text != "" {
		return stage.Name.Text
	}
	return fmt.Sprint(stage.Index)
}

// keepsDev is the finding, its span in the script, if the install keeps dev dependencies where it runs.
func (i install) keepsDev() (lint.Finding, bool) {
	release := i.release()
	option, decided := i.DevOption(release)
	flag := release.OmitOption()
	f := lint.Finding{Span: i.place()}
	switch {
	case decided && option.Ignored:
		f.Span = option.Span
		f.Message = fmt.Sprintf("npm %d does not know `--omit=dev`, and installs the dev dependencies too: write `%s`.",
			release.Major, flag)
	case decided && option.Omits:
		return i.outdatedOption(release, option)
	case decided:
		f.Span = option.Span
		f.Message = fmt.Sprintf("`%s` keeps the dev dependencies in the final image: %s.", spelled(option, i.Words),
			i.cure(release, "write"))
	default:
		if i.configured() {
			return lint.Finding{}, false
		}
		switch i.inProduction(release) {
		case omitted:
			return lint.Finding{}, false
		case mayBeKept:
			f.Severity = lint.Information
			f.Message = fmt.Sprintf("`%s` installs the dev dependencies too from pnpm 10 on, whatever NODE_ENV is: %s.",
				i.Called(), i.cure(release, "add"))
			f.Related = i.environment()
		case keptAnyway:
			f.Message = fmt.Sprintf("`%s` installs the dev dependencies too, in spite of NODE_ENV=production: %s.",
				i.Called(), i.cure(release, "add"))
			f.Related = i.environment()
		default:
			f.Message = fmt.Sprintf("`%s` installs the dev dependencies too, which the final image does not need: %s.",
				i.Called(), i.cure(release, "add"))
			f.Related = i.environment()
		}
	}
	if fix, ok := i.pruneFix(release); ok {
		f.Fixes = append(f.Fixes, fix) // the first, since the build would go wrong with the other one
	}
	if fix, ok := i.omit(release, option, decided); ok {
		f.Fixes = append(f.Fixes, fix)
	}
	return i.unlessRun(f), true
}

// unlessRun refuses the fixes where the container is known to run one of the dev dependencies.
func (i install) unlessRun(f lint.Finding) lint.Finding {
	tool := i.devTool()
	if tool == "" {
		return f
	}
	for _, fix := range f.Fixes {
		reason := fmt.Sprintf("the container runs `%s`, which is a dev dependency", tool)
		f.Refusals = append(f.Refusals, lint.Refusal{Title: fix.Title, Reason: reason})
	}
	f.Fixes = nil
	f.Message = fmt.Sprintf("%s; `%s`, which the container runs, has to become a dependency first.",
		strings.TrimSuffix(f.Message, "."), tool)
	return f
}

// spelled is an option as the command has it.
func spelled(option node.DevOption, words []shell.Word) string {
	var texts []string
	for _, w := range words {
		if option.Contains(w.Span) {
			texts = append(texts, w.Value)
		}
	}
	return strings.Join(texts, " ")
}

// outdatedOption is a hint at an option that npm 7 and later take with a warning.
func (i install) outdatedOption(release node.Release, option node.DevOption) (lint.Finding, bool) {
	if release.Manager != node.NPM || release.Major < 7 || option.Name == "--omit" {
		return lint.Finding{}, false
	}
	f := lint.Finding{Span: option.Span, Severity: lint.Hint}
	f.Message = fmt.Sprintf("npm warns of `%s` from version 7 on: write `--omit=dev`.", spelled(option, i.Words))
	if i.editable() {
		f.Fixes = []lint.Fix{{Title: "Change it to --omit=dev", Edits: []text.Edit{
			i.edit(text.Edit{Span: option.Span, New: "--omit=dev"}),
		}, Safe: true}}
	}
	return f, true
}

// outcome is what NODE_ENV makes of dev dependencies.
type outcome int

const (
	kept outcome = iota
	keptAnyway
	mayBeKept
	omitted // or not known
)

func (i install) inProduction(release node.Release) outcome {
	env := i.variable("NODE_ENV")
	omits, known := release.OmitsInProduction()
	switch {
	case env.State == dockerfile.Unknown, env.State == dockerfile.Known && env.Default && env.Text != "production":
		return omitted
	case env.State == dockerfile.Absent || env.Text != "production":
		return kept
	case !known && release.Manager == node.PNPM:
		return mayBeKept
	case omits || !known:
		return omitted
	}
	return keptAnyway
}

// environment is what sets NODE_ENV in front of the command, which does not heed it or has a value of its own.
func (i install) environment() []lint.Related {
	inst, pair := lastNodeEnv(i.pass, i.stage, i.inst.Start, "ARG", "ENV")
	switch {
	case inst == nil:
		return nil
	case i.variable("NODE_ENV") != i.pass.Value(i.inst, "NODE_ENV"):
		return []lint.Related{{Span: pair.Key.Span, Message: "the command hides this NODE_ENV"}}
	}
	return []lint.Related{{Span: pair.Key.Span, Message: "NODE_ENV is set here"}}
}

// configured reports whether a configuration leaves dev dependencies out, or may.
func (i install) configured() bool {
	if i.omits {
		return true
	}
	for _, name := range installVariables {
		key, ok := settingOf(name)
		if !ok {
			continue
		}
		if v := i.variable(name); v.State == dockerfile.Known && node.OmissionSetting(key, v.Text) ||
			v.State == dockerfile.Unknown && i.declared[name] {
			return true
		}
	}
	rc := i.pass.Project.File(strings.TrimPrefix(i.project().Folder+"/.npmrc", "./"))
	if rc.State != project.Known {
		return false
	}
	for line := range strings.Lines(rc.Value) {
		key, value, _ := strings.Cut(line, "=")
		if node.OmissionSetting(strings.TrimSpace(key), strings.TrimSpace(value)) {
			return true
		}
	}
	return false
}

// settingOf is the key of a manager's configuration that a variable stands for.
func settingOf(variable string) (string, bool) {
	lower := strings.ToLower(variable)
	for _, prefix := range []string{"npm_config_", "yarn_"} {
		if key, ok := strings.CutPrefix(lower, prefix); ok {
			return key, true
		}
	}
	return "", false
}

// hasNoDev reports whether package.json is known to name no dev dependencies, for a project without workspaces.
func (i install) hasNoDev() bool {
	found := i.project()
	return found.State == project.Known && found.Package.DevDependencies.State != project.Unknown &&
		len(found.Package.DevDependencies.Value) == 0 && isAlone(found)
}

// startsDevServer reports whether the container runs a script of package.json that is there to develop.
func (i install) startsDevServer() bool {
	scripts := i.project().Package.Scripts.Value
	return slices.ContainsFunc(processCommands(i.pass, i.pass.Final()), func(c shell.Command) bool {
		program := c.Program()
		switch program.Name() {
		case "npm", "yarn", "pnpm", "bun":
		default:
			return false
		}
		name, known := calledScript(program)
		script := shell.ParseFile(scripts[name])
		return known && slices.ContainsFunc(script.Commands, func(c shell.Command) bool { return develops(c.Program()) })
	})
}

// isAlone reports whether a project is known to be no monorepo.
func isAlone(found project.Project) bool {
	return found.Package.Workspaces.State == project.Absent && found.Workspace.State != project.Known
}

// prunedLater reports whether a later command, up to the end of the final stage, takes the dev dependencies away.
func (i install) prunedLater(s *shippedStage) bool {
	if i.effectsOf(i.inst).lastPrune > i.command {
		return true
	}
	for behind := i.inst; s != nil; s, behind = s.next, s.from {
		if last := s.lastPrune(i.reading); last != nil && (behind == nil || last.Start > behind.Start) {
			return true
		}
	}
	return false
}

// lastPrune is the last RUN of the stage that takes dev dependencies away; nil if none does.
func (s *shippedStage) lastPrune(r *reading) *dockerfile.Instruction {
	if s.pruned {
		return s.prune
	}
	s.pruned = true
	for _, inst := range slices.Backward(s.stage.Instructions) {
		if inst.Name == "RUN" && mayPrune(inst.Extent.Of(r.pass.Text)) && r.effectsOf(inst).lastPrune >= 0 {
			s.prune = inst
			break
		}
	}
	return s.prune
}

// mayPrune reports whether the text of a RUN has a word that dev dependencies are taken away with.
func mayPrune(source string) bool {
	for _, word := range [...]string{"prune", "--prod", "--omit", "--only", "-P", "-p", "node_modules"} {
		if strings.Contains(source, word) {
			return true
		}
	}
	return false
}

// berry reports whether the command is a plain install of Yarn 2 or later, which has no option for it.
func (i install) berry(release node.Release) bool {
	return release.Manager == node.Yarn && release.Major > 1 && i.Verb.Value != "focus"
}

// cure is what to do, as the end of a message: what builds needs them first. The verb says how to get the option there.
func (i install) cure(release node.Release, verb string) string {
	built := i.builtWith()
	switch {
	case built.elsewhere:
		return fmt.Sprintf("`%s` needs them in another stage, so install for the final one apart, with `%s`", built.called,
			release.OmitOption())
	case built.called != "":
		return fmt.Sprintf("take them away behind `%s`, with `%s`", built.called, release.Prune())
	case i.berry(release):
		return fmt.Sprintf("write `%s`", release.Prune())
	}
	return fmt.Sprintf("%s `%s`", verb, release.OmitOption())
}

// pruneFix takes the dev dependencies away behind the last build of the stage, if one can be put there.
func (i install) pruneFix(release node.Release) (lint.Fix, bool) {
	built := i.builtWith()
	if built.called == "" || built.elsewhere || len(built.inst.Heredocs) > 0 || !i.sameFolder(built) {
		return lint.Fix{}, false
	}
	script, _ := i.pass.Script(built.inst)
	c := script.Commands[built.command]
	if c.Inside != 0 || len(c.Redirects) > 0 || slices.ContainsFunc(c.Words, func(w shell.Word) bool { return w.Decoded }) {
		return lint.Fix{}, false
	}
	at := text.Span{Start: c.End, End: c.End}
	return lint.Fix{
		Title: fmt.Sprintf("Run %s behind %s", release.Prune(), built.called),
		Edits: []text.Edit{{Span: built.inst.At(at), New: " && " + release.Prune()}},
		Risk:  "what runs later may need them",
	}, true
}

// sameFolder reports whether a build is known to run in the folder that the command installs in.
func (i install) sameFolder(built build) bool {
	changes := func(c shell.Command) bool { return c.Name() == "cd" || c.Name() == "pushd" }
	if _, other := i.Args.Option("--prefix", "--cwd", "-C", "--dir"); other {
		return false
	}
	if built.inst == i.inst {
		return !slices.ContainsFunc(i.script.Commands[i.command:built.command], changes)
	}
	later, _ := i.pass.Script(built.inst)
	return !slices.ContainsFunc(i.script.Commands, changes) && !slices.ContainsFunc(later.Commands, changes) &&
		i.pass.Workdir(i.inst) == i.pass.Workdir(built.inst) &&
		i.pass.InForce(i.inst, "WORKDIR") == i.pass.InForce(built.inst, "WORKDIR")
}

// omit is the fix: the option is put behind the verb, or in the place of one that says something else.
func (i install) omit(release node.Release, option node.DevOption, decided bool) (lint.Fix, bool) {
	if !i.editable() {
		return lint.Fix{}, false
	}
	flag := release.OmitOption()
	fix := lint.Fix{Title: "Add " + flag, Risk: i.risk(release)}
	edit := text.Edit{Span: text.Span{Start: i.Verb.End, End: i.Verb.End}, New: " " + flag}
	switch {
	case decided:
		fix.Title = "Change it to " + flag
		edit = text.Edit{Span: option.Span, New: flag}
	case i.berry(release):
		if !onlyFrozen(i.Args) {
			return lint.Fix{}, false
		}
		fix.Title = "Change it to " + release.Prune()
		edit = text.Edit{Span: text.Span{Start: i.Words[0].Start, End: i.Words[len(i.Words)-1].End}, New: release.Prune()}
	case i.Verb.Span == i.Words[0].Span:
		edit.New = " install" + edit.New
	}
	fix.Safe = fix.Risk == ""
	fix.Edits = []text.Edit{i.edit(edit)}
	return fix, true
}

// onlyFrozen reports whether a plain install of berry has no options but those about its lockfile.
func onlyFrozen(args shell.Arguments) bool {
	return !slices.ContainsFunc(args.Options, func(o shell.Option) bool {
		return !slices.Contains([]string{
			"--immutable", "--immutable-cache", "--check-cache", "--frozen-lockfile", "--inline-builds",
		}, o.Name)
	})
}
