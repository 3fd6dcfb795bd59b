package server

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
)

// TestClients plays one session with each of the initialize messages that real clients have sent, and compares what the
// server does with what the client can do.
func TestClients(t *testing.T) {
	for client, params := range clientParams(t) {
		t.Run(client, func(t *testing.T) { bubble(t, func(w *wire) { meet(w, params) }) })
	}
}

// clientParams are the params of initialize that real clients have sent, by client.
func clientParams(t *testing.T) map[string][]byte {
	t.Helper()
	files, err := filepath.Glob("../testdata/server/clients/*.json")
	if err != nil || len(files) != 10 {
		t.Fatalf("%d clients: %v", len(files), err)
	}
	all := map[string][]byte{}
	for _, file := range files {
		params, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all[strings.TrimSuffix(filepath.Base(file), ".json")] = params
	}
	return all
}

// able is what a client's own words say, read otherwise than the server does.
type able struct{ params any }

func (a able) to(path string) any {
	value := a.params
	for name := range strings.SplitSeq("capabilities."+path, ".") {
		object, _ := value.(map[string]any)
		value = object[name]
	}
	return value
}

func (a able) says(path string) bool { return a.to(path) == true }

// units counts the columns of a line as the server said it would.
func units(line, encoding string) int {
	switch encoding {
	case "utf-8":
		return len(line)
	case "utf-32":
		return len([]rune(line))
	}
	return len(utf16.Encode([]rune(line)))
}

func meet(w *wire, params []byte) {
	var client able
	if err := json.Unmarshal(params, &client.params); err != nil {
		w.t.Fatal(err)
	}
	encoding := checkInitialize(w, client, params)

	const before = `RUN ["😀", `
	w.notify("textDocument/didOpen", fmt.Sprintf(
		`{"textDocument":{"uri":"file:///w/Dockerfile","languageId":"dockerfile","version":3,"text":%s}}`,
		quoted("FROM scratch\n"+before+"“a”]\n")))
	column := units(before, encoding)
	checkDiagnostics(w, client, column)

	place := fmt.Sprintf(`{"start":{"line":1,"character":%[1]d},"end":{"line":1,"character":%[1]d}}`, column+1)
	answer := w.ask(`"1"`, "textDocument/codeAction", fmt.Sprintf(
		`{"textDocument":{"uri":"file:///w/Dockerfile"},"range":%s,"context":{"diagnostics":[]}}`, place))
	edit := checkCodeAction(w, client, resolved(w, client, answer))
	if got := units(before, encoding); edit.Range.Start.Character != got ||
		edit.Range.End.Character != got+units("“", encoding) {
		w.t.Errorf("edit at %+v instead of column %d", edit.Range, got)
	}
	w.ask("2", "shutdown", "null")
	w.send(exit)
	if code := <-w.code; code != 0 {
		w.t.Errorf("exit code %d", code)
	}
}

func checkInitialize(w *wire, client able, params []byte) (encoding string) {
	var result struct {
		Capabilities struct {
			PositionEncoding       string
			CodeActionProvider     struct{ CodeActionKinds []string }
			ExecuteCommandProvider any
			DiagnosticProvider     struct{ WorkspaceDiagnostics bool }
		}
		ServerInfo struct{ Name, Version string }
	}
	answer := w.ask("0", "initialize", string(params))
	if err := json.Unmarshal(answer.Result, &result); err != nil {
		w.t.Fatalf("%v: %s", err, answer)
	}
	if result.ServerInfo.Name != Name || result.ServerInfo.Version == "" {
		w.t.Errorf("serverInfo %+v", result.ServerInfo)
	}
	// All ten clients know code action literals. Commands are for those that run commands.
	needs := client.to("workspace.executeCommand") != nil
	if got := result.Capabilities; len(got.CodeActionProvider.CodeActionKinds) == 0 ||
		(got.ExecuteCommandProvider != nil) != needs {
		w.t.Errorf("capabilities %+v", got)
	}
	pullsAll := client.pulls() && !strings.Contains(string(params), `"name": "Neovim"`)
	if got := result.Capabilities.DiagnosticProvider.WorkspaceDiagnostics; got != pullsAll {
		w.t.Errorf("workspace diagnostics %v", got)
	}
	want := ""
	if encodings, ok := client.to("general.positionEncodings").([]any); ok {
		want = encodings[0].(string)
	}
	if got := result.Capabilities.PositionEncoding; got != want {
		w.t.Errorf("encoding %q instead of %q", got, want)
	}
	return want
}

// pulls says that a client is told of diagnostics when it asks, and only then.
func (a able) pulls() bool {
	return a.to("textDocument.diagnostic") != nil && a.says("workspace.diagnostics.refreshSupport")
}

// checkDiagnostics looks at the only diagnostic, in the way that the client gets it.
func checkDiagnostics(w *wire, client able, column int) {
	if client.pulls() {
		var got struct {
			Kind, ResultID string
			Items          []map[string]json.RawMessage
		}
		received := w.settle()
		if len(received) != 0 {
			w.t.Errorf("pushed to a client that asks: %s", received)
		}
		m := w.ask("9", "textDocument/diagnostic", `{"textDocument":{"uri":"file:///w/Dockerfile"}}`)
		if err := json.Unmarshal(m.Result, &got); err != nil || got.Kind != "full" || got.ResultID == "" ||
			len(got.Items) != 1 {
			w.t.Fatalf("%v: %s", err, m)
		}
		checkDiagnostic(w, client, got.Items[0], column)
		return
	}
	var got struct {
		Version     any
		Diagnostics []map[string]json.RawMessage
	}
	m := w.one()
	if err := json.Unmarshal(m.Params, &got); err != nil || len(got.Diagnostics) != 1 {
		w.t.Fatalf("%v: %s", err, m)
	}
	if (got.Version != nil) != client.says("textDocument.publishDiagnostics.versionSupport") {
		w.t.Errorf("version %v", got.Version)
	}
	checkDiagnostic(w, client, got.Diagnostics[0], column)
}

// resolved is an answer with the first of its actions and the edit of that, which some clients ask for apart.
func resolved(w *wire, client able, answer message) message {
	var lazy struct{ Properties []string }
	raw, _ := json.Marshal(client.to("textDocument.codeAction.resolveSupport"))
	if err := json.Unmarshal(raw, &lazy); err != nil || !slices.Contains(lazy.Properties, "edit") ||
		!client.says("textDocument.codeAction.dataSupport") {
		return answer
	}
	var offered []json.RawMessage
	if err := json.Unmarshal(answer.Result, &offered); err != nil || len(offered) == 0 ||
		strings.Contains(string(offered[0]), `"edit"`) {
		w.t.Fatalf("%v: %s", err, answer)
	}
	answer = w.ask(`"r"`, "codeAction/resolve", string(offered[0]))
	answer.Result = json.RawMessage("[" + string(answer.Result) + "]")
	return answer
}

func checkDiagnostic(w *wire, client able, got map[string]json.RawMessage, column int) {
	kind := "textDocument.publishDiagnostics"
	if client.pulls() {
		kind = "textDocument.diagnostic"
	}
	for property, value := range got {
		switch property {
		case "range", "severity", "message":
		case "relatedInformation":
			if !client.says(kind + ".relatedInformation") {
				w.t.Errorf("relatedInformation %s", value)
			}
		case "codeDescription":
			if !client.says(kind+".codeDescriptionSupport") || !strings.Contains(string(value), `"https://`) {
				w.t.Errorf("codeDescription %s", value)
			}
		case "source", "code":
			if value[0] != '"' {
				w.t.Errorf("%s is no string: %s", property, value)
			}
		default:
			w.t.Errorf("unexpected %s: %s", property, value)
		}
	}
	if start := fmt.Sprintf(`"start":{"line":1,"character":%d}`, column); !strings.Contains(string(got["range"]), start) {
		w.t.Errorf("range %s instead of %s", got["range"], start)
	}
}

type wireEdit struct {
	Range struct {
		Start, End struct{ Line, Character int }
	}
	NewText string
}

// checkCodeAction returns the first edit of the first action; the others live with the finding.
func checkCodeAction(w *wire, client able, m message) wireEdit {
	var actions []struct {
		Title, Kind string
		IsPreferred any
		Diagnostics []any
		Command     any
		Edit        struct {
			Changes         map[string][]wireEdit
			DocumentChanges []struct {
				TextDocument any
				Edits        []wireEdit
			}
		}
	}
	if err := json.Unmarshal(m.Result, &actions); err != nil || len(actions) == 0 {
		w.t.Fatalf("%v: %s", err, m)
	}
	action := actions[0]
	if action.Title == "" || action.Kind != "quickfix" || len(action.Diagnostics) != 1 || action.Command != nil {
		w.t.Errorf("action %+v", action)
	}
	if (action.IsPreferred != nil) != client.says("textDocument.codeAction.isPreferredSupport") {
		w.t.Errorf("isPreferred %v", action.IsPreferred)
	}
	if !client.says("workspace.workspaceEdit.documentChanges") {
		edits := action.Edit.Changes["file:///w/Dockerfile"]
		if len(edits) == 0 || action.Edit.DocumentChanges != nil {
			w.t.Fatalf("edit %+v", action.Edit)
		}
		return edits[0]
	}
	if len(action.Edit.DocumentChanges) != 1 || action.Edit.Changes != nil {
		w.t.Fatalf("edit %+v", action.Edit)
	}
	change := action.Edit.DocumentChanges[0]
	want := any(map[string]any{"uri": "file:///w/Dockerfile", "version": 3.0})
	if diff := cmp.Diff(want, change.TextDocument); diff != "" {
		w.t.Error(diff)
	}
	return change.Edits[0]
}

// TestWatched holds that no brace of a pattern has a wildcard in it: Eglot 1.9 (Emacs 28) takes none of the patterns then.
func TestWatched(t *testing.T) {
	braces := regexp.MustCompile(`\{[^}]*[*?\[{][^}]*\}`)
	for _, pattern := range watched() {
		if found := braces.FindString(pattern); found != "" {
			t.Errorf("%s has a wildcard in %s", pattern, found)
		}
	}
}
