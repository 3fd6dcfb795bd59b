package rules

import (
	_ "embed" // for pages
	"strings"
)

//go:embed README.md
var pages string

// Page is the documentation of a rule in Markdown, as it stands in README.md; empty if there is no such rule.
func Page(id string) string {
	_, page, found := strings.Cut(pages, "\n## "+id+"\n")
	if !found {
		return ""
	}
	page, _, _ = strings.Cut(page, "\n## ")
	return "## " + id + "\n" + strings.TrimRight(page, "\n") + "\n"
}
