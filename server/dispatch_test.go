package server

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"

	"dockerfile-ls/analysis"
)

// answering adds a request method that answers with a text.
func answering(name, text string) func(*server) {
	return func(s *server) {
		s.methods[name] = request(func(noParams) (protocol.String, error) { return protocol.String(text), nil })
	}
}

// computing adds a request method that is computed beside the read loop.
func computing(name string, compute computation[any]) func(*server) {
	return func(s *server) {
		s.methods[name] = computed(s, func(noParams) (computation[any], error) { return compute, nil })
	}
}

func TestPanicCostsOneAnswer(t *testing.T) {
	fall := func(context.Context, *jsonrpc2.Request) (any, error) { panic("slipped") }
	bubble(t, func(w *wire) {
		w.send(initialize)
		w.settle()
		for _, method := range []string{"test/inline", "test/computed"} {
			if answer := w.ask("7", method, "{}"); !answer.failed(-32603) || string(answer.ID) != "7" {
				t.Errorf("%s: %s", method, answer)
			}
			if log := w.log(); !strings.Contains(log, method) || !strings.Contains(log, "dispatch.go") {
				t.Errorf("%s: no method and stack in the log: %s", method, log)
			}
		}
		w.notify("test/inline", "{}")
		if received := w.settle(); len(received) > 0 || !strings.Contains(w.log(), "slipped") {
			t.Errorf("after a notification: %s", received)
		}
		if answer := w.ask("8", "shutdown", "null"); answer.Error != nil {
			t.Errorf("the connection did not survive: %s", answer)
		}
	},
		func(s *server) { s.methods["test/inline"] = fall },
		computing("test/computed", func(context.Context) (any, error) { panic("slipped") }),
	)
}

func TestPanicInAnalysisCostsOneLogLine(t *testing.T) {
	bubble(t, func(w *wire) {
		w.open(`{}`, "file:///w/Dockerfile", "FROM node")
		w.server.publisher.add(&document{uri: "file:///w/Dockerfile", version: 2, snapshot: &analysis.Snapshot{}})
		if received := w.settle(); len(received) > 0 {
			t.Errorf("instead of nothing: %s", received)
		}
		if log := w.log(); strings.Count(log, "\n") != 1 || !strings.Contains(log, "file:///w/Dockerfile") {
			t.Errorf("log: %s", log)
		}
		w.notify("textDocument/didChange",
			`{"textDocument":{"uri":"file:///w/Dockerfile","version":3},"contentChanges":[{"text":""}]}`)
		w.one()
	})
}

// A request sees exactly the changes that were sent before it, also if it is computed when later ones have come.
func TestRequestSeesTheTextOfItsTime(t *testing.T) {
	const capabilities = `{"textDocument":{"codeAction":{"codeActionLiteralSupport":{}}},"workspace":{"workspaceEdit":{"documentChanges":true}}}`
	const action = `{"jsonrpc":"2.0","id":%d,"method":"textDocument/codeAction","params":{"textDocument":{"uri":"file:///w/Dockerfile"},` +
		`"range":{"start":{"line":0,"character":0},"end":{"line":9,"character":0}},"context":{"diagnostics":[]}}}`
	const change = `{"jsonrpc":"2.0","method":"textDocument/didChange","params":{"textDocument":{"uri":"file:///w/Dockerfile","version":%d},` +
		`"contentChanges":[{"text":"FROM scratch\n%sRUN [“x”]\n"}]}}`
	bubble(t, func(w *wire) {
		w.open(capabilities, "file:///w/Dockerfile", "FROM scratch\n")
		var all strings.Builder
		for version := 2; version < 50; version++ {
			all.WriteString(framed(fmt.Sprintf(change, version, strings.Repeat(`\n`, version%7))))
			all.WriteString(framed(fmt.Sprintf(action, version)))
		}
		w.raw(all.String())
		answers := 0
		for _, m := range w.settle() {
			if m.ID == nil {
				continue
			}
			answers++
			var version int
			fmt.Sscan(string(m.ID), &version)
			for _, part := range []string{fmt.Sprintf(`"version":%d}`, version), fmt.Sprintf(`"line":%d,`, 1+version%7)} {
				if !strings.Contains(string(m.Result), part) {
					t.Errorf("answer %d has no %s: %s", version, part, m.Result)
				}
			}
		}
		if answers != 48 {
			t.Errorf("%d answers", answers)
		}
	})
}

func TestSlowRequestHoldsNobodyUp(t *testing.T) {
	var goOn chan struct{}
	bubble(t, func(w *wire) {
		w.send(initialize)
		w.settle()
		w.send(`{"jsonrpc":"2.0","id":2,"method":"test/slow"}`)
		w.notify("textDocument/didOpen",
			`{"textDocument":{"uri":"untitled:1","languageId":"dockerfile","version":1,"text":""}}`)
		w.one()
		if answer := w.ask("3", "textDocument/codeAction", "{}"); string(answer.ID) != "3" {
			t.Errorf("answer %s", answer)
		}
		close(goOn)
		if answer := w.one(); string(answer.ID) != "2" {
			t.Errorf("answer %s", answer)
		}
	},
		func(*server) { goOn = make(chan struct{}) },
		computing("test/slow", func(context.Context) (any, error) {
			<-goOn
			return nil, nil
		}),
	)
}

func TestCancel(t *testing.T) {
	for _, id := range []string{"7", "-7", "9007199254740993", `"7"`, `"ä\n"`, "0"} {
		t.Run(id, func(t *testing.T) {
			bubble(t, func(w *wire) {
				w.send(initialize)
				w.settle()
				w.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"method":"test/endless"}`, id))
				for _, other := range []string{"8", `"8"`, "null", "[]", `"` + strings.Trim(id, `"`) + `x"`} {
					w.notify("$/cancelRequest", fmt.Sprintf(`{"id":%s}`, other))
				}
				if received := w.settle(); len(received) > 0 {
					t.Fatalf("another's cancel was taken: %s", received)
				}
				w.notify("$/cancelRequest", fmt.Sprintf(`{"id":%s}`, id))
				if answer := w.one(); !answer.failed(-32800) {
					t.Errorf("answer %s", answer)
				}
				w.notify("$/cancelRequest", fmt.Sprintf(`{"id":%s}`, id))
				if received := w.settle(); len(received) > 0 {
					t.Errorf("cancelled twice: %s", received)
				}
			}, computing("test/endless", func(ctx context.Context) (any, error) {
				<-ctx.Done()
				return "too late", nil
			}))
		})
	}
}

func TestErrorCodes(t *testing.T) {
	for name, test := range map[string]struct {
		err  error
		code int
	}{
		"plain":    {fmt.Errorf("x"), -32803},
		"wrapped":  {fmt.Errorf("x: %w", jsonrpc2.NewError(-32602, "y")), -32602},
		"canceled": {context.Canceled, -32800},
		"deadline": {fmt.Errorf("x: %w", context.DeadlineExceeded), -32803},
		"failed":   {failed("x"), -32803},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(w *wire) {
				w.send(initialize)
				w.settle()
				if answer := w.ask("2", "test/error", "null"); !answer.failed(test.code) {
					t.Errorf("answer %s", answer)
				}
			}, func(s *server) {
				s.methods["test/error"] = request(func(noParams) (any, error) { return nil, test.err })
			})
		})
	}
}
