package rules

import (
	"fmt"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

var unknownInstruction = &lint.Rule{
	ID:       "unknown-instruction",
	Severity: lint.Error,
	Syntax:   true,
	Title:    "A line begins with a word that is no instruction.",
	Why: "BuildKit stops at an instruction that it does not know. Often the keyword is mistyped, or the line before " +
		"has lost the backslash that continued it.",
	CheckInstruction: func(p *lint.Pass, inst *dockerfile.Instruction) {
		if syntax.Known(inst.Keyword.Text) {
			return
		}
		if inst.Keyword.Text == "" {
			p.Tell(inst.Span, "There is no instruction here: take the continuation away.")
			return
		}
		near := dockerfile.Nearest(inst.Keyword.Text, syntax.Names[:])
		if near == "" {
			p.Tell(inst.Keyword.Span, fmt.Sprintf("Unknown instruction `%s`: continue the line before with `%c`, or "+
				"begin with a keyword.",
				inst.Keyword.Text, inst.Escape))
			return
		}
		p.Tell(inst.Keyword.Span, fmt.Sprintf("Unknown instruction `%s`: write `%s`.", inst.Keyword.Text, near),
			correctName(inst.Keyword, near))
	},
}

// correctName replaces a mistyped word by the nearest one that is known.
func correctName(word syntax.Word, near string) lint.Fix {
	return lint.Fix{
		Title: fmt.Sprintf("Change `%s` to `%s`", word.Text, near),
		Edits: []text.Edit{{Span: word.Span, New: near}},
		Risk:  "a guess",
	}
}
