// Package project knows what lies around a Dockerfile: the build context and what is ignored in it, the compose file that
// builds it, package.json, lockfiles, the script that starts, and the text of named files, each known, absent or unknown.
// It must not know what the Dockerfile means, which rules ask, or that there is an editor: it gets plain paths, reads once
// through fs.FS, bounded in files, depth and bytes, and answers from memory.
package project

import (
	"io/fs"
	"path"
	"slices"
)

// Request names the Dockerfile whose surroundings are read, and what its rules want to know of them.
type Request struct {
	// Dockerfile is the path of the Dockerfile in the file system, which is that of the workspace or repository.
	Dockerfile string
	// Context is the folder that the user's settings name as the build context, in the file system; empty if none does.
	Context string
	// Sources are the sources of COPY and ADD out of the build context, as BuildKit gets them: variables replaced, those
	// with unknown ones left out, and no --from. They show which folder is the context, and are looked at first.
	Sources []string
	// Files are paths in the build context whose text is read, ignored or not, such as a script that the container starts.
	Files []string
	// Names are patterns of names, such as .npmrc or *.pem: the text of each file is read that is so called and that one
	// of the sources takes.
	Names []string
	// Entries are what containers start: the scripts are read, with what they load.
	Entries []Entry
}

// Surroundings are what lies around a Dockerfile, as it was when it was read. They never change, may be asked from any
// goroutine, and asking does no I/O. The zero value knows nothing.
type Surroundings struct {
	// Dockerfile is the path in the file system.
	Dockerfile string
	Context    Context
	Ignore     Ignore
	// Cut says why not all of the build context was looked at; empty if all was. What was not is unknown.
	Cut string

	matcher *matcher
	tree    tree
	folders map[string]*Project
	files   map[string]Fact[string]
	scripts map[string]Script
	answers *answers
	likely  *Surroundings
}

// Read gathers the surroundings of a Dockerfile. It never fails: what cannot be read is unknown, with the reason. It may
// wait for a slow disk, and so is not for the goroutine that answers an editor.
func Read(fsys fs.FS, request Request) *Surroundings {
	r := &reader{fsys: fsys, files: maxReadFiles, bytes: maxReadBytes}
	s := &Surroundings{
		Dockerfile: path.Clean(request.Dockerfile), files: map[string]Fact[string]{}, scripts: map[string]Script{},
		answers: newAnswers(),
	}
	if !fs.ValidPath(s.Dockerfile) {
		s.Context.Why = "the Dockerfile is not in the workspace"
		return s
	}
	sources, entries := limit(request.Sources, maxSources), limit(request.Entries, maxEntryCommands)
	s.Context = findContext(r, s.Dockerfile, request.Context, sources)
	if s.Context.State != Known {
		s.readLikely(r, request, sources)
		return s
	}
	s.Ignore, s.matcher = readIgnore(r, s.Dockerfile, s.Context.Root)
	s.folders = readProjects(r, s.Context.Root, s.projectFolders(sources, entries))
	for _, name := range limit(request.Files, maxFiles) {
		s.readFile(r, inContext(name))
	}
	s.tree, s.Cut = walk(r, s.Context.Root, s.matcher, sources)
	for _, name := range s.named(sources, request.Names) {
		s.readFile(r, name)
	}
	s.readScripts(r, entries)
	return s
}

func (s *Surroundings) readFile(r *reader, name string) {
	if _, done := s.files[name]; !done {
		s.files[name] = r.text(path.Join(s.Context.Root, name), maxFileBytes)
	}
}

// named are the paths of files that the sources take and that one of the patterns names, the first of them.
func (s *Surroundings) named(sources, patterns []string) []string {
	var files []string
	for _, source := range sources {
		for _, name := range s.Takes(Copy{Source: source}).Files {
			if len(files) < maxFiles && matchesName(patterns, path.Base(name)) {
				files = append(files, name)
			}
		}
	}
	return files
}

// projectFolders are the folders of the context that may have a package.json which counts for the Dockerfile: its own, those
// of the sources, and those of entries, each with the folders above.
func (s *Surroundings) projectFolders(sources []string, entries []Entry) []string {
	folders := []string{"."}
	for _, source := range sources {
		fixed, _ := splitWildcards(inContext(source))
		folders = append(folders, fixed)
	}
	if own, ok := below(s.Context.Root, path.Dir(s.Dockerfile)); ok {
		folders = append(folders, own)
	}
	for _, e := range entries {
		for _, name := range append(slices.Clone(e.Packages), e.Files...) {
			folders = append(folders, path.Dir(inContext(name)))
		}
	}
	return folders
}

// File is the text of a file of the context: one of Request.Files, or one that Request.Names found.
func (s *Surroundings) File(name string) Fact[string] {
	if f, ok := s.files[inContext(name)]; ok {
		return f
	}
	return unknown[string]("it was not read")
}

// Limits of what is read for one Dockerfile, so that no project makes Read slow or large.
const (
	// maxSources is more than any Dockerfile of the corpus has (58); each costs a few looks in every folder above.
	maxSources = 256
	// maxFiles is for scripts and small secrets, of which a Dockerfile has a handful.
	maxFiles = 64
	// maxEntryCommands is more than any file has stages with commands of Node.js; each reads up to maxModuleBytes.
	maxEntryCommands = 8
)

func limit[T any](list []T, n int) []T { return list[:min(len(list), n)] }
