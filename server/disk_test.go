package server

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// editable is a disk that a test can change.
type editable struct{ files fstest.MapFS }

func (e editable) write(name, text string) {
	e.files["w/"+name] = &fstest.MapFile{Data: []byte(text), ModTime: time.Now()}
}

// changing gives a server a disk that the test changes, with the folder /w.
func changing() (editable, func(*server)) {
	e := editable{fstest.MapFS{"w/readme": {}}}
	return e, func(s *server) {
		s.gatherer.disk = func(root string) fs.FS {
			sub, err := fs.Sub(e.files, strings.TrimPrefix(root, "/"))
			if err != nil {
				panic(err)
			}
			return sub
		}
	}
}

// TestOpenBuffersWin holds that what is open counts, and not what is saved: as soon as it is typed, and until it is closed.
func TestOpenBuffersWin(t *testing.T) {
	disk, prepare := changing()
	disk.write(".env", "TOKEN=1")
	bubble(t, func(w *wire) {
		w.ask("0", "initialize", `{"capabilities":{},`+inFolder+`}`)
		open(w, "file:///w/Dockerfile", pinned+"COPY . /app\\n")
		if got := codes(w); got != "missing-dockerignore" {
			t.Errorf("opened: %s", got)
		}
		w.notify("textDocument/didOpen",
			`{"textDocument":{"uri":"file:///w/.dockerignore","languageId":"ignore","version":1,"text":".env\n"}}`)
		if got := codes(w); got != "" {
			t.Errorf("with a .dockerignore that is not saved: %s", got)
		}
		w.notify("textDocument/didOpen",
			`{"textDocument":{"uri":"file:///w/.dockerfile-ls.yaml","languageId":"yaml","version":1,"text":"ignore: []\n"}}`)
		w.notify("textDocument/didClose", `{"textDocument":{"uri":"file:///w/.dockerignore"}}`)
		if got := codes(w); got != "missing-dockerignore" {
			t.Errorf("closed without saving: %s", got)
		}
		w.notify("textDocument/didChange", `{"textDocument":{"uri":"file:///w/.dockerfile-ls.yaml","version":2},"contentChanges":[{"text":"ignore: [Dockerfile]\n"}]}`)
		if got := codes(w); got != "" {
			t.Errorf("left out by settings that are not saved: %s", got)
		}
	}, prepare)
}

// TestDiskIsLookedAt holds that a client which does not tell of changed files gets their effect when its user does
// something, and that nothing is read for it more often than every two seconds.
func TestDiskIsLookedAt(t *testing.T) {
	disk, prepare := changing()
	disk.write(".env", "TOKEN=1")
	bubble(t, func(w *wire) {
		w.ask("0", "initialize", `{"capabilities":{},`+inFolder+`}`)
		open(w, "file:///w/Dockerfile", pinned+"COPY . /app\\n")
		w.settle()
		disk.write(".dockerignore", ".env\n")
		w.notify("$/unheard/of", "{}")
		if got := w.settle(); len(got) != 0 {
			t.Errorf("looked at once: %s", got)
		}
		pass(lookInterval)
		w.notify("$/unheard/of", "{}")
		if got := w.settle(); len(got) != 1 || strings.Contains(string(got[0].Params), "missing-dockerignore") {
			t.Errorf("after a while: %s", got)
		}
		pass(lookInterval)
		w.notify("$/unheard/of", "{}")
		if got := w.settle(); len(got) != 0 {
			t.Errorf("nothing has changed: %s", got)
		}
	}, prepare)
}

// TestWatchedFiles holds that a client which tells of changed files is believed, and that the disk is not looked at besides.
func TestWatchedFiles(t *testing.T) {
	disk, prepare := changing()
	disk.write(".env", "TOKEN=1")
	bubble(t, func(w *wire) {
		w.ask("0", "initialize",
			`{"capabilities":{"workspace":{"didChangeWatchedFiles":{"dynamicRegistration":true}}},`+inFolder+`}`)
		open(w, "file:///w/Dockerfile", pinned+"COPY . /app\\n")
		w.settle()
		disk.write(".dockerignore", ".env\n")
		pass(lookInterval)
		w.notify("$/unheard/of", "{}")
		if got := w.settle(); len(got) != 0 {
			t.Errorf("looked without being told: %s", got)
		}
		w.notify("workspace/didChangeWatchedFiles", `{"changes":[{"uri":"file:///w/.dockerignore","type":1}]}`)
		if got := w.settle(); len(got) != 1 || strings.Contains(string(got[0].Params), "missing-dockerignore") {
			t.Errorf("told: %s", got)
		}
	}, prepare)
}

// TestSourcesAreRead holds that the script which a container starts counts with what it loads: as it is on the disk when the
// client tells of it, and as it is in an editor.
func TestSourcesAreRead(t *testing.T) {
	disk, prepare := changing()
	disk.write("server.js", "require('./app').listen(3000)\n")
	disk.write("app.js", "module.exports = require('http').createServer()\n")
	bubble(t, func(w *wire) {
		w.ask("0", "initialize",
			`{"capabilities":{"workspace":{"didChangeWatchedFiles":{"dynamicRegistration":true}}},`+inFolder+`}`)
		open(w, "file:///w/Dockerfile", "FROM node:20\\nWORKDIR /app\\nCOPY . .\\nCMD [\\\"node\\\", \\\"server.js\\\"]\\n")
		if got := codes(w); !strings.Contains(got, "no-signal-handler") {
			t.Errorf("opened: %s", got)
		}
		disk.write("app.js", "process.on('SIGTERM', stop)\n")
		w.notify("workspace/didChangeWatchedFiles", `{"changes":[{"uri":"file:///w/app.js","type":2}]}`)
		if got := codes(w); got == "" || strings.Contains(got, "no-signal-handler") {
			t.Errorf("with a handler: %s", got)
		}
		w.notify("workspace/didChangeWatchedFiles", `{"changes":[{"uri":"file:///w/other.js","type":2}]}`)
		if got := w.settle(); len(got) != 0 {
			t.Errorf("another source: %s", got)
		}
		w.notify("textDocument/didOpen", `{"textDocument":{"uri":"file:///w/app.js","languageId":"javascript","version":1,"text":"require('http').createServer().listen(1)"}}`)
		if got := codes(w); !strings.Contains(got, "no-signal-handler") {
			t.Errorf("taken away, and not saved: %s", got)
		}
	}, prepare)
}

// TestFactsFollowTheText holds that an edit which makes other files count has them read, and no other edit.
func TestFactsFollowTheText(t *testing.T) {
	disk, prepare := changing()
	disk.write(".env", "TOKEN=1")
	disk.write("sub/.env", "TOKEN=1")
	reads := 0
	bubble(t, func(w *wire) {
		inner := w.server.gatherer.disk
		w.server.gatherer.disk = func(root string) fs.FS { reads++; return inner(root) }
		w.ask("0", "initialize", `{"capabilities":{},`+inFolder+`}`)
		open(w, "file:///w/Dockerfile", pinned+"RUN x\\n")
		if got := codes(w); got != "" {
			t.Errorf("without COPY: %s", got)
		}
		before := reads
		change(w, 2, strings.ReplaceAll(pinned, `\n`, "\n")+"RUN xy\n")
		w.settle()
		if reads != before {
			t.Errorf("the disk was looked at for an edit that needs nothing of it")
		}
		w.notify("textDocument/didChange", `{"textDocument":{"uri":"file:///w/Dockerfile","version":3},"contentChanges":[{"text":"`+pinned+`COPY sub /app\n"}]}`)
		if got := codes(w); got != "missing-dockerignore" {
			t.Errorf("with COPY: %s", got)
		}
	}, prepare)
}

// TestBrokenDisk holds that a disk on which reading panics, and one on which it never ends, cost only the facts that come
// from there.
func TestBrokenDisk(t *testing.T) {
	disk, prepare := changing()
	disk.write("good/.env", "TOKEN=1")
	bubble(t, func(w *wire) {
		release := make(chan struct{})
		inner := w.server.gatherer.disk
		w.server.gatherer.disk = func(root string) fs.FS {
			switch root {
			case "/panics":
				panic("no such luck")
			case "/hangs":
				<-release
			}
			return inner(root)
		}
		w.ask("0", "initialize", `{"capabilities":{},"workspaceFolders":[{"uri":"file:///panics","name":"p"},{"uri":"file:///hangs","name":"h"},{"uri":"file:///w/good","name":"g"}]}`)
		open(w, "file:///panics/Dockerfile", "FROM a\\n")
		w.settle()
		if log := w.log(); !strings.Contains(log, "no such luck") || !strings.Contains(log, "file:///panics/Dockerfile") {
			t.Errorf("logged: %s", log)
		}
		open(w, "file:///hangs/Dockerfile", "FROM a\\n")
		w.settle()
		open(w, "file:///w/good/Dockerfile", pinned+"COPY . /app\\n")
		w.settle()
		pass(patience)
		if got := codes(w); got != "missing-dockerignore" {
			t.Errorf("of the good disk: %s", got)
		}
		if log := w.log(); !strings.Contains(log, "file:///hangs/Dockerfile") {
			t.Errorf("logged: %s", log)
		}
		close(release)
	}, prepare)
}
