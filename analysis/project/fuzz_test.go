package project

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
)

// FuzzRead holds that no content of a file breaks Read.
func FuzzRead(f *testing.F) {
	for _, text := range []string{
		"services:\n  a: &a {build: {context: ., args: [A=1, B]}}\n  b:\n    <<: *a\n  c: *a\n", "a: &a [*a, *a]\n<<: *a\n",
		"&a ? !!x - : |\n  x", `{"dependencies": {"a": "1"}, "workspaces": {"packages": []}, "packageManager": "yarn@4"}`,
		`{"lockfileVersion": 3, "packages": {"": {}}}`,
		"lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n      'a':\n        specifier: \"1\"\n",
		"# yarn lockfile v1\n\"a@1\", b@2:\n",
		"__metadata:\n  version: 8\n\"a@workspace:.\":\n  dependencies:\n    a: \"npm:1\"\n",
		`{"workspaces": {"": {"dependencies": {"a": "1",},},},}`,
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		files := fstest.MapFS{}
		for _, name := range append(lockNames[:], "compose.yaml", "package.json", ".yarnrc.yml", "pnpm-workspace.yaml") {
			files[name] = &fstest.MapFile{Data: []byte(text)}
		}
		Read(files, Request{Dockerfile: "Dockerfile"}).Project(".")
		delete(files, "package.json")
		files["package.json"] = &fstest.MapFile{Data: []byte(`{"dependencies": {"a": "1"}}`)}
		Read(files, Request{Dockerfile: "Dockerfile"}).Project(".")
	})
}

// TestDeepYAML holds that a YAML file that is all brackets, or aliases of aliases, is given up: without its limits the test
// would overflow the stack, or run until it is out of time.
func TestDeepYAML(t *testing.T) {
	bomb := "a0: &a0 {build: .}\n"
	for i := range 40 {
		bomb += fmt.Sprintf("a%d: &a%d\n  <<: [*a%d, *a%d, *a%d]\n", i+1, i+1, i, i, i)
	}
	for _, text := range map[string]string{
		"brackets": strings.Repeat("[", maxComposeBytes), "braces": strings.Repeat("{a: ", maxComposeBytes/4),
		"dashes": strings.Repeat("- ", maxComposeBytes/2), "questions": strings.Repeat("? ", maxComposeBytes/2),
		"anchors": strings.Repeat("&a ", maxComposeBytes/3), "tags": strings.Repeat("!a ", maxComposeBytes/3),
		"quotes": strings.Repeat("'", maxComposeBytes), "colons": strings.Repeat("a: ", maxComposeBytes/3),
		"keys": strings.Repeat("a: 1\n", maxComposeBytes/5), "bomb": bomb + "services: *a40\n",
		"self":     "services: &a\n  <<: *a\n",
		"comments": strings.Repeat("#\n", maxComposeBytes/2), "lines": strings.Repeat("\n", maxComposeBytes),
		"literal":   "a: |\n" + strings.Repeat("  x\n", maxComposeBytes/4),
		"documents": strings.Repeat("---\n", maxComposeBytes/4),
	} {
		Read(fstest.MapFS{
			"compose.yaml": {Data: []byte(text[:min(len(text), maxComposeBytes)])},
		}, Request{Dockerfile: "Dockerfile"})
	}
}

// FuzzTakes holds that no source breaks what is asked of it, and that nothing is taken that is not there.
func FuzzTakes(f *testing.F) {
	for _, source := range []string{".", "../a/./b", "*/[a-", "**", `a\*`, "/./", "a/./*", "link/..", "[z-a]", "!"} {
		f.Add(source, "!b", true)
		f.Add(source, "**", false)
	}
	files := fstest.MapFS{
		"a/b/c": {}, "d": {}, "link": {Data: []byte("a/b"), Mode: 0o777 | fs.ModeSymlink}, "node_modules/x/y": {},
	}
	f.Fuzz(func(t *testing.T, source, exclude string, parents bool) {
		s := Read(files, Request{
			Dockerfile: "Dockerfile", Sources: []string{source}, Files: []string{source}, Names: []string{exclude},
		})
		c := Copy{Source: source, Exclude: []string{exclude}, Parents: parents}
		for _, file := range s.Takes(c).Files {
			if files[file] == nil {
				t.Errorf("%+v takes %s", c, file)
			}
		}
		s.TakesNamed(c, exclude, source)
		s.Project(source)
		s.Ignored(source)
	})
}
