package server

import (
	"context"
	"encoding/json"
	"path"
	"slices"
	"strings"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"dockerfile-ls/analysis/settings"
	"dockerfile-ls/analysis/text"
	"dockerfile-ls/codeactions"
)

// codeAction finds its actions in the document alone. The diagnostics that clients send along have passed through their
// hands: some leave the code out, some the data, and Kate asks for the whole document at once.
func (s *server) codeAction(params codeActionParams) (computation[[]protocol.CommandOrCodeAction], error) {
	doc := s.current(params.TextDocument.URI)
	permitted, scans := s.permissionFor(settings.OnDemand), s.mayScan()
	return func(context.Context) (offers []protocol.CommandOrCodeAction, _ error) {
		if doc == nil || !doc.dockerfile {
			return nil, nil
		}
		for _, action := range s.narrowed(doc, params, s.actionsAt(doc, params.Range)) {
			if !s.client.wants(params.Context.Only, action.Kind) || !s.client.can(action) ||
				action.Asks != nil && !permitted.given || action.Scans != "" && !scans {
				continue
			}
			switch {
			case action.Hardens && s.client.literals:
				offers = append(offers, s.literalOfHardening(doc, params.Range, action))
			case action.Hardens:
				offers = append(offers, commandOfHardening(doc, action))
			case action.Scans != "" && s.client.literals:
				offers = append(offers, literalOfScan(doc, action))
			case action.Scans != "":
				offers = append(offers, commandOfScan(doc, action))
			case s.client.literals:
				offers = append(offers, s.literalOfAction(doc, params.Range, action))
			case s.client.applyEdit || len(action.Creates) > 0:
				offers = append(offers, commandOfAction(doc, params.Range, action))
			}
		}
		return offers, nil
	}, nil
}

func (s *server) actionsAt(doc *document, place textRange) []codeactions.Action {
	return codeactions.At(doc.snapshot, s.converter(doc).spanOfRange(place))
}

// narrowed are the first actions for each of the findings that a request for the whole document names; all of them if it
// names none of ours. Kate 22.12 asks so for a quick fix, and makes everything that it gets.
func (s *server) narrowed(doc *document, params codeActionParams, actions []codeactions.Action) []codeactions.Action {
	convert := s.converter(doc)
	if whole := convert.spanOfRange(params.Range); len(params.Context.Only) > 0 || whole.Len() < len(doc.snapshot.Text()) {
		return actions
	}
	var first []codeactions.Action
	for _, named := range params.Context.Diagnostics {
		i := slices.IndexFunc(actions, func(a codeactions.Action) bool {
			return a.Mends != nil && a.Refused == "" && named.Message == a.Mends.Message &&
				convert.spanOfRange(named.Range) == a.Mends.Span
		})
		if i >= 0 {
			first = append(first, actions[i])
		}
	}
	if len(first) == 0 {
		return actions
	}
	return first
}

// can reports whether there is a way to do, or to show, an action with the client.
func (c client) can(action codeactions.Action) bool {
	switch {
	case action.Refused != "":
		return c.disabled
	case len(action.Creates) > 0:
		return c.literals && c.createFile || c.commands && (c.applyEdit || len(action.Edits)+len(action.Others) == 0)
	case action.Hardens:
		return c.applyEdit && (c.commands || !c.literals) || c.lazyEdits && c.createFile && !c.commands
	case action.Scans != "":
		return c.commands || !c.literals && c.applyEdit
	case action.Asks != nil:
		return c.lazyEdits || c.applyEdit && (c.commands || !c.literals)
	}
	return true
}

// wanted reports whether a client that asks for some kinds only asks for this one. Kinds are hierarchical, and the empty
// one is above all others.
//
// Actions on the whole source are for a client that asks for them, and in a menu of everything only if they cost nothing
// there.
func (c client) wants(only []string, kind codeactions.Kind) bool {
	if len(only) == 0 {
		return c.lazyEdits || !strings.HasPrefix(string(kind), "source.")
	}
	return slices.ContainsFunc(only, func(asked string) bool {
		return asked == "" || asked == string(kind) || strings.HasPrefix(string(kind), asked+".")
	})
}

// resolveCodeAction adds the edit to an action that was offered without one.
func (s *server) resolveCodeAction(params resolveParams) (computation[*protocol.CodeAction], error) {
	wanted := params.Data
	doc, err := s.open(wanted.URI)
	if err != nil {
		return nil, err
	}
	permitted := s.permissionFor(settings.OnDemand)
	return func(ctx context.Context) (*protocol.CodeAction, error) {
		action, err := s.offered(doc, wanted)
		if err != nil {
			return nil, err
		}
		if action.Hardens {
			return s.resolveHardening(ctx, doc, wanted, action, permitted)
		}
		if action, err = s.answer(ctx, doc, action, permitted); err != nil {
			return nil, err
		}
		literal := s.literalOfAction(doc, wanted.Range, action)
		literal.Edit = s.workspaceEdit(doc, action.Made())
		if s.client.lazyCommands && action.Tells != "" {
			literal.Command = *commandOfTelling(action)
		} else {
			s.tellUser(action) // early, if the client resolves what it only previews
		}
		return literal, nil
	}, nil
}

// offered finds an action again that was offered for the same version of a document.
func (s *server) offered(doc *document, wanted applyArgument) (codeactions.Action, error) {
	if int32(wanted.Version) != doc.version {
		return codeactions.Action{}, jsonrpc2.Errorf(codeContentModified,
			"%q was offered for another version of the document: ask again", wanted.Title)
	}
	actions := s.actionsAt(doc, wanted.Range)
	i := slices.IndexFunc(actions, func(a codeactions.Action) bool {
		return a.Title == wanted.Title && a.Nth == int(wanted.Nth) && a.Refused == ""
	})
	if i < 0 {
		return codeactions.Action{}, failed("%q is no longer possible here: the document has changed", wanted.Title)
	}
	return actions[i], nil
}

// literalOfAction makes an action without its edit if the client asks for that later.
func (s *server) literalOfAction(doc *document, place textRange, action codeactions.Action) *protocol.CodeAction {
	literal := &protocol.CodeAction{
		Title: action.Title,
		Kind:  new(protocol.CodeActionKind(action.Kind)),
	}
	switch {
	case action.Refused != "":
		literal.Disabled.Reason = action.Refused
	case len(action.Creates) > 0 && !s.client.createFile, action.Asks != nil && !s.client.lazyEdits:
		literal.Command = *commandOfAction(doc, place, action)
	case s.client.lazyEdits:
		literal.Data = offer(doc, place, action)
	default:
		literal.Edit = s.workspaceEdit(doc, action.Made())
		if action.Tells != "" && s.client.commands {
			literal.Command = *commandOfTelling(action)
		}
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
	return &protocol.Command{
		Title: action.Title, Command: applyCommand, Arguments: []protocol.LSPAny{offer(doc, place, action)},
	}
}

// offer says where an action was offered, for resolve and for the command.
func offer(doc *document, place textRange, action codeactions.Action) protocol.LSPAny {
	return argument(applyArgument{doc.uri, number(doc.version), place, action.Title, number(action.Nth)})
}

// argument is the argument of a command as the wire has it.
func argument(of any) protocol.LSPAny {
	raw, err := json.Marshal(of)
	if err != nil {
		panic(err)
	}
	return raw
}

// fileEdits are the edits of one file of an action. The version is that of the document, or nil for other files, which
// need not be open, and for clients that take none.
type fileEdits struct {
	name    uri.URI
	version *int32
	edits   []protocol.TextEdit
}

// edited are the files that an action changes, the document first.
func (s *server) edited(doc *document, action codeactions.Action) []fileEdits {
	var files []fileEdits
	if len(action.Edits) > 0 || len(action.Others)+len(action.Creates) == 0 {
		file := fileEdits{name: uri.URI(doc.uri), edits: []protocol.TextEdit{}}
		if s.client.documentChanges {
			file.version = new(doc.version)
		}
		for _, edit := range action.Edits {
			file.edits = append(file.edits, s.textEditOfEdit(doc, edit))
		}
		files = append(files, file)
	}
	for _, other := range action.Others {
		file := fileEdits{name: uri.File(path.Join(doc.around.root, other.Path))}
		places := converter{text.NewLines(other.Text), s.client.encoding}
		for _, edit := range other.Edits {
			file.edits = append(file.edits, protocol.TextEdit{Range: places.rangeOfSpan(edit.Span), NewText: edit.New})
		}
		files = append(files, file)
	}
	return files
}

// workspaceEdit is the edit of an action in the form that the client knows. One that is not safe says so, where the client
// shows it.
func (s *server) workspaceEdit(doc *document, action codeactions.Action) *protocol.WorkspaceEdit {
	files := s.edited(doc, action)
	if len(action.Creates) == 0 && !s.client.documentChanges {
		whole := &protocol.WorkspaceEdit{Changes: map[uri.URI][]protocol.TextEdit{}}
		for _, file := range files {
			whole.Changes[file.name] = file.edits
		}
		return whole
	}
	whole := s.creation(doc, action)
	annotated := s.client.annotations && action.Risk == codeactions.Risky && len(files) > 0
	for _, file := range files {
		change := &protocol.TextDocumentEdit{}
		change.TextDocument.URI, change.TextDocument.Version = file.name, file.version
		for _, edit := range file.edits {
			if annotated {
				change.Edits = append(change.Edits, &protocol.AnnotatedTextEdit{
					TextEdit: edit, AnnotationID: riskAnnotation,
				})
				continue
			}
			change.Edits = append(change.Edits, &edit)
		}
		whole.DocumentChanges = append(whole.DocumentChanges, change)
	}
	if annotated {
		annotation := protocol.ChangeAnnotation{Label: action.Title}
		if about := action.Description(); about != "" {
			annotation.Description = new(about)
		}
		whole.ChangeAnnotations = map[protocol.ChangeAnnotationIdentifier]protocol.ChangeAnnotation{
			riskAnnotation: annotation,
		}
	}
	return whole
}

// riskAnnotation is the name of the only annotation of an edit.
const riskAnnotation = "risk"

func (s *server) textEditOfEdit(doc *document, edit text.Edit) protocol.TextEdit {
	return protocol.TextEdit{Range: s.converter(doc).rangeOfSpan(edit.Span), NewText: edit.New}
}
