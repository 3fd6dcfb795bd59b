package rules

import (
	"fmt"
	"path"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/execform"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/node"
	"dockerfile-ls/analysis/project"
	"dockerfile-ls/analysis/text"
)

var packageManagerAsEntrypoint = &lint.Rule{
	ID:       "package-manager-as-entrypoint",
	Severity: lint.Warning,
	Section:  5,
	Title:    "The container starts a package manager instead of the application.",
	Why: "npm, yarn and their like start the application as a child, most of them through `sh -c`. The signals that stop " +
		"the container go to the package manager: newer versions of npm forward some of them, others end without the " +
		"application. It also costs memory and a second of every start.",
	Check: func(p *lint.Pass) {
		final := p.Final()
		if final == nil || p.Windows(final) {
			return
		}
		run, known := processIn(p, final)
		if !known || !node.RunsScript(run.program) {
			return
		}
		start, reason := behindScript(p, final, run)
		if reason == "" && needsManager(p, run) {
			reason = "it does not run without the package manager"
		}
		f := lint.Finding{Span: run.place(), Message: managerMessage(run, start, reason), Related: run.related(p.Model)}
		if reason == "" {
			f.Fixes = startItself(p, final, run, start)
		}
		p.Report(f)
	},
}

func managerMessage(run process, start node.Start, reason string) string {
	who := run.program.Name()
	stands := fmt.Sprintf("%s stands", who)
	if who == "npm" {
		stands = "npm and its `sh -c` stand"
	}
	if reason == "" {
		return fmt.Sprintf("`%s` is the process, so that %s between the signals and the application: write `%s`, which "+
			"it runs.",
			run.commandText(), stands, shownWords(start.Words))
	}
	return fmt.Sprintf(
		"`%s` is the process, so that %s between the signals and the application: write the command that it runs.",
		run.commandText(), stands,
	)
}

// shownWords are words as one would type them.
func shownWords(words []string) string {
	shown := make([]string, len(words))
	for i, w := range words {
		shown[i] = w
		if strings.ContainsAny(w, " \t\"\\$;&|<>()") {
			shown[i] = "'" + w + "'"
		}
	}
	return strings.Join(shown, " ")
}

// behindScript is the command of node that a package manager runs in the end.
func behindScript(p *lint.Pass, stage *dockerfile.Stage, run process) (node.Start, string) {
	words, known := run.values()
	if !known {
		return node.Start{}, "a word is not known"
	}
	pkg, known := packageAt(p, stage)
	if !known {
		return node.Start{}, "package.json is not known"
	}
	words[0] = path.Base(words[0])
	return pkg.Resolve(words)
}

// needsManager reports whether the command behind a script may not run without the package manager: bun is node where there
// is none, and berry's Plug'n'Play tells node where the packages are.
func needsManager(p *lint.Pass, run process) bool {
	switch run.program.Name() {
	case "bun":
		return true
	case "yarn":
		found := p.Project.Project(".")
		return found.Manager.Manager == project.YarnBerry && found.NodeLinker.Value != "node-modules"
	}
	return false
}

// packageAt is the package.json of the working directory in a container of a stage, where it comes from the context.
func packageAt(p *lint.Pass, stage *dockerfile.Stage) (node.Package, bool) {
	dir := p.WorkdirAtEnd(stage)
	if dir.State != dockerfile.Known {
		return node.Package{}, false
	}
	file, found := copiedFile(p, stage, path.Join(dir.Text, "package.json"))
	if !found {
		return node.Package{}, false
	}
	pkg := p.Project.Project(path.Dir(file)).Package
	if pkg.State != project.Known || pkg.Path != file || pkg.Scripts.State == project.Unknown {
		return node.Package{}, false
	}
	_, serverJS := copiedFile(p, stage, path.Join(dir.Text, "server.js"))
	return node.Package{Scripts: pkg.Scripts.Value, Main: pkg.Main.Value, ServerJS: serverJS}, true
}

// copiedFile is the file of the context that a file of a container is copied from.
func copiedFile(p *lint.Pass, stage *dockerfile.Stage, name string) (string, bool) {
	for _, file := range p.ContextPaths(stage, name) {
		taken := p.Project.Takes(project.Copy{Source: file})
		if taken.State == project.Known && len(taken.Files) == 1 && taken.Files[0] == file {
			return file, true
		}
	}
	return "", false
}

// startItself offers the command behind the script in place of the package manager's.
func startItself(p *lint.Pass, stage *dockerfile.Stage, run process, start node.Start) []lint.Fix {
	var env []string
	for _, assign := range start.Env {
		if name, value, _ := strings.Cut(assign, "="); !p.ContainerValue(stage, name).Is(value) {
			env = append(env, assign)
		}
	}
	if len(env) > 0 {
		env = append([]string{"env"}, env...) // every image with npm has it: it is how npm is started
	}
	edit, ok := replaceProcess(p, run, append(env, start.Words...))
	if script, found := entryScript(p, stage, run); !ok || found && script.ReadsNPM() {
		return nil
	}
	return []lint.Fix{{
		Title: fmt.Sprintf("Start %s without %s", shownWords(start.Words), run.program.Name()),
		Edits: []text.Edit{edit},
		Risk:  "what it sets in the environment is gone",
	}}
}

// replaceProcess is the edit that puts other words in place of the program's: as elements of its array, or as an array in
// place of a shell form of plain words. It is not ok where a comment or a continuation would be lost.
func replaceProcess(p *lint.Pass, run process, words []string) (text.Edit, bool) {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = execform.Quote(w)
	}
	edit := text.Edit{New: strings.Join(quoted, ", ")}
	if elements := run.elements(); elements != nil {
		edit.Span = text.Span{Start: elements[0].Start, End: elements[len(elements)-1].End}
	} else {
		command, ok := execform.Of(p.Model, run.inst)
		if !ok || !isShellForm(run.inst) || partnerRisk(p, p.StageOf(run.inst), run.inst) != "" {
			return text.Edit{}, false
		}
		if _, plain := command.Words(); !plain {
			return text.Edit{}, false
		}
		edit = text.Edit{Span: run.inst.Rest.Span, New: "[" + edit.New + "]"}
	}
	return edit, !strings.Contains(edit.Span.Of(p.Text), "\n")
}
