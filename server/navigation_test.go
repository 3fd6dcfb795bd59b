package server

import (
	"encoding/json"
	"testing"
)

// TestOffersForClients holds that what is about places and names, what is shown beside the text, and formatting as one types
// are offered to each of ten real clients as far as its own words ask for it, and formatting to all.
func TestOffersForClients(t *testing.T) {
	for name, params := range clientParams(t) {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(w *wire) {
				var client able
				if err := json.Unmarshal(params, &client.params); err != nil {
					t.Fatal(err)
				}
				var result struct{ Capabilities map[string]any }
				if err := json.Unmarshal(w.ask("0", "initialize", string(params)).Result, &result); err != nil {
					t.Fatal(err)
				}
				offered := able{map[string]any{"capabilities": result.Capabilities}}
				for provider, capability := range map[string]string{
					"definitionProvider": "definition", "declarationProvider": "declaration",
					"referencesProvider": "references", "documentHighlightProvider": "documentHighlight",
					"renameProvider": "rename", "linkedEditingRangeProvider": "linkedEditingRange",
					"documentLinkProvider": "documentLink", "inlayHintProvider": "inlayHint",
					"documentOnTypeFormattingProvider": "onTypeFormatting",
					"completionProvider":               "completion", "signatureHelpProvider": "signatureHelp",
				} {
					if got, want := offered.to(provider) != nil, client.to("textDocument."+capability) != nil; got != want {
						t.Errorf("%s: %v instead of %v", provider, got, want)
					}
				}
				for _, provider := range []string{"documentFormattingProvider", "documentRangeFormattingProvider"} {
					if offered.to(provider) == nil {
						t.Errorf("%s is not offered", provider)
					}
				}
				if got, want := offered.says("renameProvider.prepareProvider"),
					client.says("textDocument.rename.prepareSupport"); got != want {
					t.Errorf("prepareProvider: %v instead of %v", got, want)
				}
				runs := client.to("textDocument.codeLens") != nil && client.to("workspace.executeCommand") != nil
				if got := offered.to("codeLensProvider") != nil; got != runs {
					t.Errorf("codeLensProvider: %v instead of %v", got, runs)
				}
			})
		})
	}
}
