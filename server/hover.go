package server

import (
	"context"

	"go.lsp.dev/protocol"

	"dockerfile-ls/analysis/hover"
	"dockerfile-ls/analysis/image"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/settings"
)

// hover shows what a registry has said of a base image, and asks it only where the settings say so.
func (s *server) hover(params hoverParams) (computation[*protocol.Hover], error) {
	doc := s.documents[params.TextDocument.URI]
	permitted := s.permissionFor(settings.OnHover)
	return func(ctx context.Context) (*protocol.Hover, error) {
		if doc == nil || !doc.dockerfile {
			return nil, nil
		}
		stage, ref, ok := hover.ImageAt(doc.snapshot.Model(), s.converter(doc).offsetOfPosition(params.Position))
		if !ok {
			return nil, nil
		}
		failure := ""
		facts := doc.snapshot.Facts().Images[ref.Key()]
		if permitted.given && (facts.Digest == "" || facts.Details == nil) {
			asked, err := s.resolver.Resolve(ctx, image.Question{
				Reference: ref, Details: true, Unasked: true, Access: permitted.access,
			})
			switch {
			case err == nil:
				facts = asked
				s.onLoop(func() { s.learn(image.Known{ref.Key(): asked}) })
			case facts.Digest == "" && ctx.Err() == nil:
				failure = err.Error()
			}
		}
		card := hover.Card{Span: stage.Base.Span, Title: ref.Key()}
		if failure != "" {
			card.Rows = []hover.Row{{Name: "registry", Value: failure}}
		}
		if facts.Digest != "" {
			card = hover.Image(stage, ref, facts)
		}
		card = card.WithScan(doc.snapshot.Facts().Scans[lint.ScanKey(doc.snapshot.Model(), stage)])
		if len(card.Rows) == 0 {
			return nil, nil
		}
		return s.hoverOf(doc, card), nil
	}, nil
}

func (s *server) hoverOf(doc *document, card hover.Card) *protocol.Hover {
	contents := &protocol.MarkupContent{Kind: protocol.MarkupKindPlainText, Value: card.Plain()}
	if s.client.markdown {
		contents = &protocol.MarkupContent{Kind: protocol.MarkupKindMarkdown, Value: card.Markdown()}
	}
	return &protocol.Hover{Contents: contents, Range: new(s.converter(doc).rangeOfSpan(card.Span))}
}
