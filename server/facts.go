package server

import (
	"context"
	"io/fs"
	"path"
	"strings"
	"sync"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/rules"
	"dockerfile-ls/analysis/settings"
)

// factsArrived is a message that the server sends to its own read loop: facts wait in gatherer.found. From a client it
// means nothing.
const factsArrived = Name + "/factsArrived"

// gatherer reads what lies around the open Dockerfiles, beside the read loop, which never waits for a disk.
type gatherer struct {
	// wake has room for one, so that adding never waits and no addition is missed.
	wake chan struct{}
	// disk opens the folder of a workspace or repository.
	disk func(root string) fs.FS

	mu      sync.Mutex
	waiting map[string]gathering
	found   map[string]around
}

// gathering is what has to be known to read the facts of a document.
type gathering struct {
	doc     *document
	folders []string // of the workspace
	editor  settings.Settings
}

// around is what is known of a document besides its text.
type around struct {
	facts   lint.Facts
	ignored bool // the configuration leaves the file out
}

func newGatherer(disk func(string) fs.FS) *gatherer {
	return &gatherer{wake: make(chan struct{}, 1), disk: disk, waiting: map[string]gathering{}, found: map[string]around{}}
}

// add asks for the facts of a document, in place of what was asked for it before.
func (g *gatherer) add(work gathering) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.waiting[work.doc.uri] = work
	select {
	case g.wake <- struct{}{}:
	default:
	}
}

func (g *gatherer) next() (gathering, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for uri, work := range g.waiting {
		delete(g.waiting, uri)
		return work, true
	}
	return gathering{}, false
}

// take returns the facts that were found since it was last called, by document.
func (g *gatherer) take() map[string]around {
	g.mu.Lock()
	defer g.mu.Unlock()
	found := g.found
	g.found = map[string]around{}
	return found
}

// gather reads facts until ctx ends, and tells the read loop of them.
func (s *server) gather(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.gatherer.wake:
		}
		for work, some := s.gatherer.next(); some; work, some = s.gatherer.next() {
			found, ok := s.read(work)
			if !ok {
				continue
			}
			s.gatherer.mu.Lock()
			s.gatherer.found[work.doc.uri] = found
			s.gatherer.mu.Unlock()
			s.out.nudge(factsArrived)
		}
	}
}

// read reads the facts of one document; false if its text is all there is.
func (s *server) read(work gathering) (around, bool) {
	file, ok := pathOfURI(work.doc.uri)
	if !ok {
		levels := work.editor.Levels(baseName(work.doc.uri))
		return around{facts: lint.Facts{Levels: levels}}, len(levels) > 0
	}
	root := s.rootOf(file, work.folders)
	disk := s.gatherer.disk(root)
	name := strings.TrimPrefix(strings.TrimPrefix(file, root), "/")
	if _, err := fs.Stat(disk, "."); err != nil || !fs.ValidPath(name) {
		return around{}, false
	}
	config, folder := s.configuration(disk, name, work.editor)
	below := strings.TrimPrefix(strings.TrimPrefix(name, folder), "/")
	context := ""
	if config.Context != "" {
		context = path.Join(folder, config.Context)
	}
	return around{
		ignored: config.Ignored(below),
		facts: lint.Facts{
			Levels:  config.Levels(below),
			Project: analysis.ReadSurroundings(disk, name, context, work.doc.snapshot.Text()),
		},
	}, true
}

// rootOf is the folder of the workspace that holds a file, else of its repository, else its own.
func (s *server) rootOf(file string, folders []string) string {
	best := ""
	for _, folder := range folders {
		if strings.HasPrefix(file, strings.TrimSuffix(folder, "/")+"/") && len(folder) > len(best) {
			best = strings.TrimSuffix(folder, "/")
		}
	}
	if best != "" {
		return best
	}
	for dir := path.Dir(file); dir != path.Dir(dir); dir = path.Dir(dir) {
		if _, err := fs.Stat(s.gatherer.disk(dir), ".git"); err == nil {
			return dir
		}
	}
	return path.Dir(file)
}

// configuration reads the nearest configuration file from a file's folder up, and returns the folder of it. What the file
// says replaces what the editor says, key by key.
func (s *server) configuration(disk fs.FS, name string, editor settings.Settings) (config settings.Settings, folder string) {
	for dir := path.Dir(name); ; dir = path.Dir(dir) {
		file := path.Join(dir, settings.FileName)
		source, err := fs.ReadFile(disk, file)
		if err == nil {
			config, problems := settings.ReadOver(editor, string(source), rules.All())
			for _, p := range problems {
				s.log.Warn("configuration", "file", file, "line", p.Line, "column", p.Column, "problem", p.Message)
			}
			return config, strings.TrimPrefix(dir, ".")
		}
		if dir == "." {
			return editor, ""
		}
	}
}

// factsCame gives the documents the facts that were gathered for them, on the read loop.
func (s *server) factsCame(noParams) error {
	for uri, found := range s.gatherer.take() {
		if doc := s.documents[uri]; doc != nil {
			s.take(doc.within(found))
		}
	}
	return nil
}

// lookAround asks for the facts of a document.
func (s *server) lookAround(doc *document) {
	if doc.dockerfile {
		s.gatherer.add(gathering{doc, s.folders, s.editor})
	}
}

// lookAroundAll asks for the facts of all open documents, when something around them may have changed.
func (s *server) lookAroundAll() {
	for _, doc := range s.documents {
		s.lookAround(doc)
	}
}
