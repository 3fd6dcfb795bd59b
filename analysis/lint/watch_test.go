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
