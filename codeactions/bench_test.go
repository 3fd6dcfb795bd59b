package codeactions

import (
	"strings"
	"testing"

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
