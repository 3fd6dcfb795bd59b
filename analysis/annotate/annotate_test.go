package annotate_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"golang.org/x/tools/txtar"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/annotate"
	"dockerfile-ls/analysis/corpus"
	"dockerfile-ls/analysis/golden"
	"dockerfile-ls/analysis/image"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/project"
	"dockerfile-ls/analysis/text"
)

var now = time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)

// known is what a registry has said.
var known = image.Known{
	"node@sha256:" + strings.Repeat("2", 64):   {Details: &image.Details{Created: now.AddDate(0, 0, -10)}},
	"alpine@sha256:" + strings.Repeat("3", 64): {Details: &image.Details{Created: time.Unix(0, 0)}},
}

// TestAnnotate shows all that there is to the Dockerfiles of testdata/annotate/*.txtar: a link as [word](where it leads), a
// hint as «hint», and lenses in a line above with what they tell or scan. Beside a part "case" its golden part
// "case: shown", and files of its context "case @ path".
func TestAnnotate(t *testing.T) {
	for file, archive := range golden.Archives(t, "../../testdata/annotate/*.txtar") {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			out := &txtar.Archive{Comment: archive.Comment}
			for _, part := range archive.Files {
				if strings.HasSuffix(part.Name, ": shown") {
					continue
				}
				out.Files = append(out.Files, part)
				if strings.Contains(part.Name, " @ ") {
					continue
				}
				disk := fstest.MapFS{"Dockerfile": {Data: part.Data}}
				for _, other := range archive.Files {
					if name, ok := strings.CutPrefix(other.Name, part.Name+" @ "); ok {
						disk[name] = &fstest.MapFile{Data: other.Data}
					}
				}
				shown := shownIn(string(part.Data), disk)
				out.Files = append(out.Files, txtar.File{Name: part.Name + ": shown", Data: []byte(shown)})
			}
			golden.Check(t, file, txtar.Format(out))
		})
	}
}

func shownIn(source string, disk fstest.MapFS) string {
	m := analysis.New(source, lint.Facts{}, nil).Model()
	var edits []text.Edit
	insert := func(at int, new string) {
		edits = append(edits, text.Edit{Span: text.Span{Start: at, End: at}, New: new})
	}
	for _, l := range annotate.Links(m, project.Read(disk, analysis.Request(m, "Dockerfile", ""))) {
		insert(l.Start, "[")
		insert(l.End, fmt.Sprintf("](%s%s)", l.URL, l.File))
	}
	for _, h := range annotate.Hints(m, known, now, annotate.Shown{Variables: true, Stages: true, DigestAge: true}) {
		insert(h.At, "«"+h.Label+"»")
	}
	for _, l := range annotate.Lenses(m, true, true) {
		insert(l.Start, fmt.Sprintf("‹%s: %s%s›\n", l.Title, l.Tells, l.Scans))
	}
	shown, err := text.Apply(source, edits)
	if err != nil {
		panic(err)
	}
	return shown
}

// TestLaws holds that everything lies inside of real files, whole and cut off, that links do not overlap, and that lenses
// stand on one line.
func TestLaws(t *testing.T) {
	links, lenses := 0, 0
	for i, file := range corpus.Dockerfiles(t) {
		for _, source := range []string{file.Text, file.Text[:i*7%(len(file.Text)+1)]} {
			m := analysis.New(source, lint.Facts{}, nil).Model()
			end := 0
			for _, l := range annotate.Links(m, nil) {
				if l.Start < end || l.End > len(source) || l.Empty() || (l.URL == "") == (l.File == "") {
					t.Fatalf("%s: the link at %v to %s%s, behind %d", file.Name, l.Span, l.URL, l.File, end)
				}
				end = l.End
				links++
			}
			for _, h := range annotate.Hints(m, known, now, annotate.Shown{Variables: true, Stages: true, DigestAge: true}) {
				if h.At < 0 || h.At > len(source) || h.Label == "" || strings.ContainsAny(h.Label, "\r\n") {
					t.Errorf("%s: the hint %+v", file.Name, h)
				}
			}
			for _, l := range annotate.Lenses(m, true, true) {
				if !strings.EqualFold(l.Of(source), "FROM") || (l.Tells == "") == (l.Scans == "") {
					t.Errorf("%s: the lens %+v", file.Name, l)
				}
				lenses++
			}
		}
	}
	if t.Logf("%d links, %d lenses", links, lenses); links < 300 || lenses < 300 {
		t.Error("there is too little to hold the laws against")
	}
}
