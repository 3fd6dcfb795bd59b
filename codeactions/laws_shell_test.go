package codeactions

import (
	"maps"
	"regexp"
	"slices"
	"testing"
)

// TestRewritesUnderShell writes every command of the corpus in every other form, and back, where a SHELL reads it, and holds
// the laws.
func TestRewritesUnderShell(t *testing.T) {
	l := laws{T: t, only: "Rewrite ", made: map[string]int{}}
	from := regexp.MustCompile(`(?mi)^FROM .*\n`)
	for file, p := range onCorpus(t) {
		source := p.source()
		for _, set := range []string{
			`SHELL ["/bin/bash", "-o", "pipefail", "-c"]`,
			`shell ["/bin/ash", "-exo", \` + "\n" + `  "pipefail", "-c"]`,
			`SHELL ["bash", "-lc"]`,
		} {
			l.name = file + " (" + set + ")"
			l.obey(p.Files, p.name, from.ReplaceAllString(source, "${0}"+set+"\n"), true)
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
