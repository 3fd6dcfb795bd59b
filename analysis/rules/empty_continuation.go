package rules

import (
	"fmt"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/text"
)

var emptyContinuation = &lint.Rule{
	ID:       "empty-continuation",
	Aliases:  []string{"NoEmptyContinuation"},
	Severity: lint.Warning,
	Title:    "A continuation leads over a blank line, or into the next instruction.",
	Why: "BuildKit passes over the blank line and reads on, which a future version will reject. Where an instruction " +
		"follows, it is swallowed.",
	Check: func(p *lint.Pass) {
		for i, inst := range p.Instructions {
			if inst.Name == "" {
				continue
			}
			if !inst.Dangling.Empty() && i+1 < len(p.Instructions) {
				tellSwallowed(p, inst, p.Instructions[i+1])
				continue
			}
			for _, blank := range inst.BlankLines {
				p.Tell(blank, fmt.Sprintf(
					"The blank line stands inside the %s instruction: take it away, or write a comment.", inst.Name,
				),
					lint.Fix{Title: "Remove the blank line", Edits: []text.Edit{{Span: wholeLine(p, blank)}}, Safe: true})
			}
		}
	},
}

// tellSwallowed is an error although BuildKit may accept the file: an instruction is lost.
func tellSwallowed(p *lint.Pass, inst, next *dockerfile.Instruction) {
	f := lint.Finding{
		Span:     inst.Dangling,
		Severity: lint.Error,
		Message: fmt.Sprintf(
			"The %s instruction is continued here, so that BuildKit reads `%s` as part of it: take the continuation away.",
			inst.Name, next.Keyword.Text,
		),
		Related: []lint.Related{{Span: next.Keyword.Span, Message: "the instruction that is swallowed"}},
	}
	start := len(strings.TrimRight(p.Text[:inst.Dangling.Start], " \t"))
	f.Fixes = []lint.Fix{{
		Title: fmt.Sprintf("End the %s instruction here", inst.Name),
		Edits: []text.Edit{{Span: text.Span{Start: start, End: inst.Dangling.End}}},
		Risk:  "the swallowed instruction counts again",
	}}
	p.Report(f)
}

// wholeLine extends the span of a line's content over its line ending.
func wholeLine(p *lint.Pass, content text.Span) text.Span {
	for content.End < len(p.Text) && p.Text[content.End] == '\r' {
		content.End++
	}
	if content.End < len(p.Text) && p.Text[content.End] == '\n' {
		content.End++
	}
	return content
}
