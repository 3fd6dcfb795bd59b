package analysis

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/moby/buildkit/frontend/dockerfile/parser"

	"dockerfile-ls/analysis/corpus"
	"dockerfile-ls/analysis/lint"
)

var sizes = []int{30, 300, 5_000, 100_000}

// againstBareParse runs ours, and BuildKit's bare parse of the same text as often, and reports the ratio of the times.
func againstBareParse(b *testing.B, src string, ours func(i int)) {
	i := 0
	start := time.Now()
	for b.Loop() {
		ours(i)
		i++
	}
	spent := time.Since(start)
	start = time.Now()
	for range i {
		if _, err := parser.Parse(strings.NewReader(src)); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(spent)/float64(time.Since(start)), "x-bare-parse")
}

// BenchmarkOpen reads a file for the first time: tree, model and the findings of all rules.
func BenchmarkOpen(b *testing.B) {
	for _, lines := range sizes {
		src := corpus.Generated(lines)
		b.Run(fmt.Sprint(lines), func(b *testing.B) {
			b.ReportAllocs()
			againstBareParse(b, src, func(int) { New(src, lint.Facts{}, nil).Findings() })
		})
	}
}

// BenchmarkKeystroke adds or removes one letter in a RUN in the middle of the file and asks for all findings again.
func BenchmarkKeystroke(b *testing.B) {
	for _, lines := range sizes {
		src := corpus.Generated(lines)
		middle := strings.Index(src[len(src)/2:], "npm run build") + len(src)/2
		if lines == 30 {
			middle = strings.Index(src, "npm run build")
		}
		typed := src[:middle] + "x" + src[middle:]
		b.Run(fmt.Sprint(lines), func(b *testing.B) {
			b.ReportAllocs()
			snapshot := New(src, lint.Facts{}, nil)
			snapshot.Findings()
			againstBareParse(b, src, func(i int) {
				next := src
				if i%2 == 0 {
					next = typed
				}
				snapshot = New(next, lint.Facts{}, snapshot)
				snapshot.Findings()
			})
		})
	}
}

// BenchmarkRules is the part of the rules in opening a file and in a keystroke: without the tree and the model.
func BenchmarkRules(b *testing.B) {
	for _, lines := range []int{300, 5_000} {
		src := corpus.Generated(lines)
		middle := strings.Index(src[len(src)/2:], "npm run build") + len(src)/2
		b.Run(fmt.Sprintf("open/%d", lines), func(b *testing.B) {
			rulesAgainstBareParse(b, src, func(int) *Snapshot { return New(src, lint.Facts{}, nil) })
		})
		b.Run(fmt.Sprintf("keystroke/%d", lines), func(b *testing.B) {
			snapshot := New(src, lint.Facts{}, nil)
			snapshot.Findings()
			rulesAgainstBareParse(b, src, func(i int) *Snapshot {
				next := src
				if i%2 == 0 {
					next = src[:middle] + "x" + src[middle:]
				}
				snapshot = New(next, lint.Facts{}, snapshot)
				return snapshot
			})
		})
	}
}

// rulesAgainstBareParse times the rules alone on snapshots whose models are made beforehand.
func rulesAgainstBareParse(b *testing.B, src string, next func(i int) *Snapshot) {
	var spent, parsed time.Duration
	for i := 0; b.Loop(); i++ {
		snapshot := next(i)
		snapshot.Model()
		start := time.Now()
		snapshot.Findings()
		spent += time.Since(start)
		start = time.Now()
		if _, err := parser.Parse(strings.NewReader(src)); err != nil {
			b.Fatal(err)
		}
		parsed += time.Since(start)
	}
	b.ReportMetric(float64(spent)/float64(parsed), "x-bare-parse")
}

// BenchmarkShapes opens files that are rare and slow, and types a letter at their end, with all parts and with a quarter
// of them: the growth is the exponent of the parts in the time, 1 where it is linear.
func BenchmarkShapes(b *testing.B) {
	open := func(src string) func() { return func() { New(src, lint.Facts{}, nil).Findings() } }
	keystroke := func(src string) func() {
		snapshot, i := New(src, lint.Facts{}, nil), 0
		snapshot.Findings()
		return func() {
			next := src
			if i++; i%2 == 1 {
				next = strings.TrimSuffix(src, "\n") + "x\n"
			}
			snapshot = New(next, lint.Facts{}, snapshot)
			snapshot.Findings()
		}
	}
	for _, shape := range corpus.Shapes() {
		whole, quarter := shape.Of(shape.Full), shape.Of(shape.Full/4)
		for i, work := range []func(src string) func(){open, keystroke} {
			name := [...]string{"open", "keystroke"}[i]
			b.Run(fmt.Sprintf("%d %s/%s", shape.Full, shape.Name, name), func(b *testing.B) {
				bare := func() { _, _ = parser.Parse(strings.NewReader(whole)) } // some lines are too long for it
				var all, part, yardstick time.Duration
				ofWhole, ofQuarter := work(whole), work(quarter)
				for b.Loop() {
					all += timeOf(ofWhole)
					part += timeOf(ofQuarter)
					yardstick += timeOf(bare)
				}
				b.ReportMetric(0, "ns/op")
				b.ReportMetric(float64(all.Milliseconds())/float64(b.N), "ms")
				b.ReportMetric(float64(all)/float64(yardstick), "x-bare-parse")
				b.ReportMetric(math.Log(float64(all)/float64(part))/math.Log(4), "growth")
			})
		}
	}
}

func timeOf(work func()) time.Duration {
	start := time.Now()
	work()
	return time.Since(start)
}
