package rules

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/text"
)

var shellFormCommand = &lint.Rule{
	ID:       "shell-form-command",
	Aliases:  []string{"JSONArgsRecommended", "DL3025"},
	Severity: lint.Warning,
	Section:  5,
	Title:    "The command of the container is written in shell form.",
	Why: "In shell form the process is `/bin/sh -c`, which does not pass signals on: the program never hears SIGTERM, and is " +
		"killed when Docker's patience ends. The exec form, a JSON array, starts the program itself.",
	Check: func(p *lint.Pass) {
		alone := !hasInstruction(p.Model, "ENTRYPOINT") && !hasInstruction(p.Model, "SHELL")
		for _, stage := range p.Stages {
			if p.Windows(stage) {
				continue
			}
			shell := hasShell(p, stage)
			for _, inst := range stage.Instructions {
				shell = shell || inst.Name == "SHELL"
				if shell || !isShellForm(inst) || p.Rejected(inst) || p.Told(inst, curlyQuotes) || p.Told(inst, unfinishedArray) || p.Told(inst, invalidExecForm) {
					continue
				}
				f := lint.Finding{
					Span:    inst.Rest.Span,
					Message: fmt.Sprintf("%s is in shell form, so that `/bin/sh -c` receives the signals and not the program: write a JSON array.", inst.Name),
				}
				if reason := refusesExecForm(inst, alone); reason != "" {
					f.Refusals = []lint.Refusal{{Title: execFormTitle, Reason: reason}}
				} else {
					f.Fixes = execForm(p, stage, inst)
				}
				p.Report(f)
			}
		}
	},
}

func isShellForm(inst *dockerfile.Instruction) bool {
	return (inst.Name == "CMD" || inst.Name == "ENTRYPOINT") && inst.JSON == nil && len(inst.Args) > 0
}

// hasShell reports whether a stage inherits a SHELL from the stages that it is based on.
func hasShell(p *lint.Pass, stage *dockerfile.Stage) bool {
	for parent := p.Parent(stage); parent != nil; parent = p.Parent(parent) {
		for _, inst := range parent.Instructions {
			if inst.Name == "SHELL" {
				return true
			}
		}
	}
	return false
}

const execFormTitle = "Rewrite to exec form"

// refusesExecForm says why the array is not offered; empty if it is. It is for a CMD of plain words, alone in a file without
// ENTRYPOINT and SHELL: with one of them the two forms differ in more than the process.
func refusesExecForm(inst *dockerfile.Instruction, alone bool) string {
	if _, plain := plainWords(inst); !plain {
		return "the command needs a shell"
	}
	switch {
	case inst.Name == "ENTRYPOINT":
		return "an ENTRYPOINT in exec form would take CMD and the arguments of docker run too"
	case !alone:
		return "an ENTRYPOINT or SHELL of the file counts for the command too"
	}
	return ""
}

// execForm offers the array for a CMD that refusesExecForm says nothing of.
func execForm(p *lint.Pass, stage *dockerfile.Stage, inst *dockerfile.Instruction) []lint.Fix {
	words, _ := plainWords(inst)
	fix := lint.Fix{Title: execFormTitle, Edits: arrayEdits(inst, words)}
	switch {
	case hasTwin(words[0].value):
		fix.Risk = "the program may differ from the shell's own " + words[0].value
	case !runsAsGiven(p, stage):
		fix.Risk = "the base image may have an entrypoint that reads its arguments"
	default:
		fix.Safe = true
	}
	return []lint.Fix{fix}
}

// runsAsGiven reports whether the image below a stage is known to run a command as it is given. One that a build argument
// names is not known: the build may name another.
func runsAsGiven(p *lint.Pass, stage *dockerfile.Stage) bool {
	base := p.Global(p.Root(stage).Base.Text)
	ref, known := p.Image(stage)
	return base.State == dockerfile.Known && !base.Default && (base.Text == "scratch" || known && ref.RunsCommandsAsGiven())
}

// hasTwin names the commands that a shell has built in and that are programs too.
func hasTwin(command string) bool {
	switch command {
	case "echo", "false", "kill", "printf", "pwd", "test", "true", "[":
		return true
	}
	return false
}

func hasInstruction(m *dockerfile.Model, name string) bool {
	for _, inst := range m.Instructions {
		if inst.Name == name {
			return true
		}
	}
	return false
}

// shellWord is a word of a command: its range in the logical line and its value.
type shellWord struct {
	start, end int
	value      string
}

// arrayEdits puts the words into an array and leaves everything between them, continuations and comments too.
func arrayEdits(inst *dockerfile.Instruction, words []shellWord) []text.Edit {
	edits := make([]text.Edit, 0, len(words))
	for i, w := range words {
		element := quoteJSON(w.value)
		if i == 0 {
			element = "[" + element
		}
		if i+1 < len(words) {
			element += ","
		} else {
			element += "]"
		}
		edits = append(edits, text.Edit{Span: inst.Line.Span(w.start, w.end), New: element})
	}
	return edits
}

func quoteJSON(s string) string {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false) // & and < stay readable
	if err := encoder.Encode(s); err != nil {
		panic(err) // a string always encodes
	}
	return strings.TrimSuffix(out.String(), "\n")
}

// plainWords splits a command into words that a shell would pass on as they are. It is not plain if it needs a shell:
// variables, patterns, operators, assignments, builtins, or a word that is continued on the next line. A leading exec is
// dropped, since the array does what it asks for.
func plainWords(inst *dockerfile.Instruction) (words []shellWord, plain bool) {
	at, to := inst.RestRange()
	for at < to {
		if c := inst.Line.Text[at]; c == ' ' || c == '\t' {
			at++
			continue
		}
		w, ok := plainWord(inst.Line.Text, at, to)
		ok = ok && utf8.ValidString(w.value) // JSON has no other
		span := inst.Line.Span(w.start, w.end)
		if !ok || span.Len() != w.end-w.start {
			return nil, false
		}
		words = append(words, w)
		at = w.end
	}
	words = withoutExec(inst, words)
	if len(words) == 0 || needsShell(words[0].value) {
		return nil, false
	}
	return words, true
}

// withoutExec joins a leading exec with the command behind it, if both stand on one line.
func withoutExec(inst *dockerfile.Instruction, words []shellWord) []shellWord {
	if len(words) < 2 || words[0].value != "exec" || strings.HasPrefix(words[1].value, "-") {
		return words
	}
	joined := shellWord{words[0].start, words[1].end, words[1].value}
	if inst.Line.Span(joined.start, joined.end).Len() != joined.end-joined.start {
		return words
	}
	return append([]shellWord{joined}, words[2:]...)
}

// plainWord reads a word of letters that mean nothing to a shell, and of quoted parts without variables or escapes.
func plainWord(line string, at, to int) (w shellWord, ok bool) {
	w.start = at
	var value strings.Builder
	for at < to && line[at] != ' ' && line[at] != '\t' {
		c := line[at]
		if c != '\'' && c != '"' {
			if !isPlain(c) {
				return w, false
			}
			value.WriteByte(c)
			at++
			continue
		}
		end := strings.IndexByte(line[at+1:to], c)
		if end < 0 {
			return w, false
		}
		quoted := line[at+1 : at+1+end]
		if c == '"' && strings.ContainsAny(quoted, "$`\\!") {
			return w, false
		}
		value.WriteString(quoted)
		at += end + 2
	}
	w.end, w.value = at, value.String()
	return w, true
}

func isPlain(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c >= 0x80 || strings.IndexByte("_@%+=:,./-", c) >= 0
}

// needsShell reports whether a command is an assignment, or a word that only a shell knows.
func needsShell(command string) bool {
	if command == "" || strings.Contains(command, "=") {
		return true
	}
	switch command {
	case ".", ":", "alias", "bg", "break", "case", "cd", "chdir", "command", "continue", "do", "done", "elif", "else", "esac", "eval",
		"exec", "exit", "export", "fg", "fi", "for", "function", "getopts", "hash", "if", "jobs", "let", "local", "read",
		"readonly", "return", "select", "set", "shift", "shopt", "source", "then", "time", "times", "trap", "type", "typeset",
		"ulimit", "umask", "unalias", "unset", "until", "wait", "while":
		return true
	}
	return false
}
