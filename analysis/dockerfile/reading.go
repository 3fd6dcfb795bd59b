package dockerfile

import (
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"

	"dockerfile-ls/analysis/shell"
	"dockerfile-ls/analysis/syntax"
)

// Reading is what BuildKit's parser and instruction reader make of the text of one instruction. It is never changed and
// carries no position of the file, so that the same text shares one reading, from one version of the file to the next.
type Reading struct {
	// Command is an instructions.Command, or an *instructions.Stage for FROM; nil if Err is set.
	Command any
	// Err is BuildKit's reason to reject the instruction by itself. It costs this instruction only.
	Err error
	// script is what a shell runs for it, parsed when first asked for.
	script func() *shell.Script
}

// Readings are the readings of one version of a file, by the text of the instruction and the escape character.
type Readings map[readingKey]*Reading

type readingKey struct {
	text   string
	escape byte
}

// fill has BuildKit read what is missing. Its parser compiles regular expressions each time that it is called, and so is
// given many instructions as one text; if it does not find these in it, the half of them.
func (r Readings) fill(missing []readingKey) {
	if len(missing) == 0 {
		return
	}
	if len(missing) == 1 {
		r[missing[0]].fill(missing[0])
		return
	}
	nodes, ok := parseTogether(missing)
	if !ok {
		r.fill(missing[:len(missing)/2])
		r.fill(missing[len(missing)/2:])
		return
	}
	for i, key := range missing {
		command, err := instructions.ParseInstruction(nodes[i])
		if err != nil {
			r[key].fill(key)
			continue
		}
		r[key].Command = command
	}
}

func (r *Reading) fill(key readingKey) {
	if strings.Count(key.text, "${") > maxBraces {
		return
	}
	result, err := parser.Parse(strings.NewReader(escapePrefix(key.escape) + key.text))
	if err != nil {
		r.Err = err
		return
	}
	command, err := instructions.ParseInstruction(result.AST.Children[0])
	if err != nil {
		r.Err = err
		return
	}
	r.Command = command
}

// parseTogether returns the nodes of instructions, on the lines that each has alone; false if one may have taken another
// into itself, as behind a continuation, or is for some other reason not sure to be read as it is alone.
func parseTogether(keys []readingKey) ([]*parser.Node, bool) {
	escape := keys[0].escape
	var whole strings.Builder
	whole.WriteString(escapePrefix(escape))
	for _, key := range keys {
		if key.escape != escape || strings.Contains(key.text, "<<") || strings.Count(key.text, "${") > maxBraces {
			return nil, false
		}
		whole.WriteString(key.text)
		whole.WriteByte('\n')
	}
	result, err := parser.Parse(strings.NewReader(whole.String()))
	if err != nil || len(result.AST.Children) != len(keys) {
		return nil, false
	}
	first, shift := 1+strings.Count(escapePrefix(escape), "\n"), 0
	for i, node := range result.AST.Children {
		node.StartLine -= shift
		node.EndLine -= shift
		if node.StartLine != first {
			return nil, false
		}
		shift += strings.Count(keys[i].text, "\n") + 1
	}
	return result.AST.Children, true
}

// maxBraces is the number of ${ from which on an instruction is not given to BuildKit, whose lexer needs stack for each
// that is nested and has no limit of its own.
const maxBraces = 10_000

func readingText(file *syntax.File, inst *syntax.Instruction) string {
	return file.Text[inst.Span.Start:inst.Span.End]
}
