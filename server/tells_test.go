package server

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const leaking = `FROM node:24\nWORKDIR /app\nARG NPM_TOKEN\nCOPY package.json .\n` +
	`RUN echo \"//npm.example.com/:_authToken=$NPM_TOKEN\" > .npmrc && npm ci && rm .npmrc\n`

// converting opens a Dockerfile with a secret in a folder, and returns the literal of the action that mounts it.
func converting(w *wire, folder, capabilities string) json.RawMessage {
	w.t.Helper()
	w.ask("0", "initialize",
		fmt.Sprintf(`{"capabilities":%s,"workspaceFolders":[{"uri":"file://%s","name":"w"}]}`, capabilities, folder))
	open(w, "file://"+folder+"/Dockerfile", leaking)
	w.settle()
	answer := w.ask("1", "textDocument/codeAction", fmt.Sprintf(
		`{"textDocument":{"uri":"file://%s/Dockerfile"},"range":{"start":{"line":2,"character":5},"end":{"line":2,"character":5}},"context":{"diagnostics":[]}}`, folder))
	var literals []json.RawMessage
	if err := json.Unmarshal(answer.Result, &literals); err != nil {
		w.t.Fatalf("%v: %s", err, answer)
	}
	for _, literal := range literals {
		if strings.Contains(string(literal), `"title":"Convert NPM_TOKEN`) {
			return literal
		}
	}
	w.t.Fatalf("not offered: %s", answer)
	return nil
}

// TestTellsWhenResolved holds that the build command is shown when the action is chosen, with the edits of all its files.
func TestTellsWhenResolved(t *testing.T) {
	bubble(t, func(w *wire) {
		literal := converting(w, "/w", `{"textDocument":{"codeAction":{"dataSupport":true,"honorsChangeAnnotations":true,"resolveSupport":{"properties":["edit"]},`+
			`"codeActionLiteralSupport":{"codeActionKind":{"valueSet":[]}}}},`+
			`"workspace":{"workspaceEdit":{"documentChanges":true,"resourceOperations":["create"],"changeAnnotationSupport":{}}}}`)
		w.send(`{"jsonrpc":"2.0","id":2,"method":"codeAction/resolve","params":` + string(literal) + `}`)
		received := w.settle()
		const command = "docker build --secret id=npmrc,src=.npmrc"
		if len(received) != 2 || received[0].Method != "window/showMessage" ||
			!strings.Contains(string(received[0].Params), command) {
			t.Fatalf("received %s", received)
		}
		for _, want := range []string{
			`{"kind":"create","uri":"file:///w/.dockerignore"}`, `**/.npmrc\n`, `target=/app/.npmrc`,
			`"textDocument":{"uri":"file:///w/Dockerfile","version":1}`, `"description":"Build with`,
		} {
			if !strings.Contains(string(received[1].Result), want) {
				t.Errorf("%s is not in %s", want, received[1])
			}
		}
	}, folder(map[string]string{"package.json": "{}"}))
}

// TestTellsByCommand holds that a client which takes a command with the edit is told when it executes that, and not before.
func TestTellsByCommand(t *testing.T) {
	bubble(t, func(w *wire) {
		literal := converting(w, "/w", `{"textDocument":{"codeAction":{"dataSupport":true,"resolveSupport":{"properties":["edit","command"]},`+
			`"codeActionLiteralSupport":{"codeActionKind":{"valueSet":[]}}}},`+
			`"workspace":{"executeCommand":{},"workspaceEdit":{"documentChanges":true,"resourceOperations":["create"]}}}`)
		if strings.Contains(string(literal), `"command"`) {
			t.Errorf("a client may take an action with a command for resolved: %s", literal)
		}
		answer := w.ask("2", "codeAction/resolve", string(literal))
		var action struct {
			Command json.RawMessage `json:"command"`
			Edit    json.RawMessage `json:"edit"`
		}
		if err := json.Unmarshal(answer.Result, &action); err != nil || action.Command == nil || action.Edit == nil {
			t.Fatalf("%v: %s", err, answer)
		}
		w.send(`{"jsonrpc":"2.0","id":3,"method":"workspace/executeCommand","params":` + string(action.Command) + `}`)
		told := w.settle()
		if len(told) != 2 || told[0].Method != "window/showMessage" ||
			!strings.Contains(string(told[0].Params), "docker build --secret id=npmrc,src=.npmrc") {
			t.Errorf("instead of a message and an answer: %s", told)
		}
	}, folder(map[string]string{"package.json": "{}"}))
}

// TestTellsBehindTheEdit holds that a client which makes no files and asks for no edits later gets a command, that the
// server makes the file when the client has made the edits, and that it tells then.
func TestTellsBehindTheEdit(t *testing.T) {
	root := t.TempDir()
	if err := os.WriteFile(filepath.Join(root, "package.json"), []byte("{}"), 0o666); err != nil {
		t.Fatal(err)
	}
	bubble(t, func(w *wire) {
		literal := converting(w, root, `{`+literals+`,"workspace":{"applyEdit":true,"executeCommand":{}}}`)
		var action struct {
			Command json.RawMessage `json:"command"`
			Edit    json.RawMessage `json:"edit"`
		}
		if err := json.Unmarshal(literal, &action); err != nil || action.Command == nil || action.Edit != nil {
			t.Fatalf("%v: instead of a command: %s", err, literal)
		}
		edit := w.ask("2", "workspace/executeCommand", string(action.Command))
		if edit.Method != "workspace/applyEdit" || !strings.Contains(string(edit.Params), "target=/app/.npmrc") {
			t.Fatalf("instead of an edit: %s", edit)
		}
		if _, err := os.Stat(filepath.Join(root, ".dockerignore")); err == nil {
			t.Error("the file is made before the edits are")
		}
		w.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"result":{"applied":true}}`, edit.ID))
		var told []string
		for _, m := range w.settle() {
			if m.Method == "window/showMessage" {
				told = append(told, string(m.Params))
			}
		}
		if len(told) != 2 || !strings.Contains(told[0], ".dockerignore is made") ||
			!strings.Contains(told[1], "docker build --secret") {
			t.Errorf("told %s", told)
		}
		if text, err := os.ReadFile(filepath.Join(root, ".dockerignore")); err != nil ||
			!strings.Contains(string(text), "**/.npmrc\n") {
			t.Errorf("%v: %s", err, text)
		}
	})
}
