package codeactions

import (
	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/text"
)

// maxRounds bounds how often the result of fixes is fixed again.
const maxRounds = 10

// FixAll makes the first fix of each finding that is wanted, and again of what is found then, until none is left. Of two
// fixes that overlap the later one waits for the next round. It returns the text as it is then, and the findings that were
// mended in the order in which they were. What BuildKit accepts before, it accepts after: a round that changes that is
// taken back.
func FixAll(
	s *analysis.Snapshot, wanted func(lint.Finding, lint.Fix) bool,
) (after *analysis.Snapshot, mended []lint.Finding) {
	for range maxRounds {
		edits, chosen := chooseFixes(s, wanted)
		if len(edits) == 0 {
			break
		}
		result, err := text.Apply(s.Text(), edits)
		if err != nil {
			break
		}
		next := analysis.New(result, s.Facts(), s)
		if result == s.Text() || rejections(next) > rejections(s) {
			break
		}
		s, mended = next, append(mended, chosen...)
	}
	return s, mended
}

// chooseFixes are the edits of one round with the findings that they mend.
func chooseFixes(s *analysis.Snapshot, wanted func(lint.Finding, lint.Fix) bool) (edits []text.Edit, chosen []lint.Finding) {
	for _, f := range s.Findings() {
		for _, fix := range f.Fixes {
			if !wanted(f, fix) {
				continue
			}
			if !overlap(edits, fix.Edits) {
				edits = append(edits, fix.Edits...)
				chosen = append(chosen, f)
			}
			break
		}
	}
	return edits, chosen
}

// overlap reports whether two sets of edits meet; also where they insert at one place, where their order would decide.
func overlap(a, b []text.Edit) bool {
	for _, x := range a {
		for _, y := range b {
			if x.Start <= y.End && y.Start <= x.End {
				return true
			}
		}
	}
	return false
}

// rejections is the number of instructions that BuildKit does not read.
func rejections(s *analysis.Snapshot) int {
	n := 0
	for _, inst := range s.Model().Instructions {
		if inst.Err != nil {
			n++
		}
	}
	return n
}
