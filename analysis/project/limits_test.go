//go:build unix

package project

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/fstest"
	"time"
)

// readSoon fails if Read waits for something, such as the other end of a named pipe.
func readSoon(t *testing.T, fsys fs.FS, request Request) *Surroundings {
	t.Helper()
	done := make(chan *Surroundings, 1)
	go func() { done <- Read(fsys, request) }()
	select {
	case s := <-done:
		return s
	case <-time.After(20 * time.Second):
		t.Fatal("Read waits")
		return nil
	}
}

func make1(t *testing.T, root, name, text string) {
	t.Helper()
	file := filepath.Join(root, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func pipe(t *testing.T, root, name string) {
	t.Helper()
	if err := syscall.Mkfifo(filepath.Join(root, name), 0o644); err != nil {
		t.Fatal(err)
	}
}

func link(t *testing.T, root, target, name string) {
	t.Helper()
	if err := os.Symlink(target, filepath.Join(root, name)); err != nil {
		t.Fatal(err)
	}
}

// TestDisk reads a folder with everything in it that could block, on a real disk.
func TestDisk(t *testing.T) {
	outside, root := t.TempDir(), t.TempDir()
	make1(t, outside, "secret", "x")
	make1(t, root, "src/a.js", "a")
	for _, name := range []string{"package.json", "yarn.lock", "compose.yaml", "start.sh", ".npmrc", "src/pipe"} {
		pipe(t, root, name)
	}
	link(t, root, ".", "self")
	link(t, root, "../..", "src/up")
	link(t, root, "start.sh", "to-pipe")
	link(t, root, "/dev/zero", "to-device")
	link(t, root, filepath.Join(outside, "secret"), "to-outside")
	link(t, root, outside, "folder-outside")
	link(t, root, "loop", "loop")
	s := readSoon(t, os.DirFS(root), Request{
		Dockerfile: "Dockerfile",
		Sources:    []string{"src", ".", "self/src"},
		Files: []string{
			"start.sh", "to-pipe", "to-device", "to-outside", "folder-outside/secret", "loop", "self/src/a.js", "src",
		},
		Names: []string{".npmrc", "pipe"},
	})
	for _, name := range []string{
		"start.sh", "to-pipe", "to-device", "to-outside", "folder-outside/secret", "loop", "src", ".npmrc",
	} {
		if f := s.File(name); f.State != Unknown || f.Why == "it was not read" {
			t.Errorf("%s is %+v", name, f)
		}
	}
	if f := s.File("self/src/a.js"); f.Value != "a" {
		t.Errorf("through a link inside: %+v", f)
	}
	if got := strings.Join(s.Takes(Copy{Source: "self/self/src"}).Files, " "); got != "src/a.js src/pipe src/up" {
		t.Errorf("src has %s", got)
	}
	if all := s.Takes(Copy{Source: "."}); all.State != Known || len(all.Files) != 14 {
		t.Errorf("the context has %d files: %+v", len(all.Files), all)
	}
	if p := s.Project("."); p.State != Unknown || p.Manager.State != Unknown {
		t.Errorf("the project is %+v", p)
	}
}

// TestOpenRoot holds that a file system of os.OpenRoot works as well.
func TestOpenRoot(t *testing.T) {
	dir := t.TempDir()
	make1(t, dir, "app/package.json", `{"name": "a"}`)
	link(t, dir, "app", "current")
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	s := readSoon(t, root.FS(), Request{Dockerfile: "Dockerfile", Sources: []string{"current/package.json"}})
	if p := s.Project("current"); !is(p.Package.Name, "a") {
		t.Errorf("%+v", p)
	}
}

func is[T comparable](f Fact[T], value T) bool { return f.State == Known && f.Value == value }

// failing is a file system in which some paths cannot be opened.
type failing struct {
	fstest.MapFS
	opened map[string]int
	denied map[string]bool
}

func (f failing) Open(name string) (fs.File, error) {
	f.opened[name]++
	if f.denied[name] {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return f.MapFS.Open(name)
}

func TestUnreadable(t *testing.T) {
	files := fstest.MapFS{
		"package.json": {Data: []byte("{}")}, "yarn.lock": {Data: []byte("x")}, "src/a": {}, "closed/b": {}, "open/c": {},
		".dockerignore": {Data: []byte("ignored\n")}, "ignored/d": {},
	}
	denied := func(names ...string) failing {
		f := failing{files, map[string]int{}, map[string]bool{}}
		for _, name := range names {
			f.denied[name] = true
		}
		return f
	}
	fsys := denied("package.json", "closed")
	s := Read(fsys, Request{Dockerfile: "Dockerfile", Sources: []string{"src"}})
	if p := s.Project("."); p.State != Unknown || p.Package.Why != "permission denied" {
		t.Errorf("package.json is %+v", p.Package)
	}
	for source, want := range map[string]State{
		".": Unknown, "src": Known, "closed": Unknown, "closed/b": Unknown, "open": Known, "*": Unknown, "none": Absent,
		"o*": Known,
	} {
		if got := s.Takes(Copy{Source: source}); got.State != want || got.Truncated != (want == Unknown) {
			t.Errorf("%s is %+v, want %v", source, got, want)
		}
	}
	if fsys.opened["ignored"] > 0 {
		t.Error("an ignored folder was read")
	}
	s = Read(denied(".dockerignore"), Request{Dockerfile: "Dockerfile"})
	if s.Ignore.State != Unknown || s.Ignored("src").State != Unknown || s.Takes(Copy{Source: "src"}).State != Unknown {
		t.Errorf("without the ignore file: %+v", s.Ignore)
	}
}

// TestLimits holds that what lies behind a limit is unknown, and what lies in front of it is known.
func TestLimits(t *testing.T) {
	files := fstest.MapFS{"deep" + strings.Repeat("/d", 200) + "/x": {}, "small/a": {}}
	for i := range maxFolder + 10 {
		files[fmt.Sprintf("large/%d", i)] = &fstest.MapFile{}
	}
	s := Read(files, Request{Dockerfile: "Dockerfile"})
	for source, want := range map[string]State{
		"small": Known, "large": Unknown, "deep": Unknown, ".": Unknown, "large/none": Unknown, "small/none": Absent,
	} {
		if got := s.Takes(Copy{Source: source}); got.State != want {
			t.Errorf("%s is %v, want %v", source, got.State, want)
		}
	}
	if !strings.Contains(s.Cut, "64 deep") && !strings.Contains(s.Cut, "of large only 20000 entries") {
		t.Errorf("cut: %q", s.Cut)
	}
	if found := s.TakesNamed(Copy{Source: "large"}, "node_modules"); found.State != Unknown {
		t.Errorf("node_modules is %v", found.State)
	}

	text := strings.Repeat("x", maxFileBytes+1)
	s = Read(fstest.MapFS{"a": {Data: []byte(text)}, "b": {Data: []byte(text[:maxFileBytes])}, "c": {Data: []byte("\xff")}},
		Request{Dockerfile: "Dockerfile", Files: []string{"a", "b", "c", "d"}})
	for name, want := range map[string]State{"a": Unknown, "b": Known, "c": Unknown, "d": Absent} {
		if got := s.File(name); got.State != want {
			t.Errorf("%s is %v, want %v", name, got.State, want)
		}
	}
	slow := strings.Repeat(strings.Repeat("**/*/", 100)+"x\n", maxIgnoreBytes/502)
	files = fstest.MapFS{".dockerignore": {Data: []byte(slow)}}
	for i := range 5000 {
		files[fmt.Sprintf("a/%060d", i)] = &fstest.MapFile{}
	}
	start := time.Now()
	if got := Read(files, Request{Dockerfile: "Dockerfile"}).Takes(Copy{
		Source: ".",
	}); got.State != Unknown || time.Since(start) > 40*time.Second {
		t.Errorf("with a slow ignore file: %v after %v", got.State, time.Since(start))
	}
	for _, ignore := range []string{
		strings.Repeat("x", 70_000), strings.Repeat("x", 2_000), strings.Repeat("x\n", maxIgnoreBytes),
	} {
		s = Read(fstest.MapFS{".dockerignore": {Data: []byte(ignore)}}, Request{Dockerfile: "Dockerfile"})
		if s.Cut != "" || s.Ignored("x").State != Unknown || s.Takes(Copy{Source: "."}).State != Unknown {
			t.Errorf("with a long ignore file: %+v", s.Ignored("x"))
		}
	}
}

// TestSourcesFirst holds that a limit leaves unread what no source names.
func TestSourcesFirst(t *testing.T) {
	files := fstest.MapFS{"z/src/deep/x.js": {}}
	for i := range maxEntries {
		files[fmt.Sprintf("a/%d/%d", i/1000, i)] = &fstest.MapFile{}
	}
	s := Read(files, Request{Dockerfile: "Dockerfile", Sources: []string{"z/src"}})
	if got := s.Takes(Copy{Source: "z"}); got.State != Known {
		t.Errorf("z is %+v", got)
	}
	if got := s.Takes(Copy{Source: "a"}); got.State != Unknown {
		t.Errorf("a is %v", got.State)
	}
}

// TestZero holds that nothing is known of a Dockerfile whose surroundings were not read.
func TestZero(t *testing.T) {
	s := &Surroundings{}
	states := []State{
		s.Context.State, s.Ignore.State, s.Ignored("x").State, s.Takes(Copy{Source: "."}).State, s.File("x").State,
		s.TakesNamed(Copy{Source: "."}, "x").State, s.Project(".").State, s.Project(".").Manager.State,
	}
	for _, dockerfile := range []string{"/Dockerfile", "../Dockerfile", "a/../../Dockerfile"} {
		states = append(states, Read(fstest.MapFS{}, Request{Dockerfile: dockerfile, Sources: []string{"x"}}).Context.State)
	}
	for i, state := range states {
		if state != Unknown {
			t.Errorf("fact %d is %v", i, state)
		}
	}
}

// TestConcurrent is for the race detector: rules of several requests ask at once.
func TestConcurrent(t *testing.T) {
	s := Read(fstest.MapFS{
		".dockerignore": {Data: []byte("*.md\n!a.md\n")}, "a.md": {}, "b": {},
	}, Request{Dockerfile: "Dockerfile"})
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 100 {
				if !is(s.Ignored("b.md"), true) || len(s.Takes(Copy{Source: "."}).Files) != 3 || s.TakesNamed(Copy{
					Source: ".",
				}, "a*").State != Known {
					t.Error("wrong")
				}
			}
		})
	}
	all.Wait()
}
