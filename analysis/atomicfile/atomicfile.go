// Package atomicfile writes files as a whole or not at all.
// It must not know what they are.
package atomicfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// Replace gives a file that is there another text, and keeps its mode. A link stays one: what it leads to is written. A file
// that its owner has made read-only is left alone, with fs.ErrPermission.
func Replace(name, text string) (err error) {
	if name, err = filepath.EvalSymlinks(name); err != nil {
		return err
	}
	info, err := os.Stat(name)
	if err != nil {
		return err
	}
	if info.Mode().Perm()&0o200 == 0 {
		return &fs.PathError{Op: "write", Path: name, Err: fs.ErrPermission}
	}
	return Put(name, text, info.Mode().Perm())
}

// Put makes a file with a mode, or takes the place of the one that is there.
func Put(name, text string, mode fs.FileMode) error {
	temporary, err := beside(name, text, mode)
	if err != nil {
		return err
	}
	if err := os.Rename(temporary, name); err != nil {
		return errors.Join(err, os.Remove(temporary))
	}
	return nil
}

// Create makes a file that is not there yet, for everybody to read; it is fs.ErrExist if it is there.
func Create(name, text string) error {
	temporary, err := beside(name, text, 0o644)
	if err != nil {
		return err
	}
	// A link does not take the place of a file that has come meanwhile, as renaming would.
	err = os.Link(temporary, name)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		err = createDirectly(name, text)
	}
	return errors.Join(err, os.Remove(temporary))
}

// beside writes a text into a new file in the same folder, and returns its name.
func beside(name, text string, mode fs.FileMode) (string, error) {
	file, err := os.CreateTemp(filepath.Dir(name), ".dockerfile-ls-*")
	if err != nil {
		return "", about(name, err)
	}
	_, err = file.WriteString(text)
	if err = errors.Join(err, file.Chmod(mode), file.Close()); err != nil {
		return "", errors.Join(about(name, err), os.Remove(file.Name()))
	}
	return file.Name(), nil
}

// about makes an error of the new file one of the file that it is for: nobody knows the other name.
func about(name string, err error) error {
	if wrong := (*fs.PathError)(nil); errors.As(err, &wrong) {
		return &fs.PathError{Op: wrong.Op, Path: name, Err: wrong.Err}
	}
	return err
}

// createDirectly is for file systems without links.
func createDirectly(name, text string) error {
	file, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	if _, err = file.WriteString(text); err != nil {
		return errors.Join(err, file.Close(), os.Remove(name))
	}
	return file.Close()
}
