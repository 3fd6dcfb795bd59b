package project

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"path/filepath"
	"strings"
	"syscall"
	"unicode/utf8"
)

// Limits of the files that are read. Longer ones are unknown.
const (
	// maxFileBytes is far more than people write into a manifest, an ignore file or a script.
	maxFileBytes = 1 << 20
	// maxLockBytes is for lockfiles, of which those of large monorepos have 5 MB.
	maxLockBytes = 8 << 20
	// maxReadBytes and maxReadFiles bound one Read as a whole.
	maxReadBytes = 32 << 20
	maxReadFiles = 512
	// maxLinks is how many links Linux follows in one path.
	maxLinks = 40
)

var (
	errOutside  = errors.New("a link leads out of the workspace")
	errLinkLoop = errors.New("its links go in circles")
)

// reader reads files until its budget is used up.
type reader struct {
	fsys  fs.FS
	files int
	bytes int64
}

// text reads a file. Only regular files are opened: a named pipe or a device would block. A file that is not UTF-8 is
// unknown.
func (r *reader) text(name string, most int64) Fact[string] {
	f := r.raw(name, most)
	if f.State == Known && !utf8.ValidString(f.Value) {
		return unknown[string]("it is not UTF-8")
	}
	return f
}

// maxTextBytes is for files that are read for themselves, such as a configuration.
const maxTextBytes = 256 << 10

// ReadText reads one file of a file system as [Read] does: only a regular file of a size that people write, in UTF-8, and by
// no link that leads out of the file system.
func ReadText(fsys fs.FS, name string) Fact[string] {
	return (&reader{fsys: fsys, files: 1, bytes: maxTextBytes}).text(name, maxTextBytes)
}

func (r *reader) raw(name string, most int64) Fact[string] {
	real, info, err := r.real(name)
	switch {
	case isMissing(err):
		return absent[string]()
	case err != nil:
		return unknown[string](reason(err))
	case !info.Mode().IsRegular():
		return unknown[string]("it is no regular file")
	case info.Size() > most:
		return unknown[string](fmt.Sprintf("it is longer than %d MiB", most>>20))
	case r.files <= 0 || r.bytes < info.Size():
		return unknown[string]("too much was read already")
	}
	r.files--
	text, err := r.read(real, min(most, r.bytes))
	r.bytes -= int64(len(text))
	if err != nil {
		return unknown[string](reason(err))
	}
	return known(text)
}

// read does not trust the size: files of /proc say 0, and others may grow.
func (r *reader) read(name string, most int64) (string, error) {
	file, err := r.fsys.Open(name)
	if err != nil {
		return "", err
	}
	defer file.Close()
	var text strings.Builder
	n, err := io.Copy(&text, io.LimitReader(file, most+1))
	if err == nil && n > most {
		err = errors.New("it is too long")
	}
	return text.String(), err
}

// real is the path of a file without links, which are followed here and not by the operating system so that none leads out
// of the file system. Where the file system shows no links, it follows them itself.
func (r *reader) real(name string) (string, fs.FileInfo, error) {
	at, rest, links := ".", strings.Split(name, "/"), 0
	info, err := fs.Lstat(r.fsys, at)
	for err == nil && len(rest) > 0 {
		part := rest[0]
		rest = rest[1:]
		switch part {
		case "", ".":
			continue
		case "..":
			if at == "." {
				return "", nil, errOutside
			}
			at = path.Dir(at)
			info, err = fs.Lstat(r.fsys, at)
			continue
		}
		next := path.Join(at, part)
		if info, err = fs.Lstat(r.fsys, next); err != nil || info.Mode()&fs.ModeSymlink == 0 {
			at = next
			continue
		}
		target, ok := r.target(next)
		if links++; links > maxLinks {
			return "", nil, errLinkLoop
		}
		if !ok || isAbsolute(target) {
			return "", nil, errOutside
		}
		rest = append(strings.Split(target, "/"), rest...)
		info, err = fs.Lstat(r.fsys, at)
	}
	return at, info, err
}

// target is what a link names, with forward slashes.
func (r *reader) target(link string) (string, bool) {
	target, err := fs.ReadLink(r.fsys, link)
	return filepath.ToSlash(target), err == nil && target != ""
}

func isAbsolute(target string) bool {
	return strings.HasPrefix(target, "/") || len(target) > 1 && target[1] == ':'
}

// exists reports whether something is there, be it a link that leads nowhere.
func (r *reader) exists(name string) bool {
	folder, _, err := r.real(path.Dir(name))
	if err != nil {
		return false
	}
	_, err = fs.Lstat(r.fsys, path.Join(folder, path.Base(name)))
	return err == nil
}

// isFolder reports whether a path is a folder, through links.
func (r *reader) isFolder(name string) bool {
	_, info, err := r.real(name)
	return err == nil && info.IsDir()
}

// isMissing reports whether an error says that a file is not there, also because a folder of its path is a file.
func isMissing(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR)
}

// reason is an error without the path, which the fact has already.
func reason(err error) string {
	if pathError := (*fs.PathError)(nil); errors.As(err, &pathError) {
		err = pathError.Err
	}
	return err.Error()
}
