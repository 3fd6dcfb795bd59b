package cli

import (
	"maps"
	"os"
	"strings"
	"testing"
)

// unhardened is a project with a Dockerfile; no registry on this machine has its image.
func unhardened() map[string]string {
	const manifest = `{"name":"app","version":"1.0.0","scripts":{"start":"node server.js"},"dependencies":{"express":"^4.0.0"},"devDependencies":{"jest":"^30.0.0"}}`
	return map[string]string{
		"Dockerfile":        "FROM node:24-alpine\nWORKDIR /app\nCOPY . .\nRUN npm install\nUSER node\nCMD npm start\n",
		"package.json":      manifest,
		"package-lock.json": `{"lockfileVersion":3,"packages":{"":` + manifest + `}}`,
		"server.js":         "const app = require('express')();\nconst server = app.listen(3000);\n",
		"settings.yaml":     "registry:\n  lookups: off\n",
	}
}

// All files are written, and what was done and what was not is said. A second time there is only the digest left.
func TestHarden(t *testing.T) {
	files := unhardened()
	code, out, problems := run(t, files, "harden", "--config", "settings.yaml", "Dockerfile")
	const unasked = "Dockerfile: no registry was asked, since `registry.lookups` is off\n"
	if code != 0 || problems != unasked {
		t.Errorf("code %d, %s", code, problems)
	}
	for _, want := range []string{
		"Dockerfile: ", "  Change it to npm ci\n", ".dockerignore is made.\n", "server.js is changed.\n",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not in %s", want, out)
		}
	}
	after := maps.Clone(files)
	for name, want := range map[string]string{
		"Dockerfile": "npm ci --omit=dev", "server.js": "process.once(signal", ".dockerignore": "**/node_modules\n",
	} {
		text, err := os.ReadFile(name)
		if err != nil || !strings.Contains(string(text), want) {
			t.Errorf("%s: %v\n%s", name, err, text)
		}
		after[name] = string(text)
	}
	if code, out, problems := run(t, after, "harden", "--config", "settings.yaml", "Dockerfile"); code != 0 || out != "" ||
		problems != unasked {
		t.Errorf("once more: code %d, %s%s", code, out, problems)
	}
}

// --diff writes nothing, and --safe makes nothing that may change more than it names.
func TestHardenShows(t *testing.T) {
	files := unhardened()
	code, out, _ := run(t, files, "harden", "--safe", "--diff", "--config", "settings.yaml", "Dockerfile")
	if code != 1 || !strings.Contains(out, "--- a/Dockerfile\n+++ b/Dockerfile\n") ||
		!strings.Contains(out, "+RUN npm ci --omit=dev\n") {
		t.Errorf("code %d, %s", code, out)
	}
	if strings.Contains(out, "dumb-init") || strings.Contains(out, "server.js\n+++") {
		t.Errorf("risky changes: %s", out)
	}
	for name, text := range files {
		if now, err := os.ReadFile(name); err != nil || string(now) != text {
			t.Errorf("%s: %v\n%s", name, err, now)
		}
	}
}

// A registry that does not answer is an error, and costs only its digest.
func TestHardenWithoutRegistry(t *testing.T) {
	files := unhardened()
	files["Dockerfile"] = strings.Replace(files["Dockerfile"], "node:24-alpine", "localhost:1/node:24-alpine", 1)
	code, out, problems := run(t, files, "harden", "Dockerfile")
	if code != 2 || !strings.Contains(problems, "Error: Dockerfile: ") || !strings.Contains(problems, "localhost:1") {
		t.Errorf("code %d, %s", code, problems)
	}
	if !strings.Contains(out, "  Change it to npm ci (it stops") {
		t.Errorf("%s", out)
	}
}

func TestHardenUnhappy(t *testing.T) {
	for args, want := range map[string]string{
		"":            "harden takes a file or a folder",
		"-":           "stdin cannot be hardened",
		"broken":      "broken: line 1 has to be mended first: Unknown instruction `FORM`",
		"none":        "none",
		"none broken": "broken: line 1",
	} {
		code, out, problems := run(t, map[string]string{
			"broken": "FORM node\n",
		}, append([]string{"harden"}, strings.Fields(args)...)...)
		if code != 2 || out != "" || !strings.Contains(problems, want) {
			t.Errorf("%q: code %d, %s%s", args, code, out, problems)
		}
	}
}

// Where a file cannot be written, what was written before is named, and the Dockerfile stays as it is.
func TestHardenSaysWhatIsWritten(t *testing.T) {
	run(t, unhardened(), "check", "--fail-on", "never")
	if err := os.Chmod("server.js", 0o444); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile("Dockerfile")
	check(t, err)
	root := rootCommand(tourFiles)
	root.SetArgs([]string{"harden", "--config", "settings.yaml", "Dockerfile"})
	var problems strings.Builder
	root.SetErr(&problems)
	root.SetOut(&problems)
	if err := root.Execute(); err != exitCode(2) || !strings.Contains(problems.String(), "written before: ") {
		t.Errorf("%v: %s", err, problems.String())
	}
	if now, err := os.ReadFile("Dockerfile"); err != nil || string(now) != string(before) {
		t.Errorf("%v\n%s", err, now)
	}
}
