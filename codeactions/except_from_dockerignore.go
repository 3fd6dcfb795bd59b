package codeactions

import (
	"fmt"
	"path"
	"strings"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/project"
	"dockerfile-ls/analysis/rules"
	"dockerfile-ls/analysis/secret"
	"dockerfile-ls/analysis/text"
)

// exceptFromDockerignore offers to let in what a COPY or ADD names and the ignore file in force keeps out, by a line behind
// all others. It is refused for what is called like a file with secrets. Source: cheat sheet, section 9.
func exceptFromDockerignore(s *analysis.Snapshot, f *lint.Finding) []Action {
	around := s.Facts().Project
	name := namedAt(s.Model(), f.Span)
	if f.Rule.ID != rules.CopyIgnoredFile || around == nil || around.Ignore.State != project.Known || name == "" {
		return nil
	}
	ignore := path.Base(around.Ignore.Path)
	a := Action{Title: fmt.Sprintf("Except %s from %s (the build takes it then)", name, ignore), Kind: QuickFix, Mends: f}
	if secret.ByName(name) != secret.Unlikely {
		a.Title = fmt.Sprintf("Except %s from %s", name, ignore)
		a.Refused = "it may hold a secret, which a layer keeps"
		return []Action{a}
	}
	a.Creates, a.Others = writeIgnored(s, []string{"!" + name}, "What is copied by name.")
	if project.Ignorer(ignoreText(a))(name) {
		return nil
	}
	return []Action{a}
}

// namedAt is the path in the context that a source of a COPY or ADD names; empty if it is the whole context or a pattern, or
// is not known, or holds what a line of an ignore file cannot.
func namedAt(m *dockerfile.Model, place text.Span) string {
	for _, inst := range m.Instructions {
		for _, word := range inst.Sources() {
			source := m.Expand(inst, word.Text)
			if word.Span == place && source.State == dockerfile.Known &&
				!strings.ContainsAny(source.Text, "*?[\\!# \n\r\t") {
				return strings.TrimPrefix(path.Clean("/"+source.Text), "/")
			}
		}
	}
	return ""
}
