package codeactions

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/golden"
	"dockerfile-ls/analysis/secret"
	"dockerfile-ls/analysis/text"
)

// TestLawsOnSecretCases holds the laws of an edit on the cases of secrets, of which the corpus has few, and on each prefix.
func TestLawsOnSecretCases(t *testing.T) {
	l := laws{T: t, only: "Convert", made: map[string]int{}}
	for _, archive := range golden.Archives(t, "../testdata/codeactions/convert-to-secret-mount.txtar") {
		for _, c := range actionCases(archive) {
			l.everySpelling(c)
		}
	}
	t.Log(l.made)
}

func (l *laws) everySpelling(c *actionCase) {
	l.Helper()
	files := maps.Clone(c.files)
	written := string(files["Dockerfile"].Data)
	for spelling, source := range spellings(written) {
		l.name = c.name + " (" + spelling + ")"
		l.obey(files, "Dockerfile", source, true)
	}
	for end := range written {
		l.name = fmt.Sprintf("%s (cut at %d)", c.name, end)
		l.obey(files, "Dockerfile", written[:end], false)
	}
}

// TestSecretMountMeaning holds that programs get the tokens behind a conversion that they got before, from the mounts that
// BuildKit reads, and that the tokens and their names stand nowhere else any more.
func TestSecretMountMeaning(t *testing.T) {
	bin := fakePrograms(t)
	shown := 0
	for _, archive := range golden.Archives(t, "../testdata/codeactions/convert-to-secret-mount.txtar") {
		for _, c := range actionCases(archive) {
			before := open(c.files, "Dockerfile")
			for _, a := range At(before, c.place) {
				if !strings.HasPrefix(a.Title, "Convert ") || a.Refused != "" {
					continue
				}
				result, err := text.Apply(before.Text(), a.Edits)
				if err != nil {
					t.Fatal(err)
				}
				files := changedFiles(c.files, a)
				files["Dockerfile"] = &fstest.MapFile{Data: []byte(result)}
				after := open(files, "Dockerfile")
				checkMounts(t, c.name, after, a)
				was := (&fakeBuild{T: t, bin: bin, files: c.files}).seen(before)
				is := (&fakeBuild{T: t, bin: bin, files: c.files, tells: a.Tells}).seen(after)
				if !slices.Equal(was, is) {
					t.Errorf("%s: programs saw %q, and see %q in\n%s", c.name, was, is, result)
				}
				if len(was) > 0 {
					shown++
				}
			}
		}
	}
	if t.Logf("%d cases show a token", shown); shown < 40 {
		t.Error("too few cases show a token")
	}
}

// checkMounts holds what BuildKit reads of the mounts, and where names may stand.
func checkMounts(t *testing.T, name string, after *analysis.Snapshot, a Action) {
	t.Helper()
	for _, inst := range after.Model().Instructions {
		run, isRun := inst.Command.(*instructions.RunCommand)
		if !isRun {
			continue
		}
		for _, mount := range mountsOf(t, run) {
			if mount.Type == instructions.MountTypeSecret && !strings.Contains(a.Tells, "id="+mount.CacheID+",") {
				t.Errorf("%s: nobody is told of %+v", name, mount)
			}
		}
	}
	if strings.Contains(a.Title, "still uses") {
		return
	}
	for _, literal := range []string{"1234", "hunter", "npm_0123"} {
		if strings.Contains(after.Text(), literal) {
			t.Errorf("%s: %q is still there", name, literal)
		}
	}
	for _, word := range strings.Fields(a.Title) {
		if !secret.IsName(word) || !regexp.MustCompile(`^[A-Z_]+$`).MatchString(word) {
			continue
		}
		reads := regexp.MustCompile(`env=` + word + `\b|\$\{?` + word + `\b|\b` + word + `=|process\.env\.` + word)
		if mentions(reads.ReplaceAllString(after.Text(), ""), word) {
			t.Errorf("%s: %s is still there:\n%s", name, word, after.Text())
		}
	}
}

// mountsOf are the mounts that BuildKit reads. It reads their options when it has values for the variables in them.
func mountsOf(t *testing.T, run *instructions.RunCommand) []*instructions.Mount {
	t.Helper()
	if err := run.Expand(func(word string) (string, error) { return word, nil }); err != nil {
		t.Fatal(err)
	}
	return instructions.GetMounts(run)
}
