package complete_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/moby/buildkit/frontend/dockerfile/parser"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/complete"
	"dockerfile-ls/analysis/corpus"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/project"
)

// BenchmarkAt asks for the items at places at the end of a file whose model is made, of which no script has been read,
// beside
// BuildKit's bare parse of the same text.
func BenchmarkAt(b *testing.B) {
	disk := fstest.MapFS{"Dockerfile": {}, "package.json": {Data: []byte(`{"scripts": {"build": "x"}}`)}}
	for i := range 200 {
		disk[fmt.Sprintf("src/file%d.js", i)] = &fstest.MapFile{}
	}
	for _, lines := range []int{300, 5_000, 100_000} {
		base := corpus.Generated(lines)
		for _, typed := range []string{
			"", "C", "COPY --", "COPY src/", "COPY --from=", "COPY --from=stage1 /", "FROM ",
			"RUN echo $", "RUN --mount=type=cache,",
			"USER ", "RUN npm run ", "FRO node:24",
		} {
			src := base + typed
			at := len(base) + len(typed)
			if strings.HasPrefix(typed, "FRO ") {
				at = len(base) + len("FRO")
			}
			b.Run(fmt.Sprintf("%d/%s", lines, strings.ReplaceAll(typed, " ", "_")), func(b *testing.B) {
				first := analysis.New(src, lint.Facts{}, nil)
				around := project.Read(disk, analysis.Request(first.Model(), "Dockerfile", ""))
				var spent, parsed time.Duration
				items := 0
				for b.Loop() {
					m := analysis.New(src, lint.Facts{}, nil).Model()
					start := time.Now()
					items = len(complete.At(complete.Facts{Model: m, Project: around}, at))
					spent += time.Since(start)
					start = time.Now()
					if _, err := parser.Parse(strings.NewReader(base)); err != nil {
						b.Fatal(err)
					}
					parsed += time.Since(start)
				}
				if items == 0 && typed != "" {
					b.Error("no items")
				}
				b.ReportMetric(0, "ns/op")
				b.ReportMetric(float64(spent)/float64(parsed), "x-bare-parse")
			})
		}
	}
}
