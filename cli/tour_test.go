package cli

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"dockerfile-ls/analysis/golden"
)

// tourFiles are what the binary embeds, by an absolute path: the tests leave this folder.
var tourFiles = func() fs.FS {
	root, err := filepath.Abs("..")
	if err != nil {
		panic(err)
	}
	return os.DirFS(root)
}()

// TestTour holds that the session goes as recorded, and records it with -update.
func TestTour(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	var out, problems bytes.Buffer
	err := tour(t.Context(), &out, &problems, tourFiles)
	transcript, end, _ := strings.Cut(out.String(), "\nThe folder is ")
	golden.Check(t, "../"+tourTranscript, []byte(transcript))
	if err != nil && !errors.Is(err, exitCode(1)) {
		t.Error(err)
	}
	if err == nil && !strings.Contains(end, "dockerfile-ls serve") {
		t.Errorf("the end is %q", end)
	}
}

// TestReadmeShowsTheTour holds that the README shows what the tour prints.
func TestReadmeShowsTheTour(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	check(t, err)
	transcript, err := os.ReadFile("../" + tourTranscript)
	check(t, err)
	_, shown, found := strings.Cut(string(readme), "```text\n")
	shown, _, _ = strings.Cut(shown, "```")
	for _, part := range strings.Split(shown, "\n\n") {
		if !found || !strings.Contains(string(transcript), part) {
			t.Errorf("the tour does not print\n%s", part)
		}
	}
}

// TestTourGoesOtherwise holds that the command notices a session that does not go as recorded.
func TestTourGoesOtherwise(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	files := fstest.MapFS{}
	check(t, fs.WalkDir(tourFiles, tourFolder, func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := fs.ReadFile(tourFiles, name)
		files[name] = &fstest.MapFile{Data: text}
		return err
	}))
	files[tourTranscript].Data = []byte("otherwise")
	var out, problems bytes.Buffer
	if err := tour(t.Context(), &out, &problems, files); err != exitCode(1) ||
		!strings.Contains(problems.String(), "did not go as recorded") {
		t.Errorf("%v, %s", err, problems.String())
	}
}

// TestTourIsTheCheatSheet holds that each rule speaks where the text of the sheet comes to its problem, and not any more
// where it is solved, and that nothing is left to say of what we recommend.
func TestTourIsTheCheatSheet(t *testing.T) {
	all := steps(tourFiles)
	records, err := readRecords(tourFiles)
	check(t, err)
	found := map[string][]lspDiagnostic{}
	for _, step := range all {
		s, list, err := begin(t.Context(), tourFiles, step, filepath.Join(t.TempDir(), step), records)
		check(t, err)
		if list, err = s.scanFor(t.Context(), sectionOf(step), list); err != nil {
			t.Fatal(err)
		}
		found[step] = list
		check(t, s.end(t.Context()))
	}
	type speaks struct{ rule, from, until string }
	table := []speaks{
		{"untagged-base-image", "01a-untagged", "01b-tag"},
		{"base-image-without-digest", "01b-tag", "01c-digest"},
		{"digest-without-tag", "01c-digest", "01d-tag-and-digest"},
		{"non-deterministic-install", "01a-untagged", "02-production-dependencies"},
		{"dev-dependencies-in-production", "01a-untagged", "02-production-dependencies"},
		{"node-env-not-production", "01a-untagged", "03-node-env"},
		{"runs-as-root", "01a-untagged", "04a-user"},
		{"copy-without-chown", "04a-user", "04b-user-and-owner"},
		{"shell-form-command", "01a-untagged", "05a-exec-form"},
		{"package-manager-as-entrypoint", "01a-untagged", "05a-exec-form"},
		{"node-as-pid-1", "05a-exec-form", "05b-init"},
		{"no-signal-handler", "01a-untagged", "06-graceful-shutdown"},
		{"vulnerable-base-image", "07-scan", "08a-token-in-layer"},
		{"secret-in-build-argument", "08a-token-in-layer", "10a-secret-mount"},
		{"secret-in-image-layer", "08a-token-in-layer", "10a-secret-mount"},
		{"unchecked-install", "08c-removed-at-once", "08e-stages"},
		{"missing-dockerignore", "01a-untagged", "09-dockerignore"},
		{"incomplete-dockerignore", "09-dockerignore", "10a-secret-mount"},
		{"latest-base-image", "08e-stages", "10-final"},
		{"base-image-without-digest", "10a-secret-mount", "10-final"},
	}
	for _, c := range table {
		for i, step := range all {
			want := slices.ContainsFunc(table, func(o speaks) bool {
				return o.rule == c.rule && i >= slices.Index(all, o.from) && i < slices.Index(all, o.until)
			})
			if got := slices.ContainsFunc(found[step], func(d lspDiagnostic) bool { return d.Code == c.rule }); got != want {
				t.Errorf("%s at %s: %t", c.rule, step, got)
			}
		}
	}
	if last := all[len(all)-1]; last != "10-final" || len(found[last]) > 0 {
		t.Errorf("%s: %v", last, found[last])
	}
}
