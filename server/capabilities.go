package server

import (
	"encoding/json"
	"slices"

	"go.lsp.dev/protocol"

	"dockerfile-ls/analysis/text"
	"dockerfile-ls/codeactions"
)

// client is what the server has to know of the client. Nothing else looks at the client's capabilities.
type client struct {
	encoding text.Encoding
	// encodings says that the client can negotiate the encoding at all (LSP 3.17).
	encodings bool
	// versions, related: diagnostics may carry the document's version and related places.
	versions, related bool
	// literals says that code actions may be more than a command; preferred, that one of them may be marked.
	literals, preferred bool
	// documentChanges says that an edit may name the version that it is made for.
	documentChanges bool
	// applyEdit says that the client makes edits which the server sends.
	applyEdit bool
}

// capabilities are the client's words for these facts (LSP, ClientCapabilities).
type capabilities struct {
	General struct {
		PositionEncodings []protocol.PositionEncodingKind `json:"positionEncodings"`
	} `json:"general"`
	TextDocument struct {
		PublishDiagnostics struct {
			VersionSupport     bool `json:"versionSupport"`
			RelatedInformation bool `json:"relatedInformation"`
		} `json:"publishDiagnostics"`
		CodeAction struct {
			// Vim's ALE sends an empty set of kinds, and means it: what counts is that the property is there.
			LiteralSupport *json.RawMessage `json:"codeActionLiteralSupport"`
			IsPreferred    bool             `json:"isPreferredSupport"`
		} `json:"codeAction"`
	} `json:"textDocument"`
	Workspace struct {
		ApplyEdit     bool `json:"applyEdit"`
		WorkspaceEdit struct {
			DocumentChanges bool `json:"documentChanges"`
		} `json:"workspaceEdit"`
	} `json:"workspace"`
}

func (c capabilities) client() client {
	return client{
		encoding:        encodingOf(c.General.PositionEncodings),
		encodings:       len(c.General.PositionEncodings) > 0,
		versions:        c.TextDocument.PublishDiagnostics.VersionSupport,
		related:         c.TextDocument.PublishDiagnostics.RelatedInformation,
		literals:        c.TextDocument.CodeAction.LiteralSupport != nil,
		preferred:       c.TextDocument.CodeAction.IsPreferred,
		documentChanges: c.Workspace.WorkspaceEdit.DocumentChanges,
		applyEdit:       c.Workspace.ApplyEdit,
	}
}

// encodingOf is the first encoding in the client's order that the server knows too.
func encodingOf(kinds []protocol.PositionEncodingKind) text.Encoding {
	for _, kind := range kinds {
		if i := slices.Index(encodingKinds[:], kind); i >= 0 {
			return text.Encoding(i)
		}
	}
	return text.UTF16
}

// encodingKinds are LSP's words for the encodings.
var encodingKinds = [...]protocol.PositionEncodingKind{
	text.UTF16: protocol.PositionEncodingKindUTF16,
	text.UTF8:  protocol.PositionEncodingKindUTF8,
	text.UTF32: protocol.PositionEncodingKindUTF32,
}

// serverCapabilities are what the server offers to such a client.
func (c client) serverCapabilities() protocol.ServerCapabilities {
	offered := protocol.ServerCapabilities{
		TextDocumentSync: &protocol.TextDocumentSyncOptions{
			OpenClose: new(true),
			Change:    new(protocol.TextDocumentSyncKindIncremental),
			Save:      protocol.Boolean(true),
		},
	}
	if c.encodings {
		offered.PositionEncoding = encodingKinds[c.encoding]
	}
	switch {
	case c.literals:
		kinds := []protocol.CodeActionKind{protocol.CodeActionKind(codeactions.QuickFix)}
		offered.CodeActionProvider = &protocol.CodeActionOptions{CodeActionKinds: kinds}
	case c.applyEdit:
		offered.CodeActionProvider = protocol.Boolean(true)
		offered.ExecuteCommandProvider = protocol.ExecuteCommandOptions{Commands: []string{applyCommand}}
	}
	return offered
}
