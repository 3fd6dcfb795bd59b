package server

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"time"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"

	"dockerfile-ls/analysis/image"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/codeactions"
)

// scanCommand has an image scanned. Its only argument is a scanArgument.
const scanCommand = Name + ".scan"

// scanArgument names an open Dockerfile and an image: one that it starts from, or one that was built of it. What is found
// stands at the FROM of the one, or of the final stage.
type scanArgument struct {
	URI   string `json:"uri"`
	Image string `json:"image"`
}

// scanPatience is how long a scanner may take: it may have to fetch its database and the image.
const scanPatience = 10 * time.Minute

// mayScan reports whether a scanner can be run: not in a workspace that the user does not trust.
func (s *server) mayScan() bool {
	return s.scanner != nil && (s.trusted == nil || *s.trusted)
}

// scan runs the scanner that the user has installed, on the user's act.
func (s *server) scan(wanted scanArgument) (computation[any], error) {
	if !s.mayScan() {
		return nil, failed("nothing is scanned in a workspace that is not trusted")
	}
	doc, err := s.open(wanted.URI)
	if err != nil {
		return nil, err
	}
	path := s.editor.Scanner.Path
	return func(ctx context.Context) (any, error) {
		base, ok := baseFor(doc, wanted.Image)
		if !ok {
			return nil, failed("%s has no FROM", baseName(doc.uri))
		}
		ctx, done := context.WithTimeoutCause(ctx, scanPatience,
			fmt.Errorf("the scanner has taken more than %s: run it by hand", scanPatience))
		defer done()
		scan, err := s.scanShown(ctx, path, wanted.Image)
		if ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		switch {
		case errors.Is(err, context.Canceled):
			return nil, err // by the client's request, or where it shows the progress
		case err != nil:
			s.showMessage(protocol.MessageTypeError, err.Error())
			return nil, failed("%s", err)
		}
		s.showMessage(protocol.MessageTypeInfo, summary(scan))
		s.onLoop(func() { s.scanned(doc.uri, base, scan) })
		return nil, nil
	}, nil
}

// scanShown scans, and shows that it does; the user may stop it there.
func (s *server) scanShown(ctx context.Context, path, reference string) (image.Scan, error) {
	s.programs.Add(1)
	defer s.programs.Done()
	ctx, end := s.show(ctx, "Scanning "+image.Short(reference))
	defer end()
	return s.scanner.Scan(ctx, path, reference)
}

// baseFor is the FROM at which the findings of an image stand, as lint.Facts.Scans has it: of the stage that starts from it,
// else of the final one.
func baseFor(doc *document, reference string) (string, bool) {
	if doc.snapshot == nil || !doc.dockerfile {
		return "", false
	}
	m := doc.snapshot.Model()
	for _, stage := range m.Stages {
		if _, external := m.External(stage); external && m.Base(stage) == reference {
			return lint.ScanKey(m, stage), true
		}
	}
	final := m.Final()
	if final == nil {
		return "", false
	}
	return lint.ScanKey(m, final), true
}

// summary is what the user is told when a scan is done.
func summary(scan image.Scan) string {
	var parts []string
	for _, harm := range image.Harms() {
		if n := scan.Count(harm); n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, harm))
		}
	}
	if len(parts) == 0 {
		return fmt.Sprintf("%s knows of no vulnerability in %s.", scan.Scanner, image.Short(scan.Image))
	}
	return fmt.Sprintf("%s in %s: %s.", scan.Scanner, image.Short(scan.Image), strings.Join(parts, ", "))
}

// scanned takes what was found for a FROM of a document, until the next scan of it, or until the line is another one.
func (s *server) scanned(uri, base string, scan image.Scan) {
	doc := s.documents[uri]
	if doc == nil || !doc.dockerfile {
		return
	}
	scans := maps.Clone(s.scans[uri])
	if scans == nil {
		scans = map[string]image.Scan{}
	}
	scans[base] = scan
	s.scans[uri] = scans
	s.take(doc.within(s.knowing(uri, doc.around)))
	s.refresh()
}

// literalOfScan is a code action that runs the command.
func literalOfScan(doc *document, action codeactions.Action) *protocol.CodeAction {
	return &protocol.CodeAction{Title: action.Title, Command: *commandOfScan(doc, action)}
}

func commandOfScan(doc *document, action codeactions.Action) *protocol.Command {
	return &protocol.Command{Title: action.Title, Command: scanCommand, Arguments: []protocol.LSPAny{
		argument(scanArgument{doc.uri, action.Scans}),
	}}
}

// decodeOnly reads the only argument of a command.
func decodeOnly[A any](params executeCommandParams) (A, error) {
	if len(params.Arguments) != 1 {
		var none A
		return none, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "%s takes one argument", params.Command)
	}
	return decode[A](params.Arguments[0])
}
