package project_test

import (
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"dockerfile-ls/analysis/project"
)

func TestList(t *testing.T) {
	disk := fstest.MapFS{
		"web/Dockerfile": {}, "web/.dockerignore": {Data: []byte("*.md\nnode_modules\nlogs\n!logs/keep\n")}, "web/a.md": {},
		"web/src/a.js": {}, "web/node_modules/x/index.js": {}, "web/logs/keep": {}, "web/logs/other": {},
	}
	s := project.Read(disk, project.Request{Dockerfile: "web/Dockerfile", Sources: []string{"src"}})
	for folder, want := range map[string][]project.Listed{
		".": {
			{".dockerignore", false, false}, {"Dockerfile", false, false}, {"a.md", false, true}, {"logs", true, true},
			{"node_modules", true, true}, {"src", true, false},
		},
		"/src/":        {{"a.js", false, false}},
		"logs":         {{"keep", false, false}, {"other", false, true}},
		"node_modules": nil,
		"src/a.js":     nil,
		"nowhere":      nil,
		"../..":        s.List("."),
	} {
		if diff := cmp.Diff(want, s.List(folder)); diff != "" {
			t.Errorf("%s: %s", folder, diff)
		}
	}
}

// A source that is being typed is nowhere; what can be proposed for it comes out of the folder in which the others are.
func TestLikely(t *testing.T) {
	disk := fstest.MapFS{"web/Dockerfile": {}, "package.json": {}, "web/a": {}, "src/a.js": {}}
	for _, c := range []struct {
		sources []string
		root    string
	}{
		{[]string{"package.json"}, "."}, {[]string{"pack"}, "web"}, {[]string{"package.json", "sr"}, "."},
		{[]string{"a", "sr"}, "web"},
	} {
		s := project.Read(disk, project.Request{Dockerfile: "web/Dockerfile", Sources: c.sources})
		likely := s.Likely()
		if likely.Context.State != project.Known || likely.Context.Root != c.root {
			t.Errorf("%v: %+v", c.sources, likely.Context)
		}
		if known := s.Context.State == project.Known; known != (likely == s) {
			t.Errorf("%v: the context is known: %v", c.sources, known)
		}
	}
	s := project.Read(disk, project.Request{Dockerfile: "web/Dockerfile", Context: "nowhere", Sources: []string{"pack"}})
	if s.Likely() != s {
		t.Error("a context that the settings name is replaced")
	}
}
