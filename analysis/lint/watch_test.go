package lint

import (
	"strings"
	"testing"
	"time"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/syntax"
)

// TestWatch holds that a rule which never ends is stopped and named, and that the others find what they find.
func TestWatch(t *testing.T) {
	endless := &Rule{ID: "endless", Check: func(p *Pass) {
		for {
			p.StageOf(p.Instructions[0])
		}
	}}
	endlessHere := &Rule{ID: "endless-here", CheckInstruction: func(p *Pass, inst *dockerfile.Instruction) {
		for !p.Rejected(inst) {
		}
	}}
	sound := &Rule{ID: "sound", Severity: Hint, Check: func(p *Pass) { p.Tell(p.Instructions[0].Span, "Found.") }}
	m := dockerfile.New(syntax.Parse("FROM a\n"), nil)
	findings, _, failures := Run(m, []*Rule{endless, endlessHere, sound}, Facts{Patience: time.Millisecond}, nil)
	if len(findings) != 1 || findings[0].Rule != sound {
		t.Errorf("findings %v", findings)
	}
	var named []string
	for _, f := range failures {
		named = append(named, f.Rule.ID+": "+f.Reason.(string))
	}
	const want = "endless-here: the rule has taken longer than 1ms, endless: the rule has taken longer than 1ms"
	if got := strings.Join(named, ", "); got != want {
		t.Errorf("failures %s", got)
	}
}

// TestPanics holds that a rule which panics is named with the place in it, whatever it looks at, and costs its own findings.
func TestPanics(t *testing.T) {
	fallen := []*Rule{
		{ID: "in-file", Check: func(p *Pass) {
			p.Tell(p.Instructions[0].Span, "Found before.")
			panic("slipped")
		}},
		{ID: "in-instruction", CheckInstruction: func(_ *Pass, inst *dockerfile.Instruction) { _ = inst.Args[99] }},
		{ID: "in-pragmas", CheckPragmas: func(_ *Pass, list []*Pragma) { _ = list[len(list)] }},
	}
	sound := []*Rule{
		{ID: "a", Severity: Hint, Check: func(p *Pass) { p.Tell(p.Instructions[0].Span, "Found.") }},
		{ID: "b", Severity: Hint, CheckInstruction: func(p *Pass, inst *dockerfile.Instruction) {
			p.Tell(inst.Span, "Found.")
		}},
	}
	m := dockerfile.New(syntax.Parse("FROM a\nONBUILD RUN x\n"), nil)
	findings, memo, failures := Run(m, append(fallen, sound...), Facts{}, nil)
	count := map[string]int{}
	for _, f := range findings {
		count[f.Rule.ID]++
	}
	if count["a"] != 1 || count["b"] != 3 {
		t.Errorf("the other rules have found %v", count)
	}
	named := map[string]int{}
	for _, f := range failures {
		named[f.Rule.ID]++
		if !strings.Contains(f.Stack, "watch_test.go") {
			t.Errorf("%s: the stack does not lead to it: %s", f.Rule.ID, f.Stack)
		}
	}
	if named["in-file"] != 1 || named["in-instruction"] != 3 || named["in-pragmas"] != 1 {
		t.Errorf("named %v", named)
	}
	if _, _, again := Run(m, sound, Facts{}, memo); len(again) > 0 {
		t.Errorf("what is kept fails again: %v", again)
	}
}
