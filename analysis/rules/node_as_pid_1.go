package rules

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/image"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/project"
	"dockerfile-ls/analysis/text"
)

var nodeAsPID1 = &lint.Rule{
	ID:       "node-as-pid-1",
	Severity: lint.Information,
	Section:  5,
	Title:    "Node.js runs as process 1, without an init in front of it.",
	Why: "The kernel treats process 1 otherwise than all others: a signal that it does not handle does nothing, where any " +
		"other process would end. Node.js was not made for that, so that SIGTERM and Ctrl+C are lost unless the " +
		"application handles them. An init such as dumb-init takes the place of process 1, passes signals on, and reaps " +
		"orphans.",
	Check: func(p *lint.Pass) {
		final := p.Final()
		if final == nil || p.Windows(final) {
			return
		}
		run, known := processIn(p, final)
		if !known || run.shell || run.hasInit() || !startsNode(p, final, run) || composeInit(p) ||
			handlesSignals(p, final, run, "SIGTERM", "SIGINT") {
			return
		}
		p.Report(lint.Finding{
			Span: run.place(),
			Message: fmt.Sprintf("`%s` is process 1, which ignores every signal that it does not handle: start it "+
				"through an init such as dumb-init, or handle SIGTERM and SIGINT.", run.commandText()),
			Fixes:   insertInit(p, final),
			Related: run.related(p.Model),
		})
	},
}

// composeInit reports whether the compose file is known to run the container with an init.
func composeInit(p *lint.Pass) bool {
	init := p.Project.Context.Init()
	return init.State == project.Known && init.Value
}

// startsNode reports whether the process is node: by its name, or by the base image's ENTRYPOINT. An image that is not known
// may have an ENTRYPOINT with an init.
func startsNode(p *lint.Pass, stage *dockerfile.Stage, run process) bool {
	ref, known := p.Image(stage)
	if known && p.Process(stage).Entrypoint == nil {
		return isDistrolessNode(ref) || ref.RunsCommandsAsGiven() && isNodeName(run.program.Name())
	}
	return p.Process(stage).Entrypoint != nil && isNodeName(run.program.Name())
}

func isNodeName(name string) bool { return name == "node" || name == "nodejs" }

// isDistrolessNode reports whether the ENTRYPOINT of an image is node itself.
func isDistrolessNode(ref image.Reference) bool {
	return strings.HasPrefix(ref.Name, "gcr.io/distroless/nodejs")
}

// initProgram is an init that distributions have under its own name, with what stands in front of the command that it
// starts.
type initProgram struct{ name, front string }

// initPrograms are those that are offered. tini passes a signal on to the process group only with -g, as dumb-init does.
func initPrograms() []initProgram {
	return []initProgram{
		{"dumb-init", `"dumb-init", `},
		{"tini", `"tini", "-g", "--", `},
	}
}

// insertInit offers an init: installed behind FROM, and in front of the ENTRYPOINT in force, or else of CMD. It adds no
// ENTRYPOINT, which would clear a CMD that the stage inherits. One that the stage installs already is the only one offered.
func insertInit(p *lint.Pass, stage *dockerfile.Stage) []lint.Fix {
	run := p.Process(stage)
	inst := run.Entrypoint
	if inst == nil {
		inst = run.Cmd
	}
	if inst.JSON == nil || len(inst.JSON.Elements) == 0 || !slices.Contains(stage.Instructions, inst) || hasShell(p, stage) {
		return nil
	}
	ref, _ := p.Image(stage)
	first := inst.JSON.Elements[0].Start
	var fixes []lint.Fix
	for _, init := range initPrograms() {
		front := text.Edit{Span: text.Span{Start: first, End: first}, New: init.front}
		if namesPackage(p, stage, init.name) {
			return []lint.Fix{{Title: "Start it through " + init.name, Edits: []text.Edit{
				front,
			}, Risk: "the signals reach the children of node too"}}
		}
		install, ok := installAsRoot(p, stage, installInit(ref, init.name))
		if !ok {
			continue
		}
		fixes = append(fixes, lint.Fix{
			Title: "Start it through " + init.name, Edits: []text.Edit{install, front}, Risk: "it installs a package",
		})
	}
	return fixes
}

// installAsRoot puts a RUN behind the FROM of a stage, with the rights of root and the user as it was; false if that has no
// name, or there is no command.
func installAsRoot(p *lint.Pass, stage *dockerfile.Stage, command string) (text.Edit, bool) {
	if command == "" {
		return text.Edit{}, false
	}
	lines := []string{"RUN " + command}
	if parent := p.Parent(stage); parent != nil {
		if user := p.InForceAtEnd(parent, "USER"); user != nil {
			if strings.Contains(user.Args[0].Text, "$") {
				return text.Edit{}, false
			}
			lines = []string{"USER root", lines[0], "USER " + user.Args[0].Text}
		}
	}
	edit := p.InsertAfter(stage.From, lines[0])
	for _, line := range lines[1:] {
		edit.New += p.InsertAfter(stage.From, line).New
	}
	return edit, true
}

// namesPackage reports whether a RUN of a stage, or of one below, has the name of a package among its words.
func namesPackage(p *lint.Pass, stage *dockerfile.Stage, name string) bool {
	for s := stage; s != nil; s = p.Parent(s) {
		for _, inst := range s.Instructions {
			if inst.Name == "RUN" && slices.ContainsFunc(strings.Fields(inst.Rest.Text), func(word string) bool {
				return word == name || strings.HasPrefix(word, name+"=")
			}) {
				return true
			}
		}
	}
	return false
}

// installInit is the command that installs an init on an image; empty where the image is not known, or where the
// distribution is so old that its packages may be gone.
func installInit(ref image.Reference, name string) string {
	node, official := ref.Node()
	switch {
	case ref.Name == "alpine" || official && node.Alpine && hasAlpinePackage(node):
		return "apk add --no-cache " + name
	case official && !node.Alpine &&
		(node.Suite == "bookworm" || node.Suite == "trixie" || node.Suite == "" && (node.Major == 0 || node.Major >= 18)):
		return "apt-get update && apt-get install -y --no-install-recommends " + name + " && rm -rf /var/lib/apt/lists/*"
	}
	return ""
}

// hasAlpinePackage leaves out what is older than the package itself.
func hasAlpinePackage(node image.Node) bool {
	if release, frozen := strings.CutPrefix(node.Suite, "alpine3."); frozen {
		minor, err := strconv.Atoi(release)
		return err == nil && minor >= 9
	}
	return node.Major == 0 || node.Major >= 10
}
