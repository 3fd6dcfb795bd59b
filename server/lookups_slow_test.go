package server

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"dockerfile-ls/analysis/image"
	"dockerfile-ls/analysis/registry"
)

// slow answers when it is let, with what is recorded.
type slow struct {
	registry.Recorded
	asked, let chan struct{}
}

func (s slow) Resolve(ctx context.Context, q image.Question) (image.Facts, error) {
	q.Progress("docker.io")
	close(s.asked)
	select {
	case <-s.let:
		return s.Recorded.Resolve(ctx, image.Question{Reference: q.Reference})
	case <-ctx.Done():
		return image.Facts{}, ctx.Err()
	}
}

// slowly plays a session in which an action asks a registry that takes its time; the answer to the action has the id 2.
func slowly(t *testing.T, capabilities string, test func(w *wire, s slow)) {
	t.Helper()
	var s slow
	bubble(t, func(w *wire) {
		w.open(capabilities, "untitled:Dockerfile", "FROM node:24-alpine\n")
		place, title := `{"start":{"line":0,"character":6},"end":{"line":0,"character":6}}`, "Insert digest of node:24-alpine"
		w.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":2,"method":"codeAction/resolve","params":{"title":%q,"data":{"uri":"untitled:Dockerfile","version":1,"range":%s,"title":%[1]q}}}`, title, place))
		test(w, s)
	}, func(server *server) {
		s = slow{recorded(t), make(chan struct{}), make(chan struct{})}
		server.resolver = s
	})
}

// The user stops what is shown as progress.
func TestUserStopsAsking(t *testing.T) {
	slowly(t, resolving, func(w *wire, s slow) {
		create := w.one()
		w.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"result":null}`, create.ID))
		<-s.asked
		w.settle()
		w.notify("window/workDoneProgress/cancel", `{"token":"dockerfile-ls/1"}`)
		last := w.settle()
		if len(last) != 2 || !last[1].failed(-32800) {
			t.Errorf("%v", last)
		}
	})
}

// The client takes its request back.
func TestClientCancelsAsking(t *testing.T) {
	slowly(t, resolving, func(w *wire, s slow) {
		w.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"result":null}`, w.one().ID))
		<-s.asked
		w.settle()
		w.notify("$/cancelRequest", `{"id":2}`)
		last := w.settle()
		if len(last) != 2 || !last[1].failed(-32800) {
			t.Errorf("%v", last)
		}
	})
}

// An answer that comes when the text is another one changes nothing.
func TestDocumentChangesWhileAsking(t *testing.T) {
	slowly(t, strings.Replace(resolving, "true", "false", 1), func(w *wire, s slow) {
		<-s.asked
		w.notify("textDocument/didChange", `{"textDocument":{"uri":"untitled:Dockerfile","version":2},"contentChanges":[{"text":"FROM node:24-alpine AS x\n"}]}`)
		w.settle()
		close(s.let)
		last := inOrder(w.settle())
		if len(last) == 0 || !last[0].failed(-32801) {
			t.Errorf("%v", last)
		}
	})
}

// A document that was closed and opened again is another one, whatever its version says.
func TestDocumentIsReopenedWhileAsking(t *testing.T) {
	slowly(t, strings.Replace(resolving, "true", "false", 1), func(w *wire, s slow) {
		<-s.asked
		w.notify("textDocument/didClose", `{"textDocument":{"uri":"untitled:Dockerfile"}}`)
		w.notify("textDocument/didOpen", `{"textDocument":{"uri":"untitled:Dockerfile","languageId":"dockerfile","version":1,"text":"# another text\nFROM node:24-alpine\n"}}`)
		w.settle()
		close(s.let)
		last := inOrder(w.settle())
		if len(last) == 0 || !last[0].failed(-32801) {
			t.Errorf("%v", last)
		}
	})
}

// A client that does not answer whether something may be shown holds nothing up.
func TestProgressIsNotWaitedFor(t *testing.T) {
	slowly(t, resolving, func(w *wire, s slow) {
		if create := w.one(); create.Method != "window/workDoneProgress/create" {
			t.Fatalf("%s", create)
		}
		pass(2 * createPatience)
		<-s.asked
		close(s.let)
		if last := inOrder(w.settle()); len(last) == 0 ||
			!strings.Contains(string(last[len(last)-2].Result)+string(last[0].Result), "sha256:2222") {
			t.Errorf("%v", last)
		}
	})
}

// A task that panics costs itself.
func TestTaskPanics(t *testing.T) {
	s := newServer(Options{Log: slog.New(slog.DiscardHandler)})
	ran := false
	s.turns.tasks = []func(){func() { panic("a bug") }, func() { ran = true }}
	if err := s.takeTurns(noParams{}); err != nil || !ran {
		t.Errorf("%v, ran %t", err, ran)
	}
}
