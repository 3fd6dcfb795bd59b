package server

import (
	"context"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"

	"dockerfile-ls/analysis/settings"
	"dockerfile-ls/codeactions"
)

// applyCommand makes one code action. Its only argument is an applyArgument.
const applyCommand = Name + ".apply"

// applyArgument says where an action was offered, and not what it does. Another version of the document is refused.
type applyArgument struct {
	URI     string    `json:"uri"`
	Version number    `json:"version"`
	Range   textRange `json:"range"`
	Title   string    `json:"title"`
	Nth     number    `json:"nth,omitempty"` // of the actions with this title, zero-based
}

// commands are those that a client may execute.
func commands() []string { return []string{applyCommand, hardenCommand, scanCommand, tellCommand} }

func (s *server) executeCommand(params executeCommandParams) (computation[any], error) {
	switch params.Command {
	case applyCommand:
		wanted, err := decodeOnly[applyArgument](params)
		if err != nil {
			return nil, err
		}
		return s.applyAction(wanted)
	case hardenCommand:
		wanted, err := decodeOnly[hardenArgument](params)
		if err != nil {
			return nil, err
		}
		return s.harden(wanted)
	case scanCommand:
		wanted, err := decodeOnly[scanArgument](params)
		if err != nil {
			return nil, err
		}
		return s.scan(wanted)
	case tellCommand:
		what, err := decodeOnly[tellArgument](params)
		if err != nil {
			return nil, err
		}
		return s.telling(what), nil
	}
	return nil, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "unknown command %q", params.Command)
}

// applyAction makes a code action for a client that cannot make it by itself.
func (s *server) applyAction(wanted applyArgument) (computation[any], error) {
	doc, err := s.open(wanted.URI)
	if err != nil {
		return nil, err
	}
	permitted := s.permissionFor(settings.OnDemand)
	return func(ctx context.Context) (any, error) {
		if int32(wanted.Version) != doc.version {
			return nil, failed("%q was offered for another version of the document: ask again", wanted.Title)
		}
		action, err := s.offered(doc, wanted)
		if err != nil {
			return nil, err
		}
		if action, err = s.answer(ctx, doc, action, permitted); err != nil {
			return nil, err
		}
		return nil, s.make(ctx, doc, action.Made())
	}, nil
}

// make makes an action, and says what the user has to know then.
func (s *server) make(ctx context.Context, doc *document, action codeactions.Action) error {
	here := action
	if !s.client.createFile {
		here.Creates = nil // the server makes them
	}
	if len(here.Creates)+len(here.Edits)+len(here.Others) > 0 {
		if err := s.apply(ctx, doc, here); err != nil {
			return err
		}
	}
	if len(action.Creates) > len(here.Creates) {
		if err := s.create(doc, action); err != nil {
			return err
		}
	}
	s.tellUser(action)
	return nil
}

// apply sends the client an edit and waits for its answer, which must not happen on the read loop.
func (s *server) apply(ctx context.Context, doc *document, action codeactions.Action) error {
	if !s.client.applyEdit {
		return failed("the editor does not make edits that the server sends, which %q needs", action.Title)
	}
	var answer protocol.ApplyWorkspaceEditResult
	err := protocol.Call(ctx, s.conn, protocol.MethodWorkspaceApplyEdit, &protocol.ApplyWorkspaceEditParams{
		Label: new(action.Title),
		Edit:  *s.workspaceEdit(doc, action),
	}, &answer)
	if err != nil {
		return err
	}
	if !answer.Applied {
		reason := "no reason given"
		if answer.FailureReason != nil {
			reason = *answer.FailureReason
		}
		return failed("the editor did not apply %q: %s", action.Title, reason)
	}
	return nil
}
