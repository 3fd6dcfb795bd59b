package project

import (
	"errors"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"
)

// Overlay is a file system with texts in the place of files: those that an editor has open, or those that a change would
// write. A text stands in its folder even if there is no such file yet.
type Overlay struct {
	fs.FS
	Texts map[string]string // by path in the file system
}

// Open opens a text, a file or a folder.
func (o Overlay) Open(name string) (fs.File, error) {
	if text, over := o.Texts[name]; over {
		return overText{info: textInfo{path.Base(name), int64(len(text))}, Reader: strings.NewReader(text)}, nil
	}
	file, err := o.FS.Open(name)
	if dir, ok := file.(fs.ReadDirFile); ok && err == nil {
		return &overFolder{dir, o.textsIn(name)}, nil
	}
	return file, err
}

// Lstat is fs.Lstat.
func (o Overlay) Lstat(name string) (fs.FileInfo, error) {
	if text, over := o.Texts[name]; over {
		return textInfo{path.Base(name), int64(len(text))}, nil
	}
	return fs.Lstat(o.FS, name)
}

// ReadLink is fs.ReadLink.
func (o Overlay) ReadLink(name string) (string, error) { return fs.ReadLink(o.FS, name) }

// textsIn are the texts of a folder, as entries of it.
func (o Overlay) textsIn(folder string) []fs.DirEntry {
	var entries []fs.DirEntry
	for name, text := range o.Texts {
		if path.Dir(name) == folder {
			entries = append(entries, fs.FileInfoToDirEntry(textInfo{path.Base(name), int64(len(text))}))
		}
	}
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return entries
}

// textInfo describes a text as a regular file.
type textInfo struct {
	name string
	size int64
}

func (i textInfo) Name() string       { return i.name }
func (i textInfo) Size() int64        { return i.size }
func (i textInfo) Mode() fs.FileMode  { return 0o644 }
func (i textInfo) ModTime() time.Time { return time.Time{} }
func (i textInfo) IsDir() bool        { return false }
func (i textInfo) Sys() any           { return nil }

type overText struct {
	info textInfo
	*strings.Reader
}

func (f overText) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f overText) Close() error               { return nil }

// overFolder is a folder with the texts that stand in it.
type overFolder struct {
	fs.ReadDirFile
	texts []fs.DirEntry
}

// ReadDir returns the entries of the folder, and behind the last of them the texts that are no files yet.
func (f *overFolder) ReadDir(n int) ([]fs.DirEntry, error) {
	entries, err := f.ReadDirFile.ReadDir(n)
	for _, e := range entries {
		f.texts = slices.DeleteFunc(f.texts, func(t fs.DirEntry) bool { return t.Name() == e.Name() })
	}
	if n > 0 && err == nil || err != nil && !errors.Is(err, io.EOF) || len(f.texts) == 0 {
		return entries, err
	}
	entries, f.texts = append(entries, f.texts...), nil
	return entries, nil
}
