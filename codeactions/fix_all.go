package codeactions

import (
	"fmt"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/text"
)

// fixAllInFile offers all safe fixes at once, as editors make them on save.
func fixAllInFile(s *analysis.Snapshot, _ text.Span) []Action {
	for _, f := range s.Findings() {
		for _, fix := range f.Fixes {
			if fix.Safe {
				return []Action{{Title: "Make all safe fixes in this " +
					"file", Kind: FixAllKind, Risk: Safe, later: func() []text.Edit {
					return fixedAll(s, func(_ lint.Finding, fix lint.Fix) bool { return fix.Safe })
				}}}
			}
		}
	}
	return nil
}

// fixAllOfRule offers the fix of a finding at a place for all findings of its rule in the file, if there are more.
func fixAllOfRule(s *analysis.Snapshot, place text.Span) []Action {
	var actions []Action
	told := map[string]bool{}
	for _, f := range s.Findings() {
		if !f.Touches(place) || len(f.Fixes) == 0 || told[f.Rule.ID] {
			continue
		}
		told[f.Rule.ID] = true
		like := f.Fixes[0]
		n := countLike(s, f.Rule, like)
		if n < 2 {
			continue
		}
		a := quickFix(&f, like, false)
		a.Title = lint.Fix{
			Title: fmt.Sprintf("Fix all %d of %s in this file", n, f.Rule.ID), Safe: like.Safe, Risk: like.Risk,
		}.Label()
		a.Edits = nil
		a.later = func() []text.Edit {
			return fixedAll(s, func(other lint.Finding, fix lint.Fix) bool {
				return other.Rule == f.Rule && alike(fix, like)
			})
		}
		actions = append(actions, a)
	}
	return actions
}

// alike reports whether two fixes are of one kind, so that who wants the one wants the other.
func alike(a, b lint.Fix) bool { return a.Safe == b.Safe && a.Asked == b.Asked && a.Risk == b.Risk }

func countLike(s *analysis.Snapshot, rule *lint.Rule, like lint.Fix) int {
	n := 0
	for _, f := range s.Findings() {
		if f.Rule == rule && len(f.Fixes) > 0 && alike(f.Fixes[0], like) {
			n++
		}
	}
	return n
}

// fixedAll are the edits from a text to what FixAll makes of it.
func fixedAll(s *analysis.Snapshot, wanted func(lint.Finding, lint.Fix) bool) []text.Edit {
	after, _ := FixAll(s, wanted)
	return difference(s.Text(), after.Text())
}
