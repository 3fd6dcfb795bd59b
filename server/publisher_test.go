package server

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
)

const versioned = `{"textDocument":{"publishDiagnostics":{"versionSupport":true}}}`

// changes are didChange notifications that insert one letter each, with versions from 2 on.
func changes(n int) string {
	var all strings.Builder
	for version := 2; version < 2+n; version++ {
		all.WriteString(framed(fmt.Sprintf(`{"jsonrpc":"2.0","method":"textDocument/didChange","params":{`+
			`"textDocument":{"uri":"file:///w/Dockerfile","version":%d},`+
			`"contentChanges":[{"range":{"start":{"line":0,"character":6},"end":{"line":0,"character":6}},"text":"x"}]}}`, version)))
	}
	return all.String()
}

func versions(t *testing.T, messages []message) []int {
	t.Helper()
	var versions []int
	for _, m := range messages {
		if m.Method != "textDocument/publishDiagnostics" {
			continue
		}
		var version int
		_, rest, _ := strings.Cut(string(m.Params), `"version":`)
		if _, err := fmt.Sscan(rest, &version); err != nil {
			t.Fatalf("%v: %s", err, m)
		}
		versions = append(versions, version)
	}
	return versions
}

func TestBurst(t *testing.T) {
	bubble(t, func(w *wire) {
		w.open(versioned, "file:///w/Dockerfile", "FROM node\n")
		w.raw(changes(1000))
		got := versions(t, w.settle())
		for i := 1; i < len(got); i++ {
			if got[i] <= got[i-1] {
				t.Errorf("version %d after %d", got[i], got[i-1])
			}
		}
		if len(got) == 0 || got[len(got)-1] != 1001 {
			t.Errorf("the last of %d publications is not for the last version", len(got))
		}
		text := w.server.documents["file:///w/Dockerfile"].snapshot.Text()
		if text != "FROM n"+strings.Repeat("x", 1000)+"ode\n" {
			t.Errorf("text %q", text)
		}
	})
}

// A client that reads late is told what it has begun to be told, and then the newest.
// TestBurstCostsOneAnalysis holds that of a thousand keys which come while one version is looked at, the last alone is
// looked at besides.
func TestBurstCostsOneAnalysis(t *testing.T) {
	bubble(t, func(w *wire) {
		begun, release := make(chan struct{}), make(chan struct{})
		inner := w.server.tell
		w.server.tell = func(doc *document) []byte {
			if doc.version == 2 {
				close(begun)
				<-release
			}
			return inner(doc)
		}
		w.open(versioned, "file:///w/Dockerfile", "FROM node\n")
		w.raw(changes(1))
		<-begun
		_, burst, _ := strings.Cut(changes(1001), changes(1))
		w.raw(burst)
		synctest.Wait()
		close(release)
		if got := fmt.Sprint(versions(t, w.settle())); got != "[2 1002]" {
			t.Errorf("versions %s", got)
		}
	})
}

func TestLateReader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := connect(t)
		w.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":%s}}`, versioned))
		w.notify("textDocument/didOpen",
			`{"textDocument":{"uri":"file:///w/Dockerfile","languageId":"dockerfile","version":1,"text":"FROM node"}}`)
		synctest.Wait()
		w.raw(changes(50))
		synctest.Wait()
		go w.receive()
		if got := fmt.Sprint(versions(t, w.settle())); got != "[1 51]" {
			t.Errorf("versions %s", got)
		}
		w.hangUp()
	})
}

func TestDocumentsAreIndependent(t *testing.T) {
	bubble(t, func(w *wire) {
		w.send(initialize)
		w.settle()
		open := `{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":"untitled:%d","languageId":"dockerfile","version":1,"text":"FROM node"}}}`
		close := `{"jsonrpc":"2.0","method":"textDocument/didClose","params":{"textDocument":{"uri":"untitled:%d"}}}`
		for i := range 9 {
			w.send(fmt.Sprintf(open, i))
		}
		w.raw(framed(fmt.Sprintf(close, 3)) + framed(fmt.Sprintf(close, 4)) + framed(fmt.Sprintf(open, 4)))
		last := map[string]string{}
		for _, m := range w.settle() {
			uri := strings.Split(string(m.Params), `"`)[3]
			last[uri] = string(m.Params)
		}
		for i := range 9 {
			uri := fmt.Sprintf("untitled:%d", i)
			if found := strings.Contains(last[uri], "untagged-base-image"); found == (i == 3) {
				t.Errorf("%s: %s", uri, last[uri])
			}
		}
	})
}

// TestSlowAnalysis holds that a document whose analysis does not end holds no other one up, and is told of when it ends.
func TestSlowAnalysis(t *testing.T) {
	bubble(t, func(w *wire) {
		release := make(chan struct{})
		stuck := true
		inner := w.server.tell
		w.server.tell = func(doc *document) []byte {
			if doc.uri == "untitled:slow" && stuck {
				stuck = false
				<-release
			}
			return inner(doc)
		}
		w.ask("0", "initialize", `{"capabilities":{}}`)
		open(w, "untitled:slow", "FROM a\\n")
		open(w, "untitled:fast", "FROM b\\n")
		if received := w.settle(); len(received) != 0 {
			t.Errorf("before the patience has ended: %s", received)
		}
		pass(patience)
		if m := w.one(); !strings.Contains(string(m.Params), "untitled:fast") {
			t.Errorf("instead of the other document: %s", m)
		}
		if log := w.log(); !strings.Contains(log, "untitled:slow") {
			t.Errorf("the log does not name it: %s", log)
		}
		close(release)
		if m := w.one(); !strings.Contains(string(m.Params), "untitled:slow") {
			t.Errorf("instead of the slow document: %s", m)
		}
	})
}
