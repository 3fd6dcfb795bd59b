package server

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
)

// workspace gives a server a disk with these files in the folder /w.
func workspace(files map[string]string) func(*server) {
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
	}, workspace(map[string]string{"app/.env": "TOKEN=1"}))
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
	}, workspace(map[string]string{".dockerfile-ls.yaml": "colour: red\nignore: [old/**]\noverrides:\n- paths: ['app/**']\n  rules: {untagged-base-image: off}\n"}))
}

func TestEditorSettings(t *testing.T) {
	bubble(t, func(w *wire) {
		w.ask("0", "initialize", `{"capabilities":{},"initializationOptions":{"trusted":true,"rules":{"untagged-base-image":"off"}}}`)
		open(w, "untitled:Dockerfile", "FROM python\\n")
		if got := codes(w); got != "" {
			t.Errorf("with the rule off: %s", got)
		}
		w.notify("workspace/didChangeConfiguration", `{"settings":{"dockerfile-ls":{"rules":{"untagged-base-image":"hint"}}}}`)
		if got := codes(w); got != "untagged-base-image" {
			t.Errorf("with the rule on: %s", got)
		}
	})
}

// TestNobodyElseNudges holds that a client cannot put facts into the server.
func TestNobodyElseNudges(t *testing.T) {
	bubble(t, func(w *wire) {
		w.ask("0", "initialize", `{"capabilities":{}}`)
		w.notify(factsArrived, `{"uri":"file:///w/Dockerfile"}`)
		open(w, "file:///w/Dockerfile", "FROM python\\n")
		if got := codes(w); got != "untagged-base-image" {
			t.Errorf("found %s", got)
		}
	})
}

// TestFactsAfterShutdown holds that facts which are gathered too late are no trouble.
func TestFactsAfterShutdown(t *testing.T) {
	bubble(t, func(w *wire) {
		w.ask("0", "initialize", `{"capabilities":{}}`)
		w.ask("1", "shutdown", "null")
		w.log()
		w.server.out.nudge(factsArrived)
		w.settle()
		if logged := w.log(); logged != "" {
			t.Errorf("logged: %s", logged)
		}
	})
}

func open(w *wire, uri, text string) {
	w.notify("textDocument/didOpen", `{"textDocument":{"uri":"`+uri+`","languageId":"dockerfile","version":1,"text":"`+text+`"}}`)
}
