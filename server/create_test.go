package server

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// offersFile opens a Dockerfile in a folder and asks for the action that makes a .dockerignore, as a client with these
// capabilities.
func offersFile(w *wire, folder, capabilities string) message {
	w.ask("0", "initialize",
		fmt.Sprintf(`{"capabilities":%s,"workspaceFolders":[{"uri":"file://%s","name":"w"}]}`, capabilities, folder))
	open(w, "file://"+folder+"/Dockerfile", "FROM node:20\\nCOPY . .\\n")
	w.settle()
	return w.ask("1", "textDocument/codeAction", fmt.Sprintf(
		`{"textDocument":{"uri":"file://%s/Dockerfile"},"range":{"start":{"line":1,"character":5},"end":{"line":1,"character":5}},"context":{"diagnostics":[]}}`, folder))
}

const literals = `"textDocument":{"codeAction":{"codeActionLiteralSupport":{"codeActionKind":{"valueSet":[]}}}}`

func TestCreateByTheClient(t *testing.T) {
	bubble(t, func(w *wire) {
		answer := string(offersFile(w, "/w",
			`{`+literals+`,"workspace":{"workspaceEdit":{"resourceOperations":["create"]}}}`).Result)
		for _, want := range []string{
			`"title":"Generate .dockerignore"`, `"isPreferred"`, `{"kind":"create","uri":"file:///w/.dockerignore"}`,
			`"textDocument":{"uri":"file:///w/.dockerignore","version":null}`, `**/node_modules\n`,
		} {
			if found := strings.Contains(answer, want); found == (want == `"isPreferred"`) {
				t.Errorf("%s in %s: %v", want, answer, found)
			}
		}
	}, folder(map[string]string{"package.json": "{}"}))
}

// TestCreateByNeovim holds that the text of a new file ends without a newline for Neovim, which writes one of its own:
// the file would end with an empty line.
func TestCreateByNeovim(t *testing.T) {
	for name, want := range map[string]bool{"Neovim": false, "Helix": true} {
		bubble(t, func(w *wire) {
			capabilities := `{` + literals + `,"workspace":{"workspaceEdit":{"resourceOperations":["create"]}}},"clientInfo":{"name":"` + name + `"}`
			var offers []struct {
				Edit struct {
					DocumentChanges []struct{ Edits []struct{ NewText string } }
				}
			}
			if err := json.Unmarshal(offersFile(w, "/w", capabilities).Result, &offers); err != nil {
				t.Fatal(err)
			}
			for _, offer := range offers {
				if changes := offer.Edit.DocumentChanges; len(changes) == 2 {
					if got := strings.HasSuffix(changes[1].Edits[0].NewText, "\n"); got != want {
						t.Errorf("%s: ends with a newline: %v", name, got)
					}
					return
				}
			}
			t.Errorf("%s: no file is made in %v", name, offers)
		}, folder(map[string]string{"package.json": "{}"}))
	}
}

// TestCreateByTheServer holds that the file is written for a client that makes none, whole, once, and over no other.
func TestCreateByTheServer(t *testing.T) {
	root := t.TempDir()
	if err := os.WriteFile(filepath.Join(root, "package.json"), []byte("{}"), 0o666); err != nil {
		t.Fatal(err)
	}
	bubble(t, func(w *wire) {
		answer := string(offersFile(w, root, `{`+literals+`,"workspace":{"executeCommand":{}}}`).Result)
		_, argument, found := strings.Cut(answer, `"arguments":[`)
		argument, _, _ = strings.Cut(argument, "]")
		first, _, _ := strings.Cut(answer, `"title":"Ignore`)
		if !found || strings.Contains(first, `"edit"`) {
			t.Fatalf("instead of a command: %s", answer)
		}
		command := fmt.Sprintf(`{"command":%q,"arguments":[%s]}`, applyCommand, argument)
		w.send(`{"jsonrpc":"2.0","id":2,"method":"workspace/executeCommand","params":` + command + `}`)
		var methods []string
		for _, m := range w.settle() {
			methods = append(methods, m.Method+string(m.ID))
		}
		slices.Sort(methods[min(1, len(methods)):]) // the answer and what another look at the folder finds race
		if got := strings.Join(methods, " "); got != "window/showMessage 2 textDocument/publishDiagnostics" {
			t.Errorf("messages %s", got)
		}
		text, err := os.ReadFile(filepath.Join(root, ".dockerignore"))
		if err != nil || !strings.Contains(string(text), "**/node_modules\n") {
			t.Errorf("%v: %s", err, text)
		}
		if again := w.ask("3", "workspace/executeCommand", command); !again.failed(-32803) {
			t.Errorf("once more: %s", again)
		}
	})
	if entries, err := os.ReadDir(root); err != nil || len(entries) != 2 {
		t.Errorf("%v: left behind %v", err, entries)
	}
}

// TestCreateByNobody holds that a client which can neither make files nor run commands is not offered it.
func TestCreateByNobody(t *testing.T) {
	bubble(t, func(w *wire) {
		if answer := offersFile(w, "/w", `{`+literals+`}`); strings.Contains(string(answer.Result), ".dockerignore\"") {
			t.Errorf("offered: %s", answer)
		}
	}, folder(map[string]string{"package.json": "{}"}))
}

// TestOtherFileByTheClient holds that an action which changes another file does so in the form that the client knows.
func TestOtherFileByTheClient(t *testing.T) {
	for capabilities, want := range map[string]string{
		`{` + literals + `}`: `"changes":{"file:///w/start.sh":[{"range":{"start":{"line":1,"character":0},"end":{"line":1,"character":0}},"newText":"exec "}]}`,
		`{` + literals + `,"workspace":{"workspaceEdit":{"documentChanges":true}}}`: `"documentChanges":[{"textDocument":{"uri":"file:///w/start.sh","version":null},"edits":[{"range":{"start":{"line":1,"character":0},"end":{"line":1,"character":0}},"newText":"exec "}]}]`,
	} {
		bubble(t, func(w *wire) {
			w.ask("0", "initialize", fmt.Sprintf(`{"capabilities":%s,`+inFolder+`}`, capabilities))
			open(w, "file:///w/Dockerfile", `FROM node:20\nCOPY start.sh /\nCMD [\"/start.sh\"]\n`)
			w.settle()
			answer := string(w.ask("1", "textDocument/codeAction",
				`{"textDocument":{"uri":"file:///w/Dockerfile"},"range":{"start":{"line":2,"character":6},"end":{"line":2,"character":6}},"context":{"diagnostics":[]}}`).Result)
			if !strings.Contains(answer, want) {
				t.Errorf("%s is not in %s", want, answer)
			}
		}, folder(map[string]string{"start.sh": "#!/bin/sh\nnode server.js\n"}))
	}
}
