package project

import (
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// vast is a folder with a million files, which are made up when they are read: a thousand folders `data/0` to `data/999`
// with a thousand files each, or all in one folder. Only what is read costs anything.
type vast struct {
	folders, files int
	small          fstest.MapFS // stands in front of it
	read           *int         // entries that were given out
	unread         string       // a file behind the limit
}

func (v vast) Open(name string) (fs.File, error) {
	var number int
	switch {
	case name == ".":
		entries, err := fs.ReadDir(v.small, ".")
		return &vastFolder{read: v.read, first: append(entries, madeUp{"data", true})}, err
	case name == "data" && v.folders > 0:
		return &vastFolder{read: v.read, total: v.folders, folders: true}, nil
	case name == "data", isNumbered(name, &number, v.folders):
		return &vastFolder{read: v.read, total: v.files}, nil
	}
	return v.small.Open(name)
}

func isNumbered(name string, number *int, below int) bool {
	n, err := fmt.Sscanf(name, "data/%d", number)
	return n == 1 && err == nil && *number < below && path.Dir(name) == "data"
}

// vastFolder gives out entries that nobody has made.
type vastFolder struct {
	fs.File
	first   []fs.DirEntry
	total   int
	folders bool
	given   int
	read    *int
}

func (f *vastFolder) Stat() (fs.FileInfo, error) { return madeUp{".", true}, nil }
func (f *vastFolder) Close() error               { return nil }

func (f *vastFolder) ReadDir(n int) (entries []fs.DirEntry, err error) {
	if n <= 0 {
		return nil, fmt.Errorf("a folder without end is read as a whole")
	}
	for len(entries) < n && f.given < len(f.first)+f.total {
		if f.given < len(f.first) {
			entries = append(entries, f.first[f.given])
		} else {
			entries = append(entries, madeUp{fmt.Sprint(f.given - len(f.first)), f.folders})
		}
		f.given++
		*f.read++
	}
	if len(entries) == 0 {
		return nil, io.EOF
	}
	return entries, nil
}

// madeUp is a file or folder that is nothing but a name.
type madeUp struct {
	name   string
	folder bool
}

func (m madeUp) Name() string               { return m.name }
func (m madeUp) IsDir() bool                { return m.folder }
func (m madeUp) Info() (fs.FileInfo, error) { return m, nil }
func (m madeUp) Type() fs.FileMode          { return m.Mode().Type() }
func (m madeUp) Size() int64                { return 0 }
func (m madeUp) ModTime() time.Time         { return time.Time{} }
func (m madeUp) Sys() any                   { return nil }
func (m madeUp) Mode() fs.FileMode {
	if m.folder {
		return fs.ModeDir | 0o755
	}
	return 0o644
}

// TestMillionFiles holds that of a context with a million files no more are looked at than the limit says, that what was not
// looked at is unknown and said to be cut short, and that what the Dockerfile copies is known nevertheless.
func TestMillionFiles(t *testing.T) {
	for title, v := range map[string]vast{
		"in a thousand folders": {folders: 1000, files: 1000, unread: "data/999/999"},
		"in one folder":         {files: 1_000_000, unread: "data/999999"},
	} {
		t.Run(title, func(t *testing.T) {
			v.read = new(int)
			v.small = fstest.MapFS{
				"Dockerfile": {}, "package.json": {Data: []byte(`{"name": "a"}`)}, "src/a.js": {}, "zzz/b.js": {},
				".dockerignore": {Data: []byte("*.md\n!a.md\n")},
			}
			s := Read(v, Request{Dockerfile: "Dockerfile", Sources: []string{".", "src", "zzz"}, Names: []string{".env"}})
			if *v.read > maxEntries+folderChunk*2+100 {
				t.Errorf("%d entries were read", *v.read)
			}
			for source, want := range map[string]State{
				"src": Known, "zzz/b.js": Known, ".": Unknown, v.unread: Unknown, "data": Unknown, "none": Absent,
			} {
				if got := s.Takes(Copy{Source: source}); got.State != want || got.Truncated != (want == Unknown) {
					t.Errorf("%s is %v, truncated %t, want %v", source, got.State, got.Truncated, want)
				}
			}
			if found := s.TakesNamed(Copy{Source: "."}, ".env"); found.State != Unknown {
				t.Errorf(".env is %v", found.State)
			}
			if !is(s.Project(".").Package.Name, "a") {
				t.Errorf("package.json is %+v", s.Project(".").Package)
			}
			if !strings.Contains(s.Cut, "entries were looked at") {
				t.Errorf("it is not said that the context was cut: %q", s.Cut)
			}
			total := 0
			for _, f := range s.tree {
				total += len(f.entries)
			}
			if total > maxEntries {
				t.Errorf("%d entries are kept", total)
			}
		})
	}
}

// TestHugeFiles holds that a manifest or an ignore file of any length costs little, and is unknown where it is too long.
func TestHugeFiles(t *testing.T) {
	var dependencies strings.Builder
	for i := range 20_000 {
		fmt.Fprintf(&dependencies, "%q: \"^1.2.3\",\n", fmt.Sprint("package-", i))
	}
	manifest := func(more string) string {
		return `{"name": "a", "dependencies": {` + dependencies.String() + `"z": "1"}, "more": "` + more + `"}`
	}
	for title, test := range map[string]struct {
		text string
		want State
	}{
		"many dependencies": {manifest(""), Known},
		"too long":          {manifest(strings.Repeat("x", maxFileBytes)), Unknown},
		"nested deeply":     {strings.Repeat(`{"a":`, 100_000), Unknown},
		"a number":          {`{"name": ` + strings.Repeat("9", maxFileBytes/2) + `}`, Known},
		"one key again":     {"{" + strings.Repeat(`"name": "a",`, 50_000) + `"name": "a"}`, Known},
	} {
		s := Read(fstest.MapFS{"package.json": {Data: []byte(test.text)}}, Request{Dockerfile: "Dockerfile"})
		if p := s.Project(".").Package; p.State != test.want || test.want == Unknown && p.Why == "" {
			t.Errorf("%s: %v, %s", title, p.State, p.Why)
		}
	}

	lines := strings.Repeat("a\n", 100_000)
	for title, test := range map[string]struct {
		text string
		want State
	}{
		"100,000 lines":          {lines, Unknown},
		"100,000 comments":       {strings.ReplaceAll(lines, "a", "#"), Unknown},
		"as many lines as count": {lines[:maxIgnoreBytes], Known},
		"all of them exceptions": {strings.Repeat("!a\n", maxIgnoreBytes/3), Known},
	} {
		s := Read(fstest.MapFS{".dockerignore": {Data: []byte(test.text)}, "b": {}},
			Request{Dockerfile: "Dockerfile"})
		if s.Ignore.State != test.want || (s.Ignore.Why == "") != (test.want == Known) {
			t.Errorf("%s: the ignore file is %v: %s", title, s.Ignore.State, s.Ignore.Why)
		}
		if got := s.Ignored("b"); got.State != test.want || got.Value {
			t.Errorf("%s: b is %+v", title, got)
		}
	}
}
