package server

import (
	"context"
	"path"
	"strings"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"dockerfile-ls/analysis/navigate"
	"dockerfile-ls/analysis/project"
	"dockerfile-ls/analysis/text"
)

// definition leads to what the name at a position has its meaning from, and from a source of COPY or ADD to the file.
func (s *server) definition(params navigateParams) (computation[protocol.DefinitionResult], error) {
	doc := s.documents[params.TextDocument.URI]
	return func(context.Context) (protocol.DefinitionResult, error) {
		if doc == nil || !doc.dockerfile {
			return nil, nil
		}
		m, offset := doc.snapshot.Model(), s.converter(doc).offsetOfPosition(params.Position)
		if symbol := navigate.At(m, offset); symbol != nil {
			return s.targets(doc, symbol.At.Span, symbol.Definitions), nil
		}
		source, ok := navigate.SourceAt(m, offset)
		if !ok {
			return nil, nil
		}
		return s.filesTaken(doc, source), nil
	}, nil
}

// declaration leads to where the name at a position is declared first.
func (s *server) declaration(doc *document, symbol *navigate.Symbol, _ navigateParams) (protocol.DeclarationResult, error) {
	if s.client.declarationLinks {
		links, _ := s.links(doc, symbol.At.Span, symbol.Declarations).(protocol.DefinitionLinkSlice)
		var found protocol.DeclarationLinkSlice
		for _, link := range links {
			found = append(found, protocol.DeclarationLink(link))
		}
		return found, nil
	}
	return s.locations(doc, symbol.Declarations), nil
}

func (s *server) targets(doc *document, from text.Span, targets []navigate.Target) protocol.DefinitionResult {
	if s.client.definitionLinks {
		return s.links(doc, from, targets)
	}
	return s.locations(doc, targets)
}

func (s *server) locations(doc *document, targets []navigate.Target) protocol.LocationSlice {
	found := protocol.LocationSlice{}
	for _, target := range targets {
		found = append(found, s.locationOf(doc, target.Name))
	}
	return found
}

func (s *server) links(doc *document, from text.Span, targets []navigate.Target) protocol.DefinitionResult {
	convert := s.converter(doc)
	found := protocol.DefinitionLinkSlice{}
	for _, target := range targets {
		found = append(found, protocol.DefinitionLink{
			OriginSelectionRange: new(convert.rangeOfSpan(from)),
			TargetURI:            uri.URI(doc.uri),
			TargetRange:          convert.rangeOfSpan(target.Whole),
			TargetSelectionRange: convert.rangeOfSpan(target.Name),
		})
	}
	return found
}

// maxTaken is how many files of one source are led to.
const maxTaken = 50

// filesTaken leads to the files that a source takes, as far as they were seen when the surroundings were read. A folder
// cannot be opened.
func (s *server) filesTaken(doc *document, source navigate.Source) protocol.DefinitionResult {
	links, locations := protocol.DefinitionLinkSlice{}, protocol.LocationSlice{}
	for _, file := range filesOf(doc, source) {
		locations = append(locations, protocol.Location{URI: file})
		links = append(links, protocol.DefinitionLink{
			OriginSelectionRange: new(s.converter(doc).rangeOfSpan(source.Span)), TargetURI: file,
		})
	}
	if s.client.definitionLinks {
		return links
	}
	return locations
}

// filesOf are the files that a source names itself, or by a pattern: not what is in a folder.
func filesOf(doc *document, source navigate.Source) []uri.URI {
	around := doc.around.facts.Project
	if around == nil || around.Context.State != project.Known {
		return nil
	}
	if name, plain := around.Leads(source.Path); plain {
		return []uri.URI{uri.File(path.Join(doc.around.root, name))}
	}
	var files []uri.URI
	folder := strings.TrimPrefix(path.Join("/", source.Path), "/") + "/"
	for _, name := range around.Takes(project.Copy{Source: source.Path, Parents: source.Parents}).Files {
		if len(files) < maxTaken && folder != "/" && !strings.HasPrefix(name, folder) {
			files = append(files, uri.File(path.Join(doc.around.root, around.Context.Root, name)))
		}
	}
	return files
}
