package codeactions

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/corpus"
	"dockerfile-ls/analysis/image"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/project"
	"dockerfile-ls/analysis/project/complete"
	"dockerfile-ls/analysis/text"
)

// hasAll is a registry that has an answer for every image.
func hasAll(image.Question) (image.Facts, error) {
	return image.Facts{Digest: "sha256:" + strings.Repeat("5", 64)}, nil
}

// hardenerOf is a Hardener for a project that lies in memory.
func hardenerOf(files fstest.MapFS, name string, ask func(image.Question) (image.Facts, error)) Hardener {
	return Hardener{
		Look: func(s *analysis.Snapshot, texts map[string]string) *project.Surroundings {
			return project.Read(project.Overlay{FS: files, Texts: texts}, analysis.Request(s.Model(), name, ""))
		},
		Ask: ask,
	}
}

// TestHardenOnCorpus hardens every file of the corpus that Node.js runs or is built in, in its completed project and in
// other spellings, and holds the laws for the whole change: BuildKit takes what it took, comments and dialect stay, no
// finding comes that is worse than one that went, and a second time nothing changes.
func TestHardenOnCorpus(t *testing.T) {
	root := os.DirFS(corpus.Shared(t, "corpus/dev"))
	l := laws{T: t, made: map[string]int{}}
	before, after := map[string]int{}, map[string]int{}
	for _, file := range corpus.Dockerfiles(t) {
		p, name, err := complete.FromCorpus(root, file.Name)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(p.Files[name].Data), "node") {
			continue
		}
		for spelling, source := range spellings(string(p.Files[name].Data)) {
			l.name = file.Name + " (" + spelling + ")"
			s, result := l.hardened(p.Files, name, source, hasAll)
			if spelling == "as it is" && result.Refused == "" {
				count(before, s)
				count(after, result.After)
				keep(t, file.Name, s, result)
			}
		}
	}
	for _, rule := range slices.Sorted(maps.Keys(before)) {
		t.Logf("%4d → %4d %s", before[rule], after[rule], rule)
	}
	for rule, n := range after {
		if before[rule] == 0 {
			t.Logf("   0 → %4d %s", n, rule)
		}
	}
	if t.Log(l.made); l.made["hardened"] < 500 || l.made["steps"] < 2000 {
		t.Error("it is not exercised")
	}
}

// keep writes what a file has become into the folder that HARDENED names, for people to read.
func keep(t *testing.T, name string, s *analysis.Snapshot, result Hardened) {
	folder := os.Getenv("HARDENED")
	if folder == "" || len(result.Steps) == 0 {
		return
	}
	var page strings.Builder
	fmt.Fprintf(&page, "%s\n\n=== before\n%s\n=== steps\n", name, s.Text())
	for _, step := range result.Steps {
		fmt.Fprintln(&page, step.Title)
	}
	fmt.Fprintf(&page, "=== after\n%s\n", result.After.Text())
	for _, f := range result.After.Findings() {
		line, _ := result.After.Lines().OneBased(f.Start)
		fmt.Fprintf(&page, "left: %d %s: %s\n", line, f.Rule.ID, f.Message)
	}
	for _, created := range result.Creates {
		fmt.Fprintf(&page, "=== %s\n%s", created.Path, created.Text)
	}
	for _, other := range result.Others {
		after, _ := text.Apply(other.Text, other.Edits)
		fmt.Fprintf(&page, "=== %s\n%s", other.Path, after)
	}
	if err := os.WriteFile(folder+"/"+strings.ReplaceAll(name, "/", "+"), []byte(page.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

func count(findings map[string]int, s *analysis.Snapshot) {
	for _, f := range s.Findings() {
		findings[f.Rule.ID]++
	}
}

// hardened hardens one file and holds the laws.
func (l *laws) hardened(
	files fstest.MapFS, name, source string, ask func(image.Question) (image.Facts, error),
) (*analysis.Snapshot, Hardened) {
	l.Helper()
	model := analysis.New(source, lint.Facts{}, nil).Model()
	s := analysis.New(source, lint.Facts{Project: project.Read(files, analysis.Request(model, name, ""))}, nil)
	hardener := hardenerOf(files, name, ask)
	result := hardener.Harden(s)
	if result.Refused != "" {
		l.made["refused"]++
		return s, result
	}
	l.made["hardened"]++
	l.made["steps"] += len(result.Steps)
	whole, err := text.Apply(source, result.Edits)
	if err != nil || whole != result.After.Text() {
		l.Errorf("%s: the edits make something else: %v", l.name, err)
	}
	if rejections(result.After) > rejections(s) {
		l.Errorf("%s: BuildKit rejects the result:\n%s", l.name, whole)
	}
	l.dialect(s, result.After, result.Action)
	l.casing(s, result.After, result.Action)
	l.names(s, result.After, result.Action)
	l.columns(result.Title, source, result.Edits, whole)
	for _, f := range result.After.Findings() {
		if f.Severity <= lint.Warning && !isTold(s, f.Rule) {
			l.Errorf("%s: a new finding, %s: %s\n%s", l.name, f.Rule.ID, f.Message, whole)
		}
	}
	changed := changedFiles(files, result.Action)
	if again := hardenerOf(changed, name, ask).Harden(result.After); len(again.Steps) > 0 {
		l.Errorf("%s: is hardened again: %s\n%s", l.name, again.Steps[0].Title, whole)
	}
	return s, result
}
