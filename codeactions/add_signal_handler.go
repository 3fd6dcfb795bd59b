package codeactions

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/javascript"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/project"
	"dockerfile-ls/analysis/text"
)

// addSignalHandler offers a handler that closes the server, behind everything else in the script that a container starts.
// It is for one server of Fastify, or of node:http as Express starts it, that is made at the top of the script itself.
func addSignalHandler(s *analysis.Snapshot, f *lint.Finding) []Action {
	around := s.Facts().Project
	if around == nil || f.File == "" {
		return nil
	}
	if stage := finalStage(s.Model(), around); stage == nil || !mayHandle(s.Model(), stage) {
		return nil
	}
	source := around.Script(f.File).Text
	server, found := javascript.FindServer(source)
	if !found {
		return nil
	}
	end := text.Span{Start: len(source), End: len(source)}
	edits := []text.Edit{{Span: end, New: handler(f.File, source, server)}}
	if server.Declare >= 0 {
		edits = append([]text.Edit{
			{Span: text.Span{Start: server.Declare, End: server.Declare}, New: "const " + server.Name + " = "},
		}, edits...)
	}
	return []Action{{
		Title:  fmt.Sprintf("Close the server on SIGTERM and SIGINT, in %s (other connections stay open)", f.File),
		Kind:   QuickFix,
		Mends:  f,
		Others: []OtherFile{{path.Join(around.Context.Root, f.File), source, edits}},
	}}
}

// finalStage is the stage that the file is for; see Final of lint.Pass.
func finalStage(m *dockerfile.Model, around *project.Surroundings) *dockerfile.Stage {
	if target := m.Named(around.Context.Target().Value); target != nil && !target.Development() {
		return target
	}
	return m.Final()
}

// mayHandle reports whether the handler would work in the image: closing idle connections came with Node.js 18.2, and
// another STOPSIGNAL needs another handler.
func mayHandle(m *dockerfile.Model, stage *dockerfile.Stage) bool {
	ref, _ := m.Image(stage)
	if node, official := ref.Node(); official && node.Major != 0 && node.Major < 18 {
		return false
	}
	stop := m.InForceAtEnd(stage, "STOPSIGNAL")
	return stop == nil ||
		slices.Contains([]string{"SIGTERM", "SIGINT", "TERM", "INT", "15", "2"}, strings.ToUpper(stop.Args[0].Text))
}

// handler is the code that closes a server. Connections that are kept alive without a request would hold it open for as long
// as the client wants, also those that become idle later.
func handler(file, source string, server javascript.Server) string {
	signals := "['SIGTERM', 'SIGINT']"
	if strings.HasSuffix(path.Ext(file), "ts") {
		signals += " as const" // or they are any strings
	}
	lines := []string{
		"for (const signal of " + signals + ") {",
		"  process.once(signal, () => {",
		"    " + server.Name + ".close(() => process.exit());",
		"    setInterval(() => " + server.Name + ".closeIdleConnections(), 500);",
		"  });",
		"}",
	}
	if server.Fastify {
		lines = []string{
			"for (const signal of " + signals + ") {",
			"  process.once(signal, async () => {",
			"    await " + server.Name + ".close();",
			"    process.exit();",
			"  });",
			"}",
		}
	}
	code := "\n// The container is stopped: finish the requests that are there, and end.\n" +
		strings.Join(lines, "\n") + "\n"
	if !server.Semicolons {
		code = strings.ReplaceAll(code, ";\n", "\n")
	}
	if strings.Count(source, `"`) > strings.Count(source, "'") {
		code = strings.ReplaceAll(code, "'", `"`)
	}
	if source != "" && !strings.HasSuffix(source, "\n") {
		code = "\n" + code
	}
	if strings.Contains(source, "\r\n") {
		code = strings.ReplaceAll(code, "\n", "\r\n")
	}
	return code
}
