package server

import (
	"maps"
	"sync"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/lint"
)

// symbolFiles remembers the stages of files that are not open: clients ask for them with each letter of a query.
type symbolFiles struct {
	mu    sync.Mutex
	files map[string]symbolFile
}

type symbolFile struct {
	in     *workspace
	stamp  stamp
	stages []protocol.SymbolInformation
}

// of is the stages of a file, read anew if it looks otherwise than before. Of one that cannot be read there are none.
func (f *symbolFiles) of(file string, in *workspace, s *server) []protocol.SymbolInformation {
	name := string(uri.File(file))
	at, ok := s.placeOf(name, in)
	if !ok {
		return nil
	}
	now := stampOf(at.disk, at.name)
	f.mu.Lock()
	known, ok := f.files[file]
	f.mu.Unlock()
	if ok && known.in == in && known.stamp.same(now) {
		return known.stages
	}
	text, err := readText(at.disk, at.name)
	if err != nil {
		s.log.Info("workspace", "file", file, "error", err)
	}
	known = symbolFile{in, now, s.stagesOf(name, analysis.New(text, lint.Facts{}, nil), in)}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.files[file] = known
	return known.stages
}

// keep forgets the files that are not there any more.
func (f *symbolFiles) keep(seen map[string]bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	maps.DeleteFunc(f.files, func(file string, _ symbolFile) bool { return !seen[file] })
}
