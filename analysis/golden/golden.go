// Package golden knows how tests compare what they produce with what a file holds, and write it with -update.
// It must not know what the files mean. It is for tests only.
package golden

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "write golden files, to be read before they are committed")

// Check compares what a file holds with what it is to hold, or writes it with -update. A file that is not there is empty.
func Check(t *testing.T, path string, want []byte) {
	t.Helper()
	have, err := os.ReadFile(path)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	if string(have) == string(want) {
		return
	}
	if !*update {
		t.Errorf("%s is not up to date; run the test with -update and read the diff (- file, + test):\n%s", path,
			cmp.Diff(string(have), string(want)))
		return
	}
	if err := os.WriteFile(path, want, 0o644); err != nil {
		t.Fatal(err)
	}
}

// Archives reads the txtar files that a pattern names, by their paths.
func Archives(t testing.TB, pattern string) map[string]*txtar.Archive {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("no files %s: %v", pattern, err)
	}
	archives := map[string]*txtar.Archive{}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		archives[file] = archive
	}
	return archives
}
