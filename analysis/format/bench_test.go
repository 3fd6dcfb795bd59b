package format_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/moby/buildkit/frontend/dockerfile/parser"

	"dockerfile-ls/analysis/corpus"
	"dockerfile-ls/analysis/format"
	"dockerfile-ls/analysis/text"
)

// BenchmarkFormat lays out a file whose model is made, beside BuildKit's bare parse of the same text: one as people write
// it, one in which each line changes, and one that is laid out already.
func BenchmarkFormat(b *testing.B) {
	for _, lines := range []int{300, 5_000, 100_000} {
		written := corpus.Generated(lines)
		laid, err := text.Apply(written, format.Format(model(written), format.Default()))
		if err != nil {
			b.Fatal(err)
		}
		for name, src := range map[string]string{
			"written": written, "laid out": laid, "all": strings.ReplaceAll("  "+written, "\n", "  \n  "),
		} {
			b.Run(fmt.Sprintf("%d/%s", lines, name), func(b *testing.B) {
				m := model(src)
				edits := 0
				var spent, parsed time.Duration
				for b.Loop() {
					start := time.Now()
					edits = len(format.Format(m, format.Default()))
					spent += time.Since(start)
					start = time.Now()
					if _, err := parser.Parse(strings.NewReader(src)); err != nil {
						b.Fatal(err)
					}
					parsed += time.Since(start)
				}
				b.ReportMetric(float64(edits), "edits")
				b.ReportMetric(float64(spent)/float64(parsed), "x-bare-parse")
			})
		}
	}
}

// BenchmarkShapes lays out files that are rare and slow, with all parts and with a quarter of them: the growth is the
// exponent of the parts in the time, 1 where it is linear.
func BenchmarkShapes(b *testing.B) {
	for _, shape := range corpus.Shapes() {
		b.Run(fmt.Sprintf("%d %s", shape.Full, shape.Name), func(b *testing.B) {
			whole, quarter := model(shape.Of(shape.Full)), model(shape.Of(shape.Full/4))
			var all, part time.Duration
			for b.Loop() {
				start := time.Now()
				format.Format(whole, format.Default())
				all += time.Since(start)
				start = time.Now()
				format.Format(quarter, format.Default())
				part += time.Since(start)
			}
			b.ReportMetric(float64(all.Milliseconds())/float64(b.N), "ms")
			b.ReportMetric(math.Log(float64(all)/float64(part))/math.Log(4), "growth")
		})
	}
}
