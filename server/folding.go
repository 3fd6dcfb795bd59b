package server

import (
	"context"

	"go.lsp.dev/protocol"

	"dockerfile-ls/analysis/outline"
)

// foldingCapabilities say how a client folds.
type foldingCapabilities struct {
	LinesOnly bool    `json:"lineFoldingOnly"`
	Limit     *number `json:"rangeLimit"`
}

// foldingRange is what can be folded in a Dockerfile.
func (s *server) foldingRange(params documentParams) (computation[[]protocol.FoldingRange], error) {
	doc := s.documents[params.TextDocument.URI]
	return func(context.Context) ([]protocol.FoldingRange, error) {
		if doc == nil || !doc.dockerfile {
			return nil, nil
		}
		folds := outline.Folds(doc.snapshot.Model(), doc.snapshot.Lines())
		client := s.client.folding
		if client != nil && client.Limit != nil {
			folds = outline.Fewest(folds, int(*client.Limit))
		}
		ranges := make([]protocol.FoldingRange, len(folds))
		for i, fold := range folds {
			ranges[i] = s.converter(doc).foldingRange(fold, client != nil && client.LinesOnly)
		}
		return ranges, nil
	}, nil
}

// foldingRange leaves the first line as it is shown: what is folded begins at its end.
func (c converter) foldingRange(fold outline.Fold, linesOnly bool) protocol.FoldingRange {
	first := c.lines.Line(c.lines.LineAt(fold.Start))
	start, end := c.positionOfOffset(first.End), c.positionOfOffset(fold.End)
	r := protocol.FoldingRange{StartLine: start.Line, EndLine: end.Line}
	if !linesOnly {
		r.StartCharacter, r.EndCharacter = &start.Character, &end.Character
	}
	switch fold.Kind {
	case outline.FoldComment:
		r.Kind = protocol.FoldingRangeKindComment
	case outline.FoldRegion:
		r.Kind = protocol.FoldingRangeKindRegion
	}
	return r
}
