package server

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"dockerfile-ls/analysis/registry"
)

const hardenable = "FROM node:24-alpine\nWORKDIR /app\nCOPY . .\nRUN npm install\nCMD node server.js\n"

// project is what lies around hardenable.
func hardenableProject() map[string]string {
	const manifest = `{"name":"app","version":"1.0.0","dependencies":{"express":"^4.0.0"}}`
	return map[string]string{
		"package.json":      manifest,
		"package-lock.json": `{"lockfileVersion":3,"packages":{"":` + manifest + `}}`,
		"server.js":         "process.on('SIGTERM', () => process.exit());\nprocess.on('SIGINT', () => process.exit());\n",
	}
}

// openToHarden opens a document as a client with these capabilities besides those that an edit needs.
func openToHarden(w *wire, window string) {
	w.t.Helper()
	w.ask("0", "initialize", fmt.Sprintf(`{"capabilities":{"window":%s,"workspace":{"applyEdit":true,"executeCommand":{},
		"workspaceEdit":{"documentChanges":true,"resourceOperations":["create"],"changeAnnotationSupport":{}}},
		"textDocument":{"codeAction":{"honorsChangeAnnotations":true,"disabledSupport":true,"codeActionLiteralSupport":{"codeActionKind":{"valueSet":["source"]}}}}},
		"workspaceFolders":[{"uri":"file:///w","name":"w"}]}`, window))
	open(w, "file:///w/Dockerfile", strings.ReplaceAll(hardenable, "\n", `\n`))
	w.settle()
}

// hardenDocument executes the command, and returns the first message with a method.
func hardenDocument(w *wire, method string) message {
	w.t.Helper()
	w.send(`{"jsonrpc":"2.0","id":2,"method":"workspace/executeCommand","params":{"command":"dockerfile-ls.harden","arguments":[{"uri":"file:///w/Dockerfile"}]}}`)
	return only(w, method)
}

// only is the one message with a method that the server sends until it waits; the empty method is that of answers.
func only(w *wire, method string) message {
	w.t.Helper()
	var found []message
	all := w.settle()
	for _, m := range all {
		if m.Method == method {
			found = append(found, m)
		}
	}
	if len(found) != 1 {
		w.t.Fatalf("not one %q: %v", method, all)
	}
	return found[0]
}

// recordedRegistry has the server ask what is recorded.
func recordedRegistry(t *testing.T) func(*server) {
	return func(s *server) { s.resolver = recorded(t) }
}

// A client that asks for source actions is offered a command.
func TestHardenIsOffered(t *testing.T) {
	bubble(t, func(w *wire) {
		openToHarden(w, `{}`)
		answer := w.ask("1", "textDocument/codeAction", `{"textDocument":{"uri":"file:///w/Dockerfile"},
			"range":{"start":{"line":4,"character":0},"end":{"line":4,"character":0}},"context":{"diagnostics":[],"only":["source.hardenDockerfile"]}}`)
		var actions []struct {
			Title, Kind string
			Command     struct{ Command string }
		}
		if err := json.Unmarshal(answer.Result, &actions); err != nil || len(actions) != 1 ||
			actions[0].Kind != "source.hardenDockerfile" || actions[0].Command.Command != hardenCommand {
			t.Errorf("%v: %s", err, answer)
		}
	}, folder(hardenableProject()))
}

// All is one edit, of as many files as it takes, which says what it is made of.
func TestHarden(t *testing.T) {
	bubble(t, func(w *wire) {
		openToHarden(w, `{}`)
		edit := hardenDocument(w, "workspace/applyEdit")
		for _, want := range []string{
			`"kind":"create","uri":"file:///w/.dockerignore"`, `RUN npm ci\n`, `@sha256:`, `USER node`,
			`"label":"Harden this Dockerfile"`, `Switch to the user node (it may not write where root could)`,
		} {
			if !strings.Contains(string(edit.Params), want) {
				t.Errorf("%s is not in %s", want, edit.Params)
			}
		}
		w.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"result":{"applied":true}}`, edit.ID))
		if answer := only(w, ""); answer.Error != nil {
			t.Errorf("%s", answer)
		}
	}, folder(hardenableProject()), recordedRegistry(t))
}

// A client that can ask does: for everything, for what is not risky, or for nothing.
func TestHardenAsks(t *testing.T) {
	for answer, want := range map[string]string{
		`{"title":%q}`: "USER node",
		"others":       "npm ci",
		"null":         "",
		`{"title":""}`: "",
	} {
		t.Run(answer, func(t *testing.T) {
			bubble(t, func(w *wire) {
				openToHarden(w, `{"showMessage":{"messageActionItem":{"additionalPropertiesSupport":false}}}`)
				question := hardenDocument(w, "window/showMessageRequest")
				var asked struct {
					Message string
					Actions []struct{ Title string }
				}
				if err := json.Unmarshal(question.Params, &asked); err != nil || len(asked.Actions) != 2 {
					t.Fatalf("%v: %s", err, question)
				}
				if !strings.Contains(asked.Message, "Switch to the user node (it may not write where root could); Split "+
					"into ") {
					t.Errorf("it does not say what is risky: %s", asked.Message)
				}
				switch answer {
				case `{"title":%q}`:
					answer = fmt.Sprintf(answer, asked.Actions[0].Title)
				case "others":
					answer = fmt.Sprintf(`{"title":%q}`, asked.Actions[1].Title)
				}
				w.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"result":%s}`, question.ID, answer))
				if want == "" {
					if answer := only(w, ""); answer.Error != nil {
						t.Errorf("%s", answer)
					}
					return
				}
				edit := only(w, "workspace/applyEdit")
				if got := string(edit.Params); !strings.Contains(got, want) ||
					want == "npm ci" && strings.Contains(got, "USER node") {
					t.Errorf("%s", got)
				}
				w.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"result":{"applied":true}}`, edit.ID))
				w.settle()
			}, folder(hardenableProject()), recordedRegistry(t))
		})
	}
}

// What the user has typed while a question stands is not overwritten.
func TestHardenIsForOneVersion(t *testing.T) {
	bubble(t, func(w *wire) {
		openToHarden(w, `{"showMessage":{}}`)
		question := hardenDocument(w, "window/showMessageRequest")
		var asked struct{ Actions []struct{ Title string } }
		if err := json.Unmarshal(question.Params, &asked); err != nil {
			t.Fatal(err)
		}
		change(w, 2, hardenable+"\n")
		w.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"result":{"title":%q}}`, question.ID, asked.Actions[0].Title))
		if answer := only(w, ""); !answer.failed(-32801) {
			t.Errorf("%s", answer)
		}
	}, folder(hardenableProject()), recordedRegistry(t))
}

// Where BuildKit does not read a file, nothing of it is guessed.
func TestHardenIsRefused(t *testing.T) {
	bubble(t, func(w *wire) {
		openToHarden(w, `{}`)
		change(w, 2, "FORM node\n")
		if got := hardenDocument(w, "window/showMessage"); !strings.Contains(string(got.Params), "cannot be hardened: "+
			"line 1 has to be mended first: ") {
			t.Errorf("%s", got)
		}
		offered := w.ask("1", "textDocument/codeAction", `{"textDocument":{"uri":"file:///w/Dockerfile"},
			"range":{"start":{"line":0,"character":0},"end":{"line":0,"character":0}},"context":{"diagnostics":[],"only":["source"]}}`)
		if !strings.Contains(string(offered.Result), `"reason":"line 1 has to be mended first: `) {
			t.Errorf("%s", offered)
		}
	}, folder(hardenableProject()))
}

// A registry that does not answer costs the digests, and is told once.
func TestHardenWithoutRegistry(t *testing.T) {
	bubble(t, func(w *wire) {
		openToHarden(w, `{}`)
		w.send(`{"jsonrpc":"2.0","id":2,"method":"workspace/executeCommand","params":{"command":"dockerfile-ls.harden","arguments":[{"uri":"file:///w/Dockerfile"}]}}`)
		var warned, edited int
		for _, m := range w.settle() {
			switch m.Method {
			case "window/showMessage":
				warned++
				if !strings.Contains(string(m.Params), "Nothing is recorded of `node:24-alpine`.") {
					t.Errorf("%s", m.Params)
				}
			case "workspace/applyEdit":
				edited++
				if got := string(m.Params); strings.Contains(got, "@sha256:") || !strings.Contains(got, "USER node") {
					t.Errorf("%s", got)
				}
				w.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"result":{"applied":true}}`, m.ID))
			}
		}
		w.settle()
		if warned != 1 || edited != 1 {
			t.Errorf("%d warnings, %d edits", warned, edited)
		}
	}, folder(hardenableProject()), func(s *server) { s.resolver = registry.Recorded{} })
}

// TestHardenForClients hardens with each of the initialize messages that real clients have sent: by the command, or by an
// edit that is asked for, and not at all where a client knows neither. It is asked about risks only if it can be, and
// gets files, versions and annotations as it knows them.
func TestHardenForClients(t *testing.T) {
	for name, params := range clientParams(t) {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(w *wire) {
				var client able
				if err := json.Unmarshal(params, &client.params); err != nil {
					t.Fatal(err)
				}
				w.ask("0", "initialize", inWorkspace(t, params))
				open(w, "file:///w/Dockerfile", strings.ReplaceAll(hardenable, "\n", `\n`))
				w.settle()
				edit := hardenAs(w, client)
				if edit == nil {
					return
				}
				for _, want := range []string{`RUN npm ci\n`, `@sha256:`, `USER node`} {
					if !strings.Contains(string(edit), want) {
						t.Errorf("%s is not in %s", want, edit)
					}
				}
				creates, _ := client.to("workspace.workspaceEdit.resourceOperations").([]any)
				if got := strings.Contains(string(edit), `"kind":"create"`); got != slices.Contains(creates, any("create")) {
					t.Errorf("a file is created: %v: %s", got, edit)
				}
				if got := strings.Contains(string(edit), `"changeAnnotations"`); got != client.annotates() {
					t.Errorf("annotated: %v: %s", got, edit)
				}
			}, folder(hardenableProject()), recordedRegistry(t))
		})
	}
}

// inWorkspace are the params of a client in the workspace of the test.
func inWorkspace(t *testing.T, params []byte) string {
	var all map[string]any
	if err := json.Unmarshal(params, &all); err != nil {
		t.Fatal(err)
	}
	all["rootUri"], all["workspaceFolders"] = "file:///w", []any{map[string]any{"uri": "file:///w", "name": "w"}}
	there, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	return string(there)
}

// hardenAs does what the client does when its user chooses the action; nil if that is rightly not offered.
func hardenAs(w *wire, client able) json.RawMessage {
	w.t.Helper()
	var offered []struct{ Command struct{ Command string } }
	answer := w.ask("1", "textDocument/codeAction", `{"textDocument":{"uri":"file:///w/Dockerfile"},
		"range":{"start":{"line":4,"character":0},"end":{"line":4,"character":0}},"context":{"diagnostics":[],"only":["source.hardenDockerfile"]}}`)
	if err := json.Unmarshal(answer.Result, &offered); err != nil {
		w.t.Fatalf("%v: %s", err, answer)
	}
	lazy, _ := client.to("textDocument.codeAction.resolveSupport.properties").([]any)
	runs := client.to("workspace.executeCommand") != nil && client.says("workspace.applyEdit")
	resolves := slices.Contains(lazy, any("edit")) && client.says("textDocument.codeAction.dataSupport")
	if !runs && !resolves {
		if len(offered) > 0 {
			w.t.Errorf("it can do nothing with %s", answer)
		}
		return nil
	}
	if len(offered) != 1 || runs != (offered[0].Command.Command == hardenCommand) {
		w.t.Fatalf("%s", answer)
	}
	if runs {
		w.send(`{"jsonrpc":"2.0","id":2,"method":"workspace/executeCommand","params":{"command":"dockerfile-ls.harden","arguments":[{"uri":"file:///w/Dockerfile"}]}}`)
	} else {
		var literals []json.RawMessage
		if err := json.Unmarshal(answer.Result, &literals); err != nil {
			w.t.Fatal(err)
		}
		w.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":2,"method":"codeAction/resolve","params":%s}`, literals[0]))
	}
	result, edit, asked := answerAll(w)
	if asked != (client.to("window.showMessage") != nil) {
		w.t.Errorf("asked: %v", asked)
	}
	if !runs {
		edit = result
	}
	if edit == nil {
		w.t.Fatal("no edit")
	}
	return edit
}

// answerAll answers what the server asks while it works on request 2, with everything that is offered, and returns the
// result, the params of the edit that it has the client make, and whether it has asked the user.
func answerAll(w *wire) (result, edit json.RawMessage, asked bool) {
	w.t.Helper()
	for range 10 {
		for _, m := range w.settle() {
			answer := "null"
			switch {
			case m.Method == "" && string(m.ID) == "2":
				return m.Result, edit, asked
			case len(m.ID) == 0:
				continue
			case m.Method == "window/showMessageRequest":
				var question struct{ Actions []struct{ Title string } }
				if err := json.Unmarshal(m.Params, &question); err != nil {
					w.t.Fatal(err)
				}
				answer, asked = fmt.Sprintf(`{"title":%q}`, question.Actions[0].Title), true
			case m.Method == "workspace/applyEdit":
				answer, edit = `{"applied":true}`, m.Params
			}
			w.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"result":%s}`, m.ID, answer))
		}
	}
	w.t.Fatal("request 2 is not answered")
	return nil, nil, false
}

// annotates says that a client shows what an edit says of its parts.
func (a able) annotates() bool {
	return a.says("textDocument.codeAction.honorsChangeAnnotations") && a.says("workspace.workspaceEdit.documentChanges") &&
		a.to("workspace.workspaceEdit.changeAnnotationSupport") != nil
}
