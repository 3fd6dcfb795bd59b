package lspcheck

import (
	"dockerfile-ls/analysis/text"
)

// documents are the texts that the client has sent (LSP 3.18, Text Document Synchronization).
type documents struct {
	byURI    map[string]*document
	encoding text.Encoding
	clock    int // counts the texts of all documents
}

// document is what the client has made of one URI. A server may be late, so that older texts are kept: at most maxTexts,
// and at most maxBytes of them.
type document struct {
	open      bool
	texts     []version // the newest last
	published int       // the clock of the oldest text that the last publication can be about
	forgotten bool      // older texts were dropped
}

const (
	maxTexts = 4096
	maxBytes = 64 << 20
)

// version is one text of a document.
type version struct {
	number int
	known  bool // the client has numbered it
	clock  int
	text   string
	lines  *text.Lines // made when it is asked for
}

func (v *version) table() *text.Lines {
	if v.lines == nil {
		v.lines = text.NewLines(v.text)
	}
	return v.lines
}

func (d *document) newest() *version { return &d.texts[len(d.texts)-1] }

// since returns the texts that were current at the clock or later.
func (d *document) since(clock int) []version {
	at := len(d.texts) - 1
	for at > 0 && d.texts[at].clock > clock {
		at--
	}
	return d.texts[at:]
}

// numbered returns the texts with a version, of those from the clock on. One that the client has not numbered may have any.
func (d *document) numbered(number, clock int) []version {
	var found []version
	for _, v := range d.texts {
		if (v.number == number || !v.known) && v.clock >= clock {
			found = append(found, v)
		}
	}
	return found
}

func (d *document) add(v version) {
	d.texts = append(d.texts, v)
	bytes := 0
	for i := len(d.texts) - 1; i >= 0; i-- {
		bytes += len(d.texts[i].text)
		if i < len(d.texts)-1 && (len(d.texts)-i > maxTexts || bytes > maxBytes) {
			d.texts, d.forgotten = append([]version(nil), d.texts[i+1:]...), true
			return
		}
	}
}

// follow takes what a notification of the client does to its documents.
func (d *documents) follow(c *Checker, e envelope) {
	uri, ok := at(e.params, "textDocument.uri").(string)
	if !ok {
		return
	}
	doc := d.byURI[uri]
	switch e.method {
	case "textDocument/didOpen":
		d.opened(c, e, uri)
	case "textDocument/didChange", "textDocument/didClose", "textDocument/didSave":
		if doc == nil || !doc.open {
			c.note(e.from, e.method, "params.textDocument.uri", "%q is not open", uri)
			return
		}
	}
	switch e.method {
	case "textDocument/didChange":
		d.changed(c, e, doc)
	case "textDocument/didClose":
		doc.open = false
	}
}

// opened also takes a document that is open: its text is replaced.
func (d *documents) opened(c *Checker, e envelope, uri string) {
	content, ok := at(e.params, "textDocument.text").(string)
	if !ok {
		return // noted already
	}
	doc := d.byURI[uri]
	if doc == nil {
		doc = &document{}
		d.byURI[uri] = doc
	}
	if doc.open {
		c.note(e.from, e.method, "params.textDocument.uri", "%q is open already", uri)
	}
	doc.open = true
	d.put(doc, e, content)
}

func (d *documents) put(doc *document, e envelope, content string) {
	d.clock++
	number, known := clamped(at(e.params, "textDocument.version"))
	doc.add(version{number: number, known: known, clock: d.clock, text: content})
}

// changed makes all changes of a notification or none.
func (d *documents) changed(c *Checker, e envelope, doc *document) {
	last := doc.newest()
	if number, ok := clamped(at(e.params, "textDocument.version")); ok && last.known && number <= last.number {
		c.note(e.from, e.method, "params.textDocument.version", "is %d after %d", number, last.number)
	}
	content := last.text
	for i, change := range array(at(e.params, "contentChanges")) {
		next, ok := d.apply(c, e, i, content, object(change))
		if !ok {
			return // noted already
		}
		content = next
	}
	d.put(doc, e, content)
}

// apply makes one change as a tolerant server does: what lies outside is moved inside, and what ends before it starts is
// turned round.
func (d *documents) apply(c *Checker, e envelope, index int, content string, change map[string]any) (string, bool) {
	inserted, ok := change["text"].(string)
	if !ok {
		return content, false
	}
	if change["range"] == nil {
		return inserted, true
	}
	r, ok := rangeOf(change["range"])
	if !ok {
		return content, false
	}
	v := version{text: content}
	r.path = spot{path: "params.contentChanges"}.at(index).in("range").path
	for _, wrong := range d.misplaced(&v, []place{r}) {
		c.note(e.from, e.method, wrong.path, "%s", wrong.message)
	}
	start, end := v.table().Offset(r.start, d.encoding), v.table().Offset(r.end, d.encoding)
	start, end = min(start, end), max(start, end)
	return content[:start] + inserted + content[end:], true
}

// rangeOf reads a range whose positions are numbers; what no int32 holds is moved to the nearest that it holds.
func rangeOf(v any) (place, bool) {
	start, ok := positionOf(at(v, "start"))
	end, ok2 := positionOf(at(v, "end"))
	return place{start: start, end: end, span: true}, ok && ok2
}

func positionOf(v any) (text.Position, bool) {
	line, ok := clamped(at(v, "line"))
	column, ok2 := clamped(at(v, "character"))
	return text.Position{Line: line, Column: column}, ok && ok2
}

func encodingOf(kind string) text.Encoding {
	switch kind {
	case "utf-8":
		return text.UTF8
	case "utf-32":
		return text.UTF32
	}
	return text.UTF16
}
