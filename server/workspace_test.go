package server

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"
	"testing"
)

func TestWorkspaceFolders(t *testing.T) {
	disk, prepare := changing()
	disk.write("a/.dockerfile-ls.yaml", "rules: {untagged-base-image: off}\n")
	bubble(t, func(w *wire) {
		w.ask("0", "initialize", `{"capabilities":{"workspace":{"workspaceFolders":true}},"workspaceFolders":[]}`)
		open(w, "file:///w/a/b/Dockerfile", "FROM python\\n")
		if got := codes(w); got != "untagged-base-image" {
			t.Errorf("without a folder the file's own is all: %s", got)
		}
		w.notify("workspace/didChangeWorkspaceFolders",
			`{"event":{"added":[{"uri":"file:///w/a/","name":"a"}],"removed":[]}}`)
		if got := codes(w); got != "" {
			t.Errorf("in the folder with settings: %s", got)
		}
		w.notify("workspace/didChangeWorkspaceFolders",
			`{"event":{"added":[],"removed":[{"uri":"file:///w/a","name":"a"}]}}`)
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
			// it has read the surroundings, and asks to be asked
			w.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"result":null}`, m.ID))
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
		w.send(`{"jsonrpc":"2.0","id":2,"method":"workspace/diagnostic","params":{"previousResultIds":` + previous +
			`,"partialResultToken":"p","workDoneToken":7}}`)
		var parts []string
		for _, m := range w.settle() {
			parts = append(parts, string(m.Params)+string(m.Result))
		}
		want := []string{
			`"kind":"begin"`, `/w/Dockerfile`, `"kind":"unchanged"`, `/w/sub/web.Dockerfile`, `"kind":"full"`,
			`"kind":"end"`, `{"items":[]}`,
		}
		if len(parts) != len(want) {
			t.Fatalf("%d messages: %q", len(parts), parts)
		}
		for i, part := range parts {
			if !strings.Contains(part, want[i]) {
				t.Errorf("message %d lacks %s: %s", i, want[i], part)
			}
		}
		if null := w.ask(
			"4", "workspace/diagnostic", `{"previousResultIds":[],"partialResultToken":null,"workDoneToken":null}`,
		); string(null.ID) != "4" {
			t.Errorf("null is no token: %s", null)
		}
		notOpen := w.ask("5", "textDocument/diagnostic", `{"textDocument":{"uri":"file:///w/Dockerfile"}}`)
		if !strings.Contains(string(notOpen.Result), closed.ResultID) {
			t.Errorf("asked for when it is not open: %s", notOpen)
		}
		gone := w.ask("6", "workspace/diagnostic",
			`{"previousResultIds":[{"uri":"file:///w/gone/Dockerfile","value":"x"},{"uri":"untitled:x","value":"x"}]}`)
		if !strings.Contains(string(gone.Result), `"items":[],"uri":"file:///w/gone/Dockerfile"`) ||
			strings.Contains(string(gone.Result), "untitled") {
			t.Errorf("of a file that is not there any more: %s", gone)
		}
		disk.write("Dockerfile", "FROM scratch\n")
		if again := w.ask(
			"3", "workspace/diagnostic", `{"previousResultIds":`+previous+`}`,
		); strings.Contains(string(again.Result), `"unchanged"`) {
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

// TestRefreshIsNotWaitedForForever holds that a client which leaves a refresh unanswered is told of the next change.
func TestRefreshIsNotWaitedForForever(t *testing.T) {
	bubble(t, func(w *wire) {
		w.ask("0", "initialize",
			`{"capabilities":{"textDocument":{"diagnostic":{}},"workspace":{"diagnostics":{"refreshSupport":true}}}}`)
		const change = `{"jsonrpc":"2.0","method":"workspace/didChangeConfiguration","params":{"settings":{"rules":{}}}}`
		w.send(change)
		first := w.one()
		pass(patience)
		w.settle()
		w.log() // it says so
		w.send(change)
		if again := w.one(); again.Method != "workspace/diagnostic/refresh" {
			t.Errorf("instead of another refresh: %s", again)
		}
		w.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"result":null}`, first.ID))
		if got := w.settle(); len(got) != 0 {
			t.Errorf("after the late answer: %s", got)
		}
	})
}

// TestRefreshWithNothingOpen holds that reports on files that are not open are asked for again when settings change.
func TestRefreshWithNothingOpen(t *testing.T) {
	bubble(t, func(w *wire) {
		w.ask("0", "initialize",
			`{"capabilities":{"textDocument":{"diagnostic":{}},"workspace":{"diagnostics":{"refreshSupport":true}}}}`)
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

func (b blocking) Stat(name string) (fs.FileInfo, error) { return fs.Stat(b.FS, name) }

func (b blocking) Lstat(name string) (fs.FileInfo, error) { return fs.Lstat(b.FS, name) }

func (b blocking) ReadLink(name string) (string, error) { return fs.ReadLink(b.FS, name) }

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
