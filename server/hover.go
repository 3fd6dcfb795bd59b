package server

import (
	"context"

	"go.lsp.dev/protocol"

	"dockerfile-ls/analysis/hover"
	"dockerfile-ls/analysis/image"
	"dockerfile-ls/analysis/settings"
)

// hover shows what a registry has said of a base image, and asks it only where the settings say so.
func (s *server) hover(params hoverParams) (computation[*protocol.Hover], error) {
	doc := s.documents[params.TextDocument.URI]
	leave := s.leaveFor(settings.OnHover)
	return func(ctx context.Context) (*protocol.Hover, error) {
		if doc == nil || !doc.dockerfile {
			return nil, nil
		}
		stage, ref, ok := hover.ImageAt(doc.snapshot.Model(), s.converter(doc).offsetOfPosition(params.Position))
		if !ok {
			return nil, nil
		}
		facts := doc.snapshot.Facts().Images[ref.Key()]
		if leave.given && (facts.Digest == "" || facts.Details == nil) {
			asked, err := s.resolver.Resolve(ctx, image.Question{Reference: ref, Details: true, Unasked: true, Access: leave.access})
			switch {
			case err == nil:
				facts = asked
				s.onLoop(func() { s.learn(image.Known{ref.Key(): asked}) })
			case facts.Digest == "":
				return nil, failed("%s", err)
			}
		}
		card := hover.Card{Span: stage.Base.Span, Title: ref.Key()}
		if facts.Digest != "" {
			card = hover.Image(stage, ref, facts)
		}
		card = card.WithScan(doc.snapshot.Facts().Scans[stage.From.Of(doc.snapshot.Text())])
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
