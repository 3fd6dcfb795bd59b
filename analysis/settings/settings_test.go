package settings

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/rules"
)

func TestRead(t *testing.T) {
	got, problems := Read(`# ours
rules:
  untagged-base-image: off
  DL3025: error
  shell-form-command: warning
overrides:
  - paths: ["docker/**/*.Dockerfile", dev.Dockerfile]
    rules: {latest-base-image: "off"}
  - paths: [docker/x.Dockerfile]
    rules:
      latest-base-image: hint
ignore: [vendor/**]
context: app
registry:
  mirrors:
    docker.io: mirror.example.com
  insecure: [localhost:5000]
  lookups: hover
  timeout: 2s
scanner: {path: /opt/trivy}
`, rules.All())
	want := Settings{
		Rules: lint.Levels{"untagged-base-image": lint.Off, "shell-form-command": lint.Warning},
		Overrides: []Override{
			{[]string{"docker/**/*.Dockerfile", "dev.Dockerfile"}, lint.Levels{"latest-base-image": lint.Off}},
			{[]string{"docker/x.Dockerfile"}, lint.Levels{"latest-base-image": lint.Hint}},
		},
		Ignore:  []string{"vendor/**"},
		Context: "app",
		Registry: Registry{
			OnHover, 2 * time.Second, map[string]string{"docker.io": "mirror.example.com"}, []string{"localhost:5000"},
		},
		Scanner: Scanner{"/opt/trivy"},
	}
	if diff := cmp.Diff(want, got); diff != "" || problems != nil {
		t.Errorf("%v\n%s", problems, diff)
	}
	json, problems := Read(`{"rules": {"untagged-base-image": "off"}, "registry": {"lookups": "off"}}`, rules.All())
	if json.Rules["untagged-base-image"] != lint.Off || json.Registry.Lookups != Never || problems != nil {
		t.Errorf("JSON: %v, %v", json, problems)
	}
}

func TestEmpty(t *testing.T) {
	for _, source := range []string{"", "# nothing\n", "---\n", "rules:\nignore:\n", "{}", "null"} {
		if got, problems := Read(source, rules.All()); !cmp.Equal(got, Settings{}) || problems != nil {
			t.Errorf("%q: %v, %v", source, got, problems)
		}
	}
}

// TestShown holds what is shown by default, and that a switch may be a boolean too, as editors write it.
func TestShown(t *testing.T) {
	for source, want := range map[string]Shown{
		"inlayHints:\n  variables:\n":                         {},
		"inlayHints: {variables: on, digestAge: off}\n":       {},
		"inlayHints: {variables: off, stages: \"off\"}\n":     {NoVariables: true, NoStages: true},
		"inlayHints: {digestAge: on}\ncodeLens: {scan: on}\n": {DigestAge: true, Scan: true},
		`{"inlayHints":{"stages":false,"digestAge":true},"codeLens":{"references":true}}`: {
			NoStages: true, DigestAge: true, References: true,
		},
	} {
		if got, problems := Read(source, rules.All()); got.Shown != want || problems != nil {
			t.Errorf("%q: %+v, %v", source, got.Shown, problems)
		}
	}
}

// TestFormat holds that numbers need no quotes.
func TestFormat(t *testing.T) {
	for source, want := range map[string]Format{
		"format: {indent: 2, keywordCase: lower, blankLines: 0}\n": {Indent: "2", KeywordCase: Lower, BlankLines: "0"},
		`{"format": {"indent": "tab", "arrays": "space", "flags": "wrap", "blankLines": 2}}`: {
			Indent: Tab, Arrays: Space, Flags: Wrap, BlankLines: "2",
		},
		"format:\n  flags:\n": {},
	} {
		if got, problems := Read(source, rules.All()); got.Format != want || problems != nil {
			t.Errorf("%q: %+v, %v", source, got.Format, problems)
		}
	}
}

// TestProblems holds that a mistake is told at its place and costs only itself.
func TestProblems(t *testing.T) {
	for _, c := range []struct{ source, want string }{
		{"rule:\n  a: off\n", "1:1 there is no setting `rule`: write `rules`"},
		{"colour: red\n", "1:1 there is no setting `colour`: there are rules, overrides, ignore, context, " +
			"registry.lookups, registry.timeout, registry.mirrors, registry.insecure, scanner.path, " +
			"inlayHints.variables, inlayHints.stages, inlayHints.digestAge, codeLens.references, codeLens.scan, " +
			"format.indent, format.keywordCase, format.blankLines, format.arrays, format.flags"},
		{"format: {indent: 5}\n", "1:18 `format.indent` must be one of auto, tab, 1, 2, 3, 4, 8"},
		{"registry:\n  mirror: x\n", "2:3 there is no setting `registry.mirror`: write `registry.mirrors`"},
		{"rules: off\n", "1:8 `rules` must be a mapping of rule IDs to error, warning, information, hint or off"},
		{"rules:\n  untaged-base-image: off\n", "2:3 there is no rule `untaged-base-image`: write `untagged-base-image`"},
		{
			"rules:\n  untagged-base-image: loud\n",
			"2:24 `loud` is no severity: write error, warning, information, hint or off",
		},
		{
			"rules:\n  unknown-instruction: off\n",
			"2:24 `unknown-instruction` stays an error, since BuildKit rejects the file",
		},
		{"ignore: x\n", "1:9 `ignore` must be a list of texts"},
		{"ignore: [1]\n", "1:10 `ignore` must be a text: put it in quotes"},
		{"context: 5\n", "1:10 `context` must be a text: put it in quotes"},
		{"registry:\n  lookups: maybe\n", "2:12 `registry.lookups` must be one of onDemand, hover, background, off"},
		{"registry:\n  lookups: true\n", "2:12 `registry.lookups` must be one of onDemand, hover, background, off"},
		{"registry:\n  timeout: soon\n", "2:12 `registry.timeout` must be a time as 10s or 1m30s"},
		{"registry:\n  timeout: -1s\n", "2:12 `registry.timeout` must be a time as 10s or 1m30s"},
		{"registry: 1\n", "1:11 `registry` must be a mapping of keys to values"},
		{"overrides: {}\n", "1:12 `overrides` must be a list of mappings with paths and rules"},
		{"overrides: [a]\n", "1:13 an override must be a mapping with paths and rules"},
		{"overrides:\n  - path: [x]\n", "2:5 there is no setting `overrides.path`: write `overrides.paths`"},
		{"- a\n", "1:1 the configuration must be a mapping of keys to values"},
		{"rules: {a\n", "1:9 this is no YAML: could not find flow map content"},
	} {
		// What stands beside the mistake counts.
		_, problems := Read(c.source, rules.All())
		got := ""
		for _, p := range problems {
			got += fmt.Sprintf("%d:%d %s", p.Line, p.Column, p.Message)
		}
		if got != c.want {
			t.Errorf("%q:\n got %s\nwant %s", c.source, got, c.want)
		}
	}
	s, problems := Read("colour: red\nrules:\n  nothing: off\n  untagged-base-image: off\ncontext: app\n", rules.All())
	if len(problems) != 2 || s.Context != "app" || s.Rules["untagged-base-image"] != lint.Off {
		t.Errorf("%v, %v", s, problems)
	}
}

// No file that lies in a workspace says what is asked or run on the machine.
func TestMachine(t *testing.T) {
	editor := Settings{Registry: Registry{Lookups: Never}}
	got, problems := ReadOver(editor,
		"registry:\n  lookups: background\nscanner: {path: ./evil}\ncontext: app\n", rules.All())
	want := []Problem{
		{2, 3, "`registry.lookups` is about your machine, and no file of a workspace can set it: set it in the editor, " +
			"or in a file for --config"},
		{3, 11, "`scanner.path` is about your machine, and no file of a workspace can set it: set it in the editor, or " +
			"in a file for --config"},
	}
	if got.Registry.Lookups != Never || got.Scanner.Path != "" || got.Context != "app" || !cmp.Equal(problems, want) {
		t.Errorf("%+v, %v", got, problems)
	}
}

func TestLevels(t *testing.T) {
	s, _ := Read("rules: {DL3007: error}\noverrides:\n- paths: ['docker/**']\n  rules: {DL3007: 'off', DL3006: hint}\n- "+
		"paths: ['**/x']\n  rules: {DL3006: error}\nignore: ['*.tmp', 'a/**']\n", rules.All())
	for path, want := range map[string]lint.Levels{
		"Dockerfile":        {"latest-base-image": lint.Error},
		"docker/Dockerfile": {"latest-base-image": lint.Off, "untagged-base-image": lint.Hint},
		"docker/a/x":        {"latest-base-image": lint.Off, "untagged-base-image": lint.Error},
	} {
		if diff := cmp.Diff(want, s.Levels(path)); diff != "" {
			t.Errorf("%s:\n%s", path, diff)
		}
	}
	if !s.Ignored("a/b/Dockerfile") || !s.Ignored("x.tmp") || s.Ignored("b/x.tmp") {
		t.Error("ignored files")
	}
}

func FuzzRead(f *testing.F) {
	f.Add("rules: {a: off}\nregistry:\n  lookups: off\noverrides: [{paths: [x]}]\n")
	f.Add("{\"rules\": [1, null]}")
	f.Add("a: &b\n  *b: c\n<<: *b\n--- \n? x\n: y")
	f.Fuzz(func(t *testing.T, source string) { Read(source, rules.All()) })
}
