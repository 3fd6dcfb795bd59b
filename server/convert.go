package server

import (
	"math"

	"go.lsp.dev/protocol"

	"dockerfile-ls/analysis/text"
)

// converter converts between the byte offsets of one text and the positions of one client.
type converter struct {
	lines    *text.Lines
	encoding text.Encoding
}

func (s *server) converter(doc *document) converter {
	return converter{doc.snapshot.Lines(), s.client.encoding}
}

// spanOfRange clamps places outside the text into it. A range that ends before it starts is taken the other way round.
func (c converter) spanOfRange(r textRange) text.Span {
	start, end := c.offsetOfPosition(r.Start), c.offsetOfPosition(r.End)
	return text.Span{Start: min(start, end), End: max(start, end)}
}

func (c converter) offsetOfPosition(p position) int {
	return c.lines.Offset(text.Position{Line: whole(p.Line), Column: whole(p.Character)}, c.encoding)
}

// whole keeps what lies outside outside: text.Lines knows the nearest place.
func whole(number float64) int {
	return int(min(max(number, -1), math.MaxInt32))
}

func (c converter) rangeOfSpan(span text.Span) protocol.Range {
	return protocol.Range{Start: c.positionOfOffset(span.Start), End: c.positionOfOffset(span.End)}
}

// ascending is positionOfOffset for many offsets, each behind the one before.
func (c converter) ascending() func(offset int) protocol.Position {
	walk := c.lines.Walk(c.encoding)
	return func(offset int) protocol.Position {
		p := walk.Position(offset)
		return protocol.Position{Line: uint32(p.Line), Character: uint32(p.Column)}
	}
}

func (c converter) positionOfOffset(offset int) protocol.Position {
	p := c.lines.Position(offset, c.encoding)
	return protocol.Position{Line: uint32(p.Line), Character: uint32(p.Column)}
}
