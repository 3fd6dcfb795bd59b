package codeactions

import (
	"slices"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/rules"
)

// processExecForm writes the CMD or the ENTRYPOINT that the shell of a SHELL reads as an array: of its words, or of that
// shell. Where there is no SHELL it is the fix of a finding.
func processExecForm(s *analysis.Snapshot) func(*dockerfile.Model, *dockerfile.Instruction) (lint.Fix, bool) {
	return func(m *dockerfile.Model, inst *dockerfile.Instruction) (lint.Fix, bool) {
		if inst.Name != "CMD" && inst.Name != "ENTRYPOINT" || m.InForce(inst, "SHELL") == nil || isMeantAsArray(s, inst) {
			return lint.Fix{}, false
		}
		fix, reason, ok := rules.ExecForm(m, s.Facts().Project, inst)
		if !ok || reason != "" {
			return lint.Fix{}, false
		}
		fix.Title = "Rewrite " + inst.Name + " to exec form"
		_, after, ok := reread(m, inst, fix.Edits)
		return fix, ok && after.JSON != nil
	}
}

// isMeantAsArray reports whether a command is found to be an array with a mistake in it.
func isMeantAsArray(s *analysis.Snapshot, inst *dockerfile.Instruction) bool {
	return slices.ContainsFunc(s.Findings(), func(f lint.Finding) bool {
		return (f.Rule.ID == rules.InvalidExecForm || f.Rule.ID == rules.UnfinishedArray) && inst.Contains(f.Span)
	})
}
