package server

import (
	"context"
	"runtime/debug"
	"slices"
	"time"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"dockerfile-ls/analysis/lint"
)

// publish tells the client the findings of the publisher's documents, one document at a time: it waits until the client
// has read one before it looks at the next, so that a slow client is told of fewer versions and never of an old one.
func (s *server) publish(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.publisher.wake:
		}
		for doc := s.publisher.next(); doc != nil; doc = s.publisher.next() {
			message, done := s.inTime(ctx, doc)
			if !done {
				continue
			}
			select {
			case <-ctx.Done():
				return
			case <-s.out.send(message):
			}
			if doc.snapshot != nil {
				s.gatherer.add(doc, itself) // the text may have made other files count
			}
		}
	}
}

// patience is how long the documents that wait are held up by one. Rules are stopped long before; what takes longer is a
// mistake elsewhere.
const patience = 10 * time.Second

// inTime is the message for a document; false if it takes too long. Then it is told when it has come, unless the document
// has changed by then.
func (s *server) inTime(ctx context.Context, doc *document) (message []byte, done bool) {
	made := make(chan []byte, 1)
	go func() { made <- s.tell(doc) }()
	select {
	case message = <-made:
		return message, true
	case <-ctx.Done():
		return nil, false
	case <-time.After(patience):
	}
	s.log.Error("the analysis takes very long", "document", doc.uri, "version", doc.version)
	s.start(func(context.Context) {
		<-made
		s.onLoop(func() {
			if s.documents[doc.uri] == doc {
				s.announce(doc)
			}
		})
	})
	return nil, false
}

// publication is the message for one document. It is nil if the analysis panics: the client keeps what it knows.
func (s *server) publication(doc *document) (message []byte) {
	defer func() {
		if reason := recover(); reason != nil {
			s.log.Error("panic", "document", doc.uri, "version", doc.version, "reason", reason, "stack",
				string(debug.Stack()))
		}
	}()
	params := &protocol.PublishDiagnosticsParams{URI: uri.URI(doc.uri), Diagnostics: []protocol.Diagnostic{}}
	if doc.snapshot != nil && !doc.around.ignored {
		params.Diagnostics = s.diagnostics(doc)
		if s.client.versions {
			params.Version = protocol.NewOptional(doc.version)
		}
	}
	raw, err := protocol.Marshal(params)
	if err != nil {
		panic(err)
	}
	return jsonrpc2.AppendNotification(nil, protocol.MethodTextDocumentPublishDiagnostics, raw)
}

func (s *server) diagnostics(doc *document) []protocol.Diagnostic {
	findings := doc.snapshot.Findings()
	doc.logged.Do(func() {
		for _, f := range doc.snapshot.Failures() {
			s.log.Error("panic", "rule", f.Rule.ID, "document", doc.uri, "version", doc.version, "reason",
				f.Reason, "stack", f.Stack)
		}
	})
	diagnostics := make([]protocol.Diagnostic, len(findings))
	for i, finding := range findings {
		diagnostics[i] = s.diagnosticOfFinding(doc, finding)
	}
	return diagnostics
}

// diagnosticOfFinding makes the code a string, as ALE drops diagnostics with numbers from its requests.
func (s *server) diagnosticOfFinding(doc *document, finding lint.Finding) protocol.Diagnostic {
	convert := s.converter(doc)
	diagnostic := protocol.Diagnostic{
		Range:    convert.rangeOfSpan(finding.Span),
		Severity: protocol.DiagnosticSeverity(finding.Severity),
		Code:     protocol.String(finding.Rule.ID),
		Source:   protocol.NewOptional(Name),
		Message:  protocol.String(finding.Message),
	}
	if s.client.descriptions {
		diagnostic.CodeDescription.Href = uri.URI(finding.Rule.Page())
	}
	if finding.Rule.Unnecessary && slices.Contains(s.client.tags, protocol.DiagnosticTagUnnecessary) {
		diagnostic.Tags = protocol.NewDiagnosticTags(protocol.DiagnosticTagUnnecessary)
	}
	if !s.client.related {
		return diagnostic
	}
	for _, related := range finding.Related {
		diagnostic.RelatedInformation = append(diagnostic.RelatedInformation, protocol.DiagnosticRelatedInformation{
			Location: protocol.Location{URI: uri.URI(doc.uri), Range: convert.rangeOfSpan(related.Span)},
			Message:  related.Message,
		})
	}
	return diagnostic
}
