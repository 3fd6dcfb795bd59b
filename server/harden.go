package server

import (
	"context"
	"fmt"
	"maps"
	"strings"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/image"
	"dockerfile-ls/analysis/project"
	"dockerfile-ls/analysis/settings"
	"dockerfile-ls/codeactions"
)

// hardenCommand makes everything that mends a finding of a Dockerfile. Its only argument is a hardenArgument.
const hardenCommand = Name + ".harden"

// hardenArgument names an open Dockerfile.
type hardenArgument struct {
	URI string `json:"uri"`
}

// harden hardens a document, and has the client make one edit of it all.
func (s *server) harden(wanted hardenArgument) (computation[any], error) {
	doc, err := s.open(wanted.URI)
	if err != nil {
		return nil, err
	}
	permitted := s.permissionFor(settings.OnDemand)
	return func(ctx context.Context) (any, error) {
		result, err := s.hardened(ctx, doc, permitted)
		if err != nil || len(result.Steps) == 0 {
			return nil, err
		}
		return nil, s.make(ctx, doc, result.Action)
	}, nil
}

// hardened is what the user wants of what a document becomes: asked about what is risky where the client can, and told of
// what cannot be made. It has no steps if there is nothing to do, or if the user wants none.
func (s *server) hardened(ctx context.Context, doc *document, permitted permission) (codeactions.Hardened, error) {
	var none codeactions.Hardened
	if !doc.dockerfile {
		return none, failed("%s is no Dockerfile", baseName(doc.uri))
	}
	hardener := s.hardener(ctx, doc, permitted)
	result := hardener.Harden(doc.snapshot)
	s.onLoop(func() { s.learn(result.After.Facts().Images) })
	if err := ctx.Err(); err != nil {
		return none, err
	}
	if result.Refused != "" {
		return none, s.refuse(baseName(doc.uri) + " cannot be hardened: " + result.Refused)
	}
	if len(result.Unasked) > 0 {
		// one message, however many images there are
		s.showMessage(protocol.MessageTypeWarning, strings.Join(result.Unasked, " "))
	}
	if len(result.Steps) == 0 {
		s.showMessage(protocol.MessageTypeInfo, "There is nothing to harden in "+baseName(doc.uri)+".")
		return none, nil
	}
	chosen, err := s.chooseRisk(ctx, doc, result)
	switch {
	case err != nil || chosen == nothing:
		return none, err
	case !s.isCurrent(ctx, doc):
		return none, jsonrpc2.Errorf(codeContentModified, "the document has changed while it was hardened: ask again")
	case chosen == careful:
		hardener.Careful = true
		result = hardener.Harden(doc.snapshot.Knowing(result.After.Facts().Images)) // nobody is asked twice
	}
	return result, nil
}

// refuse shows why a command is not possible, and is the answer to it.
func (s *server) refuse(reason string) error {
	s.showMessage(protocol.MessageTypeError, reason)
	return failed("%s", reason)
}

// hardener looks at the disk as the client sees it, and asks registries if that is permitted.
func (s *server) hardener(ctx context.Context, doc *document, permitted permission) codeactions.Hardener {
	at, open := doc.around, s.gatherer.current().open
	hardener := codeactions.Hardener{}
	if at.root != "" {
		hardener.Look = func(version *analysis.Snapshot, texts map[string]string) *project.Surroundings {
			over := below(at.root, open)
			maps.Copy(over, texts)
			request := analysis.Request(version.Model(), at.request.Dockerfile, at.request.Context)
			return project.Read(project.Overlay{FS: s.gatherer.disk(at.root), Texts: over}, request)
		}
	}
	if permitted.given {
		hardener.Ask = func(q image.Question) (image.Facts, error) {
			q.Access = permitted.access
			return s.askShown(ctx, q)
		}
	}
	return hardener
}

// choice is how much of what would be made the user wants.
type choice int

const (
	nothing choice = iota
	careful
	everything
)

// chooseRisk names what is risky, one by one, and asks the user. A client that cannot ask has everything made: the user has
// chosen that, and the edit says what it is made of.
func (s *server) chooseRisk(ctx context.Context, doc *document, result codeactions.Hardened) (choice, error) {
	var risky []string
	for _, step := range result.Steps {
		if step.Risk == codeactions.Risky {
			risky = append(risky, step.Title)
		}
	}
	if len(risky) == 0 || !s.client.questions {
		return everything, nil
	}
	all := fmt.Sprintf("Make all %d changes", len(result.Steps))
	safe := fmt.Sprintf("Only the %d others", len(result.Steps)-len(risky))
	question := &protocol.ShowMessageRequestParams{
		Type: protocol.MessageTypeWarning,
		Message: fmt.Sprintf("%d of %d changes of %s may change more than they name: %s.",
			len(risky), len(result.Steps), baseName(doc.uri), strings.Join(risky, "; ")),
		Actions: []protocol.MessageActionItem{{Title: all}, {Title: safe}},
	}
	if len(risky) == len(result.Steps) {
		question.Actions = question.Actions[:1]
	}
	var answer *protocol.MessageActionItem
	if err := protocol.Call(ctx, s.conn, protocol.MethodWindowShowMessageRequest, question, &answer); err != nil {
		return nothing, err
	}
	switch {
	case answer == nil:
		return nothing, nil
	case answer.Title == all:
		return everything, nil
	case answer.Title == safe:
		return careful, nil
	}
	return nothing, nil
}

// literalOfHardening is a code action that runs the command, or one whose edit a client without commands asks for.
func (s *server) literalOfHardening(doc *document, place textRange, action codeactions.Action) *protocol.CodeAction {
	literal := &protocol.CodeAction{Title: action.Title, Kind: new(protocol.CodeActionKind(action.Kind))}
	switch {
	case action.Refused != "":
		literal.Disabled.Reason = action.Refused
	case s.client.commands:
		literal.Command = *commandOfHardening(doc, action)
	default:
		literal.Data = offer(doc, place, action)
	}
	return literal
}

// resolveHardening adds the edit; without one there is nothing to do, or the user does not want it.
func (s *server) resolveHardening(
	ctx context.Context, doc *document, wanted applyArgument, action codeactions.Action, permitted permission,
) (*protocol.CodeAction, error) {
	result, err := s.hardened(ctx, doc, permitted)
	if err != nil {
		return nil, err
	}
	literal := s.literalOfHardening(doc, wanted.Range, action)
	if len(result.Steps) > 0 {
		literal.Edit = s.workspaceEdit(doc, result.Action)
		s.tellUser(result.Action)
	}
	return literal, nil
}

func commandOfHardening(doc *document, action codeactions.Action) *protocol.Command {
	return &protocol.Command{
		Title: action.Title, Command: hardenCommand, Arguments: []protocol.LSPAny{argument(hardenArgument{doc.uri})},
	}
}
