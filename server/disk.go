package server

import (
	"io/fs"
	"sync"
	"time"
)

// disk is the folder of a workspace. It notes what it was asked for, so that a later look tells whether anything has
// changed.
type disk struct {
	fs.FS

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

func newDisk(fsys fs.FS) *disk { return &disk{FS: fsys, seen: map[string]stamp{}} }

// Open is that of the file system.
func (d *disk) Open(name string) (fs.File, error) {
	d.note(name)
	return d.FS.Open(name)
}

// Lstat is fs.Lstat.
func (d *disk) Lstat(name string) (fs.FileInfo, error) {
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

func (s stamp) same(other stamp) bool {
	return s.there == other.there && s.mode == other.mode && s.size == other.size && s.time.Equal(other.time)
}

// unchanged reports whether everything looks as it did.
func unchanged(fsys fs.FS, seen map[string]stamp) bool {
	for name, before := range seen {
		if !stampOf(fsys, name).same(before) {
			return false
		}
	}
	return true
}
