package navigate_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/golden"
	"dockerfile-ls/analysis/navigate"
	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

// TestNavigate looks up the name at <|> in each Dockerfile of testdata/navigate/*.txtar. A part "case" has its golden
// part "case: found"; behind "=>" in its name stands what the symbol is renamed to. The words crlf and no-newline change
// the text.
//
// Below a line of the file = marks what declares or sets the name, ^ what uses it and # what means it without the name.
func TestNavigate(t *testing.T) {
	for file, archive := range golden.Archives(t, "../../testdata/navigate/*.txtar") {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			out := &txtar.Archive{Comment: archive.Comment}
			for _, part := range archive.Files {
				if strings.HasSuffix(part.Name, ": found") {
					continue
				}
				found := lookUp(t, part.Name, string(part.Data))
				out.Files = append(out.Files, part, txtar.File{Name: part.Name + ": found", Data: []byte(found)})
			}
			golden.Check(t, file, txtar.Format(out))
		})
	}
}

func lookUp(t *testing.T, name, source string) string {
	words := strings.Fields(name)
	if slices.Contains(words, "crlf") {
		source = strings.ReplaceAll(source, "\n", "\r\n")
	}
	if slices.Contains(words, "no-newline") {
		source = strings.TrimSuffix(source, "\n")
	}
	before, after, marked := strings.Cut(source, "<|>")
	if !marked {
		t.Fatalf("%s has no <|>", name)
	}
	source = before + after
	s := navigate.At(model(source), len(before))
	if s == nil {
		return "nothing\n"
	}
	checkSymbol(t, name, source, s)
	var out strings.Builder
	fmt.Fprintf(&out, "%s %q\n", [...]string{"stage", "variable", "delimiter", "mount id"}[s.Kind], s.Name)
	out.WriteString(underlined(source, s.Places))
	fmt.Fprintf(&out, "declared: %s\ndefined: %s\n", targets(source, s.Declarations), targets(source, s.Definitions))
	fmt.Fprintf(&out, "linked: %d\n", len(s.Linked(source)))
	to, renames := "", false
	if _, to, renames = strings.Cut(name, " => "); !renames {
		if err := s.CanRename(); err != nil {
			fmt.Fprintf(&out, "not renamed: %v\n", err)
		}
		return out.String()
	}
	edits, err := s.Rename(to)
	if err != nil {
		fmt.Fprintf(&out, "not renamed: %v\n", err)
		return out.String()
	}
	renamed, err := text.Apply(source, edits)
	if err != nil {
		t.Fatal(err)
	}
	out.WriteString("renamed:\n")
	for line := range strings.Lines(renamed) {
		out.WriteString("  " + strings.TrimRight(line, "\r\n") + "\n")
	}
	return out.String()
}

func model(source string) *dockerfile.Model { return dockerfile.New(syntax.Parse(source), nil) }

// underlined are the lines with places on them, and the places below.
func underlined(source string, places []navigate.Place) string {
	var out strings.Builder
	lines := text.NewLines(source)
	for i := range lines.Count() {
		line := lines.Line(i)
		marks := ""
		for _, p := range places {
			if p.Start < line.Start || p.Start > line.End {
				continue
			}
			mark := "^"
			switch {
			case p.Unnamed:
				mark = "#"
			case p.Writes:
				mark = "="
			}
			column := len([]rune(source[line.Start:p.Start]))
			marks += strings.Repeat(" ", max(0, column-len(marks))) + strings.Repeat(mark, p.Len())
		}
		if marks != "" {
			fmt.Fprintf(&out, "%3d  %s\n     %s\n", i+1, strings.ReplaceAll(line.Of(source), "\t", " "), marks)
		}
	}
	return out.String()
}

func targets(source string, list []navigate.Target) string {
	if len(list) == 0 {
		return "nowhere"
	}
	var all []string
	for _, target := range list {
		line := 1 + strings.Count(source[:target.Name.Start], "\n")
		all = append(all, fmt.Sprintf("line %d %s", line, target.Name.Of(source)))
	}
	return strings.Join(all, ", ")
}

// checkSymbol holds the laws of a symbol.
func checkSymbol(t *testing.T, name, source string, s *navigate.Symbol) {
	t.Helper()
	end := 0
	here := false
	for _, p := range s.Places {
		if p.Start < end || p.End > len(source) || p.Empty() {
			t.Fatalf("%s: %q has a place at %v behind %d", name, s.Name, p.Span, end)
		}
		end = p.End
		here = here || p.Span == s.At.Span
		written := p.Of(source)
		if !p.Unnamed && written != s.Name && (s.Kind != navigate.Stage || !strings.EqualFold(written, s.Name)) {
			t.Errorf("%s: %q has a place that says %q", name, s.Name, written)
		}
	}
	if !here {
		t.Errorf("%s: the places of %q do not have the one that was asked for, %v", name, s.Name, s.At)
	}
	for _, target := range slices.Concat(s.Definitions, s.Declarations) {
		if !target.Whole.Contains(target.Name) {
			t.Errorf("%s: the declaration of %q is at %v outside of %v", name, s.Name, target.Name, target.Whole)
		}
		if !slices.ContainsFunc(s.Places, func(p navigate.Place) bool { return p.Span == target.Name }) {
			t.Errorf("%s: the definition of %q is none of its places", name, s.Name)
		}
	}
	for _, span := range s.Linked(source) {
		if span.Of(source) != s.At.Of(source) {
			t.Errorf("%s: %q is linked with %q", name, s.At.Of(source), span.Of(source))
		}
	}
}
