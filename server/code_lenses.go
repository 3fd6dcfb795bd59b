package server

import (
	"context"

	"go.lsp.dev/protocol"

	"dockerfile-ls/analysis/annotate"
)

// codeLenses are those that the settings want. Their commands are the server's own: showing references is a command of some
// clients, and each has another one.
func (s *server) codeLenses(params documentParams) (computation[[]protocol.CodeLens], error) {
	doc, scans := s.documents[params.TextDocument.URI], s.mayScan()
	return func(context.Context) ([]protocol.CodeLens, error) {
		if doc == nil || !doc.dockerfile {
			return nil, nil
		}
		wanted := doc.around.shown
		lenses := []protocol.CodeLens{}
		for _, lens := range annotate.Lenses(doc.snapshot.Model(), wanted.References, wanted.Scan && scans) {
			command := protocol.Command{Title: lens.Title, Command: tellCommand, Arguments: []protocol.LSPAny{
				argument(tellArgument{lens.Tells}),
			}}
			if lens.Scans != "" {
				command.Command = scanCommand
				command.Arguments = []protocol.LSPAny{argument(scanArgument{doc.uri, lens.Scans})}
			}
			lenses = append(lenses, protocol.CodeLens{
				Range: s.converter(doc).rangeOfSpan(lens.Span), Command: command,
			})
		}
		return lenses, nil
	}, nil
}
