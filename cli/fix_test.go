package cli

import (
	"fmt"
	"io"
	"log"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/name"
	served "github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/random"
	"github.com/google/go-containerregistry/pkg/v1/remote"
)

const unfixed = "FROM python:3.12-slim\nUSER 1000\nCMD python app.py\n"

func TestFix(t *testing.T) {
	files := map[string]string{
		"Dockerfile": unfixed, "a/Dockerfile": "FROM scratch\n",
		"crlf/Dockerfile": strings.ReplaceAll(unfixed, "\n", "\r\n"),
	}
	code, out, problems := run(t, files, "fix")
	want := "Dockerfile: 1 finding mended\ncrlf/Dockerfile: 1 finding mended\n2 findings mended in 2 " +
		"files.\n"
	if code != 0 || out != want || problems != "" {
		t.Errorf("code %d, %q, %q", code, out, problems)
	}
	const fixed = "FROM python:3.12-slim\nUSER 1000\nCMD [\"python\", \"app.py\"]\n"
	for name, want := range map[string]string{
		"Dockerfile": fixed, "a/Dockerfile": "FROM scratch\n", "crlf/Dockerfile": strings.ReplaceAll(fixed, "\n", "\r\n"),
	} {
		if got, err := os.ReadFile(name); err != nil || string(got) != want {
			t.Errorf("%s: %v, %q", name, err, got)
		}
	}
	if entries, err := os.ReadDir("crlf"); err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

// TestFixTwoOfOneCommand holds that the fixes of two rules for one command follow each other, and then rest.
func TestFixTwoOfOneCommand(t *testing.T) {
	const manifest = `{"name": "app", "scripts": {"start": "node server.js"}, "dependencies": {"express": "^4.0.0"}, "devDependencies": {"jest": "^29.0.0"}}`
	files := map[string]string{
		"package.json":      manifest,
		"package-lock.json": `{"lockfileVersion": 3, "packages": {"": ` + manifest + `}}`,
		".dockerignore":     "**/node_modules\n",
	}
	for name, install := range map[string]string{
		"plain": "RUN npm install", "exec": `RUN ["npm", "i"]`, "heredoc": "RUN <<EOF\nnpm install\nEOF",
	} {
		files[name+"/Dockerfile"] = "FROM node:20\nENV NODE_ENV=\nWORKDIR /app\nCOPY package*.json ./\n" + install +
			"\nCOPY . .\nUSER node\nCMD [\"npm\", \"start\"]\n"
	}
	run(t, files, "fix")
	for name, want := range map[string]string{
		"plain": "RUN npm ci --omit=dev\n", "exec": `RUN ["npm", "ci", "--omit=dev"]`, "heredoc": "\nnpm ci --omit=dev\n",
	} {
		if got, err := os.ReadFile(name + "/Dockerfile"); err != nil || !strings.Contains(string(got), want) {
			t.Errorf("%s: %v\n%s", name, err, got)
		} else {
			files[name+"/Dockerfile"] = string(got)
		}
	}
	if code, out, _ := run(t, files, "fix", "--diff"); code != 0 || out != "" {
		t.Errorf("fixed again: code %d\n%s", code, out)
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
	want := "--- a/Dockerfile\n+++ b/Dockerfile\n@@ -1,3 +1,3 @@\n FROM python:3.12-slim\n USER 1000\n-CMD python " +
		"app.py\n+CMD [\"python\", \"app.py\"]\n"
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
	const unasked = "node:latest has to be asked for, and `registry.lookups` is off\n"
	for args, want := range map[string]struct {
		text, problems string
		code           int
	}{
		"--rule DL3002":                    {text, "", 0},
		"--rule DL3006":                    {text, "Error: Dockerfile: " + unasked, 2},
		"--rule DL3006 --risky":            {"FROM node:lts-alpine\nUSER node\nCMD node a.js\n", unasked, 0},
		"--rule shell-form-command":        {"FROM node\nUSER node\nCMD [\"node\", \"a.js\"]\n", "", 0},
		"--rule DL3002 --rule DL3025":      {"FROM node\nUSER node\nCMD [\"node\", \"a.js\"]\n", "", 0},
		"--rule shell-form-command --diff": {text, "", 1},
	} {
		files := map[string]string{"Dockerfile": text, "off.yaml": "registry: {lookups: off}\n"}
		code, _, problems := run(t, files, append([]string{"fix", "--config", "off.yaml"}, strings.Fields(args)...)...)
		if code != want.code || problems != want.problems {
			t.Errorf("%s: code %d, %s", args, code, problems)
		}
		if got, _ := os.ReadFile("Dockerfile"); string(got) != want.text {
			t.Errorf("%s: %s", args, got)
		}
	}
	for args, want := range map[string]string{
		"fix --risky":                  "--risky needs --rule",
		"fix --rule shell-form-comand": "did you mean shell-form-command?",
		"fix missing":                  "missing",
	} {
		if code, _, problems := run(t, map[string]string{
			"Dockerfile": text,
		}, strings.Fields(args)...); code != 2 || !strings.Contains(problems, want) {
			t.Errorf("%s: code %d, %s", args, code, problems)
		}
		if got, _ := os.ReadFile("Dockerfile"); string(got) != text {
			t.Errorf("%s: written: %s", args, got)
		}
	}
}

// The digests come from a real registry on this machine.
func TestFixAsks(t *testing.T) {
	server := httptest.NewServer(served.New(served.Logger(log.New(io.Discard, "", 0))))
	t.Cleanup(server.Close)
	host := strings.TrimPrefix(server.URL, "http://")
	t.Setenv("HOME", t.TempDir())
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	made, err := random.Image(10, 1)
	check(t, err)
	for _, tag := range []string{"/app:1", "/tool:2"} {
		ref, err := name.NewTag(host + tag)
		check(t, err)
		check(t, remote.Write(ref, made))
	}
	digest, err := made.Digest()
	check(t, err)
	old := "sha256:" + strings.Repeat("1", 64)
	text := fmt.Sprintf("FROM %s/app:1 AS a # keep\r\nFROM %[1]s/tool:2@%s\r\nFROM %[1]s/none:1\r\n", host, old)
	files := map[string]string{"Dockerfile": text}

	code, out, problems := run(t, files, "fix", "--rule", "base-image-without-digest")
	want := strings.Replace(text, "/app:1", "/app:1@"+digest.String(), 1)
	if got, _ := os.ReadFile("Dockerfile"); string(got) != want || code != 2 ||
		out != "Dockerfile: 1 finding mended\n1 finding mended in 1 file.\n" {
		t.Errorf("code %d, %s%s\n%s", code, out, problems, got)
	}
	if want := fmt.Sprintf("Asking %s about %[1]s/app:1\nAsking %[1]s about %[1]s/none:1\nError: Dockerfile: %[1]s has "+
		"no `%[1]s/none:1`: check the name and the tag.\n", host); problems != want {
		t.Errorf("%s\nwant %s", problems, want)
	}

	code, _, problems = run(t, files, "fix", "--rule", "outdated-digest")
	want = strings.Replace(text, old, digest.String(), 1)
	if got, _ := os.ReadFile("Dockerfile"); string(got) != want || code != 0 {
		t.Errorf("code %d, %s\n%s", code, problems, got)
	}

	versioned, err := mutate.Config(made, v1.Config{Env: []string{"BASE_VERSION=1.2.3"}})
	check(t, err)
	for _, tag := range []string{"/base:latest", "/base:1.2.3"} {
		ref, err := name.NewTag(host + tag)
		check(t, err)
		check(t, remote.Write(ref, versioned))
	}
	based, err := versioned.Digest()
	check(t, err)
	code, _, problems = run(t, map[string]string{"Dockerfile": "FROM " + host + "/base AS a\n"}, "fix", "--rule", "DL3006")
	if got, _ := os.ReadFile("Dockerfile"); string(got) != "FROM "+host+"/base:1.2.3@"+based.String()+" AS a\n" ||
		code != 0 {
		t.Errorf("code %d, %s\n%s", code, problems, got)
	}

	server.Close() // neither of these needs it: plain fix asks nobody, and what was asked is kept
	if code, _, problems := run(t, files, "fix"); code != 0 || problems != "" {
		t.Errorf("code %d, %s", code, problems)
	}
	files["Dockerfile"] = fmt.Sprintf("FROM %s/app:1\n", host)
	code, out, problems = run(t, files, "fix", "--rule", "base-image-without-digest", "--diff")
	if code != 1 || !strings.Contains(out, "+FROM "+host+"/app:1@"+digest.String()) ||
		!strings.Contains(problems, host+"/app:1 is what its registry said on ") {
		t.Errorf("code %d, %s%s", code, out, problems)
	}

	files["off.yaml"] = "registry: {lookups: off}\n"
	code, _, problems = run(t, files, "fix", "--config", "off.yaml", "--rule", "base-image-without-digest")
	if want := fmt.Sprintf("Error: Dockerfile: %s/app:1 has to be asked for, and `registry.lookups` is "+
		"off\n", host); code != 2 || problems != want {
		t.Errorf("code %d, %s", code, problems)
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
