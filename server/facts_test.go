package server

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
)

// folder gives a server a disk with these files in the folder /w.
func folder(files map[string]string) func(*server) {
	disk := fstest.MapFS{}
	for name, text := range files {
		disk["w/"+name] = &fstest.MapFile{Data: []byte(text)}
	}
	return func(s *server) {
		s.gatherer.disk = func(root string) fs.FS {
			sub, err := fs.Sub(disk, strings.TrimPrefix(root, "/"))
			if err != nil {
				panic(err)
			}
			return sub
		}
	}
}

// codes are those of the last diagnostics that were published.
func codes(w *wire) string {
	var last string
	for _, m := range w.settle() {
		if m.Method == "textDocument/publishDiagnostics" {
			last = string(m.Params)
		}
	}
	var found []string
	for _, part := range strings.Split(last, `"code":"`)[1:] {
		code, _, _ := strings.Cut(part, `"`)
		found = append(found, code)
	}
	return strings.Join(found, " ")
}

const pinned = "FROM python:3.12@sha256:b2da3316acdc2bec442190a1fe10dc094e7ba4121d029cb32075ff59bb27390a\\n"

func TestSurroundings(t *testing.T) {
	bubble(t, func(w *wire) {
		w.ask("0", "initialize", `{"capabilities":{},"workspaceFolders":[{"uri":"file:///w","name":"w"}]}`)
		open(w, "file:///w/app/Dockerfile", pinned+"COPY . /app\\n")
		if got := codes(w); got != "missing-dockerignore" {
			t.Errorf("opened: %s", got)
		}
		// Facts stay with the document while it is edited.
		w.notify("textDocument/didChange", `{"textDocument":{"uri":"file:///w/app/Dockerfile","version":2},"contentChanges":[{"text":"`+pinned+`RUN x\nADD . /app\n"}]}`)
		if got := codes(w); got != "missing-dockerignore" {
			t.Errorf("edited: %s", got)
		}
	}, folder(map[string]string{"app/.env": "TOKEN=1"}))
}

// TestLargeContextIsSaid holds that a context that is not read as a whole is named in the log, and once.
func TestLargeContextIsSaid(t *testing.T) {
	files := map[string]string{"package.json": "{}"}
	for i := range 20_001 { // one more than is read of a folder
		files[fmt.Sprint("data/", i)] = ""
	}
	bubble(t, func(w *wire) {
		w.ask("0", "initialize", `{"capabilities":{},`+inFolder+`}`)
		open(w, "file:///w/Dockerfile", pinned+"COPY . /app\\n")
		w.settle()
		if log := w.log(); !strings.Contains(log, "not all of the build context is known") ||
			!strings.Contains(log, "of data only") {
			t.Errorf("logged: %s", log)
		}
		w.notify("workspace/didChangeWatchedFiles", `{"changes":[{"uri":"file:///w/package.json","type":2}]}`)
		w.settle()
		if log := w.log(); log != "" {
			t.Errorf("again: %s", log)
		}
	}, folder(files))
}

func TestConfigurationFile(t *testing.T) {
	bubble(t, func(w *wire) {
		w.ask("0", "initialize", `{"capabilities":{},"workspaceFolders":[{"uri":"file:///w","name":"w"}]}`)
		open(w, "file:///w/app/Dockerfile", "FROM python\\n")
		open(w, "file:///w/old/Dockerfile", "FROM python\\n")
		if got := codes(w); got != "" {
			t.Errorf("with the rule off: %s", got)
		}
		if log := w.log(); !strings.Contains(log, "there is no setting `colour`") {
			t.Errorf("the log says nothing of the mistake: %s", log)
		}
	}, folder(map[string]string{
		".dockerfile-ls.yaml": "colour: red\nignore: [old/**]\noverrides:\n" +
			"- paths: ['app/**']\n  rules: {untagged-base-image: off}\n",
	}))
}

func TestEditorSettings(t *testing.T) {
	bubble(t, func(w *wire) {
		w.ask("0", "initialize",
			`{"capabilities":{},"initializationOptions":{"trusted":true,"rules":{"untagged-base-image":"off"}}}`)
		open(w, "untitled:Dockerfile", "FROM python\\n")
		if got := codes(w); got != "" {
			t.Errorf("with the rule off: %s", got)
		}
		w.notify("workspace/didChangeConfiguration",
			`{"settings":{"dockerfile-ls":{"rules":{"untagged-base-image":"hint"}}}}`)
		if got := codes(w); got != "untagged-base-image" {
			t.Errorf("with the rule on: %s", got)
		}
	})
}

// TestFactsAfterShutdown holds that facts which are gathered too late are no trouble.
func TestFactsAfterShutdown(t *testing.T) {
	bubble(t, func(w *wire) {
		w.ask("0", "initialize", `{"capabilities":{}}`)
		w.ask("1", "shutdown", "null")
		w.log()
		w.server.out.nudge(turn)
		w.settle()
		if logged := w.log(); logged != "" {
			t.Errorf("logged: %s", logged)
		}
	})
}

func open(w *wire, uri, text string) {
	w.notify("textDocument/didOpen",
		`{"textDocument":{"uri":"`+uri+`","languageId":"dockerfile","version":1,"text":"`+text+`"}}`)
}

const inFolder = `"workspaceFolders":[{"uri":"file:///w","name":"w"}]`

func TestPathOn(t *testing.T) {
	for _, test := range []struct{ system, uri, want string }{
		{"linux", "file:///w/My%20Folder/Dockerfile", "/w/My Folder/Dockerfile"},
		{"linux", "file://localhost/w/Dockerfile", "/w/Dockerfile"},
		{"linux", "file://server/share/Dockerfile", ""},
		{"linux", "file:///c%3A/w/Dockerfile", "/c:/w/Dockerfile"},
		{"windows", "file:///c%3A/w/Dockerfile", "c:/w/Dockerfile"},
		{"windows", "file:///C:/w/Dockerfile", "C:/w/Dockerfile"},
		{"windows", "file://server/share/Dockerfile", "//server/share/Dockerfile"},
		{"linux", "untitled:Dockerfile", ""},
		{"linux", "vscode-remote://wsl%2Bdebian/w/Dockerfile", ""},
		{"linux", "git:/w/Dockerfile?ref", ""},
		{"linux", "file:w/Dockerfile", ""},
		{"linux", "file:///w/%zz", ""},
		{"linux", "/w/Dockerfile", ""},
	} {
		got, ok := pathOn(test.system, test.uri)
		if ok != (test.want != "") || ok && got != test.want {
			t.Errorf("%s on %s is %q, %v", test.uri, test.system, got, ok)
		}
	}
}
