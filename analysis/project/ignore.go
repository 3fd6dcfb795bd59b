package project

import (
	"bytes"
	"fmt"
	"path"
	"path/filepath"
	"strings"
	"sync"

	"github.com/moby/patternmatcher"
	"github.com/moby/patternmatcher/ignorefile"
)

// Ignore is the ignore file in force.
type Ignore struct {
	// State is Known if there is one, Absent if there is none, so that nothing is ignored.
	State    State
	Path     string // in the file system
	Text     string // as it stands in the file, which need not be UTF-8
	Patterns []Pattern
	// Why is the reason why it is unknown, or why BuildKit stops at it. Either way it is not known what is ignored.
	Why string
}

// Pattern is a pattern of an ignore file.
type Pattern struct {
	Line int    // from 1
	Text string // as BuildKit reads it: cleaned, without the slash in front, an exception with its `!`
	// Problem says why BuildKit stops at it; empty if it does not.
	Problem string
}

// Limits of an ignore file, both far more than people write. patternmatcher takes time that grows with the square of a
// pattern's length to compile it, a second for one of 60,000 bytes.
const (
	maxIgnoreBytes  = 64 << 10
	maxPatternBytes = 1 << 10
)

// readIgnore finds the ignore file: <Dockerfile>.dockerignore beside the Dockerfile replaces the .dockerignore of the
// context. Source: ReadEntrypoint and dockerIgnorePatterns of BuildKit's dockerui. The matcher is nil where it is not known
// what is ignored.
func readIgnore(r *reader, dockerfile, root string) (Ignore, *matcher) {
	for _, name := range []string{dockerfile + ".dockerignore", path.Join(root, ".dockerignore")} {
		text := r.raw(name, maxIgnoreBytes)
		switch text.State {
		case Unknown:
			return Ignore{Path: name, Why: text.Why}, nil
		case Known:
			return newIgnore(name, text.Value)
		}
	}
	return Ignore{State: Absent}, &matcher{}
}

func newIgnore(name, text string) (Ignore, *matcher) {
	ignore := Ignore{State: Known, Path: name, Text: text}
	patterns, err := readPatterns(text)
	ignore.Patterns = patterns
	if err != nil {
		ignore.Why = err.Error()
		return ignore, nil
	}
	var texts []string
	for _, p := range patterns {
		if p.Problem != "" {
			ignore.Why = fmt.Sprintf("line %d: %s", p.Line, p.Problem)
			return ignore, nil
		}
		texts = append(texts, p.Text)
	}
	m, err := newMatcher(texts)
	if err != nil {
		ignore.Why = err.Error()
	}
	return ignore, m
}

// readPatterns reads an ignore file as BuildKit does, line by line so that the lines are known. It fails where a pattern is
// longer than we or BuildKit take.
func readPatterns(text string) ([]Pattern, error) {
	var patterns []Pattern
	number := 0
	for line := range strings.Lines(text) {
		number++
		if number > 1 {
			// Only the first line of a file may have a byte order mark, and each of ours is the first of its own.
			line = "\n" + line
		}
		texts, err := ignorefile.ReadAll(bytes.NewReader([]byte(line)))
		if err != nil {
			return patterns, fmt.Errorf("line %d: %w", number, err)
		}
		for _, text := range texts {
			if len(text) > maxPatternBytes {
				return patterns, fmt.Errorf("line %d: the pattern is too long to be looked at", number)
			}
			patterns = append(patterns, Pattern{Line: number, Text: text, Problem: patternProblem(text)})
		}
	}
	return patterns, nil
}

// patternProblem says why BuildKit stops at a pattern, some of which it reads only when the first path is matched.
func patternProblem(text string) string {
	if _, err := patternmatcher.New([]string{text}); err != nil {
		return fmt.Sprintf("`%s` is malformed: %v", text, err)
	}
	positive := strings.TrimPrefix(text, "!")
	if _, err := patternmatcher.MatchesOrParentMatches("x", []string{positive}); err != nil {
		return fmt.Sprintf("`%s` is malformed: %v", text, err)
	}
	return ""
}

// matcher says which paths are ignored. The patterns of patternmatcher compile when they are first used, so that only one
// goroutine may match. The zero value ignores nothing.
type matcher struct {
	mu       sync.Mutex
	patterns *patternmatcher.PatternMatcher
	// prefixes are the exceptions, each without its trailing glob and with a slash, if all of them are plain paths; anywhere
	// says that one is not, and may be met in any folder.
	prefixes []string
	anywhere bool
	// cost is how long matching may take, in bytes of pattern that are looked at for each byte of a path.
	cost int
}

func newMatcher(texts []string) (*matcher, error) {
	patterns, err := patternmatcher.New(texts)
	if err != nil {
		return nil, err
	}
	m := &matcher{patterns: patterns}
	for _, p := range patterns.Patterns() {
		m.cost += cost(filepath.ToSlash(p.String()))
		if !p.Exclusion() {
			continue
		}
		prefix := strings.TrimSuffix(strings.TrimSuffix(filepath.ToSlash(p.String()), "/**"), "/*")
		m.anywhere = m.anywhere || strings.ContainsAny(prefix, `*[]?^\`)
		m.prefixes = append(m.prefixes, prefix+"/")
	}
	return m, nil
}

// cost is how many bytes of a pattern are looked at for each byte of a path: all of them only if `**` lets it begin
// anywhere. `**/name` is compared as it is.
func cost(pattern string) int {
	if strings.Contains(strings.TrimPrefix(pattern, "**/"), "**") ||
		strings.HasPrefix(pattern, "**/") && hasWildcards(pattern[3:]) {
		return 1 + len(pattern)
	}
	return 1 + len(pattern)/16
}

// match says whether a path is ignored, given what its folder's match was.
func (m *matcher) match(name string, parent patternmatcher.MatchInfo) (bool, patternmatcher.MatchInfo, error) {
	if m.patterns == nil {
		return false, patternmatcher.MatchInfo{}, nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.patterns.MatchesUsingParentResults(name, parent)
}

// hasExceptions reports whether an exception may lie in an ignored folder. Source: filterFS.Walk of fsutil.
func (m *matcher) hasExceptions(folder string) bool {
	for _, prefix := range m.prefixes {
		if m.anywhere || strings.HasPrefix(prefix, folder+"/") {
			return true
		}
	}
	return false
}

// Ignored says whether a path of the context is ignored, by the ignore file alone: the path need not exist. It goes from
// folder to folder as BuildKit does when it sends the context. patternmatcher's other way, MatchesOrParentMatches, takes
// more exceptions into account: with `*/*` and `!a`, it takes a/b for excepted, which BuildKit leaves out.
func (s *Surroundings) Ignored(name string) Fact[bool] {
	name = inContext(name)
	switch {
	case s.Context.State != Known:
		return unknown[bool](s.Context.Why)
	case s.matcher == nil:
		return unknown[bool](s.Ignore.Why)
	case name == "." || s.matcher.patterns == nil:
		return known(false)
	}
	return s.matcher.ignored(name)
}

// Ignorer answers as Ignored would with an ignore file with this text, whatever there is now. Where BuildKit would stop at
// the file, everything counts as ignored.
func Ignorer(text string) func(name string) bool {
	_, m := newIgnore("", text)
	return func(name string) bool {
		name = inContext(name)
		return m == nil || name != "." && m.ignored(name) != known(false)
	}
}

// ignored says whether a path that is not the context root is ignored.
func (m *matcher) ignored(name string) Fact[bool] {
	folders := ancestors(name)
	var ignored bool
	var info patternmatcher.MatchInfo
	var err error
	for i := len(folders) - 2; i >= 0 && err == nil; i-- {
		ignored, info, err = m.match(folders[i], info)
	}
	if err != nil {
		return unknown[bool](err.Error())
	}
	return known(ignored)
}
