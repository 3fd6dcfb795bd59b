package atomicfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

func TestReplace(t *testing.T) {
	folder := t.TempDir()
	real, link := filepath.Join(folder, "real"), filepath.Join(folder, "link")
	if err := errors.Join(os.WriteFile(real, []byte("a"), 0o640), os.Symlink("real", link)); err != nil {
		t.Fatal(err)
	}
	if err := Replace(link, "b"); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(real)
	info, err2 := os.Lstat(real)
	to, err3 := os.Readlink(link)
	if errors.Join(err, err2, err3) != nil || string(text) != "b" || info.Mode() != 0o640 || to != "real" {
		t.Errorf("%q, %v, %s: %v", text, info.Mode(), to, errors.Join(err, err2, err3))
	}
	if err := os.Chmod(real, 0o440); err != nil {
		t.Fatal(err)
	}
	if err := Replace(real, "c"); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("a read-only file: %v", err)
	}
	if err := Replace(filepath.Join(folder, "none"), "c"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
	onlyThese(t, folder, 2)
}

func TestCreate(t *testing.T) {
	folder := t.TempDir()
	name := filepath.Join(folder, "new")
	if err := Create(name, "a"); err != nil {
		t.Fatal(err)
	}
	for _, create := range []func(string, string) error{Create, createDirectly} {
		if err := create(name, "b"); !errors.Is(err, fs.ErrExist) {
			t.Errorf("a file that is there: %v", err)
		}
	}
	if text, err := os.ReadFile(name); err != nil || string(text) != "a" {
		t.Errorf("%q, %v", text, err)
	}
	if err := createDirectly(filepath.Join(folder, "other"), "b"); err != nil {
		t.Error(err)
	}
	onlyThese(t, folder, 2)
}

func onlyThese(t *testing.T, folder string, n int) {
	t.Helper()
	if entries, err := os.ReadDir(folder); err != nil || len(entries) != n {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}
