// Package corpus finds the shared test input: real Dockerfiles of public repositories, which are never copied here.
// It must not know what a test does with them.
package corpus

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// File is one Dockerfile of the corpus.
type File struct {
	Name string // relative to the corpus, with forward slashes
	Text string
}

// Shared returns the path of a file or folder in the shared folder, which DOCKERFILE_LS_SHARED names and which else lies
// beside the folder of go.mod. The test is skipped without it, unless the variable is set: then it fails.
func Shared(tb testing.TB, path string) string {
	tb.Helper()
	full, found := Find(path)
	if found {
		return full
	}
	if root, set := os.LookupEnv("DOCKERFILE_LS_SHARED"); set {
		tb.Fatalf("DOCKERFILE_LS_SHARED=%s has no %s", root, path)
	}
	tb.Skipf("SKIPPED, NOT TESTED: no %s; set DOCKERFILE_LS_SHARED", full)
	return ""
}

// Find is Shared for tests that have more to test than what needs the folder.
func Find(path string) (full string, found bool) {
	root, set := os.LookupEnv("DOCKERFILE_LS_SHARED")
	if !set {
		root = filepath.Join(moduleRoot(), "..", "shared")
	}
	full = filepath.Join(root, filepath.FromSlash(path))
	_, err := os.Stat(full)
	return full, err == nil
}

// Dockerfiles returns all Dockerfiles of the dev corpus, sorted by name.
func Dockerfiles(tb testing.TB) []File {
	tb.Helper()
	root := Shared(tb, "corpus/dev")
	var files []File
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() || !isDockerfile(entry.Name()) {
			return err
		}
		content, err := os.ReadFile(path)
		name, _ := filepath.Rel(root, path)
		files = append(files, File{filepath.ToSlash(name), string(content)})
		return err
	})
	if err != nil || len(files) == 0 {
		tb.Fatalf("reading the corpus in %s: %d files, %v", root, len(files), err)
	}
	return files
}

func isDockerfile(name string) bool {
	lower := strings.ToLower(name)
	return strings.Contains(lower, "dockerfile") && !strings.HasSuffix(lower, ".dockerignore")
}

// moduleRoot is the topmost folder above the working folder that has a go.mod: the oracle is a module inside the module.
func moduleRoot() string {
	dir, err := os.Getwd()
	root := "."
	for ; err == nil && dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			root = dir
		}
	}
	return root
}
