package server

import (
	"context"

	"go.lsp.dev/protocol"

	"dockerfile-ls/analysis/hover"
	"dockerfile-ls/analysis/image"
	"dockerfile-ls/analysis/settings"
)

// hover shows what there is to say of a place. It asks a registry about an image only where the settings say so.
func (s *server) hover(params hoverParams) (computation[*protocol.Hover], error) {
	doc := s.documents[params.TextDocument.URI]
	permitted := s.permissionFor(settings.OnHover)
	return func(ctx context.Context) (*protocol.Hover, error) {
		if doc == nil || !doc.dockerfile {
			return nil, nil
		}
		facts := doc.snapshot.Facts()
		known := hover.Known{Images: facts.Images, Scans: facts.Scans}
		offset := s.converter(doc).offsetOfPosition(params.Position)
		card, found := hover.At(doc.snapshot.Model(), offset, known)
		if !found {
			return nil, nil
		}
		if permitted.given && s.ask(ctx, card.Image, permitted.access, &known) {
			card, _ = hover.At(doc.snapshot.Model(), offset, known)
		}
		return s.hoverOf(doc, card), nil
	}, nil
}

// ask asks a registry what is not known of an image that a card is about. It reports whether more is known now, be it that
// the registry does not say.
func (s *server) ask(ctx context.Context, ref image.Reference, access image.Access, known *hover.Known) bool {
	facts := known.Images[ref.Key()]
	if ref.Name == "" || facts.Digest != "" && facts.Details != nil {
		return false
	}
	asked, err := s.resolver.Resolve(ctx, image.Question{Reference: ref, Details: true, Unasked: true, Access: access})
	switch {
	case err == nil:
		known.Images = known.Images.With(ref, asked)
		s.onLoop(func() { s.learn(image.Known{ref.Key(): asked}) })
	case facts.Digest == "" && ctx.Err() == nil:
		known.Failure = err.Error()
	default:
		return false
	}
	return true
}

func (s *server) hoverOf(doc *document, card hover.Card) *protocol.Hover {
	contents := &protocol.MarkupContent{Kind: protocol.MarkupKindPlainText, Value: card.Plain()}
	if s.client.markdown {
		contents = &protocol.MarkupContent{Kind: protocol.MarkupKindMarkdown, Value: card.Markdown()}
	}
	return &protocol.Hover{Contents: contents, Range: new(s.converter(doc).rangeOfSpan(card.Span))}
}
