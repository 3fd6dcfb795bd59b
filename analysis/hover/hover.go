// Package hover knows what to show of a place in a Dockerfile besides findings.
// It must not know LSP, and does no I/O.
package hover

import (
	"fmt"
	"strings"
	"time"

	"github.com/docker/go-units"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/image"
	"dockerfile-ls/analysis/text"
)

// Card is what is shown of a place.
type Card struct {
	text.Span // of what it is about, in bytes
	Title     string
	Rows      []Row
}

// Row is one fact. Code says that the value is text of a program.
type Row struct {
	Name, Value string
	Code        bool
}

// Markdown is the card for clients that show Markdown.
func (c Card) Markdown() string {
	var out strings.Builder
	fmt.Fprintf(&out, "**%s**\n", escape(c.Title))
	for _, row := range c.Rows {
		value := escape(row.Value)
		if row.Code {
			value = code(row.Value)
		}
		fmt.Fprintf(&out, "\n- %s: %s", row.Name, value)
	}
	return out.String()
}

// Plain is the card for clients that show text.
func (c Card) Plain() string {
	lines := []string{c.Title}
	for _, row := range c.Rows {
		lines = append(lines, row.Name+": "+row.Value)
	}
	return strings.Join(lines, "\n")
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
	if len(fence) > 1 {
		s = " " + s + " "
	}
	return fence + s + fence
}

// ImageAt is the image that the FROM around an offset names; false if there is none, or if it is not known.
func ImageAt(m *dockerfile.Model, offset int) (*dockerfile.Stage, image.Reference, bool) {
	for _, stage := range m.Stages {
		if stage.Base.Start <= offset && offset <= stage.Base.End {
			ref, external := m.External(stage)
			return stage, ref, external
		}
	}
	return nil, image.Reference{}, false
}

// Image is what a registry has said of the image of a FROM.
func Image(stage *dockerfile.Stage, ref image.Reference, facts image.Facts) Card {
	c := Card{Span: stage.Base.Span, Title: ref.Key()}
	c.Rows = append(c.Rows, Row{"digest", facts.Digest, true})
	if ref.Digest != "" && !facts.Means(ref.Digest) {
		c.Rows = append(c.Rows, Row{"pinned", ref.Digest + ", which is another image", false})
	}
	if len(facts.Platforms) > 0 {
		var names []string
		for _, p := range facts.Platforms {
			names = append(names, p.Name)
		}
		c.Rows = append(c.Rows, Row{"platforms", strings.Join(names, ", "), false})
	}
	if facts.Details != nil {
		c.Rows = append(c.Rows, details(*facts.Details)...)
	}
	asked := facts.Asked.UTC().Format("2006-01-02 15:04 MST")
	if facts.Kept {
		asked += ", " + units.HumanDuration(time.Since(facts.Asked)) + " ago"
	}
	c.Rows = append(c.Rows, Row{"asked", asked, false})
	return c
}

// maxVulnerabilities is how many are listed.
const maxVulnerabilities = 10

// WithScan is the card with what a scanner has found in the image, the worst first. A card that has nothing else is about
// the image too.
func (c Card) WithScan(scan image.Scan) Card {
	for i, v := range scan.Vulnerabilities {
		if i == maxVulnerabilities {
			c.Rows = append(c.Rows, Row{
				scan.Scanner, fmt.Sprintf("%d more", len(scan.Vulnerabilities)-maxVulnerabilities), false,
			})
			break
		}
		fixed := "not mended yet"
		if v.Fixed != "" {
			fixed = "mended in " + v.Fixed
		}
		c.Rows = append(c.Rows, Row{
			string(v.Harm), strings.TrimSpace(fmt.Sprintf("%s: %s %s, %s %s", v.ID, v.Package, v.Version, fixed, v.URL)),
			false,
		})
	}
	return c
}

// maxEnv is how many variables are shown.
const maxEnv = 12

func details(d image.Details) []Row {
	rows := []Row{{"size", fmt.Sprintf("%s for %s", units.HumanSize(float64(d.Size)), d.Platform), false}}
	if !d.Created.IsZero() {
		rows = append(rows, Row{"created", d.Created.UTC().Format(time.DateOnly), false})
	}
	user := d.User
	if user == "" {
		user = "root"
	}
	rows = append(rows, Row{"user", user, true})
	if version := d.Labels["org.opencontainers.image.version"]; version != "" {
		rows = append(rows, Row{"version", version, false})
	}
	for i, env := range d.Env {
		if i == maxEnv {
			rows = append(rows, Row{"env", fmt.Sprintf("%d more", len(d.Env)-maxEnv), false})
			break
		}
		rows = append(rows, Row{"env", env, true})
	}
	return rows
}
