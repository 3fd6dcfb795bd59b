package server

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// offered opens a document for a client that knows commands only, and returns the params that execute the first one offered.
func offered(w *wire, text string) string {
	w.t.Helper()
	return allOffered(w, text)[0]
}

func allOffered(w *wire, text string) []string {
	w.t.Helper()
	w.open(`{"workspace":{"applyEdit":true}}`, "file:///w/Dockerfile", text)
	answer := w.ask("1", "textDocument/codeAction", `{"textDocument":{"uri":"file:///w/Dockerfile"},`+
		`"range":{"start":{"line":0,"character":0},"end":{"line":9,"character":0}},"context":{"diagnostics":[]}}`)
	var commands []struct {
		Command   string          `json:"command"`
		Arguments json.RawMessage `json:"arguments"`
	}
	if err := json.Unmarshal(answer.Result, &commands); err != nil || len(commands) == 0 {
		w.t.Fatalf("%v: %s", err, answer)
	}
	var calls []string
	for _, command := range commands {
		calls = append(calls, fmt.Sprintf(`{"command":%q,"arguments":%s}`, command.Command, command.Arguments))
	}
	return calls
}

// Two findings in one range may have fixes with the same title: each makes its own edit.
func TestCommandsWithEqualTitles(t *testing.T) {
	bubble(t, func(w *wire) {
		commands := allOffered(w, "FROM scratch\nRUN [“a”]\nRUN [“b”]\n")
		var lines []int
		for i, command := range commands {
			if !strings.Contains(command, "straight") {
				continue
			}
			edit := w.ask(fmt.Sprint(10+i), "workspace/executeCommand", command)
			for line := range 3 {
				if strings.Contains(string(edit.Params), fmt.Sprintf(`"start":{"line":%d,`, line)) {
					lines = append(lines, line)
				}
			}
			w.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"result":{"applied":true}}`, edit.ID))
			w.one()
		}
		if !slices.Equal(lines, []int{1, 2}) {
			t.Errorf("edited lines %v of %q", lines, commands)
		}
	})
}

func change(w *wire, version int, text string) {
	w.t.Helper()
	w.notify("textDocument/didChange", fmt.Sprintf(
		`{"textDocument":{"uri":"file:///w/Dockerfile","version":%d},"contentChanges":[{"text":%s}]}`, version, quoted(text)))
	w.settle()
}

// A command never edits a newer version than the one that it was offered for.
func TestCommandIsForOneVersion(t *testing.T) {
	bubble(t, func(w *wire) {
		command := offered(w, "FROM scratch\nRUN [“a”]\n")
		change(w, 2, "FROM scratch\nRUN [ “a”]\n")
		if answer := w.ask("2", "workspace/executeCommand", command); !answer.failed(-32803) {
			t.Errorf("answer %s", answer)
		}
		edit := w.ask("3", "workspace/executeCommand", strings.Replace(command, `"version":1`, `"version":2`, 1))
		if edit.Method != "workspace/applyEdit" ||
			!strings.Contains(string(edit.Params), `"start":{"line":1,"character":6}`) {
			t.Fatalf("instead of an edit: %s", edit)
		}
		w.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"result":{"applied":true}}`, edit.ID))
		if answer := w.one(); string(answer.ID) != "3" || answer.Error != nil {
			t.Errorf("answer %s", answer)
		}
	})
}

func TestCommandIsRefusedWhenItsActionIsGone(t *testing.T) {
	bubble(t, func(w *wire) {
		command := offered(w, "FROM scratch\nRUN [“a”]\n")
		change(w, 2, "FROM scratch\nRUN [\"a\"]\n")
		if answer := w.ask("2", "workspace/executeCommand", command); !answer.failed(-32803) {
			t.Errorf("answer %s", answer)
		}
		w.notify("textDocument/didClose", `{"textDocument":{"uri":"file:///w/Dockerfile"}}`)
		w.settle()
		if answer := w.ask("3", "workspace/executeCommand", command); !answer.failed(-32803) {
			t.Errorf("answer %s", answer)
		}
	})
}

func TestCommandTellsThatTheEditorDeclined(t *testing.T) {
	for result, want := range map[string]string{
		`"result":{"applied":false,"failureReason":"read-only"}`: "read-only",
		`"result":{"applied":false}`:                             "no reason given",
		`"result":null`:                                          "no reason given",
		`"error":{"code":-32601,"message":"no such method"}`:     "no such method",
	} {
		t.Run(result, func(t *testing.T) {
			bubble(t, func(w *wire) {
				command := offered(w, "FROM scratch\nRUN [“a”]\n")
				edit := w.ask("2", "workspace/executeCommand", command)
				w.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,%s}`, edit.ID, result))
				if answer := w.one(); answer.Error == nil || !strings.Contains(answer.Error.Message, want) {
					t.Errorf("answer %s", answer)
				}
			})
		})
	}
}

// While the server waits for the client, it reads on, and the request can be cancelled.
func TestCommandCanBeCancelled(t *testing.T) {
	bubble(t, func(w *wire) {
		command := offered(w, "FROM scratch\nRUN [“a”]\n")
		w.ask("2", "workspace/executeCommand", command)
		w.notify("$/cancelRequest", `{"id":2}`)
		received := w.settle()
		if len(received) != 2 || received[0].Method != "$/cancelRequest" || !received[1].failed(-32800) {
			t.Errorf("received %s", received)
		}
	})
}
