package rules

import (
	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/lint"
)

var unfinishedArray = &lint.Rule{
	ID:       UnfinishedArray,
	Severity: lint.Warning,
	Title:    "A JSON array is not closed.",
	Why:      "BuildKit takes an array without its closing bracket for a shell command, or for the names of files.",
	CheckInstruction: func(p *lint.Pass, inst *dockerfile.Instruction) {
		if !isUnfinished(inst) {
			return
		}
		f := lint.Finding{Span: inst.JSON.Span, Message: "The array is not closed: end it with `]`."}
		if inst.JSON.OpenString {
			f.Message = "The array is not closed: end the string with `\"`, and the array with `]`."
		}
		if inst.Err != nil || len((values{p, inst, false}).wordProblems()) > 0 {
			f.Severity = lint.Error
		}
		p.Report(f)
	},
}
