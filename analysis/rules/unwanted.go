package rules

import (
	"path"
	"slices"
	"strings"

	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/project"
	"dockerfile-ls/analysis/secret"
)

// unwanted are the names of what the cheat sheet's .dockerignore lists.
func unwanted() []string {
	return []string{"node_modules", "npm-debug.log", "*.log", ".git", ".npmrc", ".env", ".env.*", "aws.json"}
}

// unwantedIn are the paths that a folder takes and that do not belong into an image.
func unwantedIn(p *lint.Pass, folder project.Copy) []string {
	var paths []string
	for _, name := range p.Project.TakesNamed(folder, unwanted()...).Paths {
		if !isWanted(p, name) {
			paths = append(paths, name)
		}
	}
	return paths
}

// isWanted reports whether a path that is called like an unwanted one is meant for the build: a .npmrc that says only how to
// install, an example of .env, a log that a test reads, the repository that a version is read from.
func isWanted(p *lint.Pass, name string) bool {
	switch base := path.Base(name); {
	case base == ".git":
		return asksGit(p)
	case base == ".npmrc":
		content := p.Project.File(name)
		return content.State == project.Known && secret.InFile(name, content.Value) == ""
	case strings.HasPrefix(base, ".env"):
		return secret.ByName(name) == secret.Unlikely
	case strings.HasSuffix(base, ".log"):
		return isOfTests(name)
	}
	return false
}

// isOfTests reports whether a path lies in a folder of tests.
func isOfTests(name string) bool {
	return slices.ContainsFunc(strings.Split(path.Dir(name), "/"), func(folder string) bool {
		return slices.Contains([]string{
			"__fixtures__", "__tests__", "fixtures", "spec", "test", "testdata", "tests",
		}, folder)
	})
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
	"describe", "diff", "log", "ls-files", "name-rev", "rev-list", "rev-parse", "show", "status", "submodule",
	"symbolic-ref",
}

// isFolder reports whether a source is the whole context, or takes something from below what it names.
func isFolder(p *lint.Pass, source project.Copy) bool {
	clean := path.Clean("/" + source.Source)
	if clean == "/" {
		return true
	}
	taken := p.Project.Takes(source)
	return slices.ContainsFunc(append(taken.Files, taken.Unread...), func(file string) bool {
		return !namesFile(clean, path.Clean("/"+file)) && path.Dir(path.Clean("/"+file)) != path.Dir(clean)
	})
}

// namesFile reports whether a source is the path of a file, or a pattern that matches the file and no folder above it.
func namesFile(source, file string) bool {
	if matches, _ := path.Match(source, file); matches {
		return true
	}
	matches, _ := path.Match(path.Base(source), path.Base(file))
	return matches && strings.Contains(path.Dir(source), "**")
}
