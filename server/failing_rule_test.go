package server

import (
	"strings"
	"sync"
	"testing"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/lint"
)

// TestFailingRuleIsNamed holds that rules which take too long, as none of ours is known to, are named in the log once, and
// that what the other rules find is told.
func TestFailingRuleIsNamed(t *testing.T) {
	const stage = "COPY --from=b:1 $a $c /b/\nENV a=$c\nRUN cd $a && npm install\nFROM b:1\n"
	text := "FROM a:1\n" + strings.Repeat(stage, 800) + "CMD x y\n"
	bubble(t, func(w *wire) {
		w.open(`{}`, "untitled:Dockerfile", text)
		w.settle()
		w.server.onLoop(func() {
			snapshot := analysis.New(text, lint.Facts{Patience: -1}, nil) // the clock of a bubble stands still
			w.server.take(&document{
				uri: "untitled:Dockerfile", version: 2, dockerfile: true, snapshot: snapshot, logged: &sync.Once{},
			})
		})
		if got := codes(w); !strings.Contains(got, "shell-form-command") {
			t.Errorf("told: %s", got)
		}
		log := w.log()
		if !strings.Contains(log, "rule=") || !strings.Contains(log, "the rule has taken longer than -1ns") ||
			!strings.Contains(log, "document=untitled:Dockerfile") {
			t.Errorf("logged: %s", log)
		}
	})
}
