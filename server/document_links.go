package server

import (
	"context"
	"path"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"dockerfile-ls/analysis/annotate"
)

// documentLinks are complete at once: nothing has to be read or asked for them.
func (s *server) documentLinks(params documentParams) (computation[[]protocol.DocumentLink], error) {
	doc := s.documents[params.TextDocument.URI]
	return func(context.Context) ([]protocol.DocumentLink, error) {
		if doc == nil || !doc.dockerfile {
			return nil, nil
		}
		links := []protocol.DocumentLink{}
		for _, link := range annotate.Links(doc.snapshot.Model(), doc.around.facts.Project) {
			target := uri.URI(link.URL)
			if link.File != "" {
				target = uri.File(path.Join(doc.around.root, link.File))
			}
			shown := protocol.DocumentLink{Range: s.converter(doc).rangeOfSpan(link.Span), Target: new(target)}
			if s.client.linkTooltips {
				shown.Tooltip = new(link.Title)
			}
			links = append(links, shown)
		}
		return links, nil
	}, nil
}
