package server

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"unicode/utf8"
)

// TestWorkspaceVanishes holds that a folder that goes away during a session costs what is known of it, and comes back with
// it: on a real disk, for a client that tells of nothing.
func TestWorkspaceVanishes(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "work")
	fill := func() {
		for name, text := range map[string]string{
			"package.json": "{}", ".env": "TOKEN=1", "Dockerfile": "", ".git/HEAD": "", "other/Dockerfile": "FROM a",
		} {
			file := filepath.Join(folder, name)
			if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
		}
	}
	fill()
	uri := "file://" + folder + "/Dockerfile"
	document := fmt.Sprintf(`{"uri":%q}`, uri)
	bubble(t, func(w *wire) {
		w.ask("0", "initialize", fmt.Sprintf(`{"capabilities":{`+literals+
			`,"workspace":{"executeCommand":{}}},"workspaceFolders":[{"uri":"file://%s","name":"w"}]}`, folder))
		open(w, uri, pinned+"COPY . /app\\n")
		if got := codes(w); got != "missing-dockerignore" {
			t.Fatalf("opened: %s", got)
		}
		if err := os.RemoveAll(folder); err != nil {
			t.Fatal(err)
		}
		pass(lookInterval)
		w.notify("textDocument/didSave", `{"textDocument":`+document+`}`)
		if got := codes(w); got != "" {
			t.Errorf("of a folder that is gone: %s", got)
		}
		w.notify("textDocument/didChange", fmt.Sprintf(
			`{"textDocument":{"uri":%q,"version":2},"contentChanges":[{"text":"FROM a:1\nCMD x\n"}]}`, uri))
		if got := codes(w); !strings.Contains(got, "shell-form-command") {
			t.Errorf("of the text alone: %s", got)
		}
		for id, method := range []string{"textDocument/hover", "textDocument/codeAction"} {
			answer := w.ask(fmt.Sprint(id+10), method, fmt.Sprintf(`{"textDocument":%s,"position":{"line":0,"character":6},"range":{"start":{"line":0,"character":0},"end":{"line":1,"character":5}},"context":{"diagnostics":[]}}`, document))
			if answer.Error != nil {
				t.Errorf("%s: %s", method, answer)
			}
		}
		fill()
		w.notify("textDocument/didChange", fmt.Sprintf(
			`{"textDocument":{"uri":%q,"version":3},"contentChanges":[{"text":"%sCOPY . /app\n"}]}`, uri, pinned))
		w.notify("textDocument/didSave", `{"textDocument":`+document+`}`)
		if got := codes(w); got != "missing-dockerignore" {
			t.Errorf("of the folder that has come back: %s", got)
		}
	})
}

// TestOddNames holds that files whose names have line feeds, escapes, or bytes that are no UTF-8 are told of in messages
// that are JSON, each by a URI of its own, and that the open ones are told of as any.
func TestOddNames(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("SKIPPED, NOT TESTED: other systems have no such names")
	}
	folder := t.TempDir()
	names := []string{"a\nb", "\x1b[2J", "\xff\xfe", "\u202e", "a%0Ab", "a b#c?d", `back\slash`}
	for _, name := range names {
		for _, file := range []string{name + "/Dockerfile", name + ".Dockerfile"} {
			if err := os.MkdirAll(filepath.Dir(filepath.Join(folder, file)), 0o777); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(folder, file), []byte("FROM a:1\nCMD x\n"), 0o666); err != nil {
				t.Fatal(err)
			}
		}
	}
	bubble(t, func(w *wire) {
		w.ask("0", "initialize", fmt.Sprintf(`{"capabilities":{"textDocument":{"diagnostic":{}},"workspace":{"diagnostics":{"refreshSupport":true}}},"workspaceFolders":[{"uri":"file://%s","name":"w"}]}`, folder))
		answer := w.ask("1", "workspace/diagnostic", `{"previousResultIds":[]}`)
		if answer.Error != nil || !utf8.Valid(answer.Result) {
			t.Fatalf("%s", answer)
		}
		uris := map[string]bool{}
		for _, part := range strings.Split(string(answer.Result), `"uri":"`)[1:] {
			uri, _, _ := strings.Cut(part, `"`)
			if uris[uri] || strings.ContainsAny(uri, "\n\x1b\\") {
				t.Errorf("%q is told twice, or not escaped", uri)
			}
			uris[uri] = true
		}
		if got, want := strings.Count(string(answer.Result), `"code":"shell-form-command"`), 2*(len(names)-1); got < want {
			t.Errorf("%d files are told of, want %d: %s", got, want, answer.Result)
		}
		for uri := range uris {
			open(w, uri, `FROM a:1\nCMD x\n`)
			w.settle()
			got := w.ask("2", "textDocument/diagnostic", fmt.Sprintf(`{"textDocument":{"uri":%q}}`, uri))
			if !strings.Contains(string(got.Result), "shell-form-command") {
				t.Errorf("%s is open: %s", uri, got)
			}
		}
	})
}
