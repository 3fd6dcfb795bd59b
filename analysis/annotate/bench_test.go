package annotate_test

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/moby/buildkit/frontend/dockerfile/parser"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/annotate"
	"dockerfile-ls/analysis/corpus"
	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/project"
)

// BenchmarkAnnotate makes all of one kind for 5,000 lines whose model is made, beside BuildKit's bare parse of the text.
func BenchmarkAnnotate(b *testing.B) {
	src := strings.ReplaceAll(corpus.Generated(5_000), "node:20-alpine", "node:$V")
	src = "ARG V=20\n" + strings.ReplaceAll(src, "USER node", "COPY --from=0 a b\nUSER node")
	disk := fstest.MapFS{"Dockerfile": {}, "package.json": {}, "package-lock.json": {}, "a": {}}
	around := project.Read(disk, analysis.Request(analysis.New(src, lint.Facts{}, nil).Model(), "Dockerfile", ""))
	for name, make := range map[string]func(*dockerfile.Model) int{
		"links": func(m *dockerfile.Model) int { return len(annotate.Links(m, around)) },
		"hints": func(m *dockerfile.Model) int {
			return len(annotate.Hints(m, known, now, annotate.Shown{Variables: true, Stages: true, DigestAge: true}))
		},
		"lenses": func(m *dockerfile.Model) int { return len(annotate.Lenses(m, true, true)) },
	} {
		b.Run(name, func(b *testing.B) {
			var spent, parsed time.Duration
			for b.Loop() {
				m := analysis.New(src, lint.Facts{}, nil).Model()
				start := time.Now()
				if make(m) < 100 {
					b.Fatal("too few")
				}
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
