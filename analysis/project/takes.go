package project

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/moby/patternmatcher"
)

// Copy is a source of a COPY or ADD out of the build context, with the flags that change what it takes.
type Copy struct {
	Source  string
	Exclude []string // the patterns of --exclude
	Parents bool     // --parents
}

// Taken is what a COPY or ADD takes out of the context.
type Taken struct {
	// State is Absent if there is no such file, or none that the pattern matches: BuildKit stops at a plain path that is
	// not there. It is Unknown if some of what the source takes was not read.
	State State
	// Files are paths in the context, links that lead to the source followed. What is in it is certainly taken; it is all
	// only if the state is Known.
	Files []string
	// Unread are folders that are taken and of which nothing more is known, such as those in node_modules.
	Unread []string
	// Truncated says that a limit of the walk, or an unreadable folder, is the reason why the state is Unknown.
	Truncated bool
	Why       string // the reason why it is unknown
}

// Found are files and folders by name.
type Found struct {
	// State is Known if there are some, though there may be more; Absent if it is certain that there are none.
	State State
	// Paths are the topmost ones: of a folder that is found, not what is in it.
	Paths []string
}

// Takes is what BuildKit takes out of the context for a source: a file, a folder, a pattern, or `.` for all of it.
func (s *Surroundings) Takes(c Copy) Taken {
	if s.tree == nil {
		why := s.Context.Why
		if s.Context.State == Known {
			why = s.Ignore.Why
		}
		return Taken{Why: why}
	}
	return s.answers.remember(c.key(), func() answer { return answer{taken: s.takes(c)} }).taken
}

// Leads is the file that a plain source leads to, links followed, as a path in the file system; false if it is not there, a
// folder or a pattern.
func (s *Surroundings) Leads(source string) (name string, ok bool) {
	name = inContext(source)
	if s.Context.State != Known || hasWildcards(name) {
		return "", false
	}
	real, e, state := s.tree.find(name)
	if state != Known || e.kind == aFolder {
		return "", false
	}
	return path.Join(s.Context.Root, real), true
}

// TakesNamed are the files and folders that a source takes and that have one of the names, which are patterns of a single
// name as in path.Match: node_modules, .env*. A folder counts if a file in it is taken, or if it was not read.
func (s *Surroundings) TakesNamed(c Copy, names ...string) Found {
	if s.tree == nil {
		return Found{}
	}
	key := strings.Join(names, "\x00") + "\x01" + c.key()
	return s.answers.remember(key, func() answer { return answer{found: s.Takes(c).named(names)} }).found
}

// maxStars is how many `**` the patterns of one COPY may have, each of which is tried at every byte of every path.
const maxStars = 8

func (s *Surroundings) takes(c Copy) Taken {
	if text := c.Source + strings.Join(c.Exclude, ""); len(text) > maxPatternBytes || strings.Count(text, "**") > maxStars {
		return Taken{Why: "its patterns are too long to be looked at"}
	}
	t := &Taken{}
	col := collector{tree: s.tree, taken: t}
	source := inContext(c.Source)
	if c.Parents {
		var pattern string
		source, pattern = pivot(c.Source)
		if _, _, state := s.tree.find(path.Join(source, pattern)); state == Absent && !hasWildcards(source) &&
			!hasWildcards(pattern) {
			return Taken{State: Absent}
		}
		col.pattern = pattern
		col.include, _ = patternmatcher.New([]string{pattern})
		if col.include == nil {
			return Taken{Why: fmt.Sprintf("`%s` is malformed", pattern)}
		}
	}
	if len(c.Exclude) > 0 {
		var err error
		if col.exclude, err = patternmatcher.New(c.Exclude); err != nil {
			return Taken{Why: "a pattern of --exclude is malformed"}
		}
	}
	found := col.sources(source)
	slices.Sort(t.Files)
	t.Files = slices.Compact(t.Files)
	switch {
	case t.Why != "":
	case t.Truncated:
		t.Why = "a part of the context was not read"
	case found:
		t.State = Known
	default:
		t.State = Absent
	}
	return *t
}

// pivot splits the source of a COPY --parents in front of the part that it keeps. Source: dispatchCopy of BuildKit.
func pivot(source string) (parent, pattern string) {
	parent, pattern, ok := strings.Cut(source, "/./")
	if !ok {
		parent, pattern = "", source
	}
	return inContext(parent), strings.TrimPrefix(path.Join("/", pattern), "/")
}

// sources gathers what a path or pattern takes, and reports whether there is anything of that name.
func (c *collector) sources(source string) bool {
	fixed, pattern := splitWildcards(source)
	if pattern == "" {
		return c.source(source)
	}
	if _, err := path.Match(pattern, ""); err != nil {
		c.taken.Why = fmt.Sprintf("`%s` is malformed", source)
		return false
	}
	base, e, state := c.tree.find(fixed)
	c.taken.Truncated = c.taken.Truncated || state == Unknown
	if state != Known || e.kind != aFolder {
		return false
	}
	found := false
	for _, match := range c.glob(base, "", pattern) {
		found = c.source(match) || found
	}
	return found
}

// source gathers what a path takes, and reports whether it is there.
func (c *collector) source(name string) bool {
	real, e, state := c.tree.find(name)
	unread := e.kind == aFolder && e.hidden && c.tree[real] == nil
	switch {
	case state == Unknown || unread:
		c.taken.Truncated = true
	case state == Absent:
	case e.kind == aFolder:
		c.folder(real, "", patternmatcher.MatchInfo{}, patternmatcher.MatchInfo{})
	default:
		c.taken.Files = append(c.taken.Files, real)
	}
	return state == Known
}

// glob are the paths below a folder that a pattern matches. What lies in a matched folder is no match of its own, and links
// are not entered. Source: resolveWildcards of fsutil/copy.
func (c *collector) glob(base, rel, pattern string) []string {
	folder := path.Join(base, rel)
	f := c.tree[folder]
	c.taken.Truncated = c.taken.Truncated || f == nil || !f.whole
	if f == nil {
		return nil
	}
	var matches []string
	for _, e := range f.entries {
		seen := path.Join(rel, e.name)
		if ok, err := path.Match(pattern, seen); ok && err == nil {
			matches = append(matches, path.Join(folder, e.name))
			continue
		}
		if e.kind == aFolder && mayMatchBelow(pattern, seen) {
			matches = append(matches, c.glob(base, seen, pattern)...)
		}
	}
	return matches
}

// mayMatchBelow reports whether a pattern may match something in a folder that it does not match.
func mayMatchBelow(pattern, folder string) bool {
	parts, names := strings.Split(pattern, "/"), strings.Split(folder, "/")
	for i, name := range names {
		if i >= len(parts) {
			return false
		}
		if strings.Contains(parts[i], "**") {
			return true
		}
		if ok, err := path.Match(parts[i], name); err == nil && !ok {
			return false
		}
	}
	return len(parts) > len(names)
}

// named are the topmost of the paths that one of the patterns names.
func (t Taken) named(patterns []string) Found {
	n := namer{patterns: patterns, folders: map[string]string{".": ""}}
	for _, list := range [][]string{t.Files, t.Unread} {
		for _, name := range list {
			if top := n.top(name); top != "" {
				n.found = append(n.found, top)
			}
		}
	}
	slices.Sort(n.found)
	f := Found{State: Known, Paths: slices.Compact(n.found)}
	switch {
	case len(f.Paths) > 0:
	case t.State == Unknown:
		f.State = Unknown
	default:
		f.State = Absent
	}
	return f
}

type namer struct {
	patterns []string
	folders  map[string]string // the topmost part of each folder's path that is named so, or ""
	found    []string
}

// top is the shortest beginning of a path whose last name is one of the patterns; empty if there is none.
func (n *namer) top(name string) string {
	folder := path.Dir(name)
	above, ok := n.folders[folder]
	if !ok {
		above = n.top(folder)
		n.folders[folder] = above
	}
	if above != "" {
		return above
	}
	if matchesName(n.patterns, path.Base(name)) {
		return name
	}
	return ""
}

func (c Copy) key() string {
	return fmt.Sprintf("%t\x00%s\x00%s", c.Parents, c.Source, strings.Join(c.Exclude, "\x00"))
}
