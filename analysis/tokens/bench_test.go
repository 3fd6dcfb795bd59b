package tokens

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/moby/buildkit/frontend/dockerfile/parser"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/corpus"
	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/lint"
)

// BenchmarkTokens makes the tokens of a file whose model is made, beside BuildKit's bare parse of the same text.
func BenchmarkTokens(b *testing.B) {
	for _, lines := range []int{30, 300, 5_000, 100_000} {
		src := corpus.Generated(lines)
		b.Run(fmt.Sprint(lines), func(b *testing.B) {
			b.ReportAllocs()
			m := analysis.New(src, lint.Facts{}, nil).Model()
			start, count := time.Now(), 0
			for b.Loop() {
				Of(m)
				count++
			}
			spent := time.Since(start)
			start = time.Now()
			for range count {
				if _, err := parser.Parse(strings.NewReader(src)); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(spent)/float64(time.Since(start)), "x-bare-parse")
		})
	}
}

// BenchmarkShapes makes the tokens of files that are rare and slow, with all parts and with a quarter of them: the growth is
// the exponent of the parts in the time, 1 where it is linear.
func BenchmarkShapes(b *testing.B) {
	for _, shape := range append(corpus.Shapes(), nested()...) {
		whole := analysis.New(shape.Of(shape.Full), lint.Facts{}, nil).Model()
		quarter := analysis.New(shape.Of(shape.Full/4), lint.Facts{}, nil).Model()
		b.Run(fmt.Sprintf("%d %s", shape.Full, shape.Name), func(b *testing.B) {
			var all, part time.Duration
			for b.Loop() {
				all += timeOf(whole)
				part += timeOf(quarter)
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(float64(all.Milliseconds())/float64(b.N), "ms")
			b.ReportMetric(math.Log(float64(all)/float64(part))/math.Log(4), "growth")
		})
	}
}

// nested are shapes that are hard for the lexer alone.
func nested() []corpus.Shape {
	repeated := func(name, before string) corpus.Shape {
		return corpus.Shape{Name: name, Full: 20_000, Of: func(n int) string {
			return "FROM a\nRUN echo " + strings.Repeat(before, n) + "\n"
		}}
	}
	return []corpus.Shape{
		repeated("open substitutions", "$("), repeated("open strings", `"$(`), repeated("open braces", "${a:-"),
		repeated("backquotes", "`"), repeated("quotes in braces", `"${a:-'`), repeated("heredocs", "<<E "),
		repeated("open arithmetic", "$(("), repeated("arrays", "a=("), repeated("cases", "case x in "),
		{Name: "heredocs of a script", Full: 5_000, Of: func(n int) string {
			return "FROM a\nRUN <<EOF\n" + strings.Repeat("sh <<A\n", n) + "EOF\n"
		}},
	}
}

func timeOf(m *dockerfile.Model) time.Duration {
	start := time.Now()
	Of(m)
	return time.Since(start)
}
