package codeactions

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/project"
	"dockerfile-ls/analysis/rules"
	"dockerfile-ls/analysis/text"
)

// completeDockerignore offers to add what a finding misses to the ignore file in force, without anything that the Dockerfile
// names as a source. It is safe for what is installed anew and for logs; else the title says who may want what goes.
// Source: cheat sheet, section 9.
func completeDockerignore(s *analysis.Snapshot, f *lint.Finding) []Action {
	around := s.Facts().Project
	if around == nil || len(f.Patterns) == 0 || around.Context.State != project.Known ||
		around.Ignore.State == project.Unknown {
		return nil
	}
	sources := sourcesOf(s)
	lines, named := addable(f.Patterns, sources.named)
	a := Action{Title: "Complete " + path.Base(around.Ignore.Path), Kind: QuickFix, Mends: f}
	if around.Ignore.State == project.Absent {
		a.Title = "Create .dockerignore with " + inWords(lines)
	}
	if len(lines) == 0 {
		a.Refused = named + " is copied by name"
		return []Action{a}
	}
	a.Creates, a.Others = writeIgnored(s, lines, commentFor(lines))
	after := ignoreText(a)
	if source := sources.starved(around, project.Ignorer(after)); source != "" {
		return []Action{
			{Title: a.Title, Kind: QuickFix, Mends: f, Refused: "nothing of " + source + " would be left to copy"},
		}
	}
	// the build command reads it, whatever is ignored
	uncopied := f.Rule.ID == rules.SecretMountNotIgnored && len(f.Related) == 0
	if risk := sources.riskOfLines(s, lines, after); risk != "" && !uncopied {
		a.Title += " (" + risk + ")"
		return []Action{a}
	}
	a.Risk, a.Preferred = Safe, true
	return []Action{a}
}

// ignoreText is the text of the ignore file behind an action.
func ignoreText(a Action) string {
	for _, created := range a.Creates {
		return created.Text
	}
	result, _ := text.Apply(a.Others[0].Text, a.Others[0].Edits)
	return result
}

// addable are the patterns that take away nothing that is copied by name: those for every folder, else those for the root.
// It returns one that does besides.
func addable(patterns, sources []string) (lines []string, named string) {
	for _, pattern := range patterns {
		here := strings.TrimPrefix(pattern, "**/")
		switch {
		case !takesAway(pattern, sources):
			lines = append(lines, pattern)
		case !takesAway(here, sources):
			lines = append(lines, here)
		default:
			named = here
		}
	}
	return lines, named
}

// starved is a source that takes something now, and of which everything is ignored then; empty if there is none.
func (found sources) starved(around *project.Surroundings, ignored func(string) bool) string {
	for _, source := range found.named {
		taken := around.Takes(project.Copy{Source: source})
		all := append(slices.Clone(taken.Files), taken.Unread...)
		if len(all) > 0 && !slices.ContainsFunc(all, func(name string) bool { return !ignored(name) }) {
			return source
		}
	}
	return ""
}

func commentFor(lines []string) string {
	if !slices.ContainsFunc(lines, func(line string) bool { return !isSecretPattern(line) }) {
		return secretComment
	}
	return "What lies beside the sources and does not belong into the image."
}

func isSecretPattern(line string) bool {
	name := path.Base(line)
	return strings.HasPrefix(name, ".env") || name == ".npmrc" || name == "aws.json"
}

// riskOfLines says what may want something that new lines ignore; empty if nothing does.
func (found sources) riskOfLines(s *analysis.Snapshot, lines []string, ignore string) string {
	for _, line := range lines {
		if name := path.Base(line); name != "node_modules" && !strings.HasSuffix(name, ".log") {
			return "a RUN may read " + name
		}
	}
	around := s.Facts().Project
	for _, pattern := range around.Ignore.Patterns {
		except, ok := strings.CutPrefix(pattern.Text, "!")
		if ok && takesAway(strings.Join(lines, "\n"), []string{except}) {
			return fmt.Sprintf("%s in line %d lets it in", pattern.Text, pattern.Line)
		}
	}
	ignored := project.Ignorer(ignore)
	own := path.Base(around.Ignore.Path) != ".dockerignore"
	return found.risk(s, func(name string) bool { return ignored(name) && !strings.HasSuffix(name, ".log") }, own)
}
