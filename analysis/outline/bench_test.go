package outline

import (
	"strings"
	"testing"
	"time"

	"github.com/moby/buildkit/frontend/dockerfile/parser"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/corpus"
	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/lint"
)

// BenchmarkOutline asks for each outline of a file whose model is made, beside BuildKit's bare parse of the same text. What
// an instruction runs is not parsed yet.
func BenchmarkOutline(b *testing.B) {
	src := corpus.Generated(5_000)
	for name, ours := range map[string]func(*analysis.Snapshot){
		"symbols":    func(s *analysis.Snapshot) { Symbols(s.Model()) },
		"stages":     func(s *analysis.Snapshot) { Stages(s.Model()) },
		"folds":      func(s *analysis.Snapshot) { Folds(s.Model(), s.Lines()) },
		"selections": func(s *analysis.Snapshot) { selectAll(s.Model()) },
	} {
		b.Run(name, func(b *testing.B) {
			var spent, parsed time.Duration
			for b.Loop() {
				s := analysis.New(src, lint.Facts{}, nil)
				s.Model()
				s.Lines()
				start := time.Now()
				ours(s)
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

// selectAll selects around a hundred places, as many as an editor has cursors.
func selectAll(m *dockerfile.Model) {
	for i := range 100 {
		Selection(m, len(m.Text)/100*i)
	}
}
