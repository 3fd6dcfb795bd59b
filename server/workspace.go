package server

import (
	"context"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/lint"
)

// maxOnDisk is how long a file that is not open may be, in bytes, to be looked at.
const maxOnDisk = 4 << 20

// didChangeWorkspaceFolders takes folders away and adds others.
func (s *server) didChangeWorkspaceFolders(params foldersParams) error {
	gone := map[string]bool{}
	for _, folder := range pathsOf(params.Event.Removed) {
		gone[folder] = true
	}
	var folders []string
	for _, folder := range s.folders {
		if !gone[folder] {
			folders = append(folders, folder)
		}
	}
	s.folders = append(folders, pathsOf(params.Event.Added)...)
	s.moved()
	s.refresh()
	return nil
}

// didChangeWatchedFiles looks around again: which document is concerned, its facts tell. Sources change often and in masses,
// and few of them are read for a document: there the times of those tell.
func (s *server) didChangeWatchedFiles(params watchedFilesParams) error {
	if len(params.Changes) > 0 && !slices.ContainsFunc(params.Changes, func(c documentID) bool { return !isSource(c.URI) }) {
		s.lookAroundAll(onDisk)
		return nil
	}
	s.lookAroundAll(anything)
	s.refresh() // of files that are not open, of which no facts come
	return nil
}

// isSource reports whether a file is one in JavaScript or TypeScript.
func isSource(uri string) bool {
	switch path.Ext(uri) {
	case ".js", ".cjs", ".mjs", ".ts", ".cts", ".mts":
		return true
	}
	return false
}

// eachDockerfile calls each for all Dockerfiles of the workspace's folders, by path, until ctx ends. Folders with other
// people's files and those that links lead to are left out.
func (s *server) eachDockerfile(ctx context.Context, in *workspace, each func(path string)) error {
	seen := map[string]bool{}
	for _, folder := range in.folders {
		err := fs.WalkDir(s.gatherer.disk(folder), ".", func(name string, entry fs.DirEntry, err error) error {
			switch {
			case ctx.Err() != nil:
				return ctx.Err()
			case err != nil:
				s.log.Info("workspace", "folder", folder, "error", err) // with each walk, and so not to the client
				return nil
			case entry.IsDir() && analysis.IsForeignFolder(entry.Name()):
				return fs.SkipDir
			}
			file := folder + "/" + name // path.Join would take a slash of //server/share away
			if entry.Type().IsRegular() && analysis.IsDockerfileName(entry.Name()) && !seen[file] {
				seen[file] = true
				each(file)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// reportOnDisk is the report for a file that is not open, and what was looked at for it.
func (s *server) reportOnDisk(file string, in *workspace) (report, place, map[string]stamp) {
	doc := &document{uri: string(uri.File(file)), dockerfile: true}
	at, ok := s.placeOf(doc.uri, in)
	if !ok {
		return s.report(nil), at, nil
	}
	text, err := readText(at.disk, at.name)
	if err != nil {
		s.log.Warn("workspace", "file", file, "error", err)
		return s.report(nil), at, map[string]stamp{at.name: stampOf(at.disk, at.name)} // it is told once
	}
	doc.snapshot = analysis.New(text, lint.Facts{}, nil)
	doc = doc.within(s.read(doc, at, in))
	seen := doc.around.seen
	seen[at.name] = stampOf(at.disk, at.name)
	return s.report(doc), at, seen
}

func readText(fsys fs.FS, name string) (string, error) {
	file, err := fsys.Open(name)
	if err != nil {
		return "", err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxOnDisk+1))
	if err == nil && len(text) > maxOnDisk {
		err = &fs.PathError{Op: "read", Path: name, Err: fs.ErrInvalid}
	}
	return strings.ToValidUTF8(string(text), "\uFFFD"), err
}

// closedFiles remembers the reports on files that are not open: some clients ask for all of them every other second.
type closedFiles struct {
	mu    sync.Mutex
	files map[string]closedFile
}

type closedFile struct {
	in     *workspace
	at     place
	seen   map[string]stamp
	report report
}

// report is the report for a file, made anew if something that it depends on looks otherwise than before.
func (c *closedFiles) report(
	file string, in *workspace, read func(string, *workspace) (report, place, map[string]stamp),
) report {
	c.mu.Lock()
	known, ok := c.files[file]
	c.mu.Unlock()
	if ok && known.in == in && known.seen != nil && unchanged(known.at.disk, known.seen) {
		return known.report
	}
	r, at, seen := read(file, in)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.files[file] = closedFile{in, at, seen, r}
	return r
}

// keep forgets the files that are not there any more.
func (c *closedFiles) keep(seen map[string]bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	maps.DeleteFunc(c.files, func(file string, _ closedFile) bool { return !seen[file] })
}

// holds is the path of a Dockerfile that lies in a folder of the workspace; false for every other document.
func (w *workspace) holds(uri string) (string, bool) {
	file, local := pathOfURI(uri)
	if !local || !analysis.IsDockerfileName(path.Base(file)) {
		return "", false
	}
	return file, slices.ContainsFunc(w.folders, func(folder string) bool { return strings.HasPrefix(file, folder+"/") })
}

// refresh has a client that asks for diagnostics ask again. One request is under way at a time: what changes meanwhile is
// asked for by the next. A client that does not answer is waited for no longer than patience.
func (s *server) refresh() {
	if !s.client.pull {
		return
	}
	if s.refreshing {
		s.refreshAgain = true
		return
	}
	s.refreshing = true
	s.start(func(ctx context.Context) {
		shortly, stop := context.WithTimeout(ctx, patience)
		defer stop()
		if err := protocol.Call(shortly, s.conn, protocol.MethodWorkspaceDiagnosticRefresh, nil, nil); err != nil &&
			ctx.Err() == nil {
			s.log.Warn("the client does not refresh", "error", err)
		}
		s.onLoop(func() {
			again := s.refreshAgain
			s.refreshing, s.refreshAgain = false, false
			if again {
				s.refresh()
			}
		})
	})
}
