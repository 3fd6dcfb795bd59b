package lspcheck

import (
	"fmt"
	"strings"

	"dockerfile-ls/analysis/text"
)

// place is a range or a position in a message.
type place struct {
	path       string
	start, end text.Position
	span       bool // it is a range, which may end behind the last line
}

func before(a, b text.Position) bool {
	return a.Line < b.Line || a.Line == b.Line && a.Column < b.Column
}

// misplaced returns what of the places does not lie in a text.
func (d *documents) misplaced(v *version, places []place) []fault {
	var f fit
	for _, p := range places {
		if before(p.end, p.start) {
			f.fault(1, p.path, "ends before it starts")
		}
		why := d.outside(v, p.start, false)
		if why == "" && p.end != p.start {
			why = d.outside(v, p.end, p.span)
		}
		if why != "" {
			f.fault(1, p.path, "%s", why)
		}
	}
	return f.faults
}

// outside says why a position is none of the text; empty if it is one. A range may end at the start of the line behind
// the last one.
func (d *documents) outside(v *version, at text.Position, ends bool) string {
	lines := v.table()
	switch {
	case at.Line < 0 || at.Column < 0:
		return fmt.Sprintf("%d:%d is negative", at.Line, at.Column)
	case ends && at.Line == lines.Count() && at.Column == 0:
		return ""
	case at.Line >= lines.Count():
		return fmt.Sprintf("%d:%d is behind the last line; the text has %d", at.Line, at.Column, lines.Count())
	}
	nearest := lines.Position(lines.Offset(at, d.encoding), d.encoding)
	switch last := lines.Position(lines.Line(at.Line).End, d.encoding).Column; {
	case at.Column > last:
		return fmt.Sprintf("%d:%d is behind the end of the line, which has %d", at.Line, at.Column, last)
	case nearest != at:
		return fmt.Sprintf("%d:%d is inside of a character", at.Line, at.Column)
	}
	return ""
}

// target is what a place is in: a version of a document.
type target struct {
	uri    string
	number int
	known  bool // the message names the version
}

// targetOf finds the document that a node is about: the nearest around it that the message names, else the one that the
// request names.
func (s *scene) targetOf(n *node) target {
	for p := n.parent; p != nil; n, p = p, p.parent {
		uri, version := p.property("uri"), p.property("version")
		switch p.structure {
		case "TextDocumentEdit":
			uri, version = at(p.value, "textDocument.uri"), at(p.value, "textDocument.version")
		case "LocationLink":
			if strings.HasPrefix(n.key, "target") {
				uri = p.property("targetUri")
			}
		case "CallHierarchyIncomingCall":
			if n.key == "fromRanges" {
				uri = at(p.value, "from.uri")
			}
		case "":
			uri = p.key // of changes, or of related documents
		}
		if uri, ok := uri.(string); ok {
			number, known := clamped(version)
			return target{uri, number, known}
		}
	}
	for _, path := range []string{"textDocument.uri", "item.uri"} {
		if uri := textAt(s.params, path); uri != "" {
			return target{uri: uri}
		}
	}
	return target{}
}

// places checks the ranges and positions that the server sends.
func (s *scene) places() {
	in := map[target][]place{}
	var order []target
	version := target{}
	for _, n := range s.nodes {
		if n.structure == "PublishDiagnosticsParams" {
			version.uri = textAt(n.value, "uri")
			version.number, version.known = clamped(n.property("version"))
		}
		found := s.placesOf(n)
		if len(found) == 0 {
			continue
		}
		t := s.targetOf(n)
		if t.uri == version.uri {
			t = version // places that are related are of the same text
		}
		if _, seen := in[t]; !seen {
			order = append(order, t)
		}
		in[t] = append(in[t], found...)
	}
	if version.uri != "" && in[version] == nil {
		order = append(order, version) // without diagnostics, but with a version
	}
	for _, t := range order {
		s.placesIn(t, in[t])
	}
}

// placesIn checks the places in one document against the texts that the server may have had.
func (s *scene) placesIn(t target, places []place) {
	doc := s.documents.byURI[t.uri]
	if doc == nil || !doc.open {
		s.shaped(places)
		return
	}
	publishes := s.method == "textDocument/publishDiagnostics" && s.request == nil
	texts, ok := s.texts(doc, t, publishes)
	if !ok {
		return
	}
	var best []fault
	for i := range texts {
		wrong := s.documents.misplaced(&texts[i], places)
		if len(wrong) == 0 {
			if publishes {
				doc.published = max(doc.published, texts[i].clock)
			}
			return
		}
		if i == 0 || len(wrong) <= len(best) {
			best = wrong
		}
	}
	if doc.forgotten && !t.known {
		return // it may be about a text that is gone
	}
	for _, wrong := range best {
		s.wrong(wrong.path, "%s", wrong.message)
	}
}

// texts returns what the places can be about, oldest first. What a message says of a version must be about one that the
// client has sent; publications do not go back.
func (s *scene) texts(doc *document, t target, publishes bool) ([]version, bool) {
	clock := s.sent()
	if publishes {
		clock = doc.published
	}
	if !t.known {
		return doc.since(clock), true
	}
	if !publishes {
		clock = 0
	}
	texts := doc.numbered(t.number, clock)
	switch {
	case len(texts) > 0:
		return texts, true
	case len(doc.numbered(t.number, 0)) > 0:
		s.wrong("params.version", "goes back to %d", t.number)
	case !doc.forgotten:
		s.wrong("", "is about version %d of %s, which the client has not sent", t.number, t.uri)
	}
	return nil, false
}

// sent is the clock of the oldest text that the server may have looked at: for a result the one when it was asked, for a
// request of its own that of the oldest request it is working on.
func (s *scene) sent() int {
	if s.request != nil {
		return s.request.clock
	}
	clock := 0
	for _, r := range s.open[Client] {
		if clock == 0 || r.clock < clock {
			clock = r.clock
		}
	}
	return clock
}

// shaped checks places of a document that the client has not open.
func (s *scene) shaped(places []place) {
	for _, p := range places {
		if before(p.end, p.start) {
			s.wrong(p.path, "ends before it starts")
		}
	}
}

// clientPlaces checks the places that the client's params name themselves, against the newest text.
func (s *scene) clientPlaces() {
	uri := textAt(s.params, "textDocument.uri")
	doc := s.documents.byURI[uri]
	asks := s.method != "textDocument/didOpen" && strings.HasPrefix(s.method, "textDocument/did")
	if uri == "" || asks {
		return
	}
	if (doc == nil || !doc.open) && strings.HasPrefix(s.method, "textDocument/") {
		s.wrong("params.textDocument.uri", "%q is not open", uri)
		return
	}
	if doc == nil {
		return
	}
	for _, n := range s.nodes {
		if n.parent == nil || n.parent.parent != nil {
			continue
		}
		for _, wrong := range s.documents.misplaced(doc.newest(), s.placesOf(n)) {
			s.wrong(wrong.path, "%s", wrong.message)
		}
	}
}
