package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/settings"
)

// sarifSchema is the schema of OASIS, by its absolute path: the tests leave this folder.
var sarifSchema, _ = filepath.Abs("../testdata/sarif/sarif-schema-2.1.0.json")

// stdin is what comes on the stdin of the next run.
var stdin string

// run executes the command line in a folder with the files given, and returns the exit code and what was printed.
func run(t *testing.T, files map[string]string, args ...string) (code int, out, problems string) {
	t.Helper()
	t.Chdir(t.TempDir())
	for name, content := range files {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	root := rootCommand(tourFiles)
	var stdout, stderr bytes.Buffer
	root.SetOut(&stdout)
	root.SetErr(&stderr)
	root.SetIn(strings.NewReader(stdin))
	root.SetArgs(args)
	err := root.Execute()
	var exit exitCode
	switch {
	case errors.As(err, &exit):
		code = int(exit)
	case err != nil:
		code = 2
		tellError(&stderr, err)
	}
	return code, stdout.String(), stderr.String()
}

func TestCheckText(t *testing.T) {
	code, out, problems := run(t, map[string]string{
		"Dockerfile":       "\uFEFFFROM alpine\nUSER 1000\n\tCMD\tnpm  🐳  start\n",
		"clean/Dockerfile": "FROM scratch\n",
	}, "check", ".")
	want := "Dockerfile:1:6: warning: `alpine` has no tag, so that every build may take another image: write a version, " +
		"as `alpine:version`. [untagged-base-image]\n" +
		"  FROM alpine\n" +
		"       ^^^^^^\n" +
		"Dockerfile:3:6: warning: CMD is in shell form, so that `/bin/sh -c` receives the signals and not the program: " +
		"write a JSON array. [shell-form-command]\n" +
		"  \tCMD\tnpm  🐳  start\n" +
		"  \t   \t^^^^^^^^^^^^^\n" +
		"2 warnings in 1 of 2 files.\n"
	if diff := cmp.Diff(want, out); diff != "" || code != 1 || problems != "" {
		t.Errorf("code %d, problems %q, output:\n%s", code, problems, diff)
	}
}

func TestCheckJSON(t *testing.T) {
	code, out, _ := run(t, map[string]string{
		"a b/web.Dockerfile": "\uFEFFFROM alpine\r\nUSER 1000\r\nCMD app start\r\n",
	}, "check", "--format", "json", "a b")
	var got []map[string]any
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	want := []map[string]any{
		{
			"path": "a b/web.Dockerfile", "line": 1.0, "column": 6.0, "endLine": 1.0, "endColumn": 12.0,
			"rule": "untagged-base-image", "aliases": []any{"DL3006"}, "section": 1.0, "severity": "warning",
			"fixable": "asked",
			"message": got[0]["message"],
		},
		{
			"path": "a b/web.Dockerfile", "line": 3.0, "column": 5.0, "endLine": 3.0, "endColumn": 14.0,
			"rule": "shell-form-command", "aliases": []any{"JSONArgsRecommended", "DL3025"}, "section": 5.0,
			"severity": "warning", "fixable": "safe",
			"message": got[1]["message"],
		},
	}
	if diff := cmp.Diff(want, got); diff != "" || code != 1 {
		t.Errorf("code %d:\n%s", code, diff)
	}
}

func TestCheckClean(t *testing.T) {
	for format, want := range map[string]string{"text": "No findings in 1 file.\n", "json": "[]\n", "github": ""} {
		code, out, problems := run(t, map[string]string{
			"Dockerfile": "FROM scratch\n",
		}, "check", "--format", format, "Dockerfile")
		if code != 0 || out != want || problems != "" {
			t.Errorf("%s: code %d, %q, %q", format, code, out, problems)
		}
	}
}

func TestCheckFinds(t *testing.T) {
	bad := "FROM node\n"
	code, out, _ := run(t, map[string]string{
		"Containerfile": bad, "Dockerfile.dev": bad, "x/api.dockerfile": bad, "x/Web.Dockerfile": bad,
		"y.containerfile":         bad,
		"Dockerfile.dockerignore": bad, "node_modules/a/Dockerfile": bad, "vendor/Dockerfile": bad, ".git/Dockerfile": bad,
		"README.md": bad, "MyDockerfile": bad,
	}, "check", ".", "x", "MyDockerfile")
	var got []string
	for line := range strings.Lines(out) {
		if name, _, found := strings.Cut(line, ":1:6:"); found {
			got = append(got, name)
		}
	}
	want := []string{
		"Containerfile", "Dockerfile.dev", "MyDockerfile", "x/Web.Dockerfile", "x/api.dockerfile", "y.containerfile",
	}
	if diff := cmp.Diff(want, got); diff != "" || code != 1 {
		t.Errorf("code %d:\n%s", code, diff)
	}
}

func TestCheckFailures(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string // a part of what is said
	}{
		{[]string{"check", "missing", "Dockerfile"}, "missing"},
		{[]string{"check", "--format", "xml", "Dockerfile"}, "--format xml is unknown: write text, json, sarif or github"},
		{
			[]string{"check", "--fail-on", "info", "Dockerfile"},
			"--fail-on info is unknown: write error, warning, information, hint or never",
		},
		{[]string{"check", "--colour"}, "unknown flag: --colour"},
		{[]string{"chekc"}, "chekc"},
	} {
		code, out, problems := run(t, map[string]string{"Dockerfile": "FROM node\n"}, c.args...)
		if code != 2 || !strings.Contains(problems, c.want) {
			t.Errorf("%v: code %d, %q", c.args, code, problems)
		}
		if c.args[0] == "check" && len(c.args) == 3 && !strings.Contains(out, "untagged-base-image") {
			t.Errorf("%v: the file that can be read is not told of: %q", c.args, out)
		}
	}
}

// A rule that has failed is named, and what it may have found counts as missing.
func TestCheckNamesFailures(t *testing.T) {
	var problems strings.Builder
	failures := []lint.Failure{{Rule: &lint.Rule{ID: "some-rule"}, Reason: "index out of range\nat"}}
	if !tellFailures(&problems, "a/Dockerfile", failures) || tellFailures(&problems, "b/Dockerfile", nil) {
		t.Error("not told apart")
	}
	const want = "Error: a/Dockerfile: the rule some-rule has failed, which is a mistake in it: index out of range\\nat\n"
	if problems.String() != want {
		t.Errorf("%q", problems.String())
	}
}

func TestCheckConfiguration(t *testing.T) {
	files := map[string]string{
		".dockerfile-ls.yaml": "rules:\n  untagged-base-image: error\n  base-image-without-digest: off\nignore: " +
			"[old/**]\noverrides:\n- paths: ['dev/**']\n  rules: {untagged-base-image: off}\n",
		"app/Dockerfile": "FROM node\n",
		"old/Dockerfile": "FROM node\n",
		"dev/Dockerfile": "FROM node\nFROM node:24\n",
		"other.yaml":     "rules: {untagged-base-image: hint}\n",
		"broken.yaml":    "rules: {untagged-base-image: loud, latest-base-image: off}\n",
	}
	for _, c := range []struct {
		args          []string
		code          int
		out, problems string // parts of what is printed
	}{
		{[]string{"check", "."}, 1, "app/Dockerfile:1:6: error", ""},
		{[]string{"check", "dev", "old"}, 0, "No findings in 1 file.", ""},
		{[]string{"check", "--config", "other.yaml", "app"}, 0, "app/Dockerfile:1:6: hint", ""},
		{
			[]string{"check", "--config", "broken.yaml", "app"}, 2, "app/Dockerfile:1:6: warning",
			"broken.yaml:1:30: `loud` is no severity",
		},
		{[]string{"check", "--config", "none.yaml", "empty"}, 2, "", "the configuration none.yaml does not exist"},
		{
			[]string{"check", "--config", "none.yaml", "app"}, 2, "app/Dockerfile:1:6: warning",
			"the configuration none.yaml does not exist",
		},
	} {
		code, out, problems := run(t, files, c.args...)
		if code != c.code || !strings.Contains(out, c.out) || !strings.Contains(problems, c.problems) {
			t.Errorf("%v: code %d, %q, %q", c.args, code, out, problems)
		}
	}
}

func TestCheckSurroundings(t *testing.T) {
	const pinned = "FROM python:3.12@sha256:b2da3316acdc2bec442190a1fe10dc094e7ba4121d029cb32075ff59bb27390a\n"
	code, out, problems := run(t, map[string]string{
		"app/Dockerfile":   pinned + "COPY . /app\n",
		"app/.env":         "TOKEN=1\n",
		"other/Dockerfile": pinned + "COPY . /app\n",
	}, "check", ".")
	if code != 1 || !strings.HasPrefix(out, "app/Dockerfile:2:6: warning: `.` takes `.env`, and no .dockerignore") ||
		strings.Count(out, "missing-dockerignore") != 1 || problems != "" {
		t.Errorf("code %d, %q, %q", code, out, problems)
	}
}

func TestCheckGitHub(t *testing.T) {
	code, out, _ := run(t, map[string]string{
		"a, b/Dockerfile": "FROM python\nRUN --network=hots x\nFROM python:3\n",
	}, "check", "--format=github")
	want := "::warning file=a%2C b/Dockerfile,line=1,endLine=1,col=6,endColumn=12,title=untagged-base-image::`python` " +
		"has no tag"
	if !strings.HasPrefix(out, want) || !strings.Contains(out, "::error file=a%2C b/Dockerfile,line=2") ||
		!strings.Contains(out, "::notice ") || code != 1 {
		t.Errorf("code %d, %s", code, out)
	}
}

func TestCheckSARIF(t *testing.T) {
	for _, text := range []string{"FROM scratch\n", "FROM python\nRUN --network=hots x\nCMD a\nFROM python:3\n"} {
		_, out, problems := run(t, map[string]string{"a b/Dockerfile": text}, "check", "--format=sarif")
		report, err := validSARIF(out)
		if err != nil || problems != "" {
			t.Fatalf("%v, %s: %s", err, problems, out)
		}
		for _, r := range report.Runs[0].Results {
			if uri := r.Locations[0].Physical.Artifact.URI; uri != "a%20b/Dockerfile" {
				t.Errorf("URI %s", uri)
			}
		}
		if got := len(report.Runs[0].Results); (got > 0) != strings.Contains(text, "python") {
			t.Errorf("%d results of %q", got, text)
		}
	}
	for _, bad := range []string{
		`{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"x"}},"results":[{"message":{"text":"x"},"level":"loud"}]}]}`,
		`{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"x"}},"resultz":[]}]}`,
	} {
		if _, err := validSARIF(bad); err == nil {
			t.Errorf("the schema takes %s", bad)
		}
	}
}

// validSARIF reads a log, and holds it against the schema of SARIF 2.1.0.
func validSARIF(text string) (log sarifLog, err error) {
	schema, err := jsonschema.NewCompiler().Compile(sarifSchema)
	if err != nil {
		return log, err
	}
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err == nil {
		err = schema.Validate(value)
	}
	return log, errors.Join(err, json.Unmarshal([]byte(text), &log))
}

func TestCheckFailOn(t *testing.T) {
	for text, codes := range map[string]string{
		"FROM scratch\n":                       "0 0 0 0 0",
		"FROM python:3\n":                      "0 0 1 1 0",
		"FROM python\n":                        "0 1 1 1 0",
		"FROM scratch\nRUN --network=hots x\n": "1 1 1 1 0",
	} {
		var got []string
		for _, level := range []string{"error", "warning", "information", "hint", "never"} {
			code, _, _ := run(t, map[string]string{"Dockerfile": text}, "check", "--fail-on="+level)
			got = append(got, strconv.Itoa(code))
		}
		if strings.Join(got, " ") != codes {
			t.Errorf("%q: %s, want %s", text, got, codes)
		}
	}
	if code, _, _ := run(t, map[string]string{
		"Dockerfile": "FROM scratch\n",
	}, "check", "--fail-on=never", "missing"); code != 2 {
		t.Errorf("a file that cannot be read: %d", code)
	}
}

func TestCheckStdin(t *testing.T) {
	stdin = "FROM python\n"
	defer func() { stdin = "" }()
	files := map[string]string{"app/.dockerfile-ls.yaml": "rules: {untagged-base-image: error}\n"}
	for name, want := range map[string]string{"": "Dockerfile:1:6: warning", "app/Dockerfile": "app/Dockerfile:1:6: error"} {
		args := []string{"check", "-"}
		if name != "" {
			args = append(args, "--stdin-filename", name)
		}
		if code, out, _ := run(t, files, args...); code != 1 || !strings.HasPrefix(out, want) {
			t.Errorf("%v: code %d, %s", args, code, out)
		}
	}
}

// TestCheckLinks holds that links to files are taken, that folders behind links are taken when they are named, and only
// then.
func TestCheckLinks(t *testing.T) {
	run(t, map[string]string{"real/Dockerfile": "FROM python\n", "real/sub/base": "FROM python\n"})
	for link, target := range map[string]string{
		"folder": "real", "real/sub/Dockerfile": "base", "nowhere.Dockerfile": "gone",
	} {
		if err := os.Symlink(target, link); err != nil {
			t.Fatal(err)
		}
	}
	for args, want := range map[string]string{
		".": "real/Dockerfile real/sub/Dockerfile", "folder": "folder/Dockerfile folder/sub/Dockerfile",
		"folder/": "folder/Dockerfile folder/sub/Dockerfile",
	} {
		root := rootCommand(tourFiles)
		var out bytes.Buffer
		root.SetOut(&out)
		root.SetErr(&out)
		root.SetArgs([]string{"check", args})
		err := root.Execute()
		var got []string
		for line := range strings.Lines(out.String()) {
			if name, _, found := strings.Cut(line, ":1:6:"); found {
				got = append(got, name)
			}
		}
		if strings.Join(got, " ") != want || err != exitCode(1) {
			t.Errorf("%s: %v, %s", args, err, out.String())
		}
	}
}

// TestCheckGitignore holds that what git does not look at is left out, unless it is named.
func TestCheckGitignore(t *testing.T) {
	files := map[string]string{
		".git/HEAD": "ref: refs/heads/main\n", ".gitignore": "\uFEFF/out/\n*.dev\n# x\ncls/[!b]1\n",
		".git/info/exclude": "/private/\n", "sub/.gitignore": "!keep.dev\nlocal\n",
	}
	for _, name := range []string{
		"Dockerfile", "out/Dockerfile", "sub/out/Dockerfile", "Dockerfile.dev", "sub/Dockerfile.dev", "sub/local/Dockerfile",
		"local/Dockerfile", "private/Dockerfile", "cls/a1/Dockerfile", "cls/b1/Dockerfile",
	} {
		files[name] = "FROM python\n"
	}
	for args, want := range map[string]string{
		".":                    "Dockerfile cls/b1/Dockerfile local/Dockerfile sub/out/Dockerfile",
		"sub":                  "sub/out/Dockerfile",
		"out":                  "out/Dockerfile",
		"sub/local/Dockerfile": "sub/local/Dockerfile",
		"Dockerfile.dev sub":   "Dockerfile.dev sub/out/Dockerfile",
	} {
		_, out, problems := run(t, files, append([]string{"check"}, strings.Fields(args)...)...)
		var got []string
		for line := range strings.Lines(out) {
			if name, _, found := strings.Cut(line, ":1:6:"); found {
				got = append(got, name)
			}
		}
		if strings.Join(got, " ") != want || problems != "" {
			t.Errorf("%s: %s, want %s; %s", args, got, want, problems)
		}
	}
}

// What is no file, or one of a size that nobody writes, is told and costs only itself, also where the configuration and
// .gitignore should be.
func TestCheckWhatIsNoFile(t *testing.T) {
	deep := strings.Repeat("[", 100_000)
	for _, name := range []string{"Dockerfile", settings.FileName, "a/" + settings.FileName} {
		files := map[string]string{"a/Dockerfile": "FROM scratch\n", "deep.yaml": deep}
		run(t, files)
		if err := os.Symlink("/dev/zero", name); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink("/dev/zero", ".gitignore"); err != nil {
			t.Fatal(err)
		}
		root := rootCommand(tourFiles)
		var out, problems strings.Builder
		root.SetOut(&out)
		root.SetErr(&problems)
		root.SetArgs([]string{"check", "--fail-on", "never", "."})
		if name == "Dockerfile" {
			root.SetArgs([]string{"check", "--fail-on", "never", "Dockerfile", "a"})
		}
		err := root.Execute()
		if !strings.Contains(problems.String(), "it is no regular file") || err != exitCode(2) {
			t.Errorf("%s: %v, %s%s", name, err, out.String(), problems.String())
		}
	}
	code, _, problems := run(t, map[string]string{
		"Dockerfile": "FROM scratch\n", "deep.yaml": deep,
	}, "check", "--config", "deep.yaml")
	if code != 2 || !strings.Contains(problems, "nested too deeply") {
		t.Errorf("code %d, %s", code, problems)
	}
}
