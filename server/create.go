package server

import (
	"fmt"
	"path"
	"path/filepath"
	"strings"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"dockerfile-ls/analysis/atomicfile"
	"dockerfile-ls/codeactions"
)

// creation is the edit that makes an action's files, for a client that makes files. A file that is there by then stays as
// it is, and the edit is refused.
func (s *server) creation(doc *document, action codeactions.Action) *protocol.WorkspaceEdit {
	whole := &protocol.WorkspaceEdit{}
	for _, file := range action.Creates {
		name := uri.File(path.Join(doc.around.root, file.Path))
		text := file.Text
		if s.client.endsLines {
			text = strings.TrimSuffix(text, "\n")
		}
		fill := &protocol.TextDocumentEdit{Edits: []protocol.TextDocumentEditElement{&protocol.TextEdit{NewText: text}}}
		fill.TextDocument.URI = name
		whole.DocumentChanges = append(whole.DocumentChanges, &protocol.CreateFile{Kind: "create", URI: name}, fill)
	}
	return whole
}

// create makes an action's files itself, for a client that does not, tells the user, and looks at them.
func (s *server) create(doc *document, action codeactions.Action) error {
	for _, file := range action.Creates {
		name := filepath.FromSlash(path.Join(doc.around.root, file.Path))
		if err := atomicfile.Create(name, file.Text); err != nil {
			return failed("%s was not made: %v", file.Path, err)
		}
		s.showMessage(protocol.MessageTypeInfo, fmt.Sprintf("%s is made.", name))
	}
	s.onLoop(func() { s.lookAroundAll(anything) })
	return nil
}

// showMessage shows the user a message. It may be called from anywhere.
func (s *server) showMessage(kind protocol.MessageType, message string) {
	raw, err := protocol.Marshal(&protocol.ShowMessageParams{Type: kind, Message: message})
	if err != nil {
		panic(err)
	}
	s.out.send(jsonrpc2.AppendNotification(nil, protocol.MethodWindowShowMessage, raw))
}
