//go:build unix

package cli

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"dockerfile-ls/analysis/lint"
)

// hostile is a name that would set the title of a terminal, turn the direction of what follows around, and begin a line
// that a workflow obeys.
const hostile = "\x1b]0;title\a\u202e\u009b\n::error::forged"

// hostileProject has that name, and its like in texts.
func hostileProject() map[string]string {
	files := map[string]string{
		".dockerfile-ls.yaml": "rules: {}\n", "settings.yaml": "registry:\n  lookups: off\n",
		hostile + "/broken/.dockerfile-ls.yaml": "rules: {\"a\\e[2J\\u202e\": off}\n",
		hostile + "/broken/Dockerfile":          "FROM scratch\n",
		hostile + "/.dockerfile-ls.yaml":        "rules: {}\n",
		hostile + "/\x1b[31m.Dockerfile": "FROM scratch\nRUN --mount=type=\x1b[2J\u202e\u009b x\n" +
			"CMD echo \u202ea\x1b[2J b\n",
		hostile + "/package.json": "{}",
	}
	for name, text := range unhardened() {
		if name != "settings.yaml" {
			files[hostile+"/app/"+name] = text
		}
	}
	return files
}

// TestNothingIsObeyed holds that neither file names nor texts reach a terminal or the log of a workflow in a form that it
// obeys, and that none begins a line.
func TestNothingIsObeyed(t *testing.T) {
	for _, args := range []string{
		"check", "check --format=github", "check --format=json", "check --format=sarif", "check none\x1b[2J",
		"check --config=" + hostile + "/broken/.dockerfile-ls.yaml", "check --format=\x1b[2J", "check --fail-on=\u202e",
		"explain \x1b[2J", "\x1b[2J", "serve \u202e", "--log-\x1b[2J", "fix --rule=\u202e", "fix",
		"fix --config=settings.yaml --rule=shell-form-command --rule=base-image-without-digest .",
		"harden --config=settings.yaml .", "harden none" + hostile,
	} {
		files := hostileProject()
		if !strings.HasPrefix(args, "check") {
			delete(files, hostile+"/broken/.dockerfile-ls.yaml")
		}
		code, out, problems := run(t, files, strings.Split(args, " ")...)
		if out+problems == "" {
			t.Errorf("%q says nothing, code %d", args, code)
		}
		for line := range strings.Lines(out + problems) {
			content := strings.TrimSuffix(line, "\n")
			if at := strings.IndexFunc(content, lint.IsObeyed); at >= 0 {
				t.Errorf("%q: %q in %q", args, content[at:], content)
			}
			if strings.HasPrefix(content, "::") && !strings.Contains(content, " file=") {
				t.Errorf("%q: a forged line %q", args, content)
			}
		}
	}
}

// TestJSONKeepsTexts holds that programs get the very names and texts back.
func TestJSONKeepsTexts(t *testing.T) {
	const name = "\x1b\u009b\u202e\U000e0041 ü🐳\n.Dockerfile"
	code, out, _ := run(t, map[string]string{name: "FROM alpine\n"}, "check", "--format=json")
	var got []jsonFinding
	if err := json.Unmarshal([]byte(out), &got); err != nil || code != 1 || len(got) == 0 || got[0].Path != name {
		t.Errorf("code %d, %v: %s", code, err, out)
	}
	if !strings.Contains(out, `"\u001b\u009b\u202e\udb40\udc41 ü🐳\n.Dockerfile"`) {
		t.Errorf("written as %s", out)
	}
}

// TestPatchIsKept holds that a patch that goes to a program or a file is what git and patch apply.
func TestPatchIsKept(t *testing.T) {
	const name = "a \"b\"\n\x1b\\.Dockerfile"
	code, out, _ := run(t, map[string]string{name: "FROM scratch\n# \x1b[2J\u202e\nCMD a \u202eb\n"}, "fix", "--diff")
	const want = "--- \"a/a \\\"b\\\"\\012\\033\\\\.Dockerfile\"\n+++ \"b/a \\\"b\\\"\\012\\033\\\\.Dockerfile\"\n" +
		"@@ -1,3 +1,3 @@\n FROM scratch\n # \x1b[2J\u202e\n-CMD a \u202eb\n+CMD [\"a\", \"\u202eb\"]\n"
	if code != 1 || out != want {
		t.Errorf("code %d, %q, want %q", code, out, want)
	}
	if text, err := os.ReadFile(name); err != nil || !strings.Contains(string(text), "CMD a") {
		t.Errorf("written: %v %s", err, text)
	}
}
