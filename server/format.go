package server

import (
	"slices"

	"go.lsp.dev/protocol"

	"dockerfile-ls/analysis/format"
	"dockerfile-ls/analysis/text"
)

// formatDocument lays out the whole document.
func (s *server) formatDocument(params formattingParams) (computation[[]protocol.TextEdit], error) {
	return s.laidOut(params, func(doc *document, o format.Options) []text.Edit {
		return format.Format(doc.snapshot.Model(), o)
	})
}

// formatRange lays out the lines of a range.
func (s *server) formatRange(params formattingParams) (computation[[]protocol.TextEdit], error) {
	params.Ranges = []textRange{params.Range}
	return s.formatRanges(params)
}

// formatRanges makes the edits all of whose lines lie in one of some ranges: each edit is right without the others.
func (s *server) formatRanges(params formattingParams) (computation[[]protocol.TextEdit], error) {
	return s.laidOut(params, func(doc *document, o format.Options) []text.Edit {
		lines := doc.snapshot.Lines()
		var wanted []text.Span // of lines
		for _, r := range params.Ranges {
			span := s.converter(doc).spanOfRange(r)
			first, last := lines.LineAt(span.Start), lines.LineAt(span.End)
			if last > first && lines.Start(last) == span.End {
				last-- // it ends in front of that line
			}
			wanted = append(wanted, text.Span{Start: first, End: last})
		}
		return slices.DeleteFunc(format.Format(doc.snapshot.Model(), o), func(e text.Edit) bool {
			of := text.Span{Start: lines.LineAt(e.Start), End: lines.LineAt(max(e.Start, e.End-1))}
			return !slices.ContainsFunc(wanted, func(w text.Span) bool { return w.Contains(of) })
		})
	})
}

// formatLine indents a line that was begun behind a continuation.
func (s *server) formatLine(params formattingParams) (computation[[]protocol.TextEdit], error) {
	return s.laidOut(params, func(doc *document, o format.Options) []text.Edit {
		offset := s.converter(doc).offsetOfPosition(params.Position)
		if edit, ok := format.NewLine(doc.snapshot.Model(), offset, o); ok {
			return []text.Edit{edit}
		}
		return nil
	})
}
