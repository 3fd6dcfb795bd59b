package project

import (
	"path"
	"slices"
	"strings"

	"github.com/moby/patternmatcher"
)

// prune takes the ignored folders out in which nothing is excepted, and reports whether the folder holds anything or may.
func (t tree) prune(name string) bool {
	f := t[name]
	if f == nil {
		return true
	}
	f.entries = slices.DeleteFunc(f.entries, func(e entry) bool {
		return e.kind == aFolder && !t.prune(path.Join(name, e.name)) && e.hidden
	})
	return len(f.entries) > 0 || !f.whole
}

// get is an entry of a folder by name, absent only if the whole folder was read.
func (f *folder) get(name string) (entry, State) {
	if f == nil {
		return entry{}, Unknown
	}
	i, found := slices.BinarySearchFunc(f.entries, name, func(e entry, name string) int {
		return strings.Compare(e.name, name)
	})
	switch {
	case found:
		return f.entries[i], Known
	case f.whole:
		return entry{}, Absent
	}
	return entry{}, Unknown
}

// find follows a path, links included, and returns the path without links. Links stay inside of the context, whose root is
// `/` for them. Source: fs.RootPath of continuity.
func (t tree) find(name string) (string, entry, State) {
	at, e := ".", entry{kind: aFolder}
	if t == nil {
		return at, e, Unknown
	}
	rest, links := strings.Split(name, "/"), 0
	for len(rest) > 0 {
		part := rest[0]
		rest = rest[1:]
		switch part {
		case "", ".":
			continue
		case "..":
			at, e = path.Dir(at), entry{kind: aFolder}
			continue
		}
		if e.kind != aFolder {
			return at, e, Absent
		}
		next, state := t[at].get(part)
		if state != Known {
			return at, e, state
		}
		if next.kind != aLink {
			at, e = path.Join(at, part), next
			continue
		}
		links++
		switch {
		case next.target == "":
			return at, e, Unknown
		case links > maxContextLinks:
			return at, e, Absent
		case strings.HasPrefix(next.target, "/"):
			at = "."
		}
		e = entry{kind: aFolder}
		rest = append(strings.Split(next.target, "/"), rest...)
	}
	return at, e, Known
}

// maxContextLinks is how many links BuildKit follows in one path. Source: fs.RootPath of continuity.
const maxContextLinks = 255

// collector gathers the files of a folder that BuildKit copies.
type collector struct {
	tree             tree
	include, exclude *patternmatcher.PatternMatcher // nil if there are none
	pattern          string                         // the one of include
	taken            *Taken
}

// folder gathers what lies in a folder. rel is its path as seen from the source, of which include and exclude speak; the
// infos are what they said of it. Source: copier.copy of fsutil/copy.
func (c *collector) folder(name, rel string, in, ex patternmatcher.MatchInfo) {
	f := c.tree[name]
	if f == nil {
		c.taken.Truncated = true
		c.taken.Unread = append(c.taken.Unread, name)
		return
	}
	c.taken.Truncated = c.taken.Truncated || !f.whole
	for _, e := range f.entries {
		full, seen := path.Join(name, e.name), path.Join(rel, e.name)
		included, inInfo, err1 := matchOr(c.include, seen, in, true)
		excluded, exInfo, err2 := matchOr(c.exclude, seen, ex, false)
		if err1 != nil || err2 != nil {
			c.taken.Truncated = true
			continue
		}
		if e.kind != aFolder {
			if included && !excluded {
				c.taken.Files = append(c.taken.Files, full)
			}
			continue
		}
		if excluded && !c.exclude.Exclusions() {
			continue
		}
		if !included && !mayMatchBelow(c.pattern, seen) {
			continue
		}
		if c.tree[full] == nil && (!included || excluded || e.hidden) {
			c.taken.Truncated = true // it may hold something that is copied, but is not itself
			continue
		}
		c.folder(full, seen, inInfo, exInfo)
	}
}

func matchOr(
	m *patternmatcher.PatternMatcher, name string, info patternmatcher.MatchInfo, otherwise bool,
) (bool, patternmatcher.MatchInfo, error) {
	if m == nil {
		return otherwise, patternmatcher.MatchInfo{}, nil
	}
	return m.MatchesUsingParentResults(name, info)
}
