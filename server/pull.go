package server

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"
)

// report is what the client is told of one document when it asks.
type report struct {
	items []protocol.Diagnostic
	id    string // the same for the same items
}

// errPushed is the answer to a client that asks although it is not offered that: it is pushed to, and would show everything
// twice.
var errPushed = jsonrpc2.NewError(jsonrpc2.MethodNotFound, "diagnostics are pushed to this client")

func (s *server) documentDiagnostic(
	params documentDiagnosticParams,
) (computation[protocol.DocumentDiagnosticReport], error) {
	if !s.client.pull {
		return nil, errPushed
	}
	doc, in := s.documents[params.TextDocument.URI], s.gatherer.current()
	return func(context.Context) (protocol.DocumentDiagnosticReport, error) {
		r := s.report(doc)
		if path, ok := in.holds(params.TextDocument.URI); ok && doc == nil {
			r = s.closed.report(path, in, s.reportOnDisk) // clients ask once more when a document is closed
		}
		if doc != nil && doc.dockerfile {
			s.gatherer.add(doc, itself) // the text may have made other files count
		}
		if r.id == params.PreviousResultID {
			unchanged := &protocol.RelatedUnchangedDocumentDiagnosticReport{}
			unchanged.UnchangedDocumentDiagnosticReport = unchangedReport(r)
			return unchanged, nil
		}
		full := &protocol.RelatedFullDocumentDiagnosticReport{}
		full.FullDocumentDiagnosticReport = fullReport(r)
		return full, nil
	}, nil
}

// report is the report for a document; an empty one for nil, and for what is no Dockerfile or left out.
func (s *server) report(doc *document) report {
	items := []protocol.Diagnostic{}
	if doc != nil && doc.dockerfile && !doc.around.ignored {
		items = s.diagnostics(doc)
	}
	return report{items, resultID(items)}
}

// resultID is a name for diagnostics that no others have.
func resultID(items []protocol.Diagnostic) string {
	raw, err := protocol.Marshal(&protocol.FullDocumentDiagnosticReport{Kind: "full", Items: items})
	if err != nil {
		panic(err)
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:8])
}

func fullReport(r report) protocol.FullDocumentDiagnosticReport {
	return protocol.FullDocumentDiagnosticReport{Kind: "full", ResultID: &r.id, Items: r.items}
}

func unchangedReport(r report) protocol.UnchangedDocumentDiagnosticReport {
	return protocol.UnchangedDocumentDiagnosticReport{Kind: "unchanged", ResultID: r.id}
}

// workspaceDiagnostic reports on all Dockerfiles of the workspace: those that are open as they are open, the others as they
// lie on the disk. With a token for partial results each is told when it is looked at.
func (s *server) workspaceDiagnostic(
	params workspaceDiagnosticParams,
) (computation[*protocol.WorkspaceDiagnosticReport], error) {
	if !s.client.pull {
		return nil, errPushed
	}
	open := map[string]*document{}
	for _, doc := range s.documents {
		if path, ok := pathOfURI(doc.uri); ok && doc.dockerfile {
			open[path] = doc
		}
	}
	previous := map[string]string{}
	for _, p := range params.PreviousResultIDs {
		previous[p.URI] = p.Value
	}
	in := s.gatherer.current()
	return func(ctx context.Context) (*protocol.WorkspaceDiagnosticReport, error) {
		progress := s.progress(params.WorkDoneToken, "Looking at all Dockerfiles")
		defer progress.end()
		all := []protocol.WorkspaceDocumentDiagnosticReport{}
		tell := func(one protocol.WorkspaceDocumentDiagnosticReport) {
			if params.PartialResultToken == nil {
				all = append(all, one)
				return
			}
			s.sendPartial(params.PartialResultToken, &protocol.WorkspaceDiagnosticReportPartialResult{
				Items: []protocol.WorkspaceDocumentDiagnosticReport{one},
			})
		}
		seen := map[string]bool{}
		err := s.eachDockerfile(ctx, in, func(path string) {
			progress.report(path)
			seen[path] = true
			tell(s.workspaceReport(path, open[path], in, previous))
		})
		if err == nil {
			s.closed.keep(seen)
			s.reportGone(seen, open, previous, tell)
		}
		return &protocol.WorkspaceDiagnosticReport{Items: all}, err
	}, nil
}

// reportGone reports files without findings that the client has findings of and that are not there any more: it forgets
// nothing by itself.
func (s *server) reportGone(
	seen map[string]bool, open map[string]*document, previous map[string]string,
	tell func(protocol.WorkspaceDocumentDiagnosticReport),
) {
	empty := s.report(nil)
	for _, name := range slices.Sorted(maps.Keys(previous)) {
		path, local := pathOfURI(name)
		if !local || seen[path] || open[path] != nil || previous[name] == empty.id {
			continue
		}
		tell(&protocol.WorkspaceFullDocumentDiagnosticReport{
			FullDocumentDiagnosticReport: fullReport(empty), URI: uri.URI(name),
		})
	}
}

// workspaceReport is the report for one file of the workspace; doc is nil if it is not open.
func (s *server) workspaceReport(
	path string, doc *document, in *workspace, previous map[string]string,
) protocol.WorkspaceDocumentDiagnosticReport {
	name, version := uri.File(path), (*int32)(nil)
	var r report
	if doc != nil {
		name, version = uri.URI(doc.uri), &doc.version
		r = s.report(doc)
	} else {
		r = s.closed.report(path, in, s.reportOnDisk)
	}
	if previous[string(name)] == r.id {
		return &protocol.WorkspaceUnchangedDocumentDiagnosticReport{
			UnchangedDocumentDiagnosticReport: unchangedReport(r), URI: name, Version: version,
		}
	}
	return &protocol.WorkspaceFullDocumentDiagnosticReport{
		FullDocumentDiagnosticReport: fullReport(r), URI: name, Version: version,
	}
}

// sendPartial sends a part of a result that the client takes in parts.
func (s *server) sendPartial(to token, value any) {
	raw, err := protocol.Marshal(value)
	if err != nil {
		panic(err)
	}
	s.sendProgress(to, raw)
}

func (s *server) sendProgress(to token, value json.RawMessage) {
	params, err := json.Marshal(map[string]json.RawMessage{"token": json.RawMessage(to), "value": value})
	if err != nil {
		panic(err)
	}
	s.out.send(jsonrpc2.AppendNotification(nil, protocol.MethodProgress, params))
}
