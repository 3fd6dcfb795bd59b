//go:build unix

package atomicfile

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestFullDisk holds that what cannot be written as a whole leaves what was there, and nothing beside it. A process that may
// write no more than a few bytes into a file stands for a full disk: writing fails in the middle.
func TestFullDisk(t *testing.T) {
	const inFolder = "ATOMICFILE_TEST_FOLDER"
	if folder := os.Getenv(inFolder); folder != "" {
		writeTooMuch(t, folder)
		return
	}
	folder := t.TempDir()
	there := filepath.Join(folder, "there")
	if err := os.WriteFile(there, []byte("old"), 0o640); err != nil {
		t.Fatal(err)
	}
	child := exec.Command(os.Args[0], "-test.run=^TestFullDisk$")
	child.Env = append(os.Environ(), inFolder+"="+folder)
	if out, err := child.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	if text, err := os.ReadFile(there); err != nil || string(text) != "old" {
		t.Errorf("%v, %q", err, text)
	}
	onlyThese(t, folder, 1)
}

func writeTooMuch(t *testing.T, folder string) {
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 100, Max: 100}); err != nil {
		t.Fatal(err)
	}
	text := strings.Repeat("new", 100)
	for title, write := range map[string]func() error{
		"Replace":        func() error { return Replace(filepath.Join(folder, "there"), text) },
		"Put over":       func() error { return Put(filepath.Join(folder, "there"), text, 0o600) },
		"Put":            func() error { return Put(filepath.Join(folder, "new"), text, 0o600) },
		"Create":         func() error { return Create(filepath.Join(folder, "new"), text) },
		"createDirectly": func() error { return createDirectly(filepath.Join(folder, "new"), text) },
	} {
		if err := write(); !errors.Is(err, syscall.EFBIG) || strings.Contains(err.Error(), ".dockerfile-ls-") {
			t.Errorf("%s: %v", title, err)
		}
	}
}
