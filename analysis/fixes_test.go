package analysis

import (
	"io/fs"
	"os"
	"strings"
	"testing"

	"dockerfile-ls/analysis/corpus"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/project"
	"dockerfile-ls/analysis/project/complete"
	"dockerfile-ls/analysis/text"
)

// TestFixesOnCorpus applies every fix that is offered on every file of the corpus, in several spellings and with the
// project around it completed, and holds the laws of an edit: what BuildKit took it still takes, the finding is gone and no
// worse one has come, and applying the fixes of the result again does not end in a circle.
func TestFixesOnCorpus(t *testing.T) {
	root := os.DirFS(corpus.Shared(t, "corpus/dev"))
	applied := map[string]int{}
	for _, file := range corpus.Dockerfiles(t) {
		facts := completed(t, root, file.Name)
		for spelling, src := range map[string]string{
			"as it is":         file.Text,
			"CRLF":             strings.ReplaceAll(file.Text, "\n", "\r\n"),
			"emoji":            "# 🐳 é\n" + file.Text,
			"no final newline": strings.TrimRight(file.Text, "\n"),
			"lower case":       lowerKeywords(file.Text),
		} {
			checkFixes(t, file.Name+" ("+spelling+")", New(src, facts, nil), applied)
		}
	}
	t.Logf("fixes applied: %v", applied)
}

// completed are the facts about a file of the corpus in its completed project.
func completed(t *testing.T, root fs.FS, file string) lint.Facts {
	t.Helper()
	p, name, err := complete.FromCorpus(root, file)
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	source := string(p.Files[name].Data)
	return lint.Facts{Project: project.Read(p.Files, Request(New(source, lint.Facts{}, nil).Model(), name, ""))}
}

func lowerKeywords(src string) string {
	s := New(src, lint.Facts{}, nil)
	var edits []text.Edit
	for _, inst := range s.Model().Instructions {
		edits = append(edits, text.Edit{Span: inst.Keyword.Span, New: strings.ToLower(inst.Keyword.Text)})
	}
	lower, err := text.Apply(src, edits)
	if err != nil {
		return src
	}
	return lower
}

func checkFixes(t *testing.T, name string, before *Snapshot, applied map[string]int) {
	t.Helper()
	for _, f := range before.Findings() {
		for _, fix := range f.Fixes {
			applied[f.Rule.ID]++
			result, err := text.Apply(before.Text(), fix.Edits)
			if err != nil {
				t.Errorf("%s: %s: %v", name, fix.Title, err)
				continue
			}
			after := New(result, before.Facts(), before)
			if rejected(after) > rejected(before) {
				t.Errorf("%s: %s: BuildKit rejects the result:\n%s", name, fix.Title, result)
			}
			for _, g := range after.Findings() {
				if g.Rule == f.Rule && g.Start == f.Start && g.Message == f.Message {
					t.Errorf("%s: %s: the finding is still there", name, fix.Title)
				}
				if g.Severity <= f.Severity && !isTold(before, g) && !reveals(f.Rule.ID, g.Rule.ID) {
					t.Errorf("%s: %s: a new finding, %s: %s", name, fix.Title, g.Rule.ID, g.Message)
				}
			}
			if strings.Contains(before.Text(), "\r\n") && strings.Count(result, "\n") != strings.Count(result, "\r\n") {
				t.Errorf("%s: %s: a line ends without \\r", name, fix.Title)
			}
		}
	}
}

func rejected(s *Snapshot) int {
	n := 0
	for _, inst := range s.Model().Instructions {
		if inst.Err != nil {
			n++
		}
	}
	return n
}

func isTold(s *Snapshot, f lint.Finding) bool {
	for _, g := range s.Findings() {
		if g.Rule == f.Rule {
			return true
		}
	}
	return false
}

// reveals is the table of what a fix may bring to light.
func reveals(fixed, told string) bool {
	switch fixed + " → " + told {
	case "runs-as-root → copy-without-chown", // there is a user now that the files do not belong to
		"root-user → copy-without-chown",
		"untagged-base-image → base-image-without-digest", // there is a tag now
		"latest-base-image → base-image-without-digest":
		return true
	}
	return false
}
