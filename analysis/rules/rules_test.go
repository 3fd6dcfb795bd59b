package rules

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/tools/txtar"

	"dockerfile-ls/analysis/corpus"
	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/golden"
	"dockerfile-ls/analysis/image"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/project"
	"dockerfile-ls/analysis/project/complete"
	"dockerfile-ls/analysis/secret"
	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

// The cases of a rule stand in testdata/rules/<id>.txtar, behind a comment in prose. A part "bad/<name>" is a Dockerfile
// on which the rule fires, "good/<name>" one on which it is silent. "bad/<name>: findings" and "bad/<name>: <title of a
// fix> (safe)" or "(risky)" are golden and written by -update. Words behind the name change the text before it is used:
// crlf, backtick (the escape character), bom, no-newline.
//
// Parts "bad/<name> @ <path>" behind a case are the files around its Dockerfile. Without any nothing is known of them. The
// parts "bad/<name> @ registry.json" and "@ scans.json" are no files, but what registries have said and scanners found.

const casesDir = "../../testdata/rules"

// ruleCase is one part of a txtar with its text as the rule gets it.
type ruleCase struct {
	name       string
	text       string
	dockerfile string       // its path in the project; empty for Dockerfile
	project    fstest.MapFS // nil if nothing is known of it
	images     image.Known
	scans      map[string]image.Scan
}

// facts are what is known around the case's Dockerfile, when it has a text.
func (c ruleCase) facts(src string) lint.Facts {
	if c.project == nil {
		return lint.Facts{Images: c.images, Scans: c.scans}
	}
	model := dockerfile.New(syntax.Parse(src), nil)
	return lint.Facts{Images: c.images, Scans: c.scans, Project: project.Read(c.project, project.Request{
		Dockerfile: cmp.Or(c.dockerfile, "Dockerfile"), Sources: model.ContextSources(), Files: Files(model),
		Names: append(secret.FileNames(), "*.sh"), Entries: Entries(model),
	})}
}

func (c ruleCase) find(src string) []lint.Finding {
	findings, _, failures := lint.Run(dockerfile.New(syntax.Parse(src), nil), All(), c.facts(src), nil)
	for _, f := range failures {
		panic(f.Rule.ID + ": " + f.Stack) // a test has no use for the guard
	}
	return findings
}

func (c ruleCase) findBy(src, id string) []lint.Finding {
	return slices.DeleteFunc(c.find(src), func(f lint.Finding) bool { return f.Rule.ID != id })
}

// readCases returns the prose, the cases and the golden parts of a rule's file.
func readCases(t *testing.T, id string) (*txtar.Archive, []ruleCase) {
	t.Helper()
	archive, err := txtar.ParseFile(filepath.Join(casesDir, id+".txtar"))
	if err != nil {
		t.Fatalf("%s has no cases: %v", id, err)
	}
	var cases []ruleCase
	for _, f := range archive.Files {
		if name, file, around := strings.Cut(f.Name, " @ "); around {
			cases[slices.IndexFunc(cases, func(c ruleCase) bool { return c.name == name })].add(file, f.Data)
			continue
		}
		if !strings.Contains(f.Name, ":") {
			cases = append(cases, ruleCase{name: f.Name, text: prepare(f.Name, string(f.Data))})
		}
	}
	return archive, cases
}

func (c *ruleCase) add(file string, data []byte) {
	if into, fact := map[string]any{"registry.json": &c.images, "scans.json": &c.scans}[file]; fact {
		if err := json.Unmarshal(data, into); err != nil {
			panic(c.name + ": " + err.Error())
		}
		return
	}
	if c.project == nil {
		c.project = fstest.MapFS{"Dockerfile": &fstest.MapFile{Data: []byte(c.text)}}
	}
	c.project[file] = &fstest.MapFile{Data: data}
}

// prepare makes the text that a case is about.
func prepare(name, data string) string {
	for _, word := range strings.Fields(name)[1:] {
		switch word {
		case "crlf":
			data = strings.ReplaceAll(data, "\n", "\r\n")
		case "backtick":
			data = "# escape=`\n" + data
		case "bom":
			data = "\uFEFF" + data
		case "no-newline":
			data = strings.TrimSuffix(data, "\n")
		default:
			panic("unknown word in the name of a case: " + name)
		}
	}
	return data
}

// printable shows what an editor would hide.
func printable(s string) string {
	return strings.NewReplacer("\r", "␍", "\uFEFF", "{bom}").Replace(s)
}

func find(src string) []lint.Finding { return ruleCase{}.find(src) }

func findBy(src, id string) []lint.Finding { return ruleCase{}.findBy(src, id) }

func TestCases(t *testing.T) {
	for _, rule := range All() {
		t.Run(rule.ID, func(t *testing.T) {
			archive, cases := readCases(t, rule.ID)
			want := txtar.Archive{Comment: archive.Comment}
			fires, silent := false, false
			for _, c := range cases {
				for _, f := range archive.Files {
					if f.Name == c.name || strings.HasPrefix(f.Name, c.name+" @ ") {
						want.Files = append(want.Files, f)
					}
				}
				findings := c.findBy(c.text, rule.ID)
				if strings.HasPrefix(c.name, "good/") {
					silent = true
					if len(findings) > 0 {
						t.Errorf("%s: fires\n%s", c.name, render(c.text, findings))
					}
					continue
				}
				fires = true
				if len(findings) == 0 {
					t.Errorf("%s: is silent", c.name)
				}
				want.Files = append(want.Files, txtar.File{
					Name: c.name + ": findings", Data: []byte(render(c.text, findings)),
				})
				want.Files = append(want.Files, fixed(t, c, findings)...)
			}
			if !fires || !silent {
				t.Errorf("%s needs a case that fires and one that is silent", rule.ID)
			}
			golden.Check(t, filepath.Join(casesDir, rule.ID+".txtar"), txtar.Format(&want))
		})
	}
}

// render prints findings, each with the places that explain it.
func render(src string, findings []lint.Finding) string {
	var out strings.Builder
	lines := text.NewLines(src)
	for _, f := range findings {
		out.WriteString(lint.Render("Dockerfile", lines, src, []lint.Finding{f}))
		for _, related := range f.Related {
			line, column := lines.OneBased(related.Start)
			fmt.Fprintf(&out, "  see %d:%d `%s`: %s\n", line, column, related.Of(src), related.Message)
		}
	}
	return printable(out.String())
}

// fixed applies each fix of the findings by itself and checks the laws that every fix obeys.
func fixed(t *testing.T, c ruleCase, findings []lint.Finding) []txtar.File {
	var files []txtar.File
	for _, f := range findings {
		for _, fix := range f.Fixes {
			result, err := text.Apply(c.text, fix.Edits)
			if err != nil {
				t.Fatalf("%s: %s: %v", c.name, fix.Title, err)
			}
			after := c.findBy(result, f.Rule.ID)
			if slices.ContainsFunc(after, func(a lint.Finding) bool {
				return a.Start == f.Start && a.Message == f.Message
			}) {
				t.Errorf("%s: %s: the finding is still there:\n%s", c.name, fix.Title, render(result, after))
			}
			if fix.Safe && (fix.Risk != "" || fix.Asked) || !fix.Safe && !fix.Asked && fix.Risk == "" {
				t.Errorf("%s: %s: a fix is either safe or asked for or has a risk", c.name, fix.Title)
			}
			if before, after := rejected(c.text), rejected(result); after > before {
				t.Errorf("%s: %s: BuildKit rejected %d instructions before and %d after:\n%s", c.name, fix.Title,
					before, after, result)
			}
			if before, after := arrays(c.text), arrays(result); after < before {
				t.Errorf("%s: %s: %d arrays before and %d after:\n%s", c.name, fix.Title, before, after, result)
			}
			risk := "safe"
			switch {
			case fix.Asked && fix.Risk != "":
				risk = "asked, risky: " + fix.Risk
			case fix.Asked:
				risk = "asked"
			case !fix.Safe:
				risk = "risky: " + fix.Risk
			}
			data := printable(result)
			if !strings.HasSuffix(data, "\n") {
				data += "\n"
			}
			files = append(files, txtar.File{Name: fmt.Sprintf("%s: %s (%s)", c.name, fix.Title, risk), Data: []byte(data)})
		}
	}
	return files
}

// arrays counts the instructions in exec form, of which no fix may make a shell form without saying so.
func arrays(src string) int {
	n := 0
	for _, inst := range syntax.Parse(src).Instructions {
		if inst.JSON != nil && !inst.JSON.Unfinished {
			n++
		}
	}
	return n
}

// rejected counts the instructions that BuildKit rejects.
func rejected(src string) int {
	n := 0
	for _, inst := range dockerfile.New(syntax.ParseAsBuildKit(src), nil).Instructions {
		if inst.Err != nil {
			n++
		}
	}
	return n
}

// TestPrefixes holds that rules survive a file at every moment of its being typed, and stay inside it.
func TestPrefixes(t *testing.T) {
	for _, rule := range All() {
		_, cases := readCases(t, rule.ID)
		for _, c := range cases {
			for end := range len(c.text) {
				for _, f := range c.find(c.text[:end]) {
					if !f.Inside(text.Span{End: end}) {
						t.Fatalf("%s: %s[:%d]: %s lies outside: %v", rule.ID, c.name, end, f.Rule.ID, f)
					}
				}
			}
		}
	}
}

func TestAllIsComplete(t *testing.T) {
	seen := map[string]bool{}
	for _, rule := range All() {
		if rule.ID == "" || rule.Title == "" || rule.Why == "" || rule.Severity == 0 {
			t.Errorf("rule %q lacks an ID, a title, a reason or a severity", rule.ID)
		}
		if rule.Check == nil && rule.CheckInstruction == nil && rule.CheckPragmas == nil {
			t.Errorf("rule %q checks nothing", rule.ID)
		}
		if seen[rule.ID] {
			t.Errorf("rule %q stands twice in All", rule.ID)
		}
		seen[rule.ID] = true
		if _, err := os.Stat(strings.ReplaceAll(rule.ID, "-", "_") + ".go"); err != nil {
			t.Errorf("rule %q has no file of its own: %v", rule.ID, err)
		}
	}
	files, err := filepath.Glob(filepath.Join(casesDir, "*.txtar"))
	if err != nil || len(files) != len(seen) {
		t.Errorf("%d files in %s for %d rules (%v)", len(files), casesDir, len(seen), err)
	}
	sources, _ := filepath.Glob("*.go")
	for _, file := range sources {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		id := strings.ReplaceAll(strings.TrimSuffix(file, ".go"), "_", "-")
		if strings.Contains(string(source), "= &lint.Rule{") && !seen[id] {
			t.Errorf("%s holds a rule that is missing from All", file)
		}
	}
}

// TestReadme holds the generated page of all rules up to date.
func TestReadme(t *testing.T) {
	var page strings.Builder
	page.WriteString("# Rules\n\nThis page is written by `go test ./analysis/rules -update` from the rules and their " +
		"cases in `testdata/rules`.\n")
	for _, rule := range All() {
		fmt.Fprintf(&page, "\n## %s\n\n%s\n\n%s\n\n%s\n", rule.ID, facts(rule), rule.Title, rule.Why)
		archive, _ := readCases(t, rule.ID)
		example(&page, archive, "bad/", "Fires:")
		example(&page, archive, "good/", "Silent:")
	}
	golden.Check(t, "README.md", []byte(page.String()))
}

func facts(rule *lint.Rule) string {
	facts := "Severity: " + rule.Severity.String()
	if rule.Section > 0 {
		facts += fmt.Sprintf(" · Cheat sheet: section %d", rule.Section)
	}
	if len(rule.Aliases) > 0 {
		facts += " · Also called: " + strings.Join(rule.Aliases, ", ")
	}
	if rule.NeedsScan {
		facts += " · Needs a scan"
	}
	if rule.NeedsImages {
		facts += " · Needs the answer of a registry"
	}
	if rule.Syntax {
		facts += " · BuildKit rejects it"
	}
	return facts
}

// example writes the first case with a prefix, and what is found in it.
func example(page *strings.Builder, archive *txtar.Archive, prefix, title string) {
	for i, f := range archive.Files {
		if !strings.HasPrefix(f.Name, prefix) {
			continue
		}
		fmt.Fprintf(page, "\n%s\n\n```dockerfile\n%s```\n", title, f.Data)
		for _, golden := range archive.Files[i:] {
			if golden.Name == f.Name+": findings" {
				fmt.Fprintf(page, "\n```text\n%s```\n", golden.Data)
			}
		}
		return
	}
}

// TestCorpusCounts shows in a diff what a change of a rule does to real files: with nothing known around them, and in
// projects that were completed.
func TestCorpusCounts(t *testing.T) {
	root := os.DirFS(corpus.Shared(t, "corpus/dev"))
	var alone, inProject []map[string]int
	files := corpus.Dockerfiles(t)
	for _, file := range files {
		alone = append(alone, count(find(file.Text)))
		inProject = append(inProject, count(inCompleted(t, root, file.Name).find(file.Text)))
	}
	page := fmt.Sprintf("Findings in the %d Dockerfiles of the corpus, alone and with their completed projects; written by "+
		"go test ./analysis/rules -update.\n\n", len(files))
	for _, rule := range All() {
		page += fmt.Sprintf("%5d %5d %s\n", total(alone, rule.ID), total(inProject, rule.ID), rule.ID)
	}
	page += fmt.Sprintf("\n%5d %5d in the median file\n%5d %5d in the file at 90 %%\n", of(alone, 50), of(inProject, 50),
		of(alone, 90), of(inProject, 90))
	golden.Check(t, "../../testdata/corpus.txt", []byte(page))
}

// inCompleted is a file of the corpus in its completed project, as somebody has it who works on it.
func inCompleted(t *testing.T, root fs.FS, file string) ruleCase {
	t.Helper()
	p, name, err := complete.FromCorpus(root, file)
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	p.AddWorkingCopy()
	return ruleCase{name: file, dockerfile: name, project: p.Files}
}

// count are the numbers of findings by rule; under the empty ID, of all.
func count(findings []lint.Finding) map[string]int {
	counts := map[string]int{"": len(findings)}
	for _, f := range findings {
		counts[f.Rule.ID]++
	}
	return counts
}

func total(files []map[string]int, id string) int {
	sum := 0
	for _, counts := range files {
		sum += counts[id]
	}
	return sum
}

// of is the number of findings of the file that so many percent of the files have no more than.
func of(files []map[string]int, percent int) int {
	var sizes []int
	for _, counts := range files {
		sizes = append(sizes, counts[""])
	}
	slices.Sort(sizes)
	return sizes[(len(sizes)-1)*percent/100]
}
