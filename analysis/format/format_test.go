package format_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/format"
	"dockerfile-ls/analysis/golden"
	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

// TestFormat lays out each Dockerfile of testdata/format/*.txtar. A part "case" has its golden part "case: formatted".
// Behind "; " in its name stand options, and words that change the text: crlf, bom, no-newline. In the text · is a blank
// and → a tab; in the golden part they are written so where they stand at the start or end of a line. A file that stays is
// not shown.
func TestFormat(t *testing.T) {
	for file, archive := range golden.Archives(t, "../../testdata/format/*.txtar") {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			out := &txtar.Archive{Comment: archive.Comment}
			for _, part := range archive.Files {
				if strings.HasSuffix(part.Name, ": formatted") {
					continue
				}
				source, o := caseOf(t, part)
				laws(t, part.Name, source, o)
				out.Files = append(out.Files, part, txtar.File{
					Name: part.Name + ": formatted", Data: []byte(shown(source, formatted(t, part.Name, source, o))),
				})
			}
			golden.Check(t, file, txtar.Format(out))
		})
	}
}

func caseOf(t testing.TB, part txtar.File) (source string, o format.Options) {
	t.Helper()
	source = strings.NewReplacer("·", " ", "→", "\t").Replace(string(part.Data))
	o = format.Default()
	_, words, _ := strings.Cut(part.Name, "; ")
	for _, word := range strings.Fields(words) {
		name, value, _ := strings.Cut(word, "=")
		number, _ := strconv.Atoi(value)
		switch name {
		case "crlf":
			source = strings.ReplaceAll(source, "\n", "\r\n")
		case "bom":
			source = "\uFEFF" + source
		case "no-newline":
			source = strings.TrimRight(source, "\r\n")
		case "lower":
			o.Case = format.Lower
		case "keep":
			o.Case = format.Keep
		case "indent":
			o.Indent = number
		case "tabs":
			o.Tabs = true
		case "tab":
			o.TabWidth = number
		case "stages":
			o.BlankLines = number
		case "arrays":
			o.Arrays = true
		case "flags":
			o.Flags = true
		case "keep-trailing":
			o.KeepTrailing = true
		case "keep-end":
			o.NoFinalNewline = true
		case "added-crlf":
			o.LineEnding = "\r\n"
		default:
			t.Fatalf("%s: there is no option %s", part.Name, word)
		}
	}
	return source, o
}

func model(source string) *dockerfile.Model { return dockerfile.New(syntax.Parse(source), nil) }

func formatted(t testing.TB, name, source string, o format.Options) string {
	t.Helper()
	after, err := text.Apply(source, format.Format(model(source), o))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return after
}

// shown makes blanks visible where they could be overlooked.
func shown(before, after string) string {
	if before == after {
		return "(the same)\n"
	}
	var out strings.Builder
	for line := range strings.Lines(after) {
		content := strings.TrimRight(line, "\r\n")
		ending := strings.Replace(line[len(content):], "\r", "␍", 1)
		if !strings.HasSuffix(ending, "\n") {
			ending += "␄\n"
		}
		content = strings.Replace(content, "\uFEFF", "<bom>", 1)
		start := len(content) - len(strings.TrimLeft(content, " \t"))
		end := max(start, len(strings.TrimRight(content, " \t")))
		out.WriteString(strings.ReplaceAll(content[:start], "\t", "→") + content[start:end] +
			strings.NewReplacer(" ", "·", "\t", "→").Replace(content[end:]) + ending)
	}
	return out.String()
}

// laws are what holds of every file: what is laid out means the same, twice is once, edits are small, and each is right
// without the others.
func laws(t testing.TB, name, source string, o format.Options) {
	t.Helper()
	for _, some := range halves(whole(t, name, source, o)) {
		part, err := text.Apply(source, some)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		checkSame(t, name+", some of the edits", source, part)
	}
}

// whole are the laws of all edits together, which it returns.
func whole(t testing.TB, name, source string, o format.Options) []text.Edit {
	t.Helper()
	edits := format.Format(model(source), o)
	checkEdits(t, name, source, edits)
	after, err := text.Apply(source, edits)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	checkSame(t, name, source, after)
	if again := format.Format(model(after), o); len(again) > 0 {
		twice, _ := text.Apply(after, again)
		t.Errorf("%s: twice is not once: %q\n%q\n%q", name, describe(after, again), after, twice)
	}
	return edits
}

// halves are the first and the second half of edits, and every other one.
func halves(edits []text.Edit) [][]text.Edit {
	if len(edits) < 2 {
		return nil
	}
	var odd, even []text.Edit
	for i, e := range edits {
		if i%2 == 0 {
			even = append(even, e)
		} else {
			odd = append(odd, e)
		}
	}
	return [][]text.Edit{edits[:len(edits)/2], edits[len(edits)/2:], odd, even}
}

func describe(source string, edits []text.Edit) []string {
	var all []string
	for _, e := range edits {
		all = append(all, fmt.Sprintf("%d %q to %q", 1+strings.Count(source[:e.Start], "\n"), e.Of(source), e.New))
	}
	return all
}

// checkEdits holds that edits ascend, and that each replaces a keyword or blanks of a line, or is of blank lines alone.
func checkEdits(t testing.TB, name, source string, edits []text.Edit) {
	t.Helper()
	end := 0
	for _, e := range edits {
		old := e.Of(source)
		first := e.Start == 0 || source[e.Start-1] == '\n' || source[:e.Start] == "\uFEFF" // in its line
		switch {
		case e.Start < end:
			t.Errorf("%s: the edit at %d is not behind the one before it, which ends at %d", name, e.Start, end)
		case old == e.New:
			t.Errorf("%s: an edit at %d changes nothing", name, e.Start)
		case strings.EqualFold(old, e.New) && !strings.ContainsAny(old, " \t\r\n"):
		case strings.TrimSpace(old) != "":
			t.Errorf("%s: an edit replaces %q", name, old)
		case strings.Contains(old, "\n") && (e.New != "" || !first):
			t.Errorf("%s: an edit replaces %q by %q", name, old, e.New)
		case strings.Trim(e.New, " \t\r\n\\`") != "":
			t.Errorf("%s: an edit adds %q", name, e.New)
		}
		end = e.End
	}
}

// checkSame holds that two files mean the same.
func checkSame(t testing.TB, name, before, after string) {
	t.Helper()
	if a, b := meaning(before), meaning(after); !slices.Equal(a, b) {
		t.Errorf("%s: it means something else:\n%s", name, differing(a, b))
	}
	if a, b := buildKits(before), buildKits(after); !slices.Equal(a, b) {
		t.Errorf("%s: BuildKit reads something else:\n%s", name, differing(a, b))
	}
	if a, b := significant(before), significant(after); a != b {
		t.Errorf("%s: more than blanks and keywords change:\n%q\n%q", name, before, after)
	}
}

func differing(a, b []string) string {
	for i := range max(len(a), len(b)) {
		x, y := "nothing", "nothing"
		if i < len(a) {
			x = a[i]
		}
		if i < len(b) {
			y = b[i]
		}
		if x != y {
			return fmt.Sprintf("- %q\n+ %q", x, y)
		}
	}
	return ""
}
