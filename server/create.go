package server

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"dockerfile-ls/codeactions"
)

// creation is the edit that makes an action's files, for a client that makes files. A file that is there by then stays as
// it is, and the edit is refused.
func creation(doc *document, action codeactions.Action) *protocol.WorkspaceEdit {
	whole := &protocol.WorkspaceEdit{}
	for _, file := range action.Creates {
		name := uri.File(path.Join(doc.around.root, file.Path))
		fill := &protocol.TextDocumentEdit{Edits: []protocol.TextDocumentEditElement{&protocol.TextEdit{NewText: file.Text}}}
		fill.TextDocument.URI = name
		whole.DocumentChanges = append(whole.DocumentChanges, &protocol.CreateFile{Kind: "create", URI: name}, fill)
	}
	return whole
}

// create makes an action's files itself, for a client that does not, tells the user, and looks at them.
func (s *server) create(doc *document, action codeactions.Action) error {
	for _, file := range action.Creates {
		name := filepath.FromSlash(path.Join(doc.around.root, file.Path))
		if err := writeNew(name, file.Text); err != nil {
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

// writeNew makes a file that is not there yet, whole or not at all.
func writeNew(name, text string) (err error) {
	temporary, err := os.CreateTemp(filepath.Dir(name), ".dockerfile-ls-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.Remove(temporary.Name())) }()
	_, err = temporary.WriteString(text)
	if err = errors.Join(err, temporary.Chmod(0o644), temporary.Close()); err != nil {
		return err
	}
	// A link does not take the place of a file that has come meanwhile, as renaming would.
	if err = os.Link(temporary.Name(), name); err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	return copyNew(name, text)
}

// copyNew is for file systems without links.
func copyNew(name, text string) error {
	file, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	if _, err = file.WriteString(text); err != nil {
		return errors.Join(err, file.Close(), os.Remove(name))
	}
	return file.Close()
}
