package server

import (
	"net/url"
	"path"
	"strings"
	"sync"

	"dockerfile-ls/analysis"
)

// document is one version of a text that the client has open. It is never changed.
type document struct {
	// uri is exactly what the client has sent: it knows the document by no other.
	uri        string
	version    int32
	dockerfile bool
	// snapshot is nil when the document is closed.
	snapshot *analysis.Snapshot
	around   around
	// failures are logged once, however often the findings are asked for.
	logged *sync.Once
}

// next is the document with a new text, and with what is known around it now.
func (d *document) next(version int32, source string, known around) *document {
	return &document{d.uri, version, d.dockerfile, analysis.New(source, known.facts, d.snapshot), known, &sync.Once{}}
}

// within is the document with other facts.
func (d *document) within(found around) *document {
	return &document{d.uri, d.version, d.dockerfile, d.snapshot.With(found.facts), found, &sync.Once{}}
}

// closed is the document after the client has closed it.
func (d *document) closed() *document {
	return &document{uri: d.uri, version: d.version, dockerfile: d.dockerfile}
}

// isDockerfile goes by the language, as the client is the one to know. Where it calls the language no more than plain
// text, the name of the file decides. An ignore file is none: some clients take each Dockerfile.something for one.
func isDockerfile(languageID, uri string) bool {
	if analysis.IsIgnoreName(baseName(uri)) {
		return false
	}
	switch strings.ToLower(languageID) {
	case "dockerfile", "containerfile", "docker":
		return true
	case "", "plaintext", "text":
		return analysis.IsDockerfileName(baseName(uri))
	}
	return false
}

// baseName is the last part of a URI's path, of whatever scheme.
func baseName(uri string) string {
	uri, _, _ = strings.Cut(uri, "#")
	uri, _, _ = strings.Cut(uri, "?")
	if plain, err := url.PathUnescape(uri); err == nil {
		uri = plain
	}
	_, name, found := strings.Cut(uri, ":")
	if !found {
		name = uri
	}
	return path.Base(name)
}
