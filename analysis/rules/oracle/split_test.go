package oracle

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/tools/txtar"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/corpus"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/project"
	"dockerfile-ls/analysis/project/complete"
	"dockerfile-ls/analysis/text"
	"dockerfile-ls/codeactions"
)

// TestSplit holds that BuildKit converts what it converted, both stages of it, when a stage is split in two, and that the
// image is configured as it was, but for a secret that the title names.
func TestSplit(t *testing.T) {
	made := 0
	root := os.DirFS(corpus.Shared(t, "corpus/dev"))
	for _, file := range corpus.Dockerfiles(t) {
		p, name, err := complete.FromCorpus(root, file.Name)
		if err != nil {
			t.Fatal(err)
		}
		made += split(t, file.Name, p.Files, name)
	}
	t.Logf("%d of the corpus", made)
	for name, files := range splitCases(t) {
		made += split(t, name, files, "Dockerfile")
	}
	t.Logf("%d with the cases", made)
	if made < 60 {
		t.Error("it is not exercised")
	}
}

// splitCases are the projects of the action's cases.
func splitCases(t *testing.T) map[string]fstest.MapFS {
	t.Helper()
	archive, err := txtar.ParseFile("../../../testdata/codeactions/split-stages.txtar")
	if err != nil {
		t.Fatal(err)
	}
	cases := map[string]fstest.MapFS{}
	for _, part := range archive.Files {
		name, around, isAround := strings.Cut(part.Name, " @ ")
		switch {
		case strings.Contains(part.Name, ": "):
		case isAround:
			cases[name][around] = &fstest.MapFile{Data: part.Data}
		default:
			source := strings.ReplaceAll(string(part.Data), "<|>", "")
			cases[name] = fstest.MapFS{"Dockerfile": &fstest.MapFile{Data: []byte(source)}}
		}
	}
	return cases
}

// split makes the action at the last FROM that it is offered at, and returns how often BuildKit was asked about the result.
func split(t *testing.T, title string, files fstest.MapFS, name string) int {
	t.Helper()
	source := string(files[name].Data)
	model := analysis.New(source, lint.Facts{}, nil).Model()
	s := analysis.New(source, lint.Facts{Project: project.Read(files, analysis.Request(model, name, ""))}, nil)
	for _, stage := range model.Stages {
		for _, a := range codeactions.At(s, stage.Base.Span) {
			if !strings.HasPrefix(a.Title, "Split ") || a.Refused != "" || a.Kind != codeactions.Rewrite {
				continue
			}
			result, err := text.Apply(source, a.Edits)
			if err != nil {
				t.Fatalf("%s: %v", title, err)
			}
			return compareSplit(t, title, source, result, a.Tells, stage.Name.Text)
		}
	}
	return 0
}

func compareSplit(t *testing.T, title, source, result, tells, target string) int {
	t.Helper()
	before, ok := build(source, target)
	if !ok {
		return 0
	}
	after, ok := build(result, target)
	if !ok {
		t.Errorf("%s: BuildKit rejects the result:\n%s", title, result)
		return 1
	}
	if before.config != after.config && !strings.Contains(tells, "no longer have") {
		t.Errorf("%s: the image is configured otherwise:\n%s\n%s", title, before.config, after.config)
	}
	built := analysis.New(result, lint.Facts{}, nil).Model()
	for _, stage := range built.Stages {
		if _, ok := build(result, stage.Name.Text); !ok {
			t.Errorf("%s: BuildKit rejects the stage %s:\n%s", title, stage.Name.Text, result)
		}
	}
	return 1
}
