package cli

import (
	"io"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/moby/buildkit/frontend/dockerfile/parser"

	"dockerfile-ls/analysis/corpus"
)

// BenchmarkCheckCorpus checks the dev corpus with all that lies around its files, beside BuildKit's bare parse of the same
// files on the same cores in the same run.
func BenchmarkCheckCorpus(b *testing.B) {
	root := corpus.Shared(b, "corpus/dev")
	files := corpus.Dockerfiles(b)
	var spent, bare time.Duration
	for b.Loop() {
		start := time.Now()
		command := checkCommand()
		command.SetOut(io.Discard)
		command.SetErr(io.Discard)
		command.SetArgs([]string{"--fail-on=never", root})
		if err := command.Execute(); err != nil {
			b.Fatal(err)
		}
		spent += time.Since(start)
		start = time.Now()
		parseAll(b, files)
		bare += time.Since(start)
	}
	b.ReportMetric(float64(spent)/float64(bare), "x-bare-parse")
}

func parseAll(b *testing.B, files []corpus.File) {
	next := make(chan corpus.File)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for file := range next {
				if _, err := parser.Parse(strings.NewReader(file.Text)); err != nil {
					b.Error(file.Name, err)
				}
			}
		})
	}
	for _, file := range files {
		next <- file
	}
	close(next)
	workers.Wait()
}
