package codeactions

import (
	"slices"
	"strings"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/dockerfile"
)

// dialect holds what an edit has no business with: comments, directives, line endings, the end and the beginning of the
// file.
func (l *laws) dialect(before, after *analysis.Snapshot, a Action) {
	l.Helper()
	lost := comments(before)
	for _, c := range append(comments(after), heredocComments(after)...) {
		if i := slices.Index(lost, c); i >= 0 {
			lost = slices.Delete(lost, i, i+1)
		}
	}
	lost = slices.DeleteFunc(lost, func(c string) bool { return strings.HasPrefix(c, "# dockerfile-ls ") }) // joined
	switch source, result := before.Text(), after.Text(); {
	case len(lost) > 0:
		l.Errorf("%s: %s: comments are gone: %q", l.name, a.Title, lost)
	case len(before.Model().Directives) > len(after.Model().Directives):
		l.Errorf("%s: %s: directives are lost:\n%s", l.name, a.Title, result)
	case strings.Contains(source, "\r\n") && strings.Count(result, "\n") != strings.Count(result, "\r\n") &&
		strings.Count(source, "\n") == strings.Count(source, "\r\n"):
		l.Errorf("%s: %s: a line ends without \\r", l.name, a.Title)
	case endsLine(source) != endsLine(result):
		l.Errorf("%s: %s: the end of the file is another one", l.name, a.Title)
	case strings.HasPrefix(source, "\uFEFF") != strings.HasPrefix(result, "\uFEFF"):
		l.Errorf("%s: %s: the byte order mark has moved", l.name, a.Title)
	}
}

// endsLine reports whether the last line has an end; one without letters is none.
func endsLine(s string) bool { return strings.HasSuffix(strings.TrimRight(s, " \t"), "\n") }

func comments(s *analysis.Snapshot) []string {
	var list []string
	for _, c := range s.Model().Comments {
		list = append(list, strings.TrimSpace(c.Of(s.Text())))
	}
	return list
}

// heredocComments are lines of here-documents that are comments to the shell.
func heredocComments(s *analysis.Snapshot) []string {
	var list []string
	for _, inst := range s.Model().Instructions {
		for _, doc := range inst.Heredocs {
			for line := range strings.Lines(doc.Body.Of(s.Text())) {
				list = append(list, strings.TrimSpace(line))
			}
		}
	}
	return list
}

// casing holds that a file whose keywords are all lower case has no others behind an action.
func (l *laws) casing(before, after *analysis.Snapshot, a Action) {
	l.Helper()
	if shouts(before) || !shouts(after) {
		return
	}
	l.Errorf("%s: %s: keywords in upper case:\n%s", l.name, a.Title, after.Text())
}

// shouts reports whether a keyword of a file is in upper case.
func shouts(s *analysis.Snapshot) bool {
	return slices.ContainsFunc(s.Model().Instructions, func(inst *dockerfile.Instruction) bool {
		return strings.ToLower(inst.Keyword.Text) != inst.Keyword.Text
	})
}

// sparing holds that no edit takes away lines at its beginning or its end only to write them again.
func (l *laws) sparing(before *analysis.Snapshot, a Action) {
	l.Helper()
	for _, e := range a.Edits {
		old := e.Of(before.Text())
		first, _, more := strings.Cut(old, "\n")
		written, _, _ := strings.Cut(e.New, "\n")
		if more && first != "" && first == written {
			l.Errorf("%s: %s: writes the line %q again", l.name, a.Title, first)
		}
	}
}
