package codeactions

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/tools/txtar"

	"dockerfile-ls/analysis/golden"
	"dockerfile-ls/analysis/text"
)

// TestOtherFiles holds what actions make of other files: that it is what the golden parts say, that the finding is gone
// then, and that nothing more is offered. A part "<case>" is a Dockerfile, "<case> @ <path>" a file around it, "<case>:
// <title>" the other file behind the action, and "<case>: nothing" says that none is offered.
func TestOtherFiles(t *testing.T) {
	for _, name := range []string{"add-signal-handler", "exec-in-script"} {
		for file, archive := range golden.Archives(t, "../testdata/codeactions/"+name+".txtar") {
			parts, order, projects := projectCases(archive)
			for _, name := range order {
				parts = append(parts, changed(t, name, projects[name]))
			}
			archive.Files = parts
			golden.Check(t, file, txtar.Format(archive))
		}
	}
}

// projectCases are the parts of an archive that are not results, the names of its cases in order, and the files of each.
func projectCases(archive *txtar.Archive) (parts []txtar.File, order []string, projects map[string]fstest.MapFS) {
	projects = map[string]fstest.MapFS{}
	for _, part := range archive.Files {
		if strings.Contains(part.Name, ": ") {
			continue
		}
		parts = append(parts, part)
		name, around, isAround := strings.Cut(part.Name, " @ ")
		if !isAround {
			around = "Dockerfile"
			projects[name] = fstest.MapFS{}
			order = append(order, name)
		}
		if strings.HasSuffix(name, " crlf") {
			part.Data = []byte(strings.ReplaceAll(string(part.Data), "\n", "\r\n"))
		}
		if strings.HasSuffix(name, " no-newline") {
			part.Data = []byte(strings.TrimSuffix(string(part.Data), "\n"))
		}
		projects[name][around] = &fstest.MapFile{Data: part.Data}
	}
	return parts, order, projects
}

// TestOtherFilesOnCorpus makes the action in each completed project of the corpus that it is offered for.
func TestOtherFilesOnCorpus(t *testing.T) {
	made := 0
	for file, p := range onCorpus(t) {
		for _, a := range changing(p.Files, p.name) {
			for _, other := range a.Others {
				if other.Text != string(p.Files[other.Path].Data) {
					t.Errorf("%s: edits of another text than that of %s", file, other.Path)
				}
				result, err := text.Apply(other.Text, other.Edits)
				if err != nil {
					t.Fatalf("%s: %v", file, err)
				}
				p.Files[other.Path].Data = []byte(result)
			}
			for _, f := range open(p.Files, p.name).Findings() {
				if f.Rule == a.Mends.Rule {
					t.Errorf("%s: %s: the finding is still there", file, a.Title)
				}
			}
			made++
		}
	}
	t.Logf("%d made", made)
	if made == 0 {
		t.Error("none was offered")
	}
}

// changing are the actions of a file that change other files.
func changing(files fstest.MapFS, name string) []Action {
	s := open(files, name)
	var found []Action
	for _, f := range s.Findings() {
		for _, a := range At(s, f.Span) {
			if a.Mends != nil && a.Mends.Span == f.Span && a.Mends.Rule == f.Rule && len(a.Others) > 0 {
				found = append(found, a)
			}
		}
	}
	return found
}

// changed makes the action of a case, and holds that it mends.
func changed(t *testing.T, name string, files fstest.MapFS) txtar.File {
	actions := changing(files, "Dockerfile")
	if len(actions) == 0 {
		return txtar.File{Name: name + ": nothing"}
	}
	if len(actions) > 1 || len(actions[0].Others) != 1 || actions[0].Risk == Safe {
		t.Fatalf("%s: actions %v", name, actions)
	}
	other := actions[0].Others[0]
	if other.Text != string(files[other.Path].Data) {
		t.Errorf("%s: edits of another text than that of %s", name, other.Path)
	}
	result, err := text.Apply(other.Text, other.Edits)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if crlf := strings.HasSuffix(name, " crlf"); crlf != (strings.Contains(result, "\r\n") &&
		strings.Count(result, "\r\n") == strings.Count(result, "\n")) {
		t.Errorf("%s: line endings of %q", name, result)
	}
	files[other.Path] = &fstest.MapFile{Data: []byte(result)}
	for _, f := range open(files, "Dockerfile").Findings() {
		if f.Rule.ID == actions[0].Mends.Rule.ID {
			t.Errorf("%s: the finding is still there", name)
		}
	}
	if more := changing(files, "Dockerfile"); len(more) > 0 {
		t.Errorf("%s: more is offered: %v", name, more)
	}
	shown := strings.ReplaceAll(result, "\r", "")
	return txtar.File{Name: fmt.Sprintf("%s: %s", name, actions[0].Title), Data: []byte(shown)}
}
