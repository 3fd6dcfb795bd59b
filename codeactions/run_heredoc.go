package codeactions

import (
	"slices"
	"strconv"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/shell"
	"dockerfile-ls/analysis/text"
)

// runHeredoc writes a list of commands as a here-document with a command on each line. Comments stand above the command that
// they stood in, and words that were continued are whole.
func runHeredoc(m *dockerfile.Model, inst *dockerfile.Instruction) (lint.Fix, bool) {
	fix := lint.Fix{Title: "Rewrite RUN to a here-document", Safe: true}
	if inst.Name != "RUN" || inst.JSON != nil || len(inst.Heredocs) > 0 || strings.Contains(m.Text, "\r") ||
		!hasHeredocs(m) {
		return fix, false
	}
	script, ok := m.Script(inst)
	if !ok || !stopsAlike(script) {
		return fix, false
	}
	list, ok := listOf(inst, script)
	if !ok {
		return fix, false
	}
	body := ""
	if !list.stops {
		body = "set -e\n"
	}
	for _, line := range list.lines(m, inst) {
		if strings.HasSuffix(line, `\`) {
			return fix, false // it would go on with the next one
		}
		body += line + "\n"
	}
	if strings.HasPrefix(body, "#!") {
		return fix, false // a comment, which would name the interpreter
	}
	name := delimiter(body)
	fix.Edits = []text.Edit{{Span: text.Span{Start: inst.Rest.Start, End: inst.End}, New: "<<" + name + "\n" + body + name}}
	if !listed(m, inst, fix.Edits, script, !list.stops) {
		return fix, false
	}
	if rest, _, _ := strings.Cut(m.Text[inst.End:], "\n"); rest != "" { // blanks, behind which the name would end nothing
		fix.Edits = append(fix.Edits, text.Edit{Span: text.Span{Start: inst.End, End: inst.End + len(rest)}})
	}
	return fix, true
}

// listed holds that a here-document runs the commands of a script, with set -e in front of them where it was added.
func listed(m *dockerfile.Model, inst *dockerfile.Instruction, edits []text.Edit, script *shell.Script, added bool) bool {
	model, after, ok := reread(m, inst, edits)
	if !ok || len(after.Heredocs) != 1 {
		return false
	}
	made, ok := model.Script(after)
	if !ok || !made.Known() {
		return false
	}
	commands := made.Commands
	if added {
		commands = commands[min(1, len(commands)):]
	}
	return sameCommands(script.Commands, commands)
}

// hasHeredocs reports whether the frontend knows here-documents: BuildKit's own does, and those that a syntax directive
// names from 1.4 on, or from 1.3-labs on. Of others nothing is known.
func hasHeredocs(m *dockerfile.Model) bool {
	for _, d := range m.Directives {
		if strings.EqualFold(d.Name.Text, "syntax") {
			return frontendHasHeredocs(d.Value.Text)
		}
	}
	return true
}

func frontendHasHeredocs(reference string) bool {
	reference, _, _ = strings.Cut(strings.TrimPrefix(reference, "docker.io/"), "@")
	name, tag, _ := strings.Cut(reference, ":")
	if name != "docker/dockerfile" && name != "docker/dockerfile-upstream" {
		return false
	}
	version, labs := strings.CutSuffix(tag, "-labs")
	if slices.Contains([]string{"", "1", "labs", "latest", "master"}, version) {
		return true
	}
	major, rest, _ := strings.Cut(version, ".")
	minor, _, _ := strings.Cut(rest, ".")
	n, err := strconv.Atoi(minor)
	return err == nil && major == "1" && (n >= 4 || n == 3 && labs)
}

// list is a list of commands at the top of a script.
type list struct {
	commands []shell.Command
	starts   []int // the commands with which the parts begin
	stops    bool  // set -e stands in front
}

// listOf is the list that a script consists of: joined by && all, or by ; behind set -e.
func listOf(inst *dockerfile.Instruction, script *shell.Script) (list, bool) {
	l := list{commands: own(script)}
	if len(l.commands) < 2 {
		return l, false
	}
	l.stops = stopsAtErrors(&l.commands[0])
	joint := shell.Start
	for i := range l.commands {
		switch operator := l.commands[i].After.Operator; operator {
		case shell.Pipe:
		case shell.Start, shell.And, shell.Semicolon:
			l.starts = append(l.starts, i)
			if len(l.starts) == 3 || !l.stops && len(l.starts) == 2 {
				joint = operator
			}
			if joint != shell.Start && operator != joint || operator == shell.Semicolon && !l.stops {
				return l, false
			}
		default:
			return l, false
		}
	}
	return l, len(l.starts) > 1 && !strings.Contains(inst.Line.Text, "\n")
}

// lines are the parts of the list with the comments above them.
func (l list) lines(m *dockerfile.Model, inst *dockerfile.Instruction) []string {
	var lines []string
	comments := m.Comments
	from, end := inst.RestRange()
	for n := range l.starts {
		to := end
		next := from
		if n+1 < len(l.starts) {
			operator := inst.At(l.commands[l.starts[n+1]].After.Span)
			to, next = lineOffset(inst, operator.Start), lineOffset(inst, operator.End-1)+1
		}
		from, to = trimmed(inst.Line.Text, from, to)
		for len(comments) > 0 && (comments[0].Start < inst.Line.Source(to-1) || n+1 == len(l.starts)) {
			if comments[0].Start > inst.Rest.Start && inst.Contains(comments[0].Span) {
				lines = append(lines, comments[0].Of(m.Text))
			}
			comments = comments[1:]
		}
		lines = append(lines, l.part(inst, from, to))
		from = next
	}
	return lines
}

// part is a part of the line as a shell reads it: continued where it was, but for words.
func (l list) part(inst *dockerfile.Instruction, from, to int) string {
	line := inst.Line.Text
	var out strings.Builder
	for at := from; at < to; at++ {
		if at > from {
			if end := inst.Line.Source(at-1) + 1; end != inst.Line.Source(at) && !l.inWord(inst, end) {
				out.WriteString("\\\n")
			}
		}
		out.WriteByte(line[at])
	}
	return out.String()
}

// trimmed is a range without blanks around it.
func trimmed(line string, from, to int) (int, int) {
	for from < to && (line[from] == ' ' || line[from] == '\t') {
		from++
	}
	for to > from && (line[to-1] == ' ' || line[to-1] == '\t') {
		to--
	}
	return from, to
}

// inWord reports whether a place of the file lies inside of a word, where a backslash might be one of its letters.
func (l list) inWord(inst *dockerfile.Instruction, at int) bool {
	inside := func(s text.Span) bool {
		s = inst.At(s)
		return s.Start < at && at < s.End
	}
	return slices.ContainsFunc(l.commands, func(c shell.Command) bool {
		return slices.ContainsFunc(c.Words, func(w shell.Word) bool { return inside(w.Span) }) ||
			slices.ContainsFunc(c.Assigns, func(a shell.Assign) bool { return inside(a.Span) }) ||
			slices.ContainsFunc(c.Redirects, func(r shell.Redirect) bool { return inside(r.Span) })
	})
}

// delimiter is a name that does not occur in a text.
func delimiter(body string) string {
	name := "EOF"
	for n := 2; strings.Contains(body, name); n++ {
		name = "EOF" + strconv.Itoa(n)
	}
	return name
}
