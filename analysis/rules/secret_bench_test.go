package rules

import (
	"fmt"
	"strings"
	"testing"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/syntax"
)

// leaking are files of about that many lines that do nothing but leak, each in another way.
var leaking = map[string]func(lines int) string{
	"one file": func(lines int) string {
		return "FROM node:20\nARG NPM_TOKEN\n" + strings.Repeat("RUN echo $NPM_TOKEN > .npmrc\nRUN rm .npmrc\n", lines/2)
	},
	"many files": func(lines int) string {
		return "FROM node:20\n" + repeated(lines/3,
			"ARG TOKEN_§\nRUN echo $TOKEN_§ > /app/§/.npmrc\nRUN rm -f /app/§/.npmrc\n")
	},
	"stages": func(lines int) string {
		return "FROM node:20 AS s0\n" + repeated(lines/3, "FROM s§ AS s§§\nARG TOKEN\nRUN echo $TOKEN > .npmrc\n")
	},
	"one script": func(lines int) string {
		return "FROM node:20\nARG NPM_TOKEN\nRUN true" +
			repeated(lines, " && \\\n  echo $NPM_TOKEN > /app/§/.npmrc && rm /app/x/.npmrc") + "\n"
	},
	"here-documents": func(lines int) string {
		return "FROM node:20\n" + repeated(lines/4, "ARG TOKEN_§\nCOPY <<EOF /app/§\ntoken=$TOKEN_§\nEOF\n")
	},
	"nothing leaks": func(lines int) string {
		return "FROM node:20\n" + repeated(lines/2,
			"ARG TOKEN_§\nRUN --mount=type=secret,id=§ use $TOKEN_§ https://example.com/@§\n")
	},
}

// repeated is a text n times, with the number for § and the next one for §§.
func repeated(n int, text string) string {
	var out strings.Builder
	for i := range n {
		out.WriteString(strings.NewReplacer("§§", fmt.Sprint(i+1), "§", fmt.Sprint(i)).Replace(text))
	}
	return out.String()
}

// BenchmarkLeaks shows that a file that is ten times as long takes ten times as long.
func BenchmarkLeaks(b *testing.B) {
	for name, text := range leaking {
		for _, lines := range []int{1_000, 10_000} {
			b.Run(fmt.Sprintf("%s/%d", strings.ReplaceAll(name, " ", "-"), lines), func(b *testing.B) {
				src := text(lines)
				for b.Loop() {
					b.StopTimer() // a model remembers its scripts
					model := dockerfile.New(syntax.Parse(src), nil)
					b.StartTimer()
					lint.Run(model, []*lint.Rule{secretInImageLayer}, lint.Facts{}, nil)
				}
			})
		}
	}
}
