package hover

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"dockerfile-ls/analysis/image"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/secret"
	"dockerfile-ls/analysis/text"
)

// Card is what is shown of a place.
type Card struct {
	text.Span // of what it is about, in bytes
	Title     string
	// Subject is what the title is about, as somebody else has written it; it may be empty.
	Subject string
	// Text is one to three sentences of ours, with code between backticks.
	Text string
	Rows []Row
	// Page is where to read on; empty if there is no such page.
	Page string
	// Image is what a registry can be asked about; its name is empty if there is no such question.
	Image image.Reference
}

// Row is one fact.
type Row struct {
	Name string // ours
	// Value is what is so. Code says that it is text of a program, or of somebody else.
	Value string
	Code  bool
	// Note is what there is to say of the value, in our words.
	Note string
}

// row adds a fact in our own words.
func (c *Card) row(name, value string) { c.Rows = append(c.Rows, Row{Name: name, Value: value}) }

// code adds a fact in the words of the file, or of somebody else, with a note that may be empty.
func (c *Card) code(name, value, note string) {
	c.Rows = append(c.Rows, Row{Name: name, Value: value, Code: true, Note: note})
}

// Markdown is the card for clients that show Markdown.
func (c Card) Markdown() string {
	var out strings.Builder
	fmt.Fprintf(&out, "**%s**", escape(c.Title))
	if c.Subject != "" {
		out.WriteString(" " + code(c.Subject))
	}
	out.WriteByte('\n')
	if c.Text != "" {
		out.WriteByte('\n')
		for i, part := range strings.Split(c.Text, "`") {
			if i%2 == 1 {
				out.WriteString(code(part))
				continue
			}
			out.WriteString(escape(part))
		}
		out.WriteByte('\n')
	}
	for _, row := range c.Rows {
		value := escape(row.Value)
		if row.Code {
			value = code(row.Value)
		}
		fmt.Fprintf(&out, "\n- %s: %s", escape(row.Name), value)
		if row.Note != "" {
			out.WriteString(" (" + escape(row.Note) + ")")
		}
	}
	if c.Page != "" {
		if len(c.Rows) > 0 {
			out.WriteByte('\n')
		}
		fmt.Fprintf(&out, "\n[%s](%s)", pageName(c.Page), c.Page)
	}
	return strings.TrimSuffix(out.String(), "\n")
}

// Plain is the card for clients that show text.
func (c Card) Plain() string {
	lines := []string{strings.TrimSpace(c.Title + " " + oneLine(c.Subject))}
	if c.Text != "" {
		lines = append(lines, c.Text)
	}
	for _, row := range c.Rows {
		line := row.Name + ": " + oneLine(row.Value)
		if row.Note != "" {
			line += " (" + row.Note + ")"
		}
		lines = append(lines, line)
	}
	if c.Page != "" {
		lines = append(lines, c.Page)
	}
	return strings.Join(lines, "\n")
}

// pageName is the host of an address, and its last part: where a link leads has to be seen.
func pageName(page string) string {
	host, rest, _ := strings.Cut(strings.TrimPrefix(page, "https://"), "/")
	if host == "docs.docker.com" && strings.HasPrefix(rest, "reference/dockerfile/") {
		return "Dockerfile reference"
	}
	return host
}

// escape keeps text from being Markdown: labels and variables of an image are somebody else's.
func escape(s string) string {
	var out strings.Builder
	for _, c := range oneLine(s) {
		if strings.ContainsRune("\\`*_[]<>#|~&", c) {
			out.WriteByte('\\')
		}
		out.WriteRune(c)
	}
	return out.String()
}

// oneLine has a blank in the place of each line break, which would end a list item and what is in it.
func oneLine(s string) string { return strings.Join(strings.FieldsFunc(s, isBreak), " ") }

func isBreak(c rune) bool {
	return c < ' ' && c != '\t' || c >= 0x7f && c < 0xa0 || c == '\u2028' || c == '\u2029'
}

// code is a code span around any text (CommonMark, section 6.1).
func code(s string) string {
	s = oneLine(s)
	fence := "`"
	for strings.Contains(s, fence) {
		fence += "`"
	}
	if len(fence) > 1 || strings.TrimSpace(s) != s {
		s = " " + s + " "
	}
	return fence + s + fence
}

// maxShown is the length from which on a text of somebody else is cut, in bytes.
const maxShown = 300

// shown is a text of somebody else as it is shown: without passwords in web addresses, without what an editor would obey,
// and not longer than anybody reads.
func shown(s string) string {
	s = secret.Hide(s)
	if len(s) > maxShown {
		cut := maxShown
		for cut > 0 && !utf8.RuneStart(s[cut]) {
			cut--
		}
		s = s[:cut] + "…"
	}
	return lint.Printable(oneLine(s))
}

// hidden is what is shown in the place of a value that looks like a secret.
const hidden = "hidden, as it looks like a secret"

// tidied is the card with what is to be shown of the texts of others, and without what is a secret.
func (c Card) tidied(secrets []string) Card {
	c.Rows = slices.Clone(c.Rows)
	for i, row := range c.Rows {
		if !row.Code {
			continue
		}
		if reveals(row.Value, secrets) {
			c.Rows[i] = Row{Name: row.Name, Value: hidden}
			continue
		}
		if c.Rows[i].Value = shown(row.Value); c.Rows[i].Value == "" {
			c.Rows[i].Value, c.Rows[i].Code = "empty", false
		}
	}
	if reveals(c.Subject, secrets) {
		c.Subject = "…"
	}
	c.Subject = shown(c.Subject)
	return c
}

// reveals reports whether a text has a secret in it, or is one. A short one is no evidence inside of a longer text.
func reveals(s string, secrets []string) bool {
	return slices.ContainsFunc(secrets, func(secret string) bool {
		return s == secret || len(secret) > 2 && strings.Contains(s, secret)
	})
}
