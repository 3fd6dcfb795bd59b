package lint

import (
	"regexp"
	"strings"
)

// cheatSheet is the page that the sections are about.
const cheatSheet = "https://cheatsheetseries.owasp.org/cheatsheets/NodeJS_Docker_Cheat_Sheet.html"

// reference is the page about the language, for what BuildKit rejects.
const reference = "https://docs.docker.com/reference/dockerfile/"

// buildChecks is where BuildKit's linter has a page for each check. Source: the URL fields of its package linter.
const buildChecks = "https://docs.docker.com/go/dockerfile/rule/"

// Page is the public page of what a rule follows: the section of the cheat sheet, else BuildKit's page of the same check,
// else the reference of the language. The rule's own page is in rules/README.md, which `explain` prints.
func (r *Rule) Page() string {
	if r.Section != 0 {
		return cheatSheet + "#" + fragment(r.Section)
	}
	for _, alias := range r.Aliases {
		if !strings.HasPrefix(alias, hadolint) {
			return buildChecks + kebab(alias) + "/"
		}
	}
	return reference
}

// hadolint is how that linter's names of checks begin; the other aliases are BuildKit's.
const hadolint = "DL"

// word is where a word of a check's name ends and the next one begins, also behind an abbreviation.
var word = regexp.MustCompile(`([a-z])([A-Z])|([A-Z])([A-Z][a-z])`)

// kebab is the name of a check as BuildKit writes it into the address of its page.
func kebab(check string) string {
	return strings.ToLower(word.ReplaceAllString(check, "$1$3-$2$4"))
}

// Heading is the heading of a section of the cheat sheet, from 1, with its number.
func Heading(section int) string { return headings[section-1] }

// fragment is the name of a section in the page: its heading in lower case, with hyphens for blanks and without other
// punctuation.
func fragment(section int) string {
	return strings.Map(func(c rune) rune {
		switch {
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
			return c
		case c >= 'A' && c <= 'Z':
			return c + 'a' - 'A'
		case c == ' ' || c == '-':
			return '-'
		}
		return -1
	}, Heading(section))
}

// headings are those of the cheat sheet's ten sections.
var headings = [...]string{
	"1) Use explicit and deterministic Docker base image tags",
	"2) Install only production dependencies in the Node.js Docker image",
	"3) Optimize Node.js tooling for production",
	"4) Don't run containers as root",
	"5) Properly handle events to safely terminate a Node.js Docker web application",
	"6) Graceful tear down for your Node.js web applications",
	"7) Find and fix security vulnerabilities in your Node.js docker image",
	"8) Use multi-stage builds",
	"9) Keeping unnecessary files out of your Node.js Docker images",
	"10) Mounting secrets into the Docker build image",
}
