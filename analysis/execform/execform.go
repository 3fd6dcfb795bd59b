// Package execform knows how a command in shell form is written as an array, with everything between its words left as it
// is. It must not know rules or that there is an editor, and does not judge whether the array runs the same program.
package execform

import (
	"bytes"
	"encoding/json"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/shell"
	"dockerfile-ls/analysis/text"
)

// Command is the command of a RUN, CMD, ENTRYPOINT or HEALTHCHECK in shell form that a shell reads.
type Command struct {
	model      *dockerfile.Model
	inst       *dockerfile.Instruction
	shell      []string // what Shell says
	script     *shell.Script
	start, end int // in the text of the logical line
}

// Of is the command of an instruction; false where there is none, or no known shell reads it.
func Of(m *dockerfile.Model, inst *dockerfile.Instruction) (Command, bool) {
	if inst.Inner != nil || inst.JSON != nil || len(inst.Heredocs) > 0 {
		return Command{}, false
	}
	array, known := Shell(m, inst)
	script, ok := m.Script(inst)
	if !known || !ok {
		return Command{}, false
	}
	start, end := shell.CommandRange(inst.Instruction)
	return Command{m, inst, array, script, start, end}, start < end
}

// Words are the words of one program, literal all of them.
type Words struct {
	exec *word // the exec in front of them, for which an array has no use
	list []word
}

type word struct {
	start, end int // in the text of the logical line
	value      string
}

// Program is the name of the program as it is written.
func (w Words) Program() string { return w.list[0].value }

// Values are the words as the program gets them.
func (w Words) Values() []string {
	values := make([]string, len(w.list))
	for i, word := range w.list {
		values[i] = word.value
	}
	return values
}

// Twin reports whether the shell would run a builtin of the same name.
func (w Words) Twin() bool { return w.exec == nil && shell.HasTwin(w.Program()) }

// Words splits a command that is one program with arguments: without assignments, redirections, expansions and what only a
// shell knows, and with nothing but blanks, continuations and comment lines between. The shell must do nothing besides.
func (c Command) Words() (Words, bool) {
	words, ok := c.literal()
	if _, set := Startup(c.model, c.shell); !ok || set || !onlyRuns(c.shell) {
		return Words{}, false
	}
	if words[0].value == "exec" && len(words) > 1 && !strings.HasPrefix(words[1].value, "-") {
		return Words{exec: &words[0], list: words[1:]}, words[1].value != ""
	}
	if first := c.inst.Line.Text[words[0].start]; first == '-' || first == '+' {
		return Words{}, false // sh -c takes it for an option of its own
	}
	name := words[0].value
	return Words{list: words}, !strings.Contains(name, "=") && (!shell.IsBuiltin(name) || shell.HasTwin(name))
}

// literal are the words of a simple command, if they are literal and all there is.
func (c Command) literal() ([]word, bool) {
	simple := c.simple()
	if simple == nil {
		return nil, false
	}
	line := c.inst.Line.Text[:c.end]
	words := make([]word, 0, len(simple.Words))
	at := c.start
	for i := range simple.Words {
		w := &simple.Words[i]
		at = skipBlanks(line, at)
		if !w.Literal || !strings.HasPrefix(line[at:], w.Text) {
			return nil, false
		}
		words = append(words, word{at, at + len(w.Text), w.Value})
		at += len(w.Text)
		if c.hasComment(words[i]) {
			return nil, false // it would have no place
		}
	}
	return words, skipBlanks(line, at) == len(line)
}

// simple is the one command of the script; nil if there are more, scripts inside it aside.
func (c Command) simple() *shell.Command {
	for i := range c.script.Commands {
		if i > 0 && !c.script.Commands[i].Inside.Has(shell.InScript) {
			return nil
		}
	}
	if len(c.script.Commands) == 0 {
		return nil
	}
	first := &c.script.Commands[0]
	if first.Inside != 0 || len(first.Assigns)+len(first.Redirects) > 0 || len(first.Words) == 0 {
		return nil
	}
	return first
}

// hasComment reports whether a word is continued behind a comment line.
func (c Command) hasComment(w word) bool {
	span := c.inst.Line.Span(w.start, w.end)
	if span.Len() == w.end-w.start {
		return false
	}
	for _, comment := range c.model.Comments {
		if span.Contains(comment.Span) {
			return true
		}
	}
	return false
}

func skipBlanks(s string, at int) int {
	for at < len(s) && (s[at] == ' ' || s[at] == '\t') {
		at++
	}
	return at
}

// Array are the edits that write words as an array. Continuations and comments between them stay.
func (c Command) Array(words Words) []text.Edit {
	var edits []text.Edit
	list := words.list
	opening, from := "[", list[0].start
	if exec := words.exec; exec != nil {
		if c.onOneLine(exec.start, list[0].end) {
			from = exec.start
		} else {
			edits = append(edits, text.Edit{Span: c.inst.Line.Span(exec.start, exec.end), New: opening})
			opening = ""
		}
	}
	for i, w := range list {
		element, start := Quote(w.value), w.start
		if i == 0 {
			element, start = opening+element, from
		}
		if i+1 < len(list) {
			element += ","
		} else {
			element += "]"
		}
		edits = append(edits, text.Edit{Span: c.inst.Line.Span(start, w.end), New: element})
	}
	return edits
}

func (c Command) onOneLine(start, end int) bool {
	return c.inst.Line.Span(start, end).Len() == end-start
}

// Quote writes a string as JSON.
func Quote(s string) string {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false) // & and < stay readable
	if err := encoder.Encode(s); err != nil {
		panic(err) // a string always encodes
	}
	return strings.TrimSuffix(out.String(), "\n")
}

// escape writes a byte as it stands inside a string of JSON.
func escape(char byte) string {
	quoted := Quote(string(rune(char)))
	return quoted[1 : len(quoted)-1]
}

// ThroughShell are the edits that write a command as an array that runs it in its shell, which gives way to the last command
// of it where it can: what a SHELL has in front of the shell does not. The text stays where it is but for escapes: BuildKit
// joins continued lines before it reads the array. The reason is a clause why there are none.
func (c Command) ThroughShell() (edits []text.Edit, giving bool, reason string) {
	for _, u := range c.script.Unknowns {
		if u.Reason != shell.ComputedScript {
			return nil, false, "the command is not understood: " + u.Message
		}
	}
	opening := "["
	for _, word := range c.shell {
		opening += Quote(word) + ", "
	}
	opening += `"`
	first := c.inst.Line.Source(c.start)
	place, giving := c.script.ExecPlace()
	if giving {
		place = c.inst.At(text.Span{Start: place, End: place}).Start
		if place == first {
			opening += "exec "
		}
	}
	edits = append(edits, text.Edit{Span: text.Span{Start: first, End: first}, New: opening})
	for at := c.start; at < c.end; at++ {
		span := c.inst.Line.Span(at, at+1)
		if giving && span.Start == place && place != first {
			edits = append(edits, text.Edit{Span: text.Span{Start: place, End: place}, New: "exec "})
		}
		if char := c.inst.Line.Text[at]; char < ' ' || char == '"' || char == '\\' {
			edits = append(edits, text.Edit{Span: span, New: escape(char)})
		}
	}
	end := c.inst.Line.Span(c.end-1, c.end).End
	edits = append(edits, text.Edit{Span: text.Span{Start: end, End: end}, New: `"]`})
	return edits, isProcess(c.shell) && (giving || c.script.GivesWay()), ""
}
