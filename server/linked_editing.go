package server

import (
	"go.lsp.dev/protocol"

	"dockerfile-ls/analysis/navigate"
)

// linkedEditing are the ranges that change with the name at a position while it is typed.
func (s *server) linkedEditing(
	doc *document, symbol *navigate.Symbol, _ navigateParams,
) (*protocol.LinkedEditingRanges, error) {
	spans := symbol.Linked(doc.snapshot.Text())
	if len(spans) == 0 {
		return nil, nil
	}
	pattern := "[A-Za-z0-9_.-]+"
	if symbol.Kind == navigate.Variable {
		pattern = "[A-Za-z0-9_]+"
	}
	found := &protocol.LinkedEditingRanges{WordPattern: new(pattern)}
	for _, span := range spans {
		found.Ranges = append(found.Ranges, s.converter(doc).rangeOfSpan(span))
	}
	return found, nil
}
