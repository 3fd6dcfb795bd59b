package analysis

import (
	"io/fs"
	"testing"

	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/project"
	"dockerfile-ls/analysis/project/complete"
)

// completed are the facts about a file of the corpus in its completed project.
func completed(t *testing.T, root fs.FS, file string) lint.Facts {
	t.Helper()
	p, name, err := complete.FromCorpus(root, file)
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	source := string(p.Files[name].Data)
	return lint.Facts{Project: project.Read(p.Files, Request(New(source, lint.Facts{}, nil).Model(), name, ""))}
}
