package server

import (
	"context"

	"go.lsp.dev/protocol"

	"dockerfile-ls/codeactions"
)

// tellCommand shows what the user has to know of an action. Its only argument is a tellArgument. A client executes it behind
// the edit of the action.
const tellCommand = Name + ".tell"

// tellArgument is what is shown.
type tellArgument struct {
	Message string `json:"message"`
}

func commandOfTelling(action codeactions.Action) *protocol.Command {
	return &protocol.Command{
		Title: action.Title, Command: tellCommand, Arguments: []protocol.LSPAny{argument(tellArgument{action.Tells})},
	}
}

func (s *server) telling(what tellArgument) computation[any] {
	return func(context.Context) (any, error) {
		s.showMessage(protocol.MessageTypeInfo, what.Message)
		return nil, nil
	}
}

// tellUser shows what the user has to know when an action is made.
func (s *server) tellUser(action codeactions.Action) {
	if action.Tells != "" {
		s.showMessage(protocol.MessageTypeInfo, action.Tells)
	}
}
