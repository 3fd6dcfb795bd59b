package rules

import (
	"fmt"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/project"
)

var noSignalHandler = &lint.Rule{
	ID:       NoSignalHandler,
	Severity: lint.Hint,
	Section:  6,
	Title:    "The server that the container starts does not handle the signal that stops it.",
	Why: "Docker and Kubernetes send SIGTERM and wait before they kill. A server that handles it can answer the requests " +
		"that it has, close its connections and end; one that does not cuts its clients off. The script is read with " +
		"everything that it loads, as far as it lies in the context.",
	Check: func(p *lint.Pass) {
		final := p.Final()
		if final == nil || p.Project.Context.State != project.Known {
			return
		}
		run, known := processIn(p, final)
		signal := stopSignal(p, final)
		if !known || signal == "" {
			return
		}
		script, found := entryScript(p, final, run)
		if !found || !script.Listens() {
			return
		}
		if handles := script.Handles(signal); handles.State != project.Known || handles.Value {
			return
		}
		message := fmt.Sprintf("`%s` never handles %s, so that requests are cut off when the container stops: close the "+
			"server in a handler of it.", script.file, signal)
		if len(script.Files) > 1 {
			message = fmt.Sprintf("Neither `%s` nor what it loads handles %s, so that requests are cut off when the "+
				"container stops: close the server in a handler of it.", script.file, signal)
		}
		p.Report(lint.Finding{Span: run.placeOf(script.word), File: script.file, Message: message})
	},
}

// stopSignal is the signal that stops a container of a stage; empty if it is not known, or cannot be handled.
func stopSignal(p *lint.Pass, stage *dockerfile.Stage) string {
	inst := p.InForceAtEnd(stage, "STOPSIGNAL")
	if inst == nil {
		return "SIGTERM"
	}
	signal := p.Expand(inst, inst.Args[0].Text)
	switch name := strings.TrimPrefix(strings.ToUpper(signal.Text), "SIG"); name {
	case "15", "TERM":
		return "SIGTERM"
	case "2", "INT":
		return "SIGINT"
	case "3", "QUIT":
		return "SIGQUIT"
	case "HUP", "USR1", "USR2":
		return "SIG" + name
	}
	return ""
}
