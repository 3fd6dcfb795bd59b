package codeactions

import (
	"strings"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/text"
)

// modernEnv offers ENV name=value and LABEL name=value in the place of the old form with a blank, which BuildKit reads to
// the end of the line. Source: LegacyKeyValueFormat of BuildKit.
func modernEnv(s *analysis.Snapshot, place text.Span) []Action {
	for _, inst := range s.Model().Instructions {
		if !inst.Touches(place) || place.Len() > inst.Len() {
			continue
		}
		outer := inst
		if inst.Inner != nil {
			inst = inst.Inner
		}
		edits, ok := withEquals(s.Model(), outer, inst)
		if !ok {
			return nil
		}
		key := inst.Pairs[0].Key.Text
		return []Action{{Title: "Write it as " + inst.Name + " " + key + "=…", Kind: Rewrite, Risk: Safe, Edits: edits}}
	}
	return nil
}

// withEquals puts the = in the place of the blanks, and quotes around a value of several words that has none. It is false
// for the new form, and where quotes and escapes of the value would mean something else between quotes.
func withEquals(m *dockerfile.Model, outer, inst *dockerfile.Instruction) ([]text.Edit, bool) {
	if inst.Name != "ENV" && inst.Name != "LABEL" || len(inst.Pairs) != 1 || inst.Err != nil {
		return nil, false
	}
	pair := inst.Pairs[0]
	between := text.Span{Start: pair.Key.End, End: pair.Value.Start}
	if between.End <= between.Start || strings.Trim(between.Of(m.Text), " \t") != "" ||
		pair.Value.Len() != len(pair.Value.Text) || pair.Value.Text == "" {
		return nil, false
	}
	edits := []text.Edit{{Span: between, New: "="}}
	if becomes(m, outer, edits, pair.Key.Text, pair.Value.Text) {
		return edits, true
	}
	end := text.Span{Start: pair.Value.End, End: pair.Value.End}
	edits = []text.Edit{{Span: between, New: `="`}, {Span: end, New: `"`}}
	plain := !strings.ContainsAny(pair.Value.Text, "\"'\\`")
	return edits, plain && becomes(m, outer, edits, pair.Key.Text, `"`+pair.Value.Text+`"`)
}

// becomes reports whether an instruction with edits has one pair, and which. Blanks of Unicode part words too.
func becomes(m *dockerfile.Model, inst *dockerfile.Instruction, edits []text.Edit, key, value string) bool {
	_, after, ok := reread(m, inst, edits)
	if !ok {
		return false
	}
	if after.Inner != nil {
		after = after.Inner
	}
	if after.Err != nil || len(after.Pairs) != 1 {
		return false
	}
	pair := after.Pairs[0]
	return !pair.Legacy && pair.Key.Text == key && pair.Value.Text == value
}
