package codeactions

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/execform"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/shell"
	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

// shellForm writes an array as a command for the shell that reads it then, its words quoted; one that is that shell's own,
// as /bin/sh -c, becomes the script itself, which is the same to BuildKit. It is not for programs whose name the shell has
// for itself.
func shellForm(m *dockerfile.Model, inst *dockerfile.Instruction) (lint.Fix, bool) {
	fix := lint.Fix{Title: "Rewrite " + inst.Name + " to shell form"}
	stage := m.StageOf(inst)
	array := inst.JSON
	if array == nil || array.Unfinished || array.NotString != nil || len(array.Elements) == 0 || stage == nil {
		return fix, false
	}
	front, known := execform.Shell(m, inst)
	if !known {
		return fix, false
	}
	switch inst.Name {
	case "RUN", "HEALTHCHECK":
		fix.Risk = "the image needs a shell"
	case "CMD":
		fix.Risk = "the image needs a shell, which receives the signals"
		if entrypoint := m.InForceAtEnd(stage, "ENTRYPOINT"); entrypoint != nil {
			fix.Risk += "; ENTRYPOINT gets other arguments"
		} else if !isBaseKnown(m, stage) {
			fix.Risk += "; the base image may have an entrypoint that reads its arguments"
		}
	case "ENTRYPOINT":
		fix.Risk = "the image needs a shell, which receives the signals; CMD and other arguments are ignored"
	default:
		return fix, false
	}
	if script, through := shellScript(array, front); through && script.Text != "" {
		edits, ok := unwrap(m, inst, script)
		return behindBase(m, inst, lint.Fix{Title: fix.Title, Edits: edits}), ok
	}
	if name, set := execform.Startup(m, front); name != "" && (set || !isBaseKnown(m, stage)) {
		fix.Risk += "; it runs the file that " + name + " names"
	}
	edits, ok := unquote(m, inst)
	fix.Edits = edits
	return fix, ok
}

// shellScript is the script of an array that is what BuildKit makes of a shell form that a shell reads.
func shellScript(array *syntax.Array, front []string) (script syntax.Word, ok bool) {
	last := len(array.Elements) - 1
	return array.Elements[last], slices.EqualFunc(array.Elements[:last], front, func(e syntax.Word, word string) bool {
		return e.Text == word
	})
}

// unwrap takes the array and the escapes of JSON off a script.
func unwrap(m *dockerfile.Model, inst *dockerfile.Instruction, script syntax.Word) ([]text.Edit, bool) {
	opening := text.Span{Start: inst.JSON.Start, End: script.Start + 1}
	closing := text.Span{Start: script.End - 1, End: inst.JSON.End}
	if strings.Contains(opening.Of(m.Text), "\n") || strings.Contains(closing.Of(m.Text), "\n") {
		return nil, false
	}
	edits := []text.Edit{{Span: opening}}
	line, end := inst.Line.Text, lineOffset(inst, closing.Start)
	for at := lineOffset(inst, opening.End); at < end; at++ {
		if line[at] != '\\' {
			continue
		}
		size := escapeSize(line[at:end])
		escaped := inst.Line.Span(at, at+size)
		var char string
		if json.Unmarshal([]byte(`"`+line[at:at+size]+`"`), &char) != nil || holdsComment(m, escaped) {
			return nil, false
		}
		edits = append(edits, text.Edit{Span: escaped, New: char})
		at += size - 1
	}
	edits = append(edits, text.Edit{Span: closing})
	_, after, ok := reread(m, inst, edits)
	if !ok || after.JSON != nil || len(after.Heredocs) > 0 {
		return nil, false
	}
	start, stop := shell.CommandRange(after.Instruction)
	return edits, after.Line.Text[start:stop] == script.Text
}

// holdsComment reports whether a comment line stands in a span, where it would have no place.
func holdsComment(m *dockerfile.Model, s text.Span) bool {
	return slices.ContainsFunc(m.Comments, func(c syntax.Comment) bool { return s.Contains(c.Span) })
}

// escapeSize is the length of the escape of JSON that a text begins with.
func escapeSize(s string) int {
	switch {
	case !strings.HasPrefix(s, `\u`):
		return min(2, len(s))
	case len(s) >= 12 && strings.EqualFold(s[2:3], "d") && s[6:8] == `\u`:
		return 12 // two halves of one character
	}
	return min(6, len(s))
}

// unquote takes the brackets and the commas off an array, and quotes its elements for a shell.
func unquote(m *dockerfile.Model, inst *dockerfile.Instruction) ([]text.Edit, bool) {
	array := inst.JSON
	last := array.Elements[len(array.Elements)-1]
	closing := text.Span{Start: last.End, End: array.End}
	if shell.IsBuiltin(array.Elements[0].Text) || strings.Contains(closing.Of(m.Text), "#") {
		return nil, false // a comment there would continue the command
	}
	var edits []text.Edit
	var values []string
	from := array.Start
	for i, e := range array.Elements {
		if holdsComment(m, e.Span) {
			return nil, false
		}
		values = append(values, e.Text)
		edits = append(edits, separate(m, inst, text.Span{Start: from, End: e.Start}, i == 0), text.Edit{
			Span: e.Span, New: quoteForShell(e.Text),
		})
		from = e.End
	}
	edits = append(edits, text.Edit{Span: closing})
	model, after, ok := reread(m, inst, edits)
	if !ok {
		return nil, false
	}
	command, ok := execform.Of(model, after)
	if !ok {
		return nil, false
	}
	words, plain := command.Words()
	return edits, plain && slices.Equal(words.Values(), values)
}

// separate takes the bracket or the comma out of what stands in front of an element, with the blanks behind a bracket. Words
// need a blank between them.
func separate(m *dockerfile.Model, inst *dockerfile.Instruction, gap text.Span, first bool) text.Edit {
	if first {
		between := gap.Of(m.Text)
		blanks := 1 + len(between[1:]) - len(strings.TrimLeft(between[1:], " \t"))
		return text.Edit{Span: text.Span{Start: gap.Start, End: gap.Start + blanks}}
	}
	start := lineOffset(inst, gap.Start)
	between := inst.Line.Text[start:lineOffset(inst, gap.End)]
	comma := start + strings.IndexByte(between, ',')
	edit := text.Edit{Span: inst.Line.Span(comma, comma+1)}
	if between == "," {
		edit.New = " "
	}
	return edit
}

// quoteForShell writes a word so that a shell takes it for what it is.
func quoteForShell(word string) string {
	if word != "" && strings.IndexFunc(word, needsQuotes) < 0 {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

func needsQuotes(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("_@%+=:,./-", r)
}
