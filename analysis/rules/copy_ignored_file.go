package rules

import (
	"fmt"
	"path"
	"strings"

	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/project"
)

var copyIgnoredFile = &lint.Rule{
	ID:       CopyIgnoredFile,
	Aliases:  []string{"CopyIgnoredFile"},
	Severity: lint.Warning,
	Section:  9,
	Title:    "A file is copied that .dockerignore keeps out of the build.",
	Why: "What is ignored never reaches the builder. A path that is not there stops the build, and a pattern that matches " +
		"nothing copies nothing without a word. Except the path with a line that begins with `!`, or do not copy it.",
	Check: func(p *lint.Pass) {
		if p.Project.Ignore.State != project.Known || len(p.Project.Ignore.Patterns) == 0 {
			return
		}
		for _, inst := range p.Instructions {
			for _, source := range contextSources(p, inst) {
				tellIgnored(p, source)
			}
		}
	},
}

func tellIgnored(p *lint.Pass, source contextSource) {
	taken := p.Project.Takes(source.Copy)
	if path.Clean("/"+source.Source) == "/" {
		nothing := taken.State == project.Known && len(taken.Files)+len(taken.Unread) == 0
		if pattern, all := ignoresAll(p.Project.Ignore); all && nothing {
			p.Tell(source.word.Span, fmt.Sprintf("`%s` copies nothing, since %s ignores everything: except what the "+
				"image needs with `!`.",
				source.word.Text, where(p.Project.Ignore, pattern)))
		}
		return
	}
	ignored := p.Project.Ignored(source.Source)
	if ignored.State != project.Known || !ignored.Value || taken.State != project.Absent {
		return
	}
	name := path.Clean("/" + source.Source)[1:]
	p.Tell(source.word.Span, fmt.Sprintf("`%s` is ignored by %s: except it with `!%s`, or do not copy it.",
		source.word.Text, where(p.Project.Ignore, decisive(p.Project.Ignore, source.Source)), name))
}

// ignoresAll finds the pattern that ignores everything, if no exception takes any of it back.
func ignoresAll(ignore project.Ignore) (all project.Pattern, found bool) {
	for _, pattern := range ignore.Patterns {
		switch {
		case strings.HasPrefix(pattern.Text, "!"):
			return all, false
		case pattern.Text == "*" || pattern.Text == "**" || pattern.Text == "**/*":
			all, found = pattern, true
		}
	}
	return all, found
}

// decisive is the last pattern that ignores a path by itself.
func decisive(ignore project.Ignore, name string) project.Pattern {
	for i := len(ignore.Patterns) - 1; i >= 0; i-- {
		if project.Ignorer(ignore.Patterns[i].Text + "\n")(name) {
			return ignore.Patterns[i]
		}
	}
	return project.Pattern{}
}

// where names a pattern with its place, since related information cannot lead into another file.
func where(ignore project.Ignore, pattern project.Pattern) string {
	if pattern.Text == "" {
		return "`" + ignore.Path + "`"
	}
	return fmt.Sprintf("`%s` in line %d of `%s`", pattern.Text, pattern.Line, ignore.Path)
}
