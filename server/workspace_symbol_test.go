package server

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// TestWorkspaceSymbols holds that stages are found in all Dockerfiles of the workspace, in the open ones as they are open
// and in the others as they lie on the disk now, and in what is open besides.
func TestWorkspaceSymbols(t *testing.T) {
	disk, prepare := changing()
	disk.write("Dockerfile", "FROM scratch AS saved\n")
	disk.write("sub/web.Dockerfile", "FROM scratch AS web\nFROM web\n")
	disk.write("node_modules/x/Dockerfile", "FROM scratch AS foreign\n")
	disk.write("notes.md", "FROM scratch AS notes\n")
	bubble(t, func(w *wire) {
		w.ask("0", "initialize", `{"capabilities":{"workspace":{"symbol":{}}},`+inFolder+`}`)
		open(w, "file:///w/Dockerfile", "\\nFROM scratch AS opened\\n")
		open(w, "untitled:Dockerfile", "FROM scratch AS unnamed\\n")
		for _, step := range []struct{ query, want string }{
			{"", "opened@Dockerfile:1 web@sub/web.Dockerfile:0 web@sub/web.Dockerfile:1 unnamed@Dockerfile:0"},
			{"NED", "opened@Dockerfile:1 unnamed@Dockerfile:0"},
			{"eb", "web@sub/web.Dockerfile:0 web@sub/web.Dockerfile:1"},
			{"bew", ""},
		} {
			if got := stagesFound(w, step.query); got != step.want {
				t.Errorf("%q: %s", step.query, got)
			}
		}
		disk.write("sub/web.Dockerfile", "# moved\nFROM scratch AS web2\n")
		w.notify("textDocument/didClose", `{"textDocument":{"uri":"file:///w/Dockerfile"}}`)
		want := "saved@Dockerfile:0 web2@sub/web.Dockerfile:1 unnamed@Dockerfile:0"
		if got := stagesFound(w, ""); got != want {
			t.Errorf("written and closed: %s", got)
		}
		delete(disk.files, "w/Dockerfile")
		stagesFound(w, "")
		if files := w.server.symbols.files; len(files) != 1 {
			t.Errorf("remembered: %v", files)
		}
	}, prepare)
}

func stagesFound(w *wire, query string) string {
	var got []struct {
		Name, ContainerName string
		Location            struct {
			Range struct{ Start struct{ Line int } }
		}
	}
	w.settle() // diagnostics come when they come
	m := w.ask("1", "workspace/symbol", fmt.Sprintf(`{"query":%q}`, query))
	if err := json.Unmarshal(m.Result, &got); err != nil {
		w.t.Fatalf("%v: %s", err, m)
	}
	var all []string
	for _, s := range got {
		all = append(all, fmt.Sprintf("%s@%s:%d", s.Name, s.ContainerName, s.Location.Range.Start.Line))
	}
	return strings.Join(all, " ")
}

// TestOutlineForClients holds for each of ten real clients that it is offered what it has said that it takes, and gets it in
// the way that it has said.
func TestOutlineForClients(t *testing.T) {
	for name, params := range clientParams(t) {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(w *wire) {
				var client able
				var result struct{ Capabilities map[string]any }
				if err := json.Unmarshal(params, &client.params); err != nil {
					t.Fatal(err)
				}
				answer := w.ask("0", "initialize", string(params))
				if err := json.Unmarshal(answer.Result, &result); err != nil {
					t.Fatal(err)
				}
				for provider, capability := range map[string]string{
					"documentSymbolProvider":  "textDocument.documentSymbol",
					"foldingRangeProvider":    "textDocument.foldingRange",
					"selectionRangeProvider":  "textDocument.selectionRange",
					"workspaceSymbolProvider": "workspace.symbol",
				} {
					if (result.Capabilities[provider] != nil) != (client.to(capability) != nil) {
						t.Errorf("%s for %v", provider, client.to(capability))
					}
				}
				w.notify("textDocument/didOpen", `{"textDocument":{"uri":"untitled:Dockerfile","languageId":"dockerfile","version":1,"text":"FROM scratch\nENV A=1 \\\n B=2\n"}}`)
				const document = `{"textDocument":{"uri":"untitled:Dockerfile"}}`
				w.settle()
				symbols := string(w.ask("1", "textDocument/documentSymbol", document).Result)
				tree := client.says("textDocument.documentSymbol.hierarchicalDocumentSymbolSupport")
				if strings.Contains(symbols, `"children"`) != tree || strings.Contains(symbols, `"location"`) == tree {
					t.Errorf("symbols %s", symbols)
				}
				folds := string(w.ask("2", "textDocument/foldingRange", document).Result)
				lines := client.says("textDocument.foldingRange.lineFoldingOnly")
				if strings.Contains(folds, "Character") == lines {
					t.Errorf("folds %s", folds)
				}
			})
		})
	}
}
