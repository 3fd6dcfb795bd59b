package server

import (
	"context"
	"time"

	"go.lsp.dev/protocol"

	"dockerfile-ls/analysis/annotate"
)

// inlayHints are those in a range that the settings want.
func (s *server) inlayHints(params inlayHintParams) (computation[[]protocol.InlayHint], error) {
	doc := s.documents[params.TextDocument.URI]
	return func(context.Context) ([]protocol.InlayHint, error) {
		if doc == nil || !doc.dockerfile {
			return nil, nil
		}
		convert, wanted := s.converter(doc), doc.around.shown
		asked := convert.spanOfRange(params.Range)
		hints := []protocol.InlayHint{}
		for _, hint := range annotate.Hints(doc.snapshot.Model(), doc.snapshot.Facts().Images, time.Now(), annotate.Shown{
			Variables: !wanted.NoVariables, Stages: !wanted.NoStages, DigestAge: wanted.DigestAge,
		}) {
			if asked.Start <= hint.At && hint.At <= asked.End {
				hints = append(hints, protocol.InlayHint{
					Position: convert.positionOfOffset(hint.At), Label: protocol.String(hint.Label), PaddingLeft: new(true),
				})
			}
		}
		return hints, nil
	}, nil
}
