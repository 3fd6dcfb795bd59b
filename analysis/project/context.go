package project

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// Way says by what the build context was found.
type Way int

// The ways in the order in which they are tried. Source: cheatsheet-rules, Words.
const (
	ByNothing    Way = iota
	BySetting        // the user's settings name it
	ByCompose        // a compose file builds this Dockerfile in it
	BySources        // the nearest folder in which all sources are
	ByDockerfile     // the Dockerfile's own folder, since no source says otherwise
)

func (w Way) String() string {
	switch w {
	case BySetting:
		return "setting"
	case ByCompose:
		return "compose"
	case BySources:
		return "sources"
	case ByDockerfile:
		return "dockerfile"
	}
	return "nothing"
}

// Context is the folder that a build of the Dockerfile gets.
type Context struct {
	State State  // Known or Unknown
	Root  string // in the file system, whose own root is "."
	By    Way
	Why   string // the reason why it is unknown
	// Compose is the compose file that builds this Dockerfile, also where the settings name another context; nil if none.
	Compose *Compose
}

func findContext(r *reader, dockerfile, setting string, sources []string) Context {
	c := Context{Compose: findCompose(r, dockerfile)}
	switch {
	case setting != "":
		c.By = BySetting
		c.Root, c.Why = settingRoot(setting)
	case c.Compose != nil:
		c.By = ByCompose
		c.Root, c.Why = c.Compose.root()
	default:
		c.Root, c.By = sourcesRoot(r, path.Dir(dockerfile), sources)
	}
	if c.Root != "" && !r.isFolder(c.Root) {
		c.Root, c.Why = "", fmt.Sprintf("%s is no folder", c.Root)
	}
	if c.Root == "" {
		if c.Why == "" {
			c.Why = "no folder has all sources"
		}
		return c
	}
	c.State = Known
	return c
}

func settingRoot(setting string) (root, why string) {
	root, ok := inside(".", setting)
	if !ok {
		return "", fmt.Sprintf("%s is outside of the workspace", setting)
	}
	return root, ""
}

// sourcesRoot is the nearest folder, from the Dockerfile's own up, in which all sources are; empty if there is none.
func sourcesRoot(r *reader, own string, sources []string) (string, Way) {
	var telling, patterns []string
	for _, source := range sources {
		switch name := inContext(source); {
		case name == ".":
			// Every folder has it.
		case hasWildcards(name):
			patterns = append(patterns, name)
		default:
			telling = append(telling, name)
		}
	}
	if len(telling) > 0 {
		return nearest(own, func(folder string) bool { return hasAll(r, folder, telling) }), BySources
	}
	// A pattern may match nothing: `yarn.lock*` is how people name a file that may be missing. So patterns tell only where
	// nothing else does.
	if root := mostMatching(r, own, patterns); root != "" {
		return root, BySources
	}
	return own, ByDockerfile
}

func nearest(own string, fits func(folder string) bool) string {
	folders := ancestors(own)
	if i := slices.IndexFunc(folders, fits); i >= 0 {
		return folders[i]
	}
	return ""
}

func hasAll(r *reader, folder string, names []string) bool {
	return !slices.ContainsFunc(names, func(name string) bool { return !r.exists(path.Join(folder, name)) })
}

// mostMatching is the folder, the nearest of those, in which most patterns match something; empty if none does anywhere.
func mostMatching(r *reader, own string, patterns []string) string {
	best, most := "", 0
	for _, folder := range ancestors(own) {
		matching := 0
		for _, pattern := range patterns {
			if r.matches(folder, pattern) {
				matching++
			}
		}
		if matching > most {
			best, most = folder, matching
		}
	}
	return best
}

// matches looks at the first part of a pattern alone, in its own folder: it is a hint for which no tree is walked.
func (r *reader) matches(folder, pattern string) bool {
	fixed, rest := splitWildcards(pattern)
	real, info, err := r.real(path.Join(folder, fixed))
	if err != nil || !info.IsDir() {
		return false
	}
	entries, _ := readFolder(r.fsys, real, maxFolder)
	first, _, _ := strings.Cut(rest, "/")
	return slices.ContainsFunc(entries, func(e entry) bool {
		ok, err := path.Match(first, e.name)
		return ok && err == nil
	})
}
