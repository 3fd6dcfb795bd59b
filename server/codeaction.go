package server

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"dockerfile-ls/analysis/text"
	"dockerfile-ls/codeactions"
)

// codeAction finds its actions in the document alone. The diagnostics that clients send along have passed through their
// hands: some leave the code out, some the data, and Kate asks for the whole document at once.
func (s *server) codeAction(params codeActionParams) (computation[[]protocol.CommandOrCodeAction], error) {
	doc := s.documents[params.TextDocument.URI]
	return func(context.Context) (offers []protocol.CommandOrCodeAction, _ error) {
		if doc == nil || !doc.dockerfile {
			return nil, nil
		}
		for _, action := range s.actionsAt(doc, params.Range) {
			if !wanted(params.Context.Only, action.Kind) {
				continue
			}
			switch {
			case s.client.literals:
				offers = append(offers, s.literalOfAction(doc, action))
			case s.client.applyEdit:
				offers = append(offers, commandOfAction(doc, params.Range, action))
			}
		}
		return offers, nil
	}, nil
}

func (s *server) actionsAt(doc *document, place textRange) []codeactions.Action {
	return codeactions.At(doc.snapshot, s.converter(doc).spanOfRange(place))
}

// wanted reports whether a client that asks for some kinds only asks for this one. Kinds are hierarchical, and the empty
// one is above all others.
func wanted(only []string, kind codeactions.Kind) bool {
	return len(only) == 0 || slices.ContainsFunc(only, func(asked string) bool {
		return asked == "" || asked == string(kind) || strings.HasPrefix(string(kind), asked+".")
	})
}

func (s *server) literalOfAction(doc *document, action codeactions.Action) *protocol.CodeAction {
	literal := &protocol.CodeAction{
		Title: action.Title,
		Kind:  new(protocol.CodeActionKind(action.Kind)),
		Edit:  s.workspaceEdit(doc, action.Edits),
	}
	if action.Mends != nil {
		literal.Diagnostics = []protocol.Diagnostic{s.diagnosticOfFinding(doc, *action.Mends)}
	}
	if action.Preferred && s.client.preferred {
		literal.IsPreferred = new(true)
	}
	return literal
}

// commandOfAction is for clients that know no code actions but commands.
func commandOfAction(doc *document, place textRange, action codeactions.Action) *protocol.Command {
	argument, err := json.Marshal(applyArgument{doc.uri, number(doc.version), place, action.Title})
	if err != nil {
		panic(err)
	}
	return &protocol.Command{Title: action.Title, Command: applyCommand, Arguments: []protocol.LSPAny{argument}}
}

func (s *server) workspaceEdit(doc *document, edits []text.Edit) *protocol.WorkspaceEdit {
	if !s.client.documentChanges {
		changes := make([]protocol.TextEdit, len(edits))
		for i, edit := range edits {
			changes[i] = s.textEditOfEdit(doc, edit)
		}
		return &protocol.WorkspaceEdit{Changes: map[uri.URI][]protocol.TextEdit{uri.URI(doc.uri): changes}}
	}
	change := &protocol.TextDocumentEdit{}
	change.TextDocument.URI = uri.URI(doc.uri)
	change.TextDocument.Version = new(doc.version)
	for _, edit := range edits {
		change.Edits = append(change.Edits, new(s.textEditOfEdit(doc, edit)))
	}
	return &protocol.WorkspaceEdit{DocumentChanges: []protocol.DocumentChange{change}}
}

func (s *server) textEditOfEdit(doc *document, edit text.Edit) protocol.TextEdit {
	return protocol.TextEdit{Range: s.converter(doc).rangeOfSpan(edit.Span), NewText: edit.New}
}
