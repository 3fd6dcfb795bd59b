package server

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// TestNoFileStaysOpen reads surroundings from a real disk many times. That no goroutine stays behind every test of this
// package holds: a bubble does not end before all of its goroutines have.
func TestNoFileStaysOpen(t *testing.T) {
	const descriptors = "/proc/self/fd"
	if _, err := os.Stat(descriptors); err != nil {
		t.Skipf("SKIPPED, NOT TESTED: there is no %s to count in", descriptors)
	}
	folder := t.TempDir()
	for name, text := range map[string]string{
		"Dockerfile": "FROM node\n", "package.json": `{"name":"a"}`, "package-lock.json": `{"lockfileVersion":3}`,
		".dockerignore": "x\n", "compose.yaml": "services: {a: {build: .}}\n", ".dockerfile-ls.yaml": "rules: {}\n",
		"src/a.js": "1\n",
	} {
		file := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	count := func() int {
		entries, err := os.ReadDir(descriptors)
		if err != nil {
			t.Fatal(err)
		}
		return len(entries)
	}
	before := count()
	bubble(t, func(w *wire) {
		w.ask("0", "initialize", fmt.Sprintf(`{"capabilities":{"textDocument":{"diagnostic":{}},"workspace":{"diagnostics":{"refreshSupport":true}}},"workspaceFolders":[{"uri":"file://%s","name":"w"}]}`, folder))
		uri := "file://" + folder + "/Dockerfile"
		for range 100 {
			open(w, uri, "FROM node\\nCOPY . .\\n")
			w.notify("textDocument/didSave", fmt.Sprintf(`{"textDocument":{"uri":%q}}`, uri))
			w.settle()
			w.notify("textDocument/didClose", fmt.Sprintf(`{"textDocument":{"uri":%q}}`, uri))
		}
		w.settle()
		w.ask("1", "workspace/diagnostic", `{"previousResultIds":[]}`)
	})
	if after := count(); after > before {
		t.Errorf("%d files are open, and %d were before", after, before)
	}
}
