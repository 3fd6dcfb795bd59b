package codeactions

import (
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/shell"
	"dockerfile-ls/analysis/text"
)

// runList writes a here-document of simple commands behind set -e, or of one command, as a list joined by &&.
func runList(m *dockerfile.Model, inst *dockerfile.Instruction) (lint.Fix, bool) {
	fix := lint.Fix{Title: "Rewrite RUN to a list without here-document", Safe: true}
	if inst.Name != "RUN" || len(inst.Heredocs) != 1 || strings.Contains(m.Text, "\r") {
		return fix, false
	}
	doc := inst.Heredocs[0]
	if doc.Span != inst.Rest.Span || doc.FD != 0 || !doc.Terminated ||
		strings.HasPrefix(strings.TrimLeft(inst.Body(doc), "\t"), "#!") {
		return fix, false
	}
	script, ok := m.Script(inst)
	if !ok || !stopsAlike(script) {
		return fix, false
	}
	lines, ok := simpleLines(m, inst, doc.Body, own(script))
	if !ok {
		return fix, false
	}
	fix.Edits = []text.Edit{{Span: text.Span{Start: inst.Rest.Start, End: inst.End}, New: joined(lines, inst.Escape)}}
	model, after, ok := reread(m, inst, fix.Edits)
	if !ok || after.JSON != nil || len(after.Heredocs) > 0 {
		return fix, false
	}
	made, ok := model.Script(after)
	return fix, ok && made.Known() && sameCommands(script.Commands[len(own(script))-len(lines):], made.Commands)
}

// simpleLine is a command with the comments above it.
type simpleLine struct {
	comments []string
	command  string
}

// simpleLines are the commands of a here-document without set -e, if each stands on lines of its own and is simple, and if
// the first that fails is the last that runs.
func simpleLines(
	m *dockerfile.Model, inst *dockerfile.Instruction, body text.Span, commands []shell.Command,
) ([]simpleLine, bool) {
	var lines []simpleLine
	var comments []string
	at := body.Start
	for i, c := range commands {
		if c.Inside != 0 || c.After.Operator != shell.Start && c.After.Operator != shell.Newline {
			return nil, false
		}
		span := inst.At(c.Span)
		more, ok := commentsIn(m.Text[at:span.Start])
		if !ok {
			return nil, false
		}
		comments = append(comments, more...)
		at = span.End
		if i == 0 && stopsAtErrors(&c) && len(c.Words) == 2 && c.Words[1].Value == "-e" {
			continue
		}
		lines = append(lines, simpleLine{comments, span.Of(m.Text)})
		comments = nil
	}
	more, ok := commentsIn(m.Text[at:body.End])
	if !ok || len(lines) == 0 || len(commands) > 1 && !stopsAtErrors(&commands[0]) {
		return nil, false
	}
	last := &lines[len(lines)-1]
	last.comments = append(append(last.comments, comments...), more...)
	return lines, true
}

// commentsIn are the comments of a text that holds nothing else.
func commentsIn(between string) (comments []string, ok bool) {
	for line := range strings.SplitSeq(between, "\n") {
		line = strings.Trim(line, " \t")
		if line != "" && line[0] != '#' {
			return nil, false
		}
		if line != "" {
			comments = append(comments, line)
		}
	}
	return comments, true
}

// joined is the list as it is written in a Dockerfile, with a command on each line.
func joined(lines []simpleLine, escape byte) string {
	const indent = "    "
	end := string(escape) + "\n"
	var out strings.Builder
	for i, line := range lines {
		if i > 0 {
			out.WriteString(" && ")
		}
		if i > 0 || len(line.comments) > 0 {
			out.WriteString(end)
		}
		for _, comment := range line.comments {
			out.WriteString(indent + comment + "\n")
		}
		if i > 0 || len(line.comments) > 0 {
			out.WriteString(indent)
		}
		out.WriteString(strings.ReplaceAll(line.command, "\\\n", end))
	}
	return out.String()
}
