package codeactions

import (
	"path"
	"slices"
	"strings"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/project"
	"dockerfile-ls/analysis/text"
)

// secretComment stands above the patterns that keep secrets out of layers.
const secretComment = "Secrets: a layer keeps them, whatever a later one deletes."

// addIgnored adds patterns to the ignore file in force, or makes one in the context's root if there is none. What is ignored
// already, or takes away one of the sources that are copied by name, is left out. It does nothing where it is not known what
// is ignored.
func addIgnored(s *analysis.Snapshot, patterns []string, comment string, named []string) ([]NewFile, []OtherFile) {
	around := s.Facts().Project
	if around == nil || around.Context.State != project.Known || around.Ignore.State == project.Unknown {
		return nil, nil
	}
	var lines []string
	for _, pattern := range patterns {
		name := strings.TrimPrefix(pattern, "**/")
		ignored := around.Ignored(name).Value && (name == pattern || around.Ignored("x/"+name).Value)
		if !ignored && !takesAway(pattern, named) && !slices.Contains(lines, pattern) {
			lines = append(lines, pattern)
		}
	}
	if len(lines) == 0 {
		return nil, nil
	}
	return writeIgnored(s, lines, comment)
}

// writeIgnored puts lines under a comment at the end of the ignore file in force, behind all exceptions, or into a new one
// in the context's root.
func writeIgnored(s *analysis.Snapshot, lines []string, comment string) ([]NewFile, []OtherFile) {
	around := s.Facts().Project
	group := "# " + comment + "\n" + strings.Join(lines, "\n") + "\n"
	if around.Ignore.State == project.Known {
		return nil, []OtherFile{{around.Ignore.Path, around.Ignore.Text, appended(around.Ignore.Text, group)}}
	}
	if strings.Contains(s.Text(), "\r\n") {
		group = strings.ReplaceAll(group, "\n", "\r\n")
	}
	return []NewFile{{path.Join(around.Context.Root, ".dockerignore"), group}}, nil
}

// appended is the edit that puts a group of lines at the end of a text, behind an empty line, with the line ending and the
// end of the text.
func appended(source, group string) []text.Edit {
	newline := "\n"
	if strings.Contains(source, "\r\n") {
		newline = "\r\n"
	}
	at := len(source)
	switch {
	case source == "":
	case !strings.HasSuffix(source, "\n"):
		group = "\n\n" + strings.TrimSuffix(group, "\n")
	case !strings.HasSuffix(source, "\n\n") && !strings.HasSuffix(source, "\r\n\r\n"):
		group = "\n" + group
	}
	return []text.Edit{{Span: text.Span{Start: at, End: at}, New: strings.ReplaceAll(group, "\n", newline)}}
}
