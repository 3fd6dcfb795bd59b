package hover_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/moby/buildkit/frontend/dockerfile/parser"

	"dockerfile-ls/analysis/corpus"
	"dockerfile-ls/analysis/hover"
)

// BenchmarkChain shows a variable at the end of 5,000 that are made of each other, beside a secret.
func BenchmarkChain(b *testing.B) {
	src := "FROM scratch\nENV V0=x API_TOKEN=another\n"
	for i := range 5_000 {
		src += fmt.Sprintf("ENV V%d=$V%d\n", i+1, i)
	}
	src += "RUN echo $V5000\n"
	benchmark(b, src, strings.LastIndex(src, "V5000"))
}

// BenchmarkAt shows what there is in the middle of a file whose model is made, of which no script has been read, beside
// BuildKit's bare parse of the same text.
func BenchmarkAt(b *testing.B) {
	for _, lines := range []int{300, 5_000, 100_000} {
		src := "ARG MODE=x\n" + strings.ReplaceAll(corpus.Generated(lines), "ARG MODE=", "ARG MODE\nARG BASE=")
		src += "COPY --from=stage1 --chown=node a b\nRUN echo $MODE <<EOF\nEOF\nSTOPSIGNAL SIGINT\nEXPOSE 80\nWORKDIR x\n"
		for _, name := range []string{
			"stage1 ", "MODE} ", "npmrc1,", "EOF\n", "FROM ",
			"USER node", "node a", "node:20", "SIGINT", "80\n", "x\n", "RUN ",
		} {
			at := strings.LastIndex(src, name)
			if name == "MODE} " || name == "npmrc1," {
				at = strings.Index(src, name)
			}
			b.Run(fmt.Sprintf("%d/%s", lines, strings.TrimRight(name, " ,}\n")), func(b *testing.B) {
				benchmark(b, src, at)
			})
		}
	}
}

func benchmark(b *testing.B, src string, at int) {
	var spent, parsed time.Duration
	for b.Loop() {
		m := model(src)
		m.ContainerValue(m.Stages[0], "") // the values of all variables are the model's, and are there once a rule has run
		start := time.Now()
		card, ok := hover.At(m, at, hover.Known{})
		if !ok || card.Markdown() == "" {
			b.Fatal("no card")
		}
		spent += time.Since(start)
		start = time.Now()
		if _, err := parser.Parse(strings.NewReader(src)); err != nil {
			b.Fatal(err)
		}
		parsed += time.Since(start)
	}
	b.ReportMetric(float64(spent)/float64(parsed), "x-bare-parse")
}
