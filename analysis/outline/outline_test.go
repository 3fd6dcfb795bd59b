package outline

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/corpus"
	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/golden"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/text"
)

// TestOutlines reads testdata/outline/*.txtar: a part "<name>" is a Dockerfile, and "<name>: symbols", "<name>: folds" and
// "<name>: selections" are written by -update, the last for each ¦ in the Dockerfile. ␍ stands for a carriage return.
func TestOutlines(t *testing.T) {
	for file, archive := range golden.Archives(t, "../../testdata/outline/*.txtar") {
		want := txtar.Archive{Comment: archive.Comment}
		for _, f := range archive.Files {
			if strings.Contains(f.Name, ": ") {
				continue
			}
			src, cursors := marked(strings.ReplaceAll(string(f.Data), "␍", "\r"))
			if broken := laws(src); broken != "" {
				t.Errorf("%s: %s: %s", file, f.Name, broken)
			}
			s := analysis.New(src, lint.Facts{}, nil)
			want.Files = append(want.Files, f)
			for _, golden := range []struct{ name, text string }{
				{"symbols", dumpSymbols(s)}, {"folds", dumpFolds(s)}, {"selections", dumpSelections(s, cursors)},
			} {
				if golden.text != "" {
					want.Files = append(want.Files, txtar.File{Name: f.Name + ": " + golden.name, Data: []byte(golden.text)})
				}
			}
		}
		golden.Check(t, file, txtar.Format(&want))
	}
}

// marked takes the cursors out of a text.
func marked(src string) (plain string, cursors []int) {
	for {
		before, after, found := strings.Cut(src, "¦")
		if !found {
			return src, cursors
		}
		cursors = append(cursors, len(before))
		src = before + after
	}
}

var kinds = map[Kind]string{
	Directive: "directive", Stage: "stage", Variable: "variable", Label: "label", Command: "command", Files: "files",
	Folder: "folder", Port: "port", Setting: "setting",
}

// dumpSymbols shows each symbol with its detail, its range, and what is selected.
func dumpSymbols(s *analysis.Snapshot) string {
	var out strings.Builder
	var walk func(symbols []Symbol, indent string)
	walk = func(symbols []Symbol, indent string) {
		for _, symbol := range symbols {
			line := indent + symbol.Name
			if symbol.Detail != "" {
				line += " · " + symbol.Detail
			}
			selected := symbol.Selection.Of(s.Text())
			fmt.Fprintf(&out, "%-60s %s %s %q\n", line, kinds[symbol.Kind], place(s, symbol.Span), selected)
			walk(symbol.Children, indent+"  ")
		}
	}
	walk(Symbols(s.Model()), "")
	return out.String()
}

func place(s *analysis.Snapshot, span text.Span) string {
	line, column := s.Lines().OneBased(span.Start)
	endLine, endColumn := s.Lines().OneBased(span.End)
	return fmt.Sprintf("%d:%d-%d:%d", line, column, endLine, endColumn)
}

// dumpFolds shows the first and the last line of each fold.
func dumpFolds(s *analysis.Snapshot) string {
	names := [...]string{"stage", "region", "comment", "instruction", "heredoc"}
	var out strings.Builder
	for _, f := range Folds(s.Model(), s.Lines()) {
		lines := strings.Split(f.Of(s.Text()), "\n")
		fmt.Fprintf(&out, "%s %s %q … %q\n", names[f.Kind], place(s, f.Span), lines[0], lines[len(lines)-1])
	}
	return out.String()
}

// dumpSelections shows what is selected around each cursor, step by step.
func dumpSelections(s *analysis.Snapshot, cursors []int) string {
	var out strings.Builder
	for _, cursor := range cursors {
		line, column := s.Lines().OneBased(cursor)
		fmt.Fprintf(&out, "%d:%d\n", line, column)
		for _, span := range Selection(s.Model(), cursor) {
			lines := strings.Split(span.Of(s.Text()), "\n")
			if len(lines) > 3 {
				lines = []string{lines[0], "…", lines[len(lines)-1]}
			}
			fmt.Fprintf(&out, "  %q\n", strings.Join(lines, "\n"))
		}
	}
	return out.String()
}

// laws holds what is true of the outline of every text.
func laws(src string) string {
	s := analysis.New(src, lint.Facts{}, nil)
	all := text.Span{Start: 0, End: len(src)}
	if broken := symbolLaws(Symbols(s.Model()), all); broken != "" {
		return broken
	}
	seen := map[[2]int]bool{}
	for _, f := range Folds(s.Model(), s.Lines()) {
		lines := [2]int{s.Lines().LineAt(f.Start), s.Lines().LineAt(f.End)}
		if !all.Contains(f.Span) || lines[0] >= lines[1] || seen[lines] {
			return fmt.Sprintf("the fold %v of kind %d", f.Span, f.Kind)
		}
		seen[lines] = true
	}
	for offset := 0; offset <= len(src); offset += 1 + len(src)/50 {
		spans := Selection(s.Model(), offset)
		for i, span := range spans {
			around := all
			if i+1 < len(spans) {
				around = spans[i+1]
			}
			if span.Start > offset || span.End < offset || !around.Contains(span) || i+1 < len(spans) && around == span {
				return fmt.Sprintf("the selection %v in %v around %d", span, around, offset)
			}
		}
		if spans[len(spans)-1] != all {
			return fmt.Sprintf("not all is selected around %d", offset)
		}
	}
	return ""
}

func symbolLaws(symbols []Symbol, around text.Span) string {
	last := around.Start
	for _, s := range symbols {
		switch {
		case !around.Contains(s.Span) || !s.Contains(s.Selection) || s.Start < last:
			return fmt.Sprintf("the symbol %q at %v, %v, in %v", s.Name, s.Span, s.Selection, around)
		case strings.TrimSpace(s.Name) == "", strings.ContainsAny(s.Name+s.Detail, "\r\n"):
			return fmt.Sprintf("the name %q, %q", s.Name, s.Detail)
		}
		if broken := symbolLaws(s.Children, s.Span); broken != "" {
			return broken
		}
		last = s.End
	}
	return ""
}

// TestCorpus holds the laws for real files and what of them is typed so far.
func TestCorpus(t *testing.T) {
	for i, file := range corpus.Dockerfiles(t) {
		for end := len(file.Text); end > 0; end -= 1 + len(file.Text)/7 {
			if broken := laws(file.Text[:end]); broken != "" {
				t.Errorf("%s, %d bytes of it: %s", file.Name, end, broken)
			}
		}
		if i%5 == 0 {
			crlf := strings.ReplaceAll(strings.ReplaceAll(file.Text, "\r", ""), "\n", "\r\n")
			if broken := laws(crlf); broken != "" {
				t.Errorf("%s with CRLF: %s", file.Name, broken)
			}
		}
	}
}

// TestHalfTyped types lines that are not finished into real files, and holds that the stages above and
// below stay. Where a line below ends the here-document that is typed, its body is what is between.
func TestHalfTyped(t *testing.T) {
	lines := []string{
		"RUN npm inst", `CMD ["node", "ser`, "COPY --from=bui", "RUN <<HALF", `ENV NODE_ENV="prod`, `RUN apt-get update && \`,
		"USER 'no", "ARG X=${Y:-", "HEALTHCHECK --interval=3", "FROM no", "FRO", "LABEL", "ONBUILD RUN",
	}
	for i, file := range corpus.Dockerfiles(t) {
		model := analysis.New(file.Text, lint.Facts{}, nil).Model()
		if i%5 != 0 || len(model.Stages) == 0 {
			continue
		}
		middle := model.Instructions[len(model.Instructions)/2].Extent.End
		if !strings.HasSuffix(file.Text[:middle], "\n") {
			continue
		}
		before := below(model, middle)
		for _, line := range lines {
			typed := analysis.New(file.Text[:middle]+line+"\n"+file.Text[middle:], lint.Facts{}, nil).Model()
			if above := names(typed, 0, middle); above != names(model, 0, middle) {
				t.Errorf("%s: %q above %q is %q", file.Name, names(model, 0, middle), line, above)
			}
			if now := below(typed, middle+len(line)+1); now != before {
				t.Errorf("%s: %q below %q is %q", file.Name, before, line, now)
			}
		}
	}
}

func below(m *dockerfile.Model, from int) string { return names(m, from, len(m.Text)) }

// names are the names of the stages that begin in a range.
func names(m *dockerfile.Model, from, to int) string {
	var all []string
	for _, s := range Stages(m) {
		if s.Start >= from && s.Start < to {
			all = append(all, s.Name)
		}
	}
	return strings.Join(all, ", ")
}

func TestMatches(t *testing.T) {
	for query, names := range map[string]struct{ matching, other string }{
		"":      {"build", ""},
		"BUI":   {"build", "deps"},
		"bld":   {"Build", "dlb"},
		"l.w":   {"all.web", "alweb"},
		"überÉ": {"ÜBER-é", "uber"},
	} {
		if !Matches(query, names.matching) || names.other != "" && Matches(query, names.other) {
			t.Errorf("%q matches %q, or %q", query, names.matching, names.other)
		}
	}
}

func TestFewest(t *testing.T) {
	s := analysis.New("# a\n# b\nFROM a\nRUN <<E\nE\nRUN b \\\n c\nFROM b\nRUN c\n", lint.Facts{}, nil)
	folds := Folds(s.Model(), s.Lines())
	for limit, want := range map[int]string{9: "[2 0 3 3 0]", 3: "[2 0 0]", 2: "[0 0]", 0: "[]", -1: "[]"} {
		kinds := []FoldKind{}
		for _, f := range Fewest(folds, limit) {
			kinds = append(kinds, f.Kind)
		}
		if got := fmt.Sprint(kinds); got != want {
			t.Errorf("at most %d: %s instead of %s", limit, got, want)
		}
	}
}
