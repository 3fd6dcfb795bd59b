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

// read returns the reading of an instruction's text, from known if it is there.
func (known Readings) read(key readingKey) *Reading {
	if reading, ok := known[key]; ok {
		return reading
	}
	reading := newReading(key)
	reading.script = parseScript(key)
	return reading
}

func newReading(key readingKey) *Reading {
	if strings.Count(key.text, "${") > maxBraces {
		return &Reading{}
	}
	result, err := parser.Parse(strings.NewReader(escapePrefix(key.escape) + key.text))
	if err != nil {
		return &Reading{Err: err}
	}
	command, err := instructions.ParseInstruction(result.AST.Children[0])
	if err != nil {
		return &Reading{Err: err}
	}
	return &Reading{Command: command}
}

// maxBraces is the number of ${ from which on an instruction is not given to BuildKit, whose lexer needs stack for each
// that is nested and has no limit of its own.
const maxBraces = 10_000

func readingText(file *syntax.File, inst *syntax.Instruction) string {
	return file.Text[inst.Span.Start:inst.Span.End]
}
