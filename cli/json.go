package cli

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf16"

	"dockerfile-ls/analysis/lint"
)

// jsonFinding is a finding for programs. Lines and columns are one-based and count code points, a byte order mark not
// included; the end is exclusive.
type jsonFinding struct {
	Path      string   `json:"path"`
	Line      int      `json:"line"`
	Column    int      `json:"column"`
	EndLine   int      `json:"endLine"`
	EndColumn int      `json:"endColumn"`
	Rule      string   `json:"rule"`
	Aliases   []string `json:"aliases"`
	Section   int      `json:"section"`
	Severity  string   `json:"severity"`
	Message   string   `json:"message"`
	Fixable   string   `json:"fixable"` // the most careful fix that is offered: none, safe, asked or risky

	rule *lint.Rule
}

func writeJSON(out io.Writer, results []checked) error { return encode(out, findingsOf(results)) }

// findingsOf are all findings by path, place and rule.
func findingsOf(results []checked) []jsonFinding {
	all := []jsonFinding{}
	for _, c := range results {
		for _, f := range c.snapshot.Findings() {
			all = append(all, toJSON(c, f))
		}
	}
	slices.SortStableFunc(all, func(a, b jsonFinding) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column),
			cmp.Compare(a.Rule, b.Rule))
	})
	return all
}

// encode writes JSON, in which what a terminal would obey is escaped too: encoding/json leaves all but ASCII as it is.
func encode(out io.Writer, value any) error {
	var plain bytes.Buffer
	encoder := json.NewEncoder(&plain)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(value); err != nil {
		return err
	}
	var escaped strings.Builder
	for _, r := range plain.String() {
		if r == '\n' || !lint.IsObeyed(r) {
			escaped.WriteRune(r)
			continue
		}
		for _, unit := range utf16.AppendRune(nil, r) {
			fmt.Fprintf(&escaped, `\u%04x`, unit)
		}
	}
	_, err := io.WriteString(out, escaped.String())
	return err
}

func toJSON(c checked, f lint.Finding) jsonFinding {
	j := jsonFinding{
		Path: c.path, Rule: f.Rule.ID, Aliases: f.Rule.Aliases, Section: f.Rule.Section,
		Severity: f.Severity.String(), Message: f.Message, Fixable: fixable(f), rule: f.Rule,
	}
	if j.Aliases == nil {
		j.Aliases = []string{}
	}
	j.Line, j.Column = c.snapshot.Lines().OneBased(f.Start)
	j.EndLine, j.EndColumn = c.snapshot.Lines().OneBased(f.End)
	return j
}

func fixable(f lint.Finding) string {
	switch {
	case slices.ContainsFunc(f.Fixes, func(fix lint.Fix) bool { return fix.Safe }):
		return "safe"
	case f.Ask != nil || slices.ContainsFunc(f.Fixes, func(fix lint.Fix) bool { return fix.Asked }):
		return "asked"
	case len(f.Fixes) > 0:
		return "risky"
	}
	return "none"
}
