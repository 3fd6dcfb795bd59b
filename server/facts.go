package server

import (
	"context"
	"io/fs"
	"maps"
	"path"
	"reflect"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/project"
	"dockerfile-ls/analysis/rules"
	"dockerfile-ls/analysis/settings"
)

// gatherer reads what lies around the open Dockerfiles, beside the read loop, which never waits for a disk.
type gatherer struct {
	// wake has room for one, so that adding never waits and no addition is missed.
	wake chan struct{}
	// disk opens the folder of a workspace or repository.
	disk func(root string) fs.FS

	mu        sync.Mutex
	workspace *workspace
	waiting   map[string]gathering
	known     map[string]around // by document
	busy      map[string]bool   // documents that are looked at now; nobody looks at one twice at a time
}

// workspace is what the client has said about where its documents lie. It is never changed.
type workspace struct {
	folders []string
	editor  settings.Settings
	open    map[string]string // the texts that are open besides Dockerfiles, by path
}

// gathering is a document whose facts may be other ones now.
type gathering struct {
	doc *document
	why reason
}

// reason says what may have changed; they add up.
type reason int

const (
	// itself: the text, and so perhaps what its rules want to know.
	itself reason = 1 << iota
	// disk: files, as nobody tells of changes. Their times show it.
	onDisk
	// anything: all is read anew.
	anything
)

// around is what is known of a document besides its text.
type around struct {
	facts   lint.Facts
	ignored bool // the configuration leaves the file out
	shown   settings.Shown
	// request and seen are what was asked for, and what the files of root looked like then.
	request project.Request
	root    string
	seen    map[string]stamp
}

func newGatherer(disk func(string) fs.FS) *gatherer {
	return &gatherer{
		wake: make(chan struct{}, 1), disk: disk, workspace: &workspace{}, waiting: map[string]gathering{},
		known: map[string]around{}, busy: map[string]bool{},
	}
}

// move says where documents lie from now on.
func (g *gatherer) move(to *workspace) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.workspace = to
}

// current is what the client has said last.
func (g *gatherer) current() *workspace {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.workspace
}

// add asks for the facts of a document. Who has looked at a version asks for itself; a document that waits already is not
// older than that.
func (g *gatherer) add(doc *document, why reason) {
	g.mu.Lock()
	defer g.mu.Unlock()
	waiting, waits := g.waiting[doc.uri]
	if waits && why == itself {
		doc = waiting.doc
	}
	g.waiting[doc.uri] = gathering{doc, why | waiting.why}
	select {
	case g.wake <- struct{}{}:
	default:
	}
}

// forget drops a document that is closed.
func (g *gatherer) forget(uri string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.waiting, uri)
	delete(g.known, uri)
}

// next takes one of the documents that wait, with what is known of it.
func (g *gatherer) next() (work gathering, known around, in *workspace, some bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for uri, work := range g.waiting {
		if g.busy[uri] {
			continue
		}
		delete(g.waiting, uri)
		g.busy[uri] = true
		return work, g.known[uri], g.workspace, true
	}
	return gathering{}, around{}, nil, false
}

// end says that a document is looked at no more.
func (g *gatherer) end(uri string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.busy, uri)
	select {
	case g.wake <- struct{}{}: // it may wait again
	default:
	}
}

func (g *gatherer) keep(uri string, found around) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.known[uri] = found
}

// gather reads facts until ctx ends, and gives them to the documents on the read loop.
func (s *server) gather(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.gatherer.wake:
		}
		for work, known, in, some := s.gatherer.next(); some; work, known, in, some = s.gatherer.next() {
			s.lookInTime(ctx, work, known, in)
		}
	}
}

// lookInTime reads the facts of one document, and does not wait for longer than patience: a disk may hang. They count
// whenever they come.
func (s *server) lookInTime(ctx context.Context, work gathering, known around, in *workspace) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer s.gatherer.end(work.doc.uri)
		defer func() {
			if reason := recover(); reason != nil {
				s.log.Error("panic", "document", work.doc.uri, "reason", reason, "stack", string(debug.Stack()))
			}
		}()
		if found, changed := s.look(work, known, in); changed {
			s.gatherer.keep(work.doc.uri, found)
			s.onLoop(func() { s.factsCame(work.doc.uri, found) })
		}
	}()
	select {
	case <-done:
	case <-ctx.Done():
	case <-time.After(patience):
		s.log.Error("the files around a document take very long to read", "document", work.doc.uri)
	}
}

// factsCame gives a document the facts that were gathered for it.
func (s *server) factsCame(uri string, found around) {
	doc := s.documents[uri]
	if doc == nil || !doc.dockerfile {
		s.gatherer.forget(uri)
		return
	}
	s.give(doc, found)
}

// give gives a document the facts about it.
func (s *server) give(doc *document, found around) {
	shown := doc.around.shown
	s.take(doc.within(s.knowing(doc.uri, found)))
	s.refresh()
	if found.shown != shown {
		s.showAgain()
	}
}

// sameSettings reports whether two settings of a document that lies on no disk do the same.
func (a around) sameSettings(b around) bool {
	return maps.Equal(a.facts.Levels, b.facts.Levels) && a.shown == b.shown
}

// look reads the facts of a document, unless nothing can have changed.
func (s *server) look(work gathering, known around, in *workspace) (found around, changed bool) {
	if work.why&anything == 0 && s.same(work, known) {
		return around{}, false
	}
	place, local := s.placeOf(work.doc.uri, in)
	if !local {
		found = byEditor(work.doc.uri, in.editor)
		was := work.doc.around
		return found, was.root != "" || was.ignored || !found.sameSettings(was)
	}
	found = s.read(work.doc, place, in)
	if cut := cutOf(found); cut != "" && cut != cutOf(known) {
		s.log.Info("not all of the build context is known", "document", work.doc.uri, "reason", cut)
	}
	return found, true
}

// cutOf says why not all of the build context was looked at; empty if all was.
func cutOf(a around) string {
	if a.facts.Project == nil {
		return ""
	}
	return a.facts.Project.Cut
}

// byEditor is what is known of a document when nothing is read for it.
func byEditor(uri string, editor settings.Settings) around {
	return around{facts: lint.Facts{Levels: editor.Levels(baseName(uri))}, shown: editor.Shown}
}

// same reports whether a document needs no other facts than those that are known. It looks at the disk only if asked to.
func (s *server) same(work gathering, known around) bool {
	if known.seen == nil {
		return false
	}
	if work.why&onDisk != 0 && !unchanged(s.gatherer.disk(known.root), known.seen) {
		return false
	}
	request := analysis.Request(work.doc.snapshot.Model(), known.request.Dockerfile, known.request.Context)
	return reflect.DeepEqual(request, known.request)
}

// place is where a document lies: its path in the folder that holds its workspace or repository.
type place struct {
	root, name string
	disk       fs.FS
}

// placeOf is where a document lies; false if its text is all there is.
func (s *server) placeOf(uri string, in *workspace) (place, bool) {
	file, ok := pathOfURI(uri)
	if !ok {
		return place{}, false
	}
	root := s.rootOf(file, in.folders)
	at := place{root, strings.TrimPrefix(strings.TrimPrefix(file, root), "/"), s.gatherer.disk(root)}
	_, err := fs.Stat(at.disk, ".")
	return at, err == nil && fs.ValidPath(at.name)
}

func (s *server) read(doc *document, at place, in *workspace) around {
	disk := newDisk(at.disk)
	view := project.Overlay{FS: disk, Texts: below(at.root, in.open)}
	config, folder, file := s.configuration(view, at.name, in.editor)
	name := strings.TrimPrefix(strings.TrimPrefix(at.name, folder), "/")
	context := ""
	if config.Context != "" {
		context = path.Join(folder, config.Context)
	}
	request := analysis.Request(doc.snapshot.Model(), at.name, context)
	return around{
		ignored: config.Ignored(name),
		shown:   config.Shown,
		facts:   lint.Facts{Levels: config.Levels(name), Project: project.Read(view, request), Config: file},
		request: request,
		root:    at.root,
		seen:    disk.seen,
	}
}

// below are the texts whose paths lie in a folder, by the path from there.
func below(root string, open map[string]string) map[string]string {
	inside := map[string]string{}
	for file, text := range open {
		if name, ok := strings.CutPrefix(file, strings.TrimSuffix(root, "/")+"/"); ok {
			inside[name] = text
		}
	}
	return inside
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
	for dir := folderOf(file); dir != "" && !strings.HasSuffix(dir, "/"); dir = folderOf(dir) {
		if _, err := fs.Stat(s.gatherer.disk(dir), ".git"); err == nil {
			return dir
		}
	}
	return folderOf(file)
}

// folderOf is the folder of a path; path.Dir would take a slash of //server/share away. That of a file in the root is /.
func folderOf(file string) string {
	if at := strings.LastIndexByte(file, '/'); at > 0 {
		return file[:at]
	}
	return "/"
}

// configuration reads the nearest configuration file from a file's folder up, and returns the folder of it. What the file
// says replaces what the editor says, key by key. Where there is none, one would stand at the root.
func (s *server) configuration(
	disk fs.FS, name string, editor settings.Settings,
) (config settings.Settings, folder string, _ lint.Config) {
	for dir := path.Dir(name); ; dir = path.Dir(dir) {
		file := path.Join(dir, settings.FileName)
		source := project.ReadText(disk, file)
		if source.State == project.Unknown {
			s.log.Warn("configuration", "file", file, "problem", source.Why)
		}
		if source.State == project.Known {
			config, problems := settings.ReadOver(editor, source.Value, rules.All())
			for _, p := range problems {
				s.log.Warn("configuration", "file", file, "line", p.Line, "column", p.Column, "problem", p.Message)
			}
			return config, strings.TrimPrefix(dir, "."), lint.Config{Path: file, Text: source.Value}
		}
		if dir == "." {
			return editor, "", lint.Config{Path: settings.FileName, Missing: true}
		}
	}
}

// lookAround asks for the facts of a document. One that lies on no disk has those of the editor at once.
func (s *server) lookAround(doc *document, why reason) {
	if !doc.dockerfile {
		return
	}
	if _, local := pathOfURI(doc.uri); local {
		s.gatherer.add(doc, why)
		return
	}
	if found := byEditor(doc.uri, s.editor); !found.sameSettings(doc.around) {
		s.give(doc, found)
	}
}

// lookAroundAll asks for the facts of all open documents, when something around them may have changed.
func (s *server) lookAroundAll(why reason) {
	for _, doc := range s.documents {
		s.lookAround(doc, why)
	}
}

// moved tells the gatherer where documents lie, and has it look there.
func (s *server) moved() {
	open := map[string]string{}
	for uri, doc := range s.documents {
		if file, ok := pathOfURI(uri); ok && !doc.dockerfile {
			open[file] = doc.snapshot.Text()
		}
	}
	s.gatherer.move(&workspace{s.folders, s.editor, open})
	s.lookAroundAll(anything)
}
