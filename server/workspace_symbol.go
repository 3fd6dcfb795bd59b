package server

import (
	"context"
	"maps"
	"slices"
	"strings"

	"go.lsp.dev/protocol"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/outline"
)

type workspaceSymbolParams struct {
	Query string `json:"query"`
}

// workspaceSymbol is the stages that a query matches: those of all Dockerfiles of the workspace, of the open ones as they
// are open, and then of the others that are open.
func (s *server) workspaceSymbol(params workspaceSymbolParams) (computation[protocol.WorkspaceSymbolResult], error) {
	open := map[string]*document{}
	for name, doc := range s.documents {
		if path, ok := pathOfURI(name); ok {
			name = path
		}
		if doc.dockerfile {
			open[name] = doc
		}
	}
	in := s.gatherer.current()
	return func(ctx context.Context) (protocol.WorkspaceSymbolResult, error) {
		found := protocol.SymbolInformationSlice{}
		take := func(stages []protocol.SymbolInformation) {
			for _, stage := range stages {
				if outline.Matches(params.Query, stage.Name) {
					found = append(found, stage)
				}
			}
		}
		seen := map[string]bool{}
		err := s.eachDockerfile(ctx, in, func(path string) {
			seen[path] = true
			if doc := open[path]; doc != nil {
				take(s.stagesOf(doc.uri, doc.snapshot, in))
				return
			}
			take(s.symbols.of(path, in, s))
		})
		if err != nil {
			return nil, err
		}
		s.symbols.keep(seen)
		for _, name := range slices.Sorted(maps.Keys(open)) {
			if doc := open[name]; !seen[name] {
				take(s.stagesOf(doc.uri, doc.snapshot, in))
			}
		}
		return found, nil
	}, nil
}

// stagesOf is the stages of a Dockerfile, in the file as its folder knows it.
func (s *server) stagesOf(name string, snapshot *analysis.Snapshot, in *workspace) []protocol.SymbolInformation {
	container := baseName(name)
	if path, ok := pathOfURI(name); ok {
		for _, folder := range in.folders {
			if inside, ok := strings.CutPrefix(path, folder+"/"); ok {
				container = inside
			}
		}
	}
	c := converter{snapshot.Lines(), s.client.encoding}
	var stages []protocol.SymbolInformation
	for _, stage := range outline.Stages(snapshot.Model()) {
		stages = append(stages, c.information(name, container, stage))
	}
	return stages
}
