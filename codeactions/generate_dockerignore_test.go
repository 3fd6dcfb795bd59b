package codeactions

import (
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/tools/txtar"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/golden"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/project"
	"dockerfile-ls/analysis/rules"
)

// open is the snapshot of a Dockerfile in a file system.
func open(files fstest.MapFS, name string) *analysis.Snapshot {
	source := string(files[name].Data)
	model := analysis.New(source, lint.Facts{}, nil).Model()
	return analysis.New(source, lint.Facts{Project: project.Read(files, analysis.Request(model, name, ""))}, nil)
}

// creating are the actions of a file that make other files.
func creating(s *analysis.Snapshot) []Action {
	var found []Action
	for _, f := range s.Findings() {
		for _, a := range At(s, f.Span) {
			if a.Mends != nil && a.Mends.Span == f.Span && a.Mends.Rule == f.Rule && len(a.Creates) > 0 {
				found = append(found, a)
			}
		}
	}
	return found
}

func TestGenerateDockerignore(t *testing.T) {
	for file, archive := range golden.Archives(t, "../testdata/codeactions/generate-dockerignore.txtar") {
		parts, order, projects := projectCases(archive)
		for _, name := range order {
			actions := creating(open(projects[name], "Dockerfile"))
			if !slices.ContainsFunc(actions, func(a Action) bool { return a.Creates[0].Path == ".dockerignore" }) {
				t.Fatalf("%s: actions %v", name, actions)
			}
			for _, a := range actions {
				text := a.Creates[0].Text
				if strings.HasSuffix(name, " crlf") != (strings.Count(text, "\r\n") == strings.Count(text, "\n")) {
					t.Errorf("%s: line endings of %q", name, text)
				}
				parts = append(parts, txtar.File{
					Name: name + ": " + a.Title, Data: []byte(strings.ReplaceAll(text, "\r", "")),
				})
			}
		}
		archive.Files = parts
		golden.Check(t, file, txtar.Format(archive))
	}
}

// TestGenerateOnCorpus makes the file in each completed project of the corpus that lacks one, and holds that the finding is
// gone, that every source is still there, that no more is taken than before, and that nothing more is offered.
func TestGenerateOnCorpus(t *testing.T) {
	made := 0
	for file, p := range onCorpus(t) {
		before := open(p.Files, p.name)
		for _, action := range creating(before) {
			made++
			checkGenerated(t, file, before, open(changedFiles(p.Files, action), p.name))
		}
	}
	t.Logf("%d files made", made)
	if made == 0 {
		t.Error("no project lacks the file")
	}
}

// TestCompleteOnCorpus adds to the ignore file of each project of the corpus, in which somebody has worked, what it lacks.
func TestCompleteOnCorpus(t *testing.T) {
	made, refused := 0, 0
	i := 0
	for file, p := range onCorpus(t) {
		p.AddWorkingCopy()
		for _, junk := range []string{
			".env", ".npmrc", "app.log", "node_modules/a/index.js", "src/debug.log", "packages/a/node_modules/b/index.js",
		} {
			p.Files[path.Join(p.Context, junk)] = &fstest.MapFile{Data: []byte("//r/:_authToken=0123\n")}
		}
		if before := open(p.Files, p.name); before.Facts().Project.Ignore.State != project.Known {
			ignore := []string{"dist\n", "*.md\r\n!README.md\r\n", "*.log\n!app.log", ""}[i%4]
			p.Files[path.Join(p.Context, ".dockerignore")] = &fstest.MapFile{Data: []byte(ignore)}
		}
		before := open(p.Files, p.name)
		for _, f := range before.Findings() {
			for _, action := range completeDockerignore(before, &f) {
				if action.Refused != "" {
					refused++
					continue
				}
				made++
				checkCompleted(t, file, &f, before, open(changedFiles(p.Files, action), p.name))
			}
		}
		i++
	}
	t.Logf("%d completed, %d refused", made, refused)
	if made == 0 {
		t.Error("none is offered")
	}
}

// checkCompleted holds that a finding is gone but for what is copied by name, and that every source still takes something,
// and no more than before.
func checkCompleted(t *testing.T, name string, mended *lint.Finding, before, after *analysis.Snapshot) {
	t.Helper()
	for _, f := range after.Findings() {
		if f.Rule != mended.Rule || f.Span != mended.Span {
			continue
		}
		for _, a := range completeDockerignore(after, &f) {
			if a.Refused == "" {
				t.Errorf("%s: offered again: %s: %s", name, f.Message, a.Title)
			}
		}
	}
	checkSources(t, name, before, after)
}

func checkGenerated(t *testing.T, name string, before, after *analysis.Snapshot) {
	t.Helper()
	for _, f := range after.Findings() {
		if f.Rule.ID == rules.MissingDockerignore {
			t.Errorf("%s: the finding is still there", name)
		}
	}
	if offered := creating(after); len(offered) > 0 {
		t.Errorf("%s: offered again: %v", name, offered)
	}
	checkSources(t, name, before, after)
}

// checkSources holds that every source of the context is still there and not ignored, and takes nothing that it did not take
// before, so that its size goes down or stays.
func checkSources(t *testing.T, name string, before, after *analysis.Snapshot) {
	t.Helper()
	ignored := func(s *analysis.Snapshot) int {
		n := 0
		for _, f := range s.Findings() {
			if f.Rule.ID == rules.CopyIgnoredFile {
				n++
			}
		}
		return n
	}
	if ignored(after) > ignored(before) {
		t.Errorf("%s: a file is copied that is ignored now", name)
	}
	for _, source := range before.Model().ContextSources() {
		then, now := before.Facts().Project.Takes(project.Copy{
			Source: source,
		}), after.Facts().Project.Takes(project.Copy{Source: source})
		if then.State == project.Known && now.State != project.Known {
			t.Errorf("%s: %s took %d files, and takes %d (%s %s)", name, source, len(then.Files),
				len(now.Files), now.State, now.Why)
		}
		for _, file := range now.Files {
			if !slices.Contains(then.Files, file) {
				t.Errorf("%s: %s takes %s now", name, source, file)
			}
		}
	}
}

// The Dockerfile itself is no other one in its context, wherever in the repository that is.
func TestGenerateInFolder(t *testing.T) {
	files := fstest.MapFS{
		".git/HEAD":         {},
		"app/Dockerfile":    {Data: []byte("FROM node:20\nCOPY . .\n")},
		"app/package.json":  {Data: []byte("{}")},
		"other/compose.yml": {},
	}
	actions := creating(open(files, "app/Dockerfile"))
	if len(actions) != 1 || actions[0].Title != "Generate .dockerignore" ||
		actions[0].Creates[0].Path != "app/.dockerignore" {
		t.Errorf("%v", actions)
	}
}
