package rules

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/project"
	"dockerfile-ls/analysis/secret"
	"dockerfile-ls/analysis/syntax"
)

var incompleteDockerignore = &lint.Rule{
	ID:       "incomplete-dockerignore",
	Severity: lint.Information,
	Section:  9,
	Title:    "A folder of the context is copied with files that .dockerignore was meant to keep out.",
	Why: "A local node_modules lands on the one that was installed, .npmrc and .env bring their secrets along, .git the whole " +
		"history, and logs make the build cache worthless. Patterns without `**/` match in the context's root only.",
	Check: func(p *lint.Pass) {
		if p.Project.Context.State != project.Known || p.Project.Ignore.State != project.Known {
			return
		}
		var first syntax.Word
		var found []string
		for _, inst := range p.Instructions {
			for _, source := range contextSources(p, inst) {
				if !isFolder(p, source.Source) {
					continue // a file that is copied by name is meant
				}
				let := letThrough(p, source.Copy)
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

// letThrough are the paths that a folder takes and that do not belong into an image.
func letThrough(p *lint.Pass, folder project.Copy) []string {
	var paths []string
	for _, name := range p.Project.TakesNamed(folder, unwanted()...).Paths {
		if !isWanted(p, name) {
			paths = append(paths, name)
		}
	}
	return paths
}

// isWanted reports whether a path that is called like an unwanted one is meant for the build: a .npmrc that says only how to
// install, an example of .env, the repository that a version is read from. The source of a secret mount is told by a rule of
// its own.
func isWanted(p *lint.Pass, name string) bool {
	switch base := path.Base(name); {
	case slices.ContainsFunc(secretSources(p), func(s secretSource) bool { return s.file == name }):
		return true
	case base == ".git":
		return asksGit(p)
	case base == ".npmrc":
		content := p.Project.File(name)
		return content.State == project.Known && secret.InFile(name, content.Value) == ""
	case strings.HasPrefix(base, ".env"):
		return secret.ByName(name) == secret.Unlikely
	}
	return false
}

// asksGit reports whether the build asks git about the repository that it is built from.
func asksGit(p *lint.Pass) bool {
	if !strings.Contains(p.Text, "git ") {
		return false
	}
	for _, inst := range p.Instructions {
		if inst.Name != "RUN" {
			continue
		}
		script, _ := p.Script(inst)
		if script == nil {
			continue
		}
		for _, c := range script.Commands {
			program := c.Program()
			args := program.Arguments("-C", "-c")
			if program.Name() == "git" && len(args.Operands) > 0 && slices.Contains(gitQuestions, args.Operands[0].Value) {
				return true
			}
		}
	}
	return false
}

// gitQuestions are the commands of git that builds ask for a version with.
var gitQuestions = []string{
	"describe", "diff", "log", "ls-files", "name-rev", "rev-list", "rev-parse", "show", "status", "submodule", "symbolic-ref",
}

// patternFor is the line that ignores a path and its like in every folder. A repository has one .git.
func patternFor(name string) string {
	base := path.Base(name)
	switch {
	case name == ".git":
		return name
	case strings.HasSuffix(base, ".log"):
		return "**/*.log"
	}
	return "**/" + base
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
