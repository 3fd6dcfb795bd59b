package lspcheck

import (
	"slices"

	"dockerfile-ls/analysis/text"
)

// placesOf reads the place that a node is.
func (s *scene) placesOf(n *node) []place {
	if s.echoed(n) {
		return nil
	}
	switch n.structure {
	case "Range":
		if p, ok := rangeOf(n.value); ok {
			p.path = n.path
			return []place{p}
		}
	case "Position":
		if p, ok := positionOf(n.value); ok && (n.parent == nil || n.parent.structure != "Range") {
			return []place{{path: n.path, start: p, end: p}}
		}
	case "FoldingRange":
		return folds(n)
	case "SemanticTokens":
		return tokens(n)
	}
	return nil
}

// folds reads lines; a column that is not there is the end of its line, and so is left out.
func folds(n *node) []place {
	start, ok := clamped(n.property("startLine"))
	end, ok2 := clamped(n.property("endLine"))
	if !ok || !ok2 {
		return nil
	}
	from, _ := clamped(n.property("startCharacter"))
	to, there := clamped(n.property("endCharacter"))
	if !there && start == end {
		to = from
	}
	return []place{{n.path, text.Position{Line: start, Column: from}, text.Position{Line: end, Column: to}, false}}
}

// tokens reads the relative places of semantic tokens (LSP 3.18, Semantic Tokens, Integer Encoding).
func tokens(n *node) []place {
	data := array(n.property("data"))
	var places []place
	var at text.Position
	for i := 0; i+5 <= len(data); i += 5 {
		down, _ := clamped(data[i])
		right, _ := clamped(data[i+1])
		length, _ := clamped(data[i+2])
		if down != 0 {
			at = text.Position{Line: at.Line + down}
		}
		at.Column += right
		places = append(places, place{
			spot{path: n.path + ".data"}.at(i).path, at, text.Position{Line: at.Line, Column: at.Column + length}, false,
		})
	}
	return places
}

// echoed reports whether a node stands in a diagnostic of a code action that the client itself has sent.
func (s *scene) echoed(n *node) bool {
	for ; n != nil; n = n.parent {
		if n.structure == "Diagnostic" && n.parent != nil && n.parent.structure == "CodeAction" {
			return slices.ContainsFunc(array(at(s.params, "context.diagnostics")), func(d any) bool {
				return equal(d, n.value)
			}) ||
				slices.ContainsFunc(array(at(s.params, "diagnostics")), func(d any) bool { return equal(d, n.value) })
		}
	}
	return false
}
