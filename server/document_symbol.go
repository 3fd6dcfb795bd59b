package server

import (
	"context"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"dockerfile-ls/analysis/outline"
)

// symbolCapabilities say how a client takes the symbols of a document.
type symbolCapabilities struct {
	Tree bool `json:"hierarchicalDocumentSymbolSupport"`
}

// documentSymbol is the outline of a Dockerfile: a tree, or a list for clients that know no trees.
func (s *server) documentSymbol(params documentParams) (computation[protocol.DocumentSymbolResult], error) {
	doc := s.documents[params.TextDocument.URI]
	return func(context.Context) (protocol.DocumentSymbolResult, error) {
		if doc == nil || !doc.dockerfile {
			return nil, nil
		}
		symbols := outline.Symbols(doc.snapshot.Model())
		if s.client.symbols == nil || !s.client.symbols.Tree {
			return s.converter(doc).list(protocol.SymbolInformationSlice{}, doc.uri, "", symbols), nil
		}
		return protocol.DocumentSymbolSlice(s.converter(doc).tree(symbols)), nil
	}, nil
}

func (c converter) tree(symbols []outline.Symbol) []protocol.DocumentSymbol {
	tree := make([]protocol.DocumentSymbol, 0, len(symbols))
	for _, symbol := range symbols {
		one := protocol.DocumentSymbol{
			Name: symbol.Name, Kind: symbolKinds[symbol.Kind],
			Range: c.rangeOfSpan(symbol.Span), SelectionRange: c.rangeOfSpan(symbol.Selection),
		}
		if symbol.Detail != "" {
			one.Detail = &symbol.Detail
		}
		if len(symbol.Children) > 0 {
			one.Children = c.tree(symbol.Children)
		}
		tree = append(tree, one)
	}
	return tree
}

// list appends symbols and those in them, which name what they are in.
func (c converter) list(
	list protocol.SymbolInformationSlice, document, container string, symbols []outline.Symbol,
) protocol.SymbolInformationSlice {
	for _, symbol := range symbols {
		list = append(list, c.information(document, container, symbol))
		list = c.list(list, document, symbol.Name, symbol.Children)
	}
	return list
}

func (c converter) information(document, container string, symbol outline.Symbol) protocol.SymbolInformation {
	one := protocol.SymbolInformation{
		BaseSymbolInformation: protocol.BaseSymbolInformation{Name: symbol.Name, Kind: symbolKinds[symbol.Kind]},
		Location:              protocol.Location{URI: uri.URI(document), Range: c.rangeOfSpan(symbol.Span)},
	}
	if container != "" {
		one.ContainerName = &container
	}
	return one
}

// symbolKinds are LSP's words for the kinds, of those that every client knows.
var symbolKinds = [...]protocol.SymbolKind{
	outline.Directive: protocol.SymbolKindProperty,
	outline.Stage:     protocol.SymbolKindModule,
	outline.Variable:  protocol.SymbolKindVariable,
	outline.Label:     protocol.SymbolKindField,
	outline.Command:   protocol.SymbolKindFunction,
	outline.Files:     protocol.SymbolKindFile,
	outline.Folder:    protocol.SymbolKindPackage,
	outline.Port:      protocol.SymbolKindInterface,
	outline.Setting:   protocol.SymbolKindProperty,
}
