package cli

import (
	"io"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/spf13/cobra"

	"dockerfile-ls/analysis/corpus"
)

// BenchmarkCheckCorpus checks the dev corpus with all that lies around its files, beside BuildKit's bare parse of the same
// files on the same cores in the same run.
func BenchmarkCheckCorpus(b *testing.B) {
	root := corpus.Shared(b, "corpus/dev")
	files := corpus.Dockerfiles(b)
	var spent, bare time.Duration
	for b.Loop() {
		spent += timed(b, checkCommand(), "--fail-on=never", root)
		start := time.Now()
		parseAll(b, files)
		bare += time.Since(start)
	}
	b.ReportMetric(float64(spent)/float64(bare), "x-bare-parse")
}

// BenchmarkFixCorpus makes all safe fixes of the dev corpus without writing them, beside a check of it in the same run.
func BenchmarkFixCorpus(b *testing.B) {
	root := corpus.Shared(b, "corpus/dev")
	var fixing, checking time.Duration
	for b.Loop() {
		fixing += timed(b, fixCommand(), "--diff", root)
		checking += timed(b, checkCommand(), "--fail-on=never", root)
	}
	b.ReportMetric(float64(fixing)/float64(checking), "x-check")
}

// timed is how long a command takes whose output nobody reads.
func timed(b *testing.B, command *cobra.Command, args ...string) time.Duration {
	command.SetOut(io.Discard)
	command.SetErr(io.Discard)
	command.SetArgs(args)
	start := time.Now()
	if err := command.Execute(); err != nil && err != exitCode(1) { // which says that there would be changes
		b.Fatal(err)
	}
	return time.Since(start)
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
