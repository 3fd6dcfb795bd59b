package codeactions

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/moby/buildkit/frontend/dockerfile/parser"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/corpus"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/text"
)

// BenchmarkActions finds the actions in a file of 300 lines whose findings are known: at a cursor in each form of an
// instruction that is rewritten, and for the whole file, as some editors ask.
func BenchmarkActions(b *testing.B) {
	src := corpus.Generated(300)
	places := []struct {
		name string
		text.Span
	}{{"file", text.Span{End: len(src)}}}
	for _, more := range []struct{ name, instruction string }{
		{"list", "RUN apt-get update && \\\n  apt-get install -y \\\n  # why\n  " + strings.Repeat("curl git ", 20) +
			" \\\n && rm -rf /var/lib/apt/lists/*\n"},
		{"heredoc", "RUN <<EOF\nset -e\n" + strings.Repeat("npm run build -- --all\n", 20) + "EOF\n"},
		{"array", "CMD [\"node\", \"server.js\"]\n"},
		{"finding", "CMD npm run migrate && npm start\n"},
		{"untagged", "FROM node\n"},
		{"secret", "ARG NPM_TOKEN\nWORKDIR /app\nRUN echo \"//npm.example.com/:_authToken=$NPM_TOKEN\" > .npmrc && npm " +
			"ci && rm .npmrc\n"},
	} {
		at := len(src) + 6
		src += more.instruction
		places = append(places, struct {
			name string
			text.Span
		}{more.name, text.Span{Start: at, End: at}})
	}
	s := analysis.New(src, lint.Facts{}, nil)
	s.Findings()
	for _, place := range places {
		if len(At(s, place.Span)) == 0 {
			b.Fatalf("%s: no action", place.name)
		}
		b.Run(place.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				At(s, place.Span)
			}
		})
	}
}

// BenchmarkActionsOfFile finds the actions of whole files whose findings are known, and of one line in the middle.
func BenchmarkActionsOfFile(b *testing.B) {
	b.Run("file", func(b *testing.B) {
		againstBareParse(b, func(s *analysis.Snapshot) { At(s, text.Span{End: len(s.Text())}) })
	})
	b.Run("line", func(b *testing.B) {
		againstBareParse(b, func(s *analysis.Snapshot) {
			middle := strings.Index(s.Text()[len(s.Text())/3:], "npm run build") + len(s.Text())/3
			At(s, text.Span{Start: middle, End: middle})
		})
	})
}

// BenchmarkFixAll makes all safe fixes of files whose last stage needs some, beside BuildKit's bare parse of the same text.
func BenchmarkFixAll(b *testing.B) {
	safe := func(_ lint.Finding, fix lint.Fix) bool { return fix.Safe }
	againstBareParse(b, func(s *analysis.Snapshot) { FixAll(s, safe) })
}

// BenchmarkHarden makes everything that mends a finding of the same files, with a registry that has an answer for all
// images.
func BenchmarkHarden(b *testing.B) {
	againstBareParse(b, func(s *analysis.Snapshot) { Hardener{Ask: hasAll}.Harden(s) })
}

func againstBareParse(b *testing.B, work func(*analysis.Snapshot)) {
	for _, lines := range []int{30, 300, 5_000, 100_000} {
		src := corpus.Generated(lines) + "FROM node:24\nCOPY . .\nRUN npm install\nCMD npm start\n"
		b.Run(fmt.Sprint(lines), func(b *testing.B) {
			var spent, bare time.Duration
			for b.Loop() {
				s := analysis.New(src, lint.Facts{}, nil)
				s.Findings()
				start := time.Now()
				work(s)
				spent += time.Since(start)
				start = time.Now()
				if _, err := parser.Parse(strings.NewReader(src)); err != nil {
					b.Fatal(err)
				}
				bare += time.Since(start)
			}
			b.ReportMetric(float64(spent)/float64(bare), "x-bare-parse")
		})
	}
}
