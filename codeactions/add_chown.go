package codeactions

import (
	"slices"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/rules"
	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

// addChown offers --chown for the COPY or ADD around a cursor, where no finding asks for it already.
func addChown(s *analysis.Snapshot, place text.Span) []Action {
	m := s.Model()
	for _, stage := range m.Stages {
		for _, inst := range stage.Instructions {
			if !inst.Touches(place) || place.Len() > inst.Len() || asksForOwner(s, inst) {
				continue
			}
			owner, ok := rules.Owner(m, stage, inst)
			if !ok || slices.ContainsFunc(inst.Flags, func(f syntax.Flag) bool { return f.Name.Text == "chmod" }) {
				continue
			}
			at := text.Span{Start: inst.Keyword.End, End: inst.Keyword.End}
			return []Action{{
				Title: "Add --chown=" + owner + " (the files belong to another user then)", Kind: Rewrite,
				Edits: []text.Edit{{Span: at, New: " --chown=" + owner}},
			}}
		}
	}
	return nil
}

// asksForOwner reports whether a finding is about the owner of what an instruction copies, and so has the action itself.
func asksForOwner(s *analysis.Snapshot, inst *dockerfile.Instruction) bool {
	for _, f := range s.Findings() {
		if f.Rule.ID == rules.CopyWithoutChown && inst.Contains(f.Span) {
			return true
		}
	}
	return false
}
