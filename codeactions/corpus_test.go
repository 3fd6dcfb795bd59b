package codeactions

import (
	"iter"
	"os"
	"testing"
	"testing/fstest"

	"dockerfile-ls/analysis/corpus"
	"dockerfile-ls/analysis/project/complete"
)

// corpusProject is a file of the corpus in its completed project.
type corpusProject struct {
	*complete.Project
	name string // of the file in the project
}

// onCorpus yields all files of the corpus by their names there.
func onCorpus(t *testing.T) iter.Seq2[string, corpusProject] {
	t.Helper()
	root := os.DirFS(corpus.Shared(t, "corpus/dev"))
	return func(yield func(string, corpusProject) bool) {
		for _, file := range corpus.Dockerfiles(t) {
			p, name, err := complete.FromCorpus(root, file.Name)
			if err != nil {
				t.Fatal(err)
			}
			if !yield(file.Name, corpusProject{p, name}) {
				return
			}
		}
	}
}

func (p corpusProject) source() string { return string(p.Files[p.name].Data) }

// onSpellings holds a law in every spelling of every file of the corpus.
func (l *laws) onSpellings(law func(files fstest.MapFS, name string)) {
	l.Helper()
	for file, p := range onCorpus(l.T) {
		for spelling, source := range spellings(p.source()) {
			l.name = file + " (" + spelling + ")"
			p.Files[p.name] = &fstest.MapFile{Data: []byte(source)}
			law(p.Files, p.name)
		}
	}
}
