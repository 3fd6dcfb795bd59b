package lspcheck

import (
	"maps"
	"slices"
)

// resolvable are the requests that complete an item that the server has offered without all of its properties.
var resolvable = map[string]struct {
	offered    string   // the request that it was offered for
	name       string   // the property by which people know it
	properties string   // the client's capability: what may come later
	always     []string // what may come later to every client
}{
	"codeAction/resolve": {
		"textDocument/codeAction", "title", "textDocument.codeAction.resolveSupport.properties", nil,
	},
	"codeLens/resolve": {
		"textDocument/codeLens", "range", "textDocument.codeLens.resolveSupport.properties", []string{"command"},
	},
	"completionItem/resolve": {
		"textDocument/completion", "label", item + "resolveSupport.properties", []string{"documentation", "detail"},
	},
	"inlayHint/resolve":       {"textDocument/inlayHint", "label", "textDocument.inlayHint.resolveSupport.properties", nil},
	"workspaceSymbol/resolve": {"workspace/symbol", "name", "workspace.symbol.resolveSupport.properties", nil},
}

// remember keeps the items of the last answer to each method.
func (s *scene) remember() {
	if s.request == nil {
		return
	}
	items := array(s.result)
	if items == nil {
		items = array(at(s.result, "items"))
	}
	s.items[s.method] = items
}

// resolved holds that resolving changes only what the client lets it change. It goes by the item as the server has offered
// it, since clients do not send all of it back.
func (s *scene) resolved() {
	how, known := resolvable[s.method]
	if !known || s.request == nil {
		return
	}
	before := s.before(how.offered, how.name)
	if before == nil {
		return
	}
	after := object(s.result)
	for _, name := range slices.Sorted(maps.Keys(after)) {
		// workspaceSymbol names the part of a location, location.range.
		may := s.able.takes(how.properties, name) || slices.Contains(how.always, name) ||
			name == "location" && s.able.takes(how.properties, "location.range")
		if name != "data" && !may && !equal(before[name], after[name]) {
			s.wrong("result."+name, "is changed by resolving, but is not in the client's %s", how.properties)
		}
	}
}

// before finds an item as it was offered, by its name and its data.
func (s *scene) before(method, name string) map[string]any {
	for _, offered := range s.items[method] {
		if equal(at(offered, name), at(s.params, name)) && equal(at(offered, "data"), at(s.params, "data")) {
			return object(offered)
		}
	}
	return nil
}
