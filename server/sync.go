package server

import (
	"errors"
	"fmt"
	"sync"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/text"
)

func (s *server) didOpen(params didOpenParams) error {
	item := params.TextDocument
	if item.URI == "" {
		return errors.New("no document")
	}
	known := s.knowing(item.URI, byEditor(item.URI, s.editor))
	doc := &document{
		uri:        item.URI,
		version:    int32(item.Version),
		dockerfile: isDockerfile(item.LanguageID, item.URI),
		snapshot:   analysis.New(item.Text, known.facts, nil),
		around:     known,
		logged:     &sync.Once{},
	}
	s.take(doc)
	if !doc.dockerfile {
		s.moved()
		return nil
	}
	s.lookAround(doc, anything)
	s.askInBackground(doc)
	return nil
}

func (s *server) didChange(params didChangeParams) error {
	doc, err := s.open(params.TextDocument.URI)
	if err != nil {
		return err
	}
	source := doc.snapshot.Text()
	for _, change := range params.ContentChanges {
		source = change.apply(source, s.client.encoding)
	}
	s.take(doc.next(int32(params.TextDocument.Version), source, s.knowing(doc.uri, doc.around)))
	if !doc.dockerfile {
		s.moved()
	}
	return nil
}

// didSave publishes again what is known, so that a client that has lost it gets it back, and looks around again: what was
// saved may be what lies around another document.
func (s *server) didSave(params documentParams) error {
	doc, err := s.open(params.TextDocument.URI)
	if err != nil {
		return err
	}
	s.announce(doc)
	s.lookAroundAll(anything)
	s.askInBackground(doc)
	return nil
}

func (s *server) didClose(params documentParams) error {
	doc, err := s.open(params.TextDocument.URI)
	if err != nil {
		return err
	}
	delete(s.documents, doc.uri)
	s.announce(doc.closed())
	s.gatherer.forget(doc.uri)
	delete(s.scans, doc.uri)
	delete(s.tokens, doc.uri)
	if !doc.dockerfile {
		s.moved()
	}
	return nil
}

// take makes a document the newest of its URI.
func (s *server) take(doc *document) {
	s.documents[doc.uri] = doc
	s.announce(doc)
}

func (s *server) announce(doc *document) {
	if doc.dockerfile && !s.client.pull {
		s.publisher.add(doc)
	}
}

func (s *server) open(uri string) (*document, error) {
	if doc, found := s.documents[uri]; found {
		return doc, nil
	}
	return nil, fmt.Errorf("%q is not open", uri)
}

// apply returns the source after the change. Places outside the source are moved to its nearest end.
func (c contentChange) apply(source string, encoding text.Encoding) string {
	if c.Range == nil {
		return c.Text
	}
	span := converter{text.NewLines(source), encoding}.spanOfRange(*c.Range)
	return source[:span.Start] + c.Text + source[span.End:]
}
