package codeactions

import (
	"slices"
	"strings"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/rules"
	"dockerfile-ls/analysis/text"
)

// mends holds that the finding is gone, that the same action is not offered for it again, and that nothing worse has come,
// nothing at all behind what is about secrets and the context.
func (l *laws) mends(before, after *analysis.Snapshot, a Action, whole bool) {
	l.Helper()
	mended := *a.Mends
	if at := moved(mended.Start, a.Edits); slices.ContainsFunc(after.Findings(), func(f lint.Finding) bool {
		return f.Rule == mended.Rule && f.Message == mended.Message && f.Start == at
	}) {
		l.Errorf("%s: %s: %s is still there:\n%s", l.name, a.Title, mended.Message, after.Text())
	}
	if !whole {
		return
	}
	strict := isAboutSecrets(mended.Rule)
	for _, g := range after.Findings() {
		if (strict || g.Severity <= mended.Severity) && !isTold(before, g.Rule) && !reveals(mended.Rule.ID, g.Rule.ID) {
			l.Errorf("%s: %s: a new finding, %s: %s", l.name, a.Title, g.Rule.ID, g.Message)
		}
	}
}

// isAboutSecrets reports whether a rule is about secrets or about what the context has.
func isAboutSecrets(rule *lint.Rule) bool {
	return strings.HasPrefix(rule.ID, "secret-") || strings.HasSuffix(rule.ID, "-dockerignore") ||
		rule.ID == rules.CopyIgnoredFile
}

// moved is where a place is behind edits that stand in front of it.
func moved(at int, edits []text.Edit) int {
	to := at
	for _, e := range edits {
		if e.End <= at {
			to += len(e.New) - e.Len()
		}
	}
	return to
}

func isTold(s *analysis.Snapshot, rule *lint.Rule) bool {
	return slices.ContainsFunc(s.Findings(), func(f lint.Finding) bool { return f.Rule == rule })
}

// reveals is the table of what a fix may bring to light.
func reveals(fixed, told string) bool {
	switch fixed + " → " + told {
	case "runs-as-root → copy-without-chown", // there is a user now that the files do not belong to
		"root-user → copy-without-chown",
		"untagged-base-image → base-image-without-digest", // there is a tag now
		"latest-base-image → base-image-without-digest",
		"package-manager-as-entrypoint → node-as-pid-1", // node is the process now
		"shell-form-command → node-as-pid-1":
		return true
	}
	return false
}

// twice holds that what was made at a cursor is not offered there again: what mends a finding is gone with it, as mends
// holds, and what rewrites an instruction has andBack.
func (l *laws) twice(after *analysis.Snapshot, a Action, cursor int) {
	l.Helper()
	if a.Mends != nil || a.Kind == FixAllKind {
		return
	}
	at := moved(cursor, a.Edits)
	for _, again := range At(after, text.Span{Start: at, End: at}) {
		if again.Mends == nil && again.Title == a.Title && again.Refused == "" {
			l.Errorf("%s: %s: is offered again:\n%s", l.name, a.Title, after.Text())
		}
	}
}
