package cli

import (
	"io"
	"os"
	"strings"
	"testing"
)

const unfixed = "FROM python:3.12-slim\nUSER 1000\nCMD python app.py\n"

func TestFix(t *testing.T) {
	files := map[string]string{"Dockerfile": unfixed, "a/Dockerfile": "FROM scratch\n", "crlf/Dockerfile": strings.ReplaceAll(unfixed, "\n", "\r\n")}
	code, out, problems := run(t, files, "fix")
	if want := "Dockerfile: 1 finding mended\ncrlf/Dockerfile: 1 finding mended\n2 findings mended in 2 files.\n"; code != 0 || out != want || problems != "" {
		t.Errorf("code %d, %q, %q", code, out, problems)
	}
	const fixed = "FROM python:3.12-slim\nUSER 1000\nCMD [\"python\", \"app.py\"]\n"
	for name, want := range map[string]string{"Dockerfile": fixed, "a/Dockerfile": "FROM scratch\n", "crlf/Dockerfile": strings.ReplaceAll(fixed, "\n", "\r\n")} {
		if got, err := os.ReadFile(name); err != nil || string(got) != want {
			t.Errorf("%s: %v, %q", name, err, got)
		}
	}
	if entries, err := os.ReadDir("crlf"); err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

func TestFixKeepsModeAndLink(t *testing.T) {
	run(t, map[string]string{"real/Dockerfile": unfixed})
	if err := os.Chmod("real/Dockerfile", 0o640); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("real/Dockerfile", "Dockerfile"); err != nil {
		t.Fatal(err)
	}
	root := rootCommand(tourFiles)
	root.SetArgs([]string{"fix", "Dockerfile"})
	root.SetOut(io.Discard)
	if err := root.Execute(); err != nil {
		t.Error(err)
	}
	link, err := os.Readlink("Dockerfile")
	info, err2 := os.Stat("real/Dockerfile")
	if err != nil || link != "real/Dockerfile" || err2 != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("%v %s, %v %v", err, link, err2, info)
	}
	if text, _ := os.ReadFile("real/Dockerfile"); !strings.Contains(string(text), `["python", "app.py"]`) {
		t.Errorf("not written: %s", text)
	}
}

func TestFixDiff(t *testing.T) {
	files := map[string]string{"Dockerfile": unfixed}
	code, out, _ := run(t, files, "fix", "--diff")
	want := "--- a/Dockerfile\n+++ b/Dockerfile\n@@ -1,3 +1,3 @@\n FROM python:3.12-slim\n USER 1000\n-CMD python app.py\n+CMD [\"python\", \"app.py\"]\n"
	if code != 1 || out != want {
		t.Errorf("code %d:\n%s", code, out)
	}
	if text, _ := os.ReadFile("Dockerfile"); string(text) != unfixed {
		t.Errorf("written: %s", text)
	}
	if code, out, _ := run(t, map[string]string{"Dockerfile": "FROM scratch\n"}, "fix", "--diff"); code != 0 || out != "" {
		t.Errorf("nothing to mend: code %d, %s", code, out)
	}
}

func TestFixByRule(t *testing.T) {
	const text = "FROM node\nUSER node\nCMD node a.js\n"
	for args, want := range map[string]string{
		"fix --rule DL3006":                     text,
		"fix --rule DL3006 --risky":             "FROM node:lts-alpine\nUSER node\nCMD node a.js\n",
		"fix --rule shell-form-command":         "FROM node\nUSER node\nCMD [\"node\", \"a.js\"]\n",
		"fix --rule DL3006 --rule DL3025":       "FROM node\nUSER node\nCMD [\"node\", \"a.js\"]\n",
		"fix --rule untagged-base-image --diff": text,
	} {
		if code, _, problems := run(t, map[string]string{"Dockerfile": text}, strings.Fields(args)...); code != 0 || problems != "" {
			t.Errorf("%s: code %d, %s", args, code, problems)
		}
		if got, _ := os.ReadFile("Dockerfile"); string(got) != want {
			t.Errorf("%s: %s", args, got)
		}
	}
	for args, want := range map[string]string{
		"fix --risky":                  "--risky needs --rule",
		"fix --rule shell-form-comand": "did you mean shell-form-command?",
		"fix missing":                  "missing",
	} {
		if code, _, problems := run(t, map[string]string{"Dockerfile": text}, strings.Fields(args)...); code != 2 || !strings.Contains(problems, want) {
			t.Errorf("%s: code %d, %s", args, code, problems)
		}
		if got, _ := os.ReadFile("Dockerfile"); string(got) != text {
			t.Errorf("%s: written: %s", args, got)
		}
	}
}

func TestFixLeavesReadOnlyFiles(t *testing.T) {
	run(t, map[string]string{"Dockerfile": unfixed})
	if err := os.Chmod("Dockerfile", 0o444); err != nil {
		t.Fatal(err)
	}
	if err := replaceFile("Dockerfile", "x"); !os.IsPermission(err) {
		t.Errorf("replaced: %v", err)
	}
}
