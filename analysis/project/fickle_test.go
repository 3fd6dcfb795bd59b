//go:build unix

package project

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"
)

// fickle is a file system that is another one whenever it is looked at: files come and go, grow, and become folders.
type fickle struct {
	random   *rand.Rand
	versions []fstest.MapFS
}

func (f fickle) now() fstest.MapFS { return f.versions[f.random.IntN(len(f.versions))] }

func (f fickle) Open(name string) (fs.File, error) {
	file, err := f.now().Open(name)
	if dir, ok := file.(fs.ReadDirFile); ok && err == nil {
		return &fickleFolder{dir, f}, nil
	}
	return file, err
}

func (f fickle) Lstat(name string) (fs.FileInfo, error) { return f.now().Lstat(name) }
func (f fickle) ReadLink(name string) (string, error)   { return f.now().ReadLink(name) }

// fickleFolder gives out the entries of whatever folder there is at the moment.
type fickleFolder struct {
	fs.ReadDirFile
	of fickle
}

func (f *fickleFolder) ReadDir(n int) ([]fs.DirEntry, error) {
	entries, err := f.ReadDirFile.ReadDir(n)
	if f.of.random.IntN(8) == 0 {
		return entries, fmt.Errorf("the folder is gone")
	}
	return entries, err
}

// TestChangesWhileRead holds that a project that changes under the hands of Read costs nothing but its facts: each text is
// one that the file has had, and what is said of it afterwards is said twice alike.
func TestChangesWhileRead(t *testing.T) {
	link := func(target string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte(target), Mode: 0o777 | fs.ModeSymlink}
	}
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	versions := []fstest.MapFS{
		{
			"Dockerfile": {}, "package.json": file(`{"name": "a", "scripts": {"start": "node src/a.js"}}`),
			"package-lock.json": file(`{"lockfileVersion": 3}`), ".dockerignore": file("*.md\n"),
			"src/a.js": file("require('./b')"),
			"src/b.js": file("1"), "start.sh": file("#!/bin/sh\nnode src/a.js\n"),
			"compose.yaml": file("services: {a: {build: .}}\n"),
		},
		{
			"package.json/x": {}, "package-lock.json": link("yarn.lock"), ".dockerignore": link("src/none"),
			"src": link("lib"), "lib/a.js": link("../none.js"), "start.sh": link("/etc/passwd"), "compose.yaml/y": {},
		},
		{
			"package.json": file(strings.Repeat(" ", maxFileBytes+1)), "src": file("no folder"),
			".dockerignore": file("src\n!src/a.js\n"), "start.sh": file("\xff"),
		},
		{},
	}
	request := Request{
		Dockerfile: "Dockerfile", Sources: []string{".", "src", "package*.json", "start.sh"}, Names: []string{"*.js"},
		Files:   []string{"start.sh", "src/a.js"},
		Entries: []Entry{{Files: []string{"start.sh", "src/a.js"}, Packages: []string{"."}}},
	}
	states := map[State]int{}
	for seed := range uint64(2_000) {
		f := fickle{rand.New(rand.NewPCG(seed, 7)), versions}
		s := Read(f, request)
		for _, name := range request.Files {
			got := s.File(name)
			states[got.State]++
			if got.State == Known && !slices.ContainsFunc(versions, func(v fstest.MapFS) bool {
				text, err := fs.ReadFile(v, name)
				return err == nil && string(text) == got.Value
			}) {
				t.Fatalf("seed %d: %s is %q", seed, name, got.Value)
			}
		}
		for _, source := range request.Sources {
			first, again := s.Takes(Copy{Source: source}), s.Takes(Copy{Source: source})
			if first.State != again.State || !slices.Equal(first.Files, again.Files) {
				t.Fatalf("seed %d: %s is %+v and %+v", seed, source, first, again)
			}
		}
		s.Project(".")
	}
	if states[Known] == 0 || states[Unknown] == 0 || states[Absent] == 0 {
		t.Errorf("states %v", states)
	}
}

// TestOddNames reads a folder with names that have line feeds, escapes, and bytes that are no UTF-8, on a real disk.
func TestOddNames(t *testing.T) {
	root := t.TempDir()
	names := []string{"a\nb.js", "\x1b[2J", "\xff.js", "\u202ejs", `back\slash`, "-rf", "*", "[a", "!x", "# y", " ", "nul\x7f", "~"}
	for _, name := range names {
		make1(t, root, "src/"+name, "x")
		make1(t, root, "src/folder "+name+"/inside", "x")
	}
	make1(t, root, ".dockerignore", "src/\\!x\nsrc/[[]a\nsrc/\\*\n")
	s := readSoon(t, os.DirFS(root), Request{
		Dockerfile: "Dockerfile", Sources: []string{"src", "src/a\nb.js"},
		Files: []string{"src/\xff.js", "src/a\nb.js"},
	})
	taken := s.Takes(Copy{Source: "src"})
	var want []string
	for _, name := range names {
		if name != "!x" && name != "[a" && name != "*" {
			want = append(want, "src/"+name)
		}
		if utf8.ValidString(name) {
			want = append(want, "src/folder "+name+"/inside")
		}
	}
	slices.Sort(want)
	got := slices.Sorted(slices.Values(taken.Files))
	if !slices.Equal(got, want) {
		t.Errorf("src has %q\nwant %q", got, want)
	}
	if !taken.Truncated {
		t.Error("the folder that no file system of Go opens counts as read")
	}
	if f := s.File("src/a\nb.js"); f.Value != "x" {
		t.Errorf("%+v", f)
	}
	if f := s.File("src/\xff.js"); f.State != Unknown {
		t.Errorf("%+v", f)
	}
}
