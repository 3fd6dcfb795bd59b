package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

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
	root := rootCommand()
	var stdout, stderr bytes.Buffer
	root.SetOut(&stdout)
	root.SetErr(&stderr)
	root.SetArgs(args)
	err := root.Execute()
	var exit exitCode
	switch {
	case errors.As(err, &exit):
		code = int(exit)
	case err != nil:
		code = 2
		stderr.WriteString(err.Error())
	}
	return code, stdout.String(), stderr.String()
}

func TestCheckText(t *testing.T) {
	code, out, problems := run(t, map[string]string{
		"Dockerfile":       "\uFEFFFROM alpine\nUSER 1000\n\tCMD\tnpm  🐳  start\n",
		"clean/Dockerfile": "FROM scratch\n",
	}, "check", ".")
	want := "Dockerfile:1:6: warning: `alpine` has no tag, so that every build may take another image: write a version, as `alpine:version`. [untagged-base-image]\n" +
		"  FROM alpine\n" +
		"       ^^^^^^\n" +
		"Dockerfile:3:6: warning: CMD is in shell form, so that `/bin/sh -c` receives the signals and not the program: write a JSON array. [shell-form-command]\n" +
		"  \tCMD\tnpm  🐳  start\n" +
		"  \t   \t^^^^^^^^^^^^^\n"
	if diff := cmp.Diff(want, out); diff != "" || code != 1 || problems != "" {
		t.Errorf("code %d, problems %q, output:\n%s", code, problems, diff)
	}
}

func TestCheckJSON(t *testing.T) {
	code, out, _ := run(t, map[string]string{"a b/web.Dockerfile": "\uFEFFFROM alpine\r\nUSER 1000\r\nCMD npm start\r\n"}, "check", "--format", "json", "a b")
	var got []map[string]any
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	want := []map[string]any{
		{
			"path": "a b/web.Dockerfile", "line": 1.0, "column": 6.0, "endLine": 1.0, "endColumn": 12.0,
			"rule": "untagged-base-image", "aliases": []any{"DL3006"}, "section": 1.0, "severity": "warning", "fixable": "none",
			"message": got[0]["message"],
		},
		{
			"path": "a b/web.Dockerfile", "line": 3.0, "column": 5.0, "endLine": 3.0, "endColumn": 14.0,
			"rule": "shell-form-command", "aliases": []any{"JSONArgsRecommended", "DL3025"}, "section": 5.0, "severity": "warning", "fixable": "safe",
			"message": got[1]["message"],
		},
	}
	if diff := cmp.Diff(want, got); diff != "" || code != 1 {
		t.Errorf("code %d:\n%s", code, diff)
	}
}

func TestCheckClean(t *testing.T) {
	for format, want := range map[string]string{"text": "", "json": "[]\n"} {
		code, out, problems := run(t, map[string]string{"Dockerfile": "FROM scratch\n"}, "check", "--format", format, "Dockerfile")
		if code != 0 || out != want || problems != "" {
			t.Errorf("%s: code %d, %q, %q", format, code, out, problems)
		}
	}
}

func TestCheckFinds(t *testing.T) {
	bad := "FROM node\n"
	code, out, _ := run(t, map[string]string{
		"Containerfile": bad, "Dockerfile.dev": bad, "x/api.dockerfile": bad, "x/Web.Dockerfile": bad, "y.containerfile": bad,
		"Dockerfile.dockerignore": bad, "node_modules/a/Dockerfile": bad, "vendor/Dockerfile": bad, ".git/Dockerfile": bad,
		"README.md": bad, "MyDockerfile": bad,
	}, "check", ".", "x", "MyDockerfile")
	var got []string
	for line := range strings.Lines(out) {
		if name, _, found := strings.Cut(line, ":1:6:"); found {
			got = append(got, name)
		}
	}
	want := []string{"Containerfile", "Dockerfile.dev", "MyDockerfile", "x/Web.Dockerfile", "x/api.dockerfile", "y.containerfile"}
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
		{[]string{"check", "--format", "xml", "Dockerfile"}, "--format xml is unknown: write text or json"},
		{[]string{"check"}, "requires at least 1 arg"},
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

func TestCheckConfiguration(t *testing.T) {
	files := map[string]string{
		".dockerfile-ls.yaml": "rules:\n  untagged-base-image: error\n  base-image-without-digest: off\nignore: [old/**]\noverrides:\n- paths: ['dev/**']\n  rules: {untagged-base-image: off}\n",
		"app/Dockerfile":      "FROM node\n",
		"old/Dockerfile":      "FROM node\n",
		"dev/Dockerfile":      "FROM node\nFROM node:20\n",
		"other.yaml":          "rules: {untagged-base-image: hint}\n",
		"broken.yaml":         "rules: {untagged-base-image: loud, latest-base-image: off}\n",
	}
	for _, c := range []struct {
		args          []string
		code          int
		out, problems string // parts of what is printed
	}{
		{[]string{"check", "."}, 1, "app/Dockerfile:1:6: error", ""},
		{[]string{"check", "dev", "old"}, 0, "", ""},
		{[]string{"check", "--config", "other.yaml", "app"}, 0, "app/Dockerfile:1:6: hint", ""},
		{[]string{"check", "--config", "broken.yaml", "app"}, 2, "app/Dockerfile:1:6: warning", "broken.yaml:1:30: `loud` is no severity"},
		{[]string{"check", "--config", "none.yaml", "app"}, 2, "app/Dockerfile:1:6: warning", "the configuration none.yaml does not exist"},
	} {
		code, out, problems := run(t, files, c.args...)
		if code != c.code || !strings.Contains(out, c.out) || (c.out == "") != (out == "") || !strings.Contains(problems, c.problems) {
			t.Errorf("%v: code %d, %q, %q", c.args, code, out, problems)
		}
	}
}

func TestCheckSurroundings(t *testing.T) {
	code, out, problems := run(t, map[string]string{
		"app/Dockerfile":   "FROM python:3.12@sha256:b2da3316acdc2bec442190a1fe10dc094e7ba4121d029cb32075ff59bb27390a\nCOPY . /app\n",
		"app/.env":         "TOKEN=1\n",
		"other/Dockerfile": "FROM python:3.12@sha256:b2da3316acdc2bec442190a1fe10dc094e7ba4121d029cb32075ff59bb27390a\nCOPY . /app\n",
	}, "check", ".")
	if code != 1 || !strings.HasPrefix(out, "app/Dockerfile:2:6: warning: `.` takes everything") || strings.Count(out, "missing-dockerignore") != 1 || problems != "" {
		t.Errorf("code %d, %q, %q", code, out, problems)
	}
}
