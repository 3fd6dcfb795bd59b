package project

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/moby/patternmatcher"
	"github.com/moby/patternmatcher/ignorefile"
)

// TestAgainstFullWalk compares Takes with what BuildKit does, done in the plainest way: every path of the context by itself
// through patternmatcher, then every path that is left through the source.
func TestAgainstFullWalk(t *testing.T) {
	asked, wholly, some := 0, 0, 0
	for seed := range uint64(600) {
		g := &generator{rand.New(rand.NewPCG(seed, 11))}
		files, ignore := g.files(), g.ignore()
		files[".dockerignore"] = &fstest.MapFile{Data: []byte(ignore)}
		s := Read(files, Request{Dockerfile: "Dockerfile"})
		if s.Ignore.State != Known || s.Ignore.Why != "" {
			t.Fatalf("%q: %s", ignore, s.Ignore.Why)
		}
		left := contextOf(t, files, ignore)
		for range 12 {
			c := g.copy()
			asked++
			got, want := s.Takes(c), takenOf(t, left, c)
			if got.State != Unknown {
				wholly++
				if len(want) > 0 {
					some++
				}
				if diff := cmp.Diff(want, got.Files); diff != "" && len(want)+len(got.Files) > 0 {
					t.Fatalf("%+v (- BuildKit, + Takes)\n%s\nignored: %q\nfiles: %q", c, diff, ignore, left)
				}
			} else if extra := slices.DeleteFunc(slices.Clone(got.Files), func(f string) bool {
				return slices.Contains(want, f)
			}); len(extra) > 0 {
				t.Fatalf("%+v: %q are not taken\nignored: %q\nfiles: %q", c, extra, ignore, left)
			}
			compareNamed(t, s, c, want, ignore)
		}
	}
	t.Logf("%d questions, %d of them known, %d of those with files", asked, wholly, some)
	if wholly < asked*3/5 || some < 2000 {
		t.Error("too few answers are known")
	}
}

func compareNamed(t *testing.T, s *Surroundings, c Copy, want []string, ignore string) {
	for _, name := range []string{"node_modules", ".git", "*.md"} {
		var topmost []string
		for _, file := range want {
			if top := (&namer{patterns: []string{name}, folders: map[string]string{".": ""}}).top(file); top != "" {
				topmost = append(topmost, top)
			}
		}
		found := s.TakesNamed(c, name)
		if found.State == Absent && len(topmost) > 0 {
			t.Fatalf("%+v: %s is taken, as %q\nignored: %q", c, name, topmost, ignore)
		}
		for _, top := range found.Paths {
			unread := slices.ContainsFunc(s.Takes(c).Unread, func(folder string) bool {
				return slices.Contains(ancestors(folder), top)
			})
			if !slices.Contains(topmost, top) && !unread {
				t.Fatalf("%+v: %s is not taken, but %q\nignored: %q", c, top, topmost, ignore)
			}
		}
	}
}

// matches goes through the folders of a path, as BuildKit does.
func matches(t *testing.T, name string, patterns []string) bool {
	m, err := patternmatcher.New(patterns)
	if err != nil {
		t.Fatal(err)
	}
	folders := ancestors(name)
	slices.Reverse(folders)
	var info patternmatcher.MatchInfo
	var ok bool
	for _, folder := range folders[1:] {
		if ok, info, err = m.MatchesUsingParentResults(folder, info); err != nil {
			t.Fatal(err)
		}
	}
	return ok
}

// contextOf are the files that are not ignored.
func contextOf(t *testing.T, files fstest.MapFS, ignore string) []string {
	patterns, err := ignorefile.ReadAll(strings.NewReader(ignore))
	if err != nil {
		t.Fatal(err)
	}
	var left []string
	for name := range files {
		if !matches(t, name, patterns) {
			left = append(left, name)
		}
	}
	slices.Sort(left)
	return left
}

// takenOf are the files that a source takes of those that BuildKit has.
func takenOf(t *testing.T, left []string, c Copy) []string {
	source := inContext(c.Source)
	include := ""
	if c.Parents {
		source, include = pivot(c.Source)
		required := path.Join(source, include)
		if !hasWildcards(required) && !slices.ContainsFunc(left, func(file string) bool {
			return slices.Contains(ancestors(file), required)
		}) {
			return nil // BuildKit stops
		}
	}
	var taken []string
	for _, file := range left {
		for _, root := range rootsOf(file, source) {
			rel, _ := below(root, file)
			if rel != "." && (include != "" && !matches(t, rel, []string{include}) || matches(t, rel, c.Exclude)) {
				continue
			}
			taken = append(taken, file)
			break
		}
	}
	return taken
}

// rootsOf is the file or folder that a source names on the way to a file: the topmost that a pattern matches.
func rootsOf(file, source string) []string {
	above := ancestors(file)
	slices.Reverse(above)
	for _, name := range above {
		if ok, err := path.Match(source, name); name == source || hasWildcards(source) && ok && err == nil && name != "." {
			return []string{name}
		}
	}
	return nil
}

type generator struct{ random *rand.Rand }

func (g *generator) pick(from ...string) string { return from[g.random.IntN(len(from))] }

func (g *generator) name() string {
	return g.pick("a", "b", "ab", "a.md", "b.md", "c.js", ".env", "lib", "src", "node_modules", ".git")
}

func (g *generator) files() fstest.MapFS {
	files := fstest.MapFS{}
	for range 5 + g.random.IntN(40) {
		name := g.name()
		for range g.random.IntN(4) {
			name += "/" + g.name()
		}
		files[name] = &fstest.MapFile{}
	}
	// A path that is both a file and the folder of another one is the folder.
	for name := range files {
		for _, above := range ancestors(name)[1:] {
			delete(files, above)
		}
	}
	return files
}

func (g *generator) ignore() string {
	var out strings.Builder
	for range g.random.IntN(6) {
		fmt.Fprintln(&out, g.pick("", "", "!")+g.pattern())
	}
	return out.String()
}

func (g *generator) pattern() string {
	part := func() string {
		return g.pick(g.name(), g.name(), g.name(), "*", "*.md", "a*", "?", "[ab]", "**", "*.js")
	}
	pattern := g.pick("", "", "/", "./", "**/") + part()
	for range g.random.IntN(3) {
		pattern += g.pick("/", "/", "//", "/**/") + part()
	}
	return pattern + g.pick("", "", "", "/", "/*", "/**")
}

func (g *generator) copy() Copy {
	c := Copy{Source: g.pick(".", ".", "/", "*", g.name(), g.name(), g.name()+"/"+g.name(), "*/"+g.name(), g.name()+"/*",
		"a*", "*.md", "./"+g.name()+"/", "../"+g.name())}
	for range max(0, g.random.IntN(5)-2) {
		c.Exclude = append(c.Exclude, g.pick("", "", "!")+g.pick(g.name(), "**/"+g.name(), "*.md", "*/*"))
	}
	if g.random.IntN(4) == 0 {
		c.Parents = true
		c.Source = g.pick(g.name(), g.name()+"/"+g.name(), "*/*.md", "**/*.md", g.name()+"/./"+g.name(),
			g.name()+"/./**", "*/"+g.name())
	}
	return c
}

// FuzzPatterns holds that the patterns of an ignore file, read line by line, are those that BuildKit reads, and that none
// of them breaks the walk.
func FuzzPatterns(f *testing.F) {
	for _, seed := range []string{
		"a\r\n!b\n", "\uFEFF#x\n\uFEFFy", " # x\n!\n! \n[\n[z-a]\n\\", "a\\\n**\n!**/a\n/\n..\n!/../x",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > maxPatternBytes {
			t.Skip("NOT COMPARED: longer than maxPatternBytes, a limit of ours that BuildKit does not have")
		}
		var got []string
		patterns, err := readPatterns(text)
		for _, p := range patterns {
			got = append(got, p.Text)
		}
		want, wantErr := ignorefile.ReadAll(bytes.NewReader([]byte(text)))
		if (err != nil) != (wantErr != nil) {
			t.Fatalf("we: %v, BuildKit: %v", err, wantErr)
		}
		if diff := cmp.Diff(want, got); err == nil && diff != "" {
			t.Fatalf("(- BuildKit, + we)\n%s", diff)
		}
		files := fstest.MapFS{"a/b/c": {}, "b": {}, ".dockerignore": {Data: []byte(text)}}
		s := Read(files, Request{Dockerfile: "Dockerfile"})
		for _, name := range []string{"a/b/c", "b"} {
			f := s.Ignored(name)
			if f.State == Known && f.Value != matches(t, name, want) {
				t.Fatalf("%s: ignored %v, and not for BuildKit", name, f.Value)
			}
			if (s.Takes(Copy{Source: name}).State == Known) != (f.State == Known && !f.Value) {
				t.Fatalf("%s: ignored %+v, taken %+v", name, f, s.Takes(Copy{Source: name}))
			}
		}
	})
}
