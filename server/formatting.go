package server

import (
	"context"
	"encoding/json"
	"strings"

	"go.lsp.dev/protocol"

	"dockerfile-ls/analysis/editorconfig"
	"dockerfile-ls/analysis/format"
	"dockerfile-ls/analysis/project"
	"dockerfile-ls/analysis/style"
	"dockerfile-ls/analysis/text"
)

// formatting is what a client has laid out besides documents and ranges of them: several ranges at once, and lines as they
// are begun.
type formatting struct{ manyRanges, lines bool }

// formattingCapabilities are the client's words for these facts.
type formattingCapabilities struct {
	RangeFormatting struct {
		Ranges bool `json:"rangesSupport"`
	} `json:"rangeFormatting"`
	OnTypeFormatting *json.RawMessage `json:"onTypeFormatting"`
}

func (c formattingCapabilities) formatting() formatting {
	return formatting{manyRanges: c.RangeFormatting.Ranges, lines: c.OnTypeFormatting != nil}
}

// offer adds what the server has for such a client. Neovim 0.7, Kate and ALE format documents and do not say so.
func (f formatting) offer(to *protocol.ServerCapabilities) {
	to.DocumentFormattingProvider = protocol.Boolean(true)
	to.DocumentRangeFormattingProvider = protocol.Boolean(true)
	if f.manyRanges {
		to.DocumentRangeFormattingProvider = &protocol.DocumentRangeFormattingOptions{RangesSupport: new(true)}
	}
	if f.lines {
		to.DocumentOnTypeFormattingProvider = protocol.DocumentOnTypeFormattingOptions{FirstTriggerCharacter: "\n"}
	}
}

// formattingParams are those of all requests that lay out, each with its own of the three places.
type formattingParams struct {
	TextDocument documentID  `json:"textDocument"`
	Position     position    `json:"position"`
	Range        textRange   `json:"range"`
	Ranges       []textRange `json:"ranges"`
	Options      struct {
		TabSize      number `json:"tabSize"`
		InsertSpaces bool   `json:"insertSpaces"`
	} `json:"options"`
}

// laidOut makes the edits of a document, which is left alone if the configuration leaves it out.
func (s *server) laidOut(
	params formattingParams, edits func(*document, format.Options) []text.Edit,
) (computation[[]protocol.TextEdit], error) {
	doc, in := s.documents[params.TextDocument.URI], s.gatherer.current()
	editor := &style.Editor{TabSize: int(params.Options.TabSize), Spaces: params.Options.InsertSpaces}
	return func(context.Context) ([]protocol.TextEdit, error) {
		if doc == nil || !doc.dockerfile {
			return nil, nil
		}
		options, ignored := s.styleOf(doc, in, editor)
		if ignored {
			return nil, nil
		}
		made := []protocol.TextEdit{}
		position := s.converter(doc).ascending()
		for _, e := range edits(doc, options) {
			made = append(made, protocol.TextEdit{
				Range: protocol.Range{Start: position(e.Start), End: position(e.End)}, NewText: e.New,
			})
		}
		return made, nil
	}, nil
}

// styleOf reads how a document is to be laid out, and whether the configuration leaves it out. It is read for each request,
// so that none is answered by what is not yet known, or no more.
func (s *server) styleOf(doc *document, in *workspace, editor *style.Editor) (o format.Options, ignored bool) {
	at, local := s.placeOf(doc.uri, in)
	if !local {
		return style.Of(in.editor.Format, editorconfig.Properties{}, editor), false
	}
	disk := project.Overlay{FS: at.disk, Texts: below(at.root, in.open)}
	config, folder, _ := s.configuration(disk, at.name, in.editor)
	said := editorconfig.Of(at.name, func(path string) (string, bool) {
		source := project.ReadText(disk, path)
		return source.Value, source.State == project.Known
	})
	name := strings.TrimPrefix(strings.TrimPrefix(at.name, folder), "/")
	return style.Of(config.Format, said, editor), config.Ignored(name)
}
