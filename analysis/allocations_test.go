//go:build !race

package analysis

import (
	"strings"
	"testing"

	"dockerfile-ls/analysis/corpus"
	"dockerfile-ls/analysis/lint"
)

// TestKeystrokeAllocations guards what a keystroke allocates, which does not wobble as time does: a file of 300 lines,
// and one of 5,000, of which most is kept. The race detector has pools forget what they hold, and so is left out.
func TestKeystrokeAllocations(t *testing.T) {
	for lines, limit := range map[int]float64{300: 2_700, 5_000: 37_500} {
		src := corpus.Generated(lines)
		middle := strings.Index(src[len(src)/2:], "npm run build") + len(src)/2
		typed := src[:middle] + "x" + src[middle:]
		snapshot, i := New(src, lint.Facts{}, nil), 0
		snapshot.Findings()
		got := testing.AllocsPerRun(20, func() {
			next := src
			if i++; i%2 == 1 {
				next = typed
			}
			snapshot = New(next, lint.Facts{}, snapshot)
			snapshot.Findings()
		})
		if t.Logf("%d lines: %.0f", lines, got); got > limit {
			t.Errorf("a keystroke in %d lines allocates %.0f times instead of at most %.0f", lines, got, limit)
		}
	}
}
