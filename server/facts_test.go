package server

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"
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
	}, folder(map[string]string{".dockerfile-ls.yaml": "colour: red\nignore: [old/**]\noverrides:\n- paths: ['app/**']\n  rules: {untagged-base-image: off}\n"}))
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
	w.notify("textDocument/didOpen", `{"textDocument":{"uri":"`+uri+`","languageId":"dockerfile","version":1,"text":"`+text+`"}}`)
}

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

const inFolder = `"workspaceFolders":[{"uri":"file:///w","name":"w"}]`

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
		w.notify("textDocument/didOpen", `{"textDocument":{"uri":"file:///w/.dockerignore","languageId":"ignore","version":1,"text":".env\n"}}`)
		if got := codes(w); got != "" {
			t.Errorf("with a .dockerignore that is not saved: %s", got)
		}
		w.notify("textDocument/didOpen", `{"textDocument":{"uri":"file:///w/.dockerfile-ls.yaml","languageId":"yaml","version":1,"text":"ignore: []\n"}}`)
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
		w.ask("0", "initialize", `{"capabilities":{"workspace":{"didChangeWatchedFiles":{"dynamicRegistration":true}}},`+inFolder+`}`)
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
		w.ask("0", "initialize", `{"capabilities":{"workspace":{"didChangeWatchedFiles":{"dynamicRegistration":true}}},`+inFolder+`}`)
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

func TestWorkspaceFolders(t *testing.T) {
	disk, prepare := changing()
	disk.write("a/.dockerfile-ls.yaml", "rules: {untagged-base-image: off}\n")
	bubble(t, func(w *wire) {
		w.ask("0", "initialize", `{"capabilities":{"workspace":{"workspaceFolders":true}},"workspaceFolders":[]}`)
		open(w, "file:///w/a/b/Dockerfile", "FROM python\\n")
		if got := codes(w); got != "untagged-base-image" {
			t.Errorf("without a folder the file's own is all: %s", got)
		}
		w.notify("workspace/didChangeWorkspaceFolders", `{"event":{"added":[{"uri":"file:///w/a/","name":"a"}],"removed":[]}}`)
		if got := codes(w); got != "" {
			t.Errorf("in the folder with settings: %s", got)
		}
		w.notify("workspace/didChangeWorkspaceFolders", `{"event":{"added":[],"removed":[{"uri":"file:///w/a","name":"a"}]}}`)
		if got := codes(w); got != "untagged-base-image" {
			t.Errorf("without it again: %s", got)
		}
	}, prepare)
}

// TestWorkspaceDiagnostics holds that all Dockerfiles of the workspace are reported, the open ones as they are open, in
// parts and with progress where the client asks for that, and that what is unchanged is not read again.
func TestWorkspaceDiagnostics(t *testing.T) {
	disk, prepare := changing()
	disk.write("Dockerfile", "FROM python\n")
	disk.write("sub/web.Dockerfile", "FROM scratch\n")
	disk.write("node_modules/x/Dockerfile", "FROM python\n")
	disk.write("sub/Dockerfile.dockerignore", "x\n")
	bubble(t, func(w *wire) {
		w.ask("0", "initialize", `{"capabilities":{"textDocument":{"diagnostic":{}},"workspace":{"diagnostics":{"refreshSupport":true}}},`+inFolder+`}`)
		open(w, "file:///w/sub/web.Dockerfile", "FROM ruby\\n")
		for _, m := range w.settle() {
			w.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"result":null}`, m.ID)) // it has read the surroundings, and asks to be asked
		}
		w.settle()
		first := w.ask("1", "workspace/diagnostic", `{"previousResultIds":[]}`)
		var got struct {
			Items []struct {
				URI, Kind, ResultID string
				Version             *int
				Items               []struct{ Message string }
			}
		}
		if err := json.Unmarshal(first.Result, &got); err != nil || len(got.Items) != 2 {
			t.Fatalf("%v: %s", err, first)
		}
		closed, opened := got.Items[0], got.Items[1]
		if closed.URI != "file:///w/Dockerfile" || closed.Version != nil || len(closed.Items) != 1 {
			t.Errorf("the closed file: %+v", closed)
		}
		if opened.URI != "file:///w/sub/web.Dockerfile" || opened.Version == nil || len(opened.Items) != 1 {
			t.Errorf("the open file: %+v", opened)
		}
		previous := fmt.Sprintf(`[{"uri":%q,"value":%q}]`, closed.URI, closed.ResultID)
		w.send(`{"jsonrpc":"2.0","id":2,"method":"workspace/diagnostic","params":{"previousResultIds":` + previous + `,"partialResultToken":"p","workDoneToken":7}}`)
		var parts []string
		for _, m := range w.settle() {
			parts = append(parts, string(m.Params)+string(m.Result))
		}
		want := []string{`"kind":"begin"`, `/w/Dockerfile`, `"kind":"unchanged"`, `/w/sub/web.Dockerfile`, `"kind":"full"`, `"kind":"end"`, `{"items":[]}`}
		if len(parts) != len(want) {
			t.Fatalf("%d messages: %q", len(parts), parts)
		}
		for i, part := range parts {
			if !strings.Contains(part, want[i]) {
				t.Errorf("message %d lacks %s: %s", i, want[i], part)
			}
		}
		if null := w.ask("4", "workspace/diagnostic", `{"previousResultIds":[],"partialResultToken":null,"workDoneToken":null}`); string(null.ID) != "4" {
			t.Errorf("null is no token: %s", null)
		}
		notOpen := w.ask("5", "textDocument/diagnostic", `{"textDocument":{"uri":"file:///w/Dockerfile"}}`)
		if !strings.Contains(string(notOpen.Result), closed.ResultID) {
			t.Errorf("asked for when it is not open: %s", notOpen)
		}
		gone := w.ask("6", "workspace/diagnostic", `{"previousResultIds":[{"uri":"file:///w/gone/Dockerfile","value":"x"},{"uri":"untitled:x","value":"x"}]}`)
		if !strings.Contains(string(gone.Result), `"items":[],"uri":"file:///w/gone/Dockerfile"`) || strings.Contains(string(gone.Result), "untitled") {
			t.Errorf("of a file that is not there any more: %s", gone)
		}
		disk.write("Dockerfile", "FROM scratch\n")
		if again := w.ask("3", "workspace/diagnostic", `{"previousResultIds":`+previous+`}`); strings.Contains(string(again.Result), `"unchanged"`) {
			t.Errorf("the file has changed: %s", again)
		}
	}, prepare)
}

// TestRefresh holds that a client which asks is told to ask again when facts have come, once at a time.
func TestRefresh(t *testing.T) {
	disk, prepare := changing()
	disk.write(".env", "TOKEN=1")
	bubble(t, func(w *wire) {
		w.ask("0", "initialize", `{"capabilities":{"textDocument":{"diagnostic":{}},"workspace":{"diagnostics":{"refreshSupport":true}}},`+inFolder+`}`)
		open(w, "file:///w/Dockerfile", pinned+"COPY . /app\\n")
		refresh := w.one()
		if refresh.Method != "workspace/diagnostic/refresh" || refresh.ID == nil {
			t.Fatalf("instead of a refresh: %s", refresh)
		}
		disk.write(".dockerignore", ".env\n")
		w.notify("textDocument/didSave", `{"textDocument":{"uri":"file:///w/Dockerfile"}}`)
		w.notify("textDocument/didSave", `{"textDocument":{"uri":"file:///w/Dockerfile"}}`)
		if got := w.settle(); len(got) != 0 {
			t.Errorf("while the client refreshes: %s", got)
		}
		w.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"result":null}`, refresh.ID))
		if again := w.one(); again.Method != "workspace/diagnostic/refresh" {
			t.Errorf("instead of another refresh: %s", again)
		}
	}, prepare)
}

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

// TestRefreshWithNothingOpen holds that reports on files that are not open are asked for again when settings change.
func TestRefreshWithNothingOpen(t *testing.T) {
	bubble(t, func(w *wire) {
		w.ask("0", "initialize", `{"capabilities":{"textDocument":{"diagnostic":{}},"workspace":{"diagnostics":{"refreshSupport":true}}}}`)
		for _, change := range []string{
			`"workspace/didChangeConfiguration","params":{"settings":{"rules":{"runs-as-root":"off"}}}`,
			`"workspace/didChangeWatchedFiles","params":{"changes":[]}`,
			`"workspace/didChangeWorkspaceFolders","params":{"event":{"added":[],"removed":[]}}`,
		} {
			w.send(`{"jsonrpc":"2.0","method":` + change + `}`)
			refresh := w.one()
			if refresh.Method != "workspace/diagnostic/refresh" {
				t.Errorf("after %s: %s", change, refresh)
			}
			w.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"result":null}`, refresh.ID))
		}
	})
}

// blocking is a disk on which one file is read when the test says so.
type blocking struct {
	fs.FS
	name           string
	begun, release chan struct{}
	opened         *[]string
}

func (b blocking) Open(name string) (fs.File, error) {
	if strings.HasSuffix(name, "Dockerfile") {
		*b.opened = append(*b.opened, name)
	}
	if name == b.name {
		close(b.begun)
		<-b.release
	}
	return b.FS.Open(name)
}

func (b blocking) Stat(name string) (fs.FileInfo, error)  { return fs.Stat(b.FS, name) }
func (b blocking) Lstat(name string) (fs.FileInfo, error) { return fs.Lstat(b.FS, name) }
func (b blocking) ReadLink(name string) (string, error)   { return fs.ReadLink(b.FS, name) }

// TestWorkspaceDiagnosticsAreCancelled holds that no further file is looked at when the client does not want to know.
func TestWorkspaceDiagnosticsAreCancelled(t *testing.T) {
	disk, prepare := changing()
	for _, folder := range []string{"a", "b", "c"} {
		disk.write(folder+"/Dockerfile", "FROM python\n")
	}
	bubble(t, func(w *wire) {
		var opened []string
		slow := blocking{name: "b/Dockerfile", begun: make(chan struct{}), release: make(chan struct{}), opened: &opened}
		inner := w.server.gatherer.disk
		w.server.gatherer.disk = func(root string) fs.FS { slow.FS = inner(root); return slow }
		w.ask("0", "initialize", `{"capabilities":{"textDocument":{"diagnostic":{}},"workspace":{"diagnostics":{"refreshSupport":true}}},`+inFolder+`}`)
		w.send(`{"jsonrpc":"2.0","id":1,"method":"workspace/diagnostic","params":{"previousResultIds":[]}}`)
		<-slow.begun
		w.notify("$/cancelRequest", `{"id":1}`)
		w.settle()
		close(slow.release)
		if answer := w.one(); !answer.failed(-32800) {
			t.Errorf("answer %s", answer)
		}
		if got := strings.Join(opened, " "); got != "a/Dockerfile b/Dockerfile" {
			t.Errorf("opened %s", got)
		}
	}, prepare)
}
