package navigate_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/moby/buildkit/frontend/dockerfile/parser"

	"dockerfile-ls/analysis/corpus"
	"dockerfile-ls/analysis/navigate"
)

// BenchmarkAt looks up a name in the middle of a file whose model is made, of which no script has been read, and all that
// can be asked about it, beside BuildKit's bare parse of the same text.
func BenchmarkAt(b *testing.B) {
	for _, lines := range []int{300, 5_000, 100_000} {
		src := "ARG MODE=x\n" + strings.ReplaceAll(corpus.Generated(lines), "ARG MODE=", "ARG MODE\nARG BASE=")
		src += "COPY --from=stage1 a b\nRUN echo $MODE <<EOF\nEOF\n"
		for _, name := range []string{"stage1 ", "MODE} ", "npmrc1,", "EOF\n"} {
			at := strings.Index(src, name)
			b.Run(fmt.Sprintf("%d/%s", lines, strings.TrimRight(name, " ,}\n")), func(b *testing.B) {
				var spent, parsed time.Duration
				for b.Loop() {
					m := model(src)
					start := time.Now()
					s := navigate.At(m, at)
					if s == nil || len(s.Places) == 0 {
						b.Fatal("no symbol")
					}
					if _, err := s.Rename("other"); err != nil {
						b.Fatal(err)
					}
					s.Linked(src)
					spent += time.Since(start)
					start = time.Now()
					if _, err := parser.Parse(strings.NewReader(src)); err != nil {
						b.Fatal(err)
					}
					parsed += time.Since(start)
				}
				b.ReportMetric(float64(spent)/float64(parsed), "x-bare-parse")
			})
		}
	}
}
