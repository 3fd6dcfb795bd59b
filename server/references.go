package server

import (
	"go.lsp.dev/protocol"

	"dockerfile-ls/analysis/navigate"
	"dockerfile-ls/analysis/text"
)

// references are the places of the name at a position.
func (s *server) references(doc *document, symbol *navigate.Symbol, params navigateParams) ([]protocol.Location, error) {
	declared := map[text.Span]bool{}
	for _, target := range symbol.Declarations {
		declared[target.Name] = true
	}
	found := []protocol.Location{}
	for _, place := range symbol.Places {
		if params.Context.IncludeDeclaration || !declared[place.Span] {
			found = append(found, s.locationOf(doc, place.Span))
		}
	}
	return found, nil
}
