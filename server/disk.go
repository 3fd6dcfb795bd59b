package server

import (
	"errors"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
	"time"
)

// disk is the folder of a workspace as the rules are to see it: what the client has open in place of what is saved. It
// notes what it was asked for, so that a later look tells whether anything has changed.
type disk struct {
	fs.FS
	open map[string]string // the texts that the client has open, by path in the file system

	mu   sync.Mutex
	seen map[string]stamp
}

// stamp is what a file or folder looks like from outside.
type stamp struct {
	there bool
	mode  fs.FileMode
	size  int64
	time  time.Time
}

func newDisk(fsys fs.FS, open map[string]string) *disk {
	return &disk{FS: fsys, open: open, seen: map[string]stamp{}}
}

// Open opens a file or folder. A text that is open is the file, and stands in its folder even before it is saved.
func (d *disk) Open(name string) (fs.File, error) {
	if text, open := d.open[name]; open {
		return openText{info: textInfo{path.Base(name), int64(len(text))}, Reader: strings.NewReader(text)}, nil
	}
	d.note(name)
	file, err := d.FS.Open(name)
	if dir, ok := file.(fs.ReadDirFile); ok && err == nil {
		return &openFolder{dir, d.openIn(name)}, nil
	}
	return file, err
}

// Lstat is fs.Lstat.
func (d *disk) Lstat(name string) (fs.FileInfo, error) {
	if text, open := d.open[name]; open {
		return textInfo{path.Base(name), int64(len(text))}, nil
	}
	d.note(name)
	return fs.Lstat(d.FS, name)
}

// ReadLink is fs.ReadLink.
func (d *disk) ReadLink(name string) (string, error) { return fs.ReadLink(d.FS, name) }

func (d *disk) note(name string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, noted := d.seen[name]; !noted {
		d.seen[name] = stampOf(d.FS, name)
	}
}

// openIn are the texts that are open in a folder, as entries of it.
func (d *disk) openIn(folder string) []fs.DirEntry {
	var entries []fs.DirEntry
	for name, text := range d.open {
		if path.Dir(name) == folder {
			entries = append(entries, fs.FileInfoToDirEntry(textInfo{path.Base(name), int64(len(text))}))
		}
	}
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return entries
}

// stampOf looks at a file, and through a link at what it leads to.
func stampOf(fsys fs.FS, name string) stamp {
	info, err := fs.Lstat(fsys, name)
	if err != nil {
		return stamp{}
	}
	if target, err := fs.Stat(fsys, name); info.Mode()&fs.ModeSymlink != 0 && err == nil {
		info = target
	}
	return stamp{true, info.Mode(), info.Size(), info.ModTime()}
}

// unchanged reports whether everything looks as it did.
func unchanged(fsys fs.FS, seen map[string]stamp) bool {
	for name, before := range seen {
		now := stampOf(fsys, name)
		if now.there != before.there || now.mode != before.mode || now.size != before.size || !now.time.Equal(before.time) {
			return false
		}
	}
	return true
}

// textInfo describes a text that is open as a regular file.
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

type openText struct {
	info textInfo
	*strings.Reader
}

func (f openText) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f openText) Close() error               { return nil }

// openFolder is a folder with the texts that are open in it.
type openFolder struct {
	fs.ReadDirFile
	open []fs.DirEntry
}

// ReadDir returns the entries on the disk, and behind the last of them the texts that are not saved yet.
func (f *openFolder) ReadDir(n int) ([]fs.DirEntry, error) {
	entries, err := f.ReadDirFile.ReadDir(n)
	for _, e := range entries {
		f.open = slices.DeleteFunc(f.open, func(o fs.DirEntry) bool { return o.Name() == e.Name() })
	}
	if n > 0 && err == nil || err != nil && !errors.Is(err, io.EOF) || len(f.open) == 0 {
		return entries, err
	}
	entries, f.open = append(entries, f.open...), nil
	return entries, nil
}
