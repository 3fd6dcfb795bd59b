package server

import (
	"go.lsp.dev/protocol"

	"dockerfile-ls/analysis/navigate"
	"dockerfile-ls/codeactions"
)

// prepareRename says what is renamed at a position, or why it is not.
func (s *server) prepareRename(
	doc *document, symbol *navigate.Symbol, _ navigateParams,
) (protocol.PrepareRenameResult, error) {
	if err := symbol.CanRename(); err != nil {
		return nil, failed("%s", err)
	}
	return &protocol.PrepareRenamePlaceholder{
		Range: s.converter(doc).rangeOfSpan(symbol.At.Span), Placeholder: symbol.Name,
	}, nil
}

// rename gives the name at a position another one, everywhere in the document.
func (s *server) rename(doc *document, symbol *navigate.Symbol, params navigateParams) (*protocol.WorkspaceEdit, error) {
	edits, err := symbol.Rename(params.NewName)
	if err != nil {
		return nil, failed("%s", err)
	}
	if len(edits) == 0 {
		return nil, nil
	}
	return s.workspaceEdit(doc, codeactions.Action{Edits: edits, Risk: codeactions.Safe}), nil
}
