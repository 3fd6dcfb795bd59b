package server

import (
	"context"
	"slices"

	"go.lsp.dev/protocol"

	"dockerfile-ls/analysis/outline"
)

type selectionParams struct {
	TextDocument documentID `json:"textDocument"`
	Positions    []position `json:"positions"`
}

// selectionRange is what a growing selection takes in around each of some places.
func (s *server) selectionRange(params selectionParams) (computation[[]protocol.SelectionRange], error) {
	doc := s.documents[params.TextDocument.URI]
	return func(ctx context.Context) ([]protocol.SelectionRange, error) {
		if doc == nil || !doc.dockerfile {
			return nil, nil
		}
		all := make([]protocol.SelectionRange, len(params.Positions))
		for i, at := range params.Positions {
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			all[i] = s.selectionAround(doc, at)
		}
		return all, nil
	}, nil
}

// selectionAround leaves out what is the same in the client's units.
func (s *server) selectionAround(doc *document, at position) protocol.SelectionRange {
	c := s.converter(doc)
	var around *protocol.SelectionRange
	for _, span := range slices.Backward(outline.Selection(doc.snapshot.Model(), c.offsetOfPosition(at))) {
		if r := c.rangeOfSpan(span); around == nil || around.Range != r {
			around = &protocol.SelectionRange{Range: r, Parent: around}
		}
	}
	return *around
}
