package server

import (
	"context"
	"encoding/json"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"dockerfile-ls/analysis/navigate"
	"dockerfile-ls/analysis/text"
)

// navigation is what a client does with the places of names.
type navigation struct {
	// definitions and the others say that the client asks for them; links, that answers may lead from a range to a range.
	definitions, declarations, references, highlights, renames, linkedEditing bool
	definitionLinks, declarationLinks                                         bool
	preparesRename                                                            bool // the client asks beforehand
}

// navigationCapabilities are the client's words for these facts.
type navigationCapabilities struct {
	Definition    *linkCapability  `json:"definition"`
	Declaration   *linkCapability  `json:"declaration"`
	References    *json.RawMessage `json:"references"`
	Highlight     *json.RawMessage `json:"documentHighlight"`
	LinkedEditing *json.RawMessage `json:"linkedEditingRange"`
	Rename        *struct {
		PrepareSupport bool `json:"prepareSupport"`
	} `json:"rename"`
}

type linkCapability struct {
	LinkSupport bool `json:"linkSupport"`
}

func (c navigationCapabilities) navigation() navigation {
	return navigation{
		definitions:      c.Definition != nil,
		declarations:     c.Declaration != nil,
		references:       c.References != nil,
		highlights:       c.Highlight != nil,
		renames:          c.Rename != nil,
		linkedEditing:    c.LinkedEditing != nil,
		definitionLinks:  c.Definition != nil && c.Definition.LinkSupport,
		declarationLinks: c.Declaration != nil && c.Declaration.LinkSupport,
		preparesRename:   c.Rename != nil && c.Rename.PrepareSupport,
	}
}

// offer adds what the server has for such a client.
func (n navigation) offer(to *protocol.ServerCapabilities) {
	if n.definitions {
		to.DefinitionProvider = protocol.Boolean(true)
	}
	if n.declarations {
		to.DeclarationProvider = protocol.Boolean(true)
	}
	if n.references {
		to.ReferencesProvider = protocol.Boolean(true)
	}
	if n.highlights {
		to.DocumentHighlightProvider = protocol.Boolean(true)
	}
	if n.linkedEditing {
		to.LinkedEditingRangeProvider = protocol.Boolean(true)
	}
	switch {
	case n.preparesRename:
		to.RenameProvider = &protocol.RenameOptions{PrepareProvider: new(true)}
	case n.renames:
		to.RenameProvider = protocol.Boolean(true)
	}
}

// atName makes a method of one that answers about the name at a position; it is not asked where there is none.
func atName[R any](
	s *server, answer func(*document, *navigate.Symbol, navigateParams) (R, error),
) func(navigateParams) (computation[R], error) {
	return func(params navigateParams) (computation[R], error) {
		doc := s.documents[params.TextDocument.URI]
		return func(context.Context) (none R, _ error) {
			if doc == nil || !doc.dockerfile {
				return none, nil
			}
			symbol := navigate.At(doc.snapshot.Model(), s.converter(doc).offsetOfPosition(params.Position))
			if symbol == nil {
				return none, nil
			}
			return answer(doc, symbol, params)
		}, nil
	}
}

func (s *server) locationOf(doc *document, span text.Span) protocol.Location {
	return protocol.Location{URI: uri.URI(doc.uri), Range: s.converter(doc).rangeOfSpan(span)}
}
