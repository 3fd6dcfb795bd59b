package rules

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode"

	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/project"
	"dockerfile-ls/analysis/syntax"
)

var incompleteDockerignore = &lint.Rule{
	ID:       IncompleteDockerignore,
	Severity: lint.Information,
	Section:  9,
	Title:    "A folder of the context is copied with files that .dockerignore was meant to keep out.",
	Why: "A local node_modules lands on the one that was installed, .npmrc and .env bring their secrets along, .git the " +
		"whole history, and logs make the build cache worthless. Patterns without `**/` match in the context's root only.",
	Check: func(p *lint.Pass) {
		if p.Project.Context.State != project.Known || p.Project.Ignore.State != project.Known {
			return
		}
		named := namedSources(p)
		var first syntax.Word
		var found []string
		for _, inst := range p.Instructions {
			for _, source := range contextSources(p, inst) {
				if !isFolder(p, source.Copy) {
					continue // a file that is copied by name is meant
				}
				let := letThrough(p, source.Copy, named)
				if len(let) > 0 && len(found) == 0 {
					first = source.word
				}
				found = append(found, let...)
			}
		}
		if len(found) > 0 {
			tellIncomplete(p, first, found)
		}
	},
}

func tellIncomplete(p *lint.Pass, source syntax.Word, found []string) {
	slices.Sort(found)
	found = slices.Compact(found)
	var patterns []string
	for _, name := range found {
		if pattern := patternFor(name); !slices.Contains(patterns, pattern) {
			patterns = append(patterns, pattern)
		}
	}
	p.Report(lint.Finding{
		Span: source.Span,
		Message: fmt.Sprintf("`%s` takes %s, which `%s` lets through: add `%s`.",
			source.Text, enumerate(found), p.Project.Ignore.Path, strings.Join(patterns, "`, `")),
		Patterns: patterns,
	})
}

// letThrough are the paths that a folder takes and that do not belong into an image, but for those that are named besides.
// The source of a secret mount is told by a rule of its own.
func letThrough(p *lint.Pass, folder project.Copy, named []string) []string {
	return slices.DeleteFunc(unwantedIn(p, folder), func(name string) bool {
		return isNamed(named, name) || slices.ContainsFunc(secretSources(p), func(s secretSource) bool {
			return s.file == name
		})
	})
}

// namedSources are what COPY and ADD, also behind ONBUILD, take out of the context, but for the whole of it.
func namedSources(p *lint.Pass) []string {
	var all []string
	for _, inst := range p.Instructions {
		if inst.Inner != nil {
			inst = inst.Inner
		}
		for _, source := range contextSources(p, inst) {
			if clean := path.Clean("/" + source.Source)[1:]; strings.Trim(clean, "*?/") != "" {
				all = append(all, clean)
			}
		}
	}
	return all
}

// isNamed reports whether one of some sources names a path, or something in it: to ignore it would break that.
func isNamed(sources []string, name string) bool {
	return slices.ContainsFunc(sources, func(source string) bool {
		matches, _ := path.Match(source, name)
		return matches || strings.HasPrefix(source, name+"/")
	})
}

// patternFor is the line that ignores a path and its like in every folder. A repository has one .git.
func patternFor(name string) string {
	base := path.Base(name)
	switch {
	case name == ".git":
		return name
	case strings.HasSuffix(base, ".log"):
		return "**/*.log"
	case strings.HasPrefix(base, ".env.") && strings.IndexFunc(base, isOddInPattern) >= 0:
		return "**/.env.*" // a name with a line feed would be two lines, of which the second may let something in
	}
	return "**/" + base
}

// isOddInPattern reports whether a character of a name may mean something else in a line of an ignore file.
func isOddInPattern(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("._-+@", r)
}

// enumerate names at most three of a list.
func enumerate(names []string) string {
	const most = 3
	var quoted []string
	for _, name := range names[:min(most, len(names))] {
		quoted = append(quoted, "`"+name+"`")
	}
	if more := len(names) - most; more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(quoted, ", "), more)
	}
	last := len(quoted) - 1
	if last == 0 {
		return quoted[0]
	}
	return strings.Join(quoted[:last], ", ") + " and " + quoted[last]
}
