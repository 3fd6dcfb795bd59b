package lspcheck

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// quirks are the properties of real clients that the model does not allow.
var quirks = map[string][]string{
	"helix-25.07": { // means workspace.diagnostics
		"client initialize params.capabilities.workspace.diagnostic: is unknown (WorkspaceClientCapabilities)",
	},
	"neovim-0.7.2": { // the first belongs below textDocument, the second was never in LSP
		"client initialize params.capabilities.callHierarchy: is unknown (ClientCapabilities)",
		"client initialize params.capabilities.workspace.symbol.hierarchicalWorkspaceSymbolSupport: is unknown " +
			"(WorkspaceSymbolClientCapabilities)",
	},
}

// TestClients holds that the initialize messages of real clients are as the model says, their known quirks apart.
func TestClients(t *testing.T) {
	model := loadModel(t)
	files, err := filepath.Glob("../../testdata/server/clients/*.json")
	if err != nil || len(files) != 10 {
		t.Fatalf("%d clients: %v", len(files), err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		t.Run(name, func(t *testing.T) {
			params, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			c := New(model)
			c.FromClient([]byte(`{"jsonrpc":"2.0","id":0,"method":"initialize","params":` + string(params) + `}`))
			var got []string
			for _, p := range c.Problems() {
				got = append(got, p.String())
			}
			if !slices.Equal(got, quirks[name]) {
				t.Errorf("problems:\n%s\ninstead of\n%s", strings.Join(got, "\n"), strings.Join(quirks[name], "\n"))
			}
		})
	}
}
