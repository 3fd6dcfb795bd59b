package codeactions

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"testing"

	"dockerfile-ls/analysis/corpus"
	"dockerfile-ls/analysis/project/complete"
)

// TestRewritesUnderShell writes every command of the corpus in every other form, and back, where a SHELL reads it, and holds
// the laws.
func TestRewritesUnderShell(t *testing.T) {
	root := os.DirFS(corpus.Shared(t, "corpus/dev"))
	l := laws{T: t, only: "Rewrite ", made: map[string]int{}}
	from := regexp.MustCompile(`(?mi)^FROM .*\n`)
	for _, file := range corpus.Dockerfiles(t) {
		p, name, err := complete.FromCorpus(root, file.Name)
		if err != nil {
			t.Fatal(err)
		}
		source := string(p.Files[name].Data)
		for _, set := range []string{
			`SHELL ["/bin/bash", "-o", "pipefail", "-c"]`,
			`shell ["/bin/ash", "-exo", \` + "\n" + `  "pipefail", "-c"]`,
			`SHELL ["bash", "-lc"]`,
		} {
			l.name = file.Name + " (" + set + ")"
			l.obey(p.Files, name, from.ReplaceAllString(source, "${0}"+set+"\n"), true)
		}
	}
	for _, form := range slices.Sorted(maps.Keys(l.made)) {
		t.Logf("%6d %s", l.made[form], form)
	}
	for _, name := range []string{"CMD", "ENTRYPOINT", "RUN"} {
		for _, form := range []string{" to exec form", " to shell form"} {
			if l.made["Rewrite "+name+form] == 0 {
				t.Errorf("%s%s is never tried", name, form)
			}
		}
	}
}
