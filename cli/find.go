package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-git/go-git/v5/plumbing/format/gitignore"

	"dockerfile-ls/analysis"
)

// findDockerfiles returns the files named, and the Dockerfiles below the folders named, sorted and each once. Left out are
// folders with other people's files, what .gitignore hides, and folders that links lead to; a path that is named is always
// taken, be it a link.
func findDockerfiles(paths []string, problems io.Writer) (files []string, failed bool) {
	for _, path := range paths {
		path = filepath.Clean(path)
		hidden := newHidden(path)
		root := path
		if info, err := os.Stat(path); err == nil && info.IsDir() {
			root = path + string(filepath.Separator) // a link is followed
		}
		err := filepath.WalkDir(root, func(file string, entry fs.DirEntry, err error) error {
			file = filepath.Clean(file)
			switch {
			case errors.Is(err, fs.ErrNotExist) && file == path:
				tellError(problems, fmt.Errorf("%s does not exist: name a file or a folder", path))
				failed = true
			case err != nil:
				tellError(problems, err)
				failed = true
			case entry.IsDir():
				if file != path && (analysis.IsForeignFolder(entry.Name()) || hidden.has(file, true)) {
					return fs.SkipDir
				}
				hidden.read(file)
			case file == path, analysis.IsDockerfileName(entry.Name()) && isFile(file, entry) && !hidden.has(file, false):
				files = append(files, file)
			}
			return nil
		})
		if err != nil {
			tellError(problems, err)
			failed = true
		}
	}
	slices.Sort(files)
	return slices.Compact(files), failed
}

// isFile reports whether an entry is a file, or a link to one.
func isFile(path string, entry fs.DirEntry) bool {
	if entry.Type()&fs.ModeSymlink == 0 {
		return entry.Type().IsRegular()
	}
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// hidden is what the .gitignore files of a repository hide, from its root down to where a walk has come.
type hidden struct {
	root     string // absolute; empty outside of a repository
	patterns []gitignore.Pattern
}

// newHidden reads the .gitignore files above a path.
func newHidden(path string) *hidden {
	h := &hidden{}
	absolute, err := filepath.Abs(path)
	if err != nil {
		return h
	}
	for dir := filepath.Dir(absolute); ; dir = filepath.Dir(dir) {
		if exists(filepath.Join(dir, ".git")) {
			h.root = dir
			break
		}
		if dir == filepath.Dir(dir) {
			break
		}
	}
	if exists(filepath.Join(absolute, ".git")) {
		h.root = absolute
	}
	if h.root == absolute {
		h.add(filepath.Join(h.root, ".git", "info", "exclude"), nil)
	}
	if h.root == "" || h.root == absolute {
		return h
	}
	h.add(filepath.Join(h.root, ".git", "info", "exclude"), nil)
	h.read(h.root)
	parts := h.parts(filepath.Dir(absolute))
	for i := range parts {
		h.read(filepath.Join(h.root, filepath.Join(parts[:i+1]...)))
	}
	if h.has(path, true) {
		h.patterns = nil // a hidden folder that is named is not hidden
	}
	return h
}

// parts are the names from the root of the repository to a path.
func (h *hidden) parts(path string) []string {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return nil
	}
	relative, err := filepath.Rel(h.root, absolute)
	if err != nil || relative == "." {
		return nil
	}
	return strings.Split(filepath.ToSlash(relative), "/")
}

// read adds the patterns of a folder, if it has any.
func (h *hidden) read(folder string) {
	if h.root != "" {
		h.add(filepath.Join(folder, ".gitignore"), h.parts(folder))
	}
}

// add adds the patterns of a file, which count from a folder of the repository on.
func (h *hidden) add(file string, domain []string) {
	source, err := readText(file)
	if err != nil {
		return
	}
	for line := range strings.Lines(strings.TrimPrefix(source, "\uFEFF")) {
		line = strings.TrimRight(line, "\r\n")
		if line != "" && !strings.HasPrefix(line, "#") {
			// git takes both signs for "none of these", and the library one.
			h.patterns = append(h.patterns, gitignore.ParsePattern(strings.ReplaceAll(line, "[!", "[^"), domain))
		}
	}
}

func (h *hidden) has(path string, folder bool) bool {
	return len(h.patterns) > 0 && gitignore.NewMatcher(h.patterns).Match(h.parts(path), folder)
}
