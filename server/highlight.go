package server

import (
	"go.lsp.dev/protocol"

	"dockerfile-ls/analysis/navigate"
)

// highlight marks the places of the name at a position.
func (s *server) highlight(
	doc *document, symbol *navigate.Symbol, _ navigateParams,
) ([]protocol.DocumentHighlight, error) {
	var found []protocol.DocumentHighlight
	for _, place := range symbol.Places {
		kind := protocol.DocumentHighlightKindRead
		if place.Writes {
			kind = protocol.DocumentHighlightKindWrite
		}
		found = append(found, protocol.DocumentHighlight{Range: s.converter(doc).rangeOfSpan(place.Span), Kind: kind})
	}
	return found, nil
}
