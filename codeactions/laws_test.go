package codeactions

import (
	"fmt"
	"hash/fnv"
	"maps"
	"math/rand"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/golden"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/project"
	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

// TestLawsOnCorpus makes every action that is offered anywhere in every file of the corpus, in its completed project, in
// several spellings and in random prefixes of it, and holds the laws of an edit: BuildKit takes what it took, the finding is
// gone and no worse one has come, it is not offered a second time, comments, directives, line endings and keyword casing
// stay, names exist, clients count the same columns in each encoding, and no two edits of one change meet.
func TestLawsOnCorpus(t *testing.T) {
	l := laws{T: t, made: map[string]int{}}
	for file, p := range onCorpus(t) {
		for spelling, source := range spellings(p.source()) {
			l.name = file + " (" + spelling + ")"
			l.obey(p.Files, p.name, source, true)
		}
		for _, cut := range cuts(file, p.source(), 2) {
			l.name = fmt.Sprintf("%s (cut at %d)", file, len(cut))
			l.obey(p.Files, p.name, cut, false)
		}
	}
	total := 0
	for _, rule := range slices.Sorted(maps.Keys(l.made)) {
		total += l.made[rule]
		t.Logf("%6d %s", l.made[rule], rule)
	}
	if t.Logf("%6d actions made", total); total < 45000 {
		t.Error("README.md says that there are more")
	}
}

// spellings are other ways to write a file.
func spellings(source string) map[string]string {
	return map[string]string{
		"as it is":         source,
		"CRLF":             strings.ReplaceAll(source, "\n", "\r\n"),
		"emoji":            "# 🐳 é\n" + strings.ReplaceAll(source, "RUN ", "RUN : '👩‍👩‍👧'; "),
		"no final newline": strings.TrimRight(source, "\n"),
		"lower case":       lowerKeywords(source),
		"tabs":             strings.ReplaceAll(source, "\n    ", "\n\t"),
		"byte order mark":  "\uFEFF" + source,
		"backtick":         backtick(source),
	}
}

// backtick is a file with the other escape character, where that is as simple as it looks.
func backtick(source string) string {
	if strings.Contains(source, "`") || strings.Contains(source, "escape") {
		return source
	}
	return "# escape=`\n" + strings.ReplaceAll(source, "\\\n", "`\n")
}

func lowerKeywords(source string) string {
	var edits []text.Edit
	for _, inst := range analysis.New(source, lint.Facts{}, nil).Model().Instructions {
		edits = append(edits, text.Edit{Span: inst.Keyword.Span, New: strings.ToLower(inst.Keyword.Text)})
	}
	lower, err := text.Apply(source, edits)
	if err != nil {
		return source
	}
	return lower
}

// cuts are random prefixes of a file, the same in every run.
func cuts(name, source string, n int) []string {
	hash := fnv.New64a()
	hash.Write([]byte(name))
	random := rand.New(rand.NewSource(int64(hash.Sum64())))
	var list []string
	for range n {
		list = append(list, source[:random.Intn(len(source)+1)])
	}
	return list
}

type laws struct {
	*testing.T
	name string
	only string // the beginning of the titles that count; empty for all
	made map[string]int
}

// obey makes every action of a file. Of a whole file nothing new may be found behind an action; a cut one may hold what
// becomes visible when something else is mended.
func (l *laws) obey(files fstest.MapFS, name, source string, whole bool) {
	l.Helper()
	model := analysis.New(source, lint.Facts{}, nil).Model()
	facts := lint.Facts{
		Project: project.Read(files, analysis.Request(model, name, "")),
		Config:  lint.Config{Path: ".dockerfile-ls.yaml", Missing: true},
	}
	before := analysis.New(source, facts, nil)
	seen := map[string]bool{}
	for i, place := range places(before) {
		for _, a := range At(before, place) {
			if a.Refused != "" || a.Asks != nil || a.Scans != "" || a.Hardens || !strings.HasPrefix(a.Title, l.only) ||
				i > 0 && a.Mends != nil {
				continue
			}
			a = a.Made()
			key := fmt.Sprint(a.Title, a.Edits)
			if seen[key] {
				continue
			}
			seen[key] = true
			l.made[a.kindOfTest()]++
			after := l.one(files, name, before, a, whole)
			if i > 0 && after != nil {
				l.twice(after, a, place.Start)
			}
		}
	}
	for i, inst := range before.Model().Instructions {
		for _, a := range rewrite(before, text.Span{Start: inst.Start, End: inst.Start}) {
			form, _, _ := strings.Cut(a.Title, " (")
			if !strings.HasPrefix(form, l.only) {
				continue
			}
			l.made[form]++
			l.one(files, name, before, a, whole)
			l.andBack(before, i, a, form)
		}
	}
}

// places are the whole file, and then a cursor at each keyword and each flag.
func places(s *analysis.Snapshot) []text.Span {
	list := []text.Span{{End: len(s.Text())}}
	for _, inst := range s.Model().Instructions {
		list = append(list, text.Span{Start: inst.Start, End: inst.Start})
		for _, flag := range inst.Flags {
			list = append(list, text.Span{Start: flag.Start, End: flag.Start})
		}
	}
	return list
}

// andBack holds that a form is not offered again, and that the way back and forth ends where it was, if there is one.
func (l *laws) andBack(before *analysis.Snapshot, i int, a Action, form string) {
	l.Helper()
	to := l.rewritten(before, a)
	again, back := offeredForms(to, i, form)
	if again != nil {
		l.Errorf("%s: %s: is offered again:\n%s", l.name, a.Title, to.Text())
	}
	if back == nil {
		l.made[form+", not back"]++
		if strings.HasSuffix(form, "exec form") {
			l.Errorf("%s: %s: there is no way back:\n%s", l.name, a.Title, to.Text())
		}
		return
	}
	from := l.rewritten(to, *back)
	forth, _ := offeredForms(from, i, form)
	if forth == nil {
		l.Errorf("%s: %s, and %s: is not offered then:\n%s", l.name, a.Title, back.Title, from.Text())
		return
	}
	end := l.rewritten(from, *forth)
	if strings.ReplaceAll(end.Text(), "exec ", "") != strings.ReplaceAll(to.Text(), "exec ", "") {
		l.Errorf("%s: %s: back and forth ends elsewhere:\n%s\n→\n%s\n→\n%s", l.name, a.Title, to.Text(),
			from.Text(), end.Text())
	}
}

// rewritten is a file with another form of an instruction, where BuildKit reads as many instructions and no error is new.
func (l *laws) rewritten(before *analysis.Snapshot, a Action) *analysis.Snapshot {
	l.Helper()
	result, err := text.Apply(before.Text(), a.Edits)
	if err != nil {
		l.Fatalf("%s: %s: %v", l.name, a.Title, err)
	}
	after := analysis.New(result, before.Facts(), before)
	read := func(s *analysis.Snapshot) int { return len(syntax.ParseAsBuildKit(s.Text()).Instructions) }
	if read(before) != read(after) || rejections(before) != rejections(after) {
		l.Errorf("%s: %s: BuildKit reads other instructions:\n%s", l.name, a.Title, result)
	}
	for _, f := range after.Findings() {
		if f.Severity == lint.Error && !isTold(before, f.Rule) {
			l.Errorf("%s: %s: a new finding, %s: %s", l.name, a.Title, f.Rule.ID, f.Message)
		}
	}
	return after
}

// offeredForms are the rewriting to a form that is offered for an instruction, and that to its opposite; nil if there is
// none.
func offeredForms(s *analysis.Snapshot, i int, form string) (same, opposite *Action) {
	opposites := strings.NewReplacer("exec form", "shell form", "shell form", "exec form",
		"a here-document", "a list without here-document", "a list without here-document", "a here-document")
	inst := s.Model().Instructions[i]
	for _, a := range rewrite(s, text.Span{Start: inst.Start, End: inst.Start}) {
		if strings.HasPrefix(a.Title, form) {
			same = &a
		}
		if strings.HasPrefix(a.Title, opposites.Replace(form)) {
			opposite = &a
		}
	}
	if opposite != nil || inst.JSON != nil {
		return same, opposite
	}
	for _, a := range quickFixes(s, inst.Rest.Span) { // CMD and ENTRYPOINT
		if a.Mends.Rule.ID == "shell-form-command" && inst.Contains(a.Mends.Span) && a.Refused == "" {
			opposite = &a
		}
	}
	return same, opposite
}

// kindOfTest is what actions are counted by.
func (a Action) kindOfTest() string {
	switch {
	case a.Mends == nil:
		return string(a.Kind)
	case strings.HasPrefix(a.Title, "Ignore "), strings.HasPrefix(a.Title, "Turn "):
		return "silence"
	}
	return a.Mends.Rule.ID
}

// one makes an action, and returns what it comes to; nil if it does not change the Dockerfile, or cannot be made.
func (l *laws) one(
	files fstest.MapFS, name string, before *analysis.Snapshot, a Action, whole bool,
) (after *analysis.Snapshot) {
	l.Helper()
	for _, other := range a.Others {
		result, err := text.Apply(other.Text, other.Edits)
		if err != nil {
			l.Errorf("%s: %s: %s: %v", l.name, a.Title, other.Path, err)
		}
		l.columns(a.Title, other.Text, other.Edits, result)
	}
	switch {
	case len(a.Edits)+len(a.Others)+len(a.Creates) == 0:
		l.Errorf("%s: %s: changes nothing", l.name, a.Title)
		return nil
	case len(a.Edits) == 0 && a.kindOfTest() == "silence":
		return nil // it changes the configuration, which is no file that is read here
	}
	result, err := text.Apply(before.Text(), a.Edits)
	if err != nil {
		l.Errorf("%s: %s: %v", l.name, a.Title, err)
		return nil
	}
	facts := before.Facts()
	if len(a.Others)+len(a.Creates) > 0 {
		model := analysis.New(result, lint.Facts{}, nil).Model()
		facts.Project = project.Read(changedFiles(files, a), analysis.Request(model, name, ""))
	}
	after = analysis.New(result, facts, before)
	if rejections(after) > rejections(before) {
		l.Errorf("%s: %s: BuildKit rejects the result:\n%s", l.name, a.Title, result)
	}
	l.dialect(before, after, a)
	l.casing(before, after, a)
	l.names(before, after, a)
	l.sparing(before, a)
	l.columns(a.Title, before.Text(), a.Edits, result)
	if a.Mends != nil {
		l.mends(before, after, a, whole)
	}
	if a.Kind == FixAllKind {
		if again, more := FixAll(after, safe); again.Text() != result {
			l.Errorf("%s: %s: changes more the second time: %v", l.name, a.Title, more)
		}
	}
	if len(a.Edits) == 0 {
		return nil
	}
	return after
}

// changedFiles are the files around a Dockerfile behind an action.
func changedFiles(files fstest.MapFS, a Action) fstest.MapFS {
	after := maps.Clone(files)
	for _, other := range a.Others {
		result, _ := text.Apply(other.Text, other.Edits)
		after[other.Path] = &fstest.MapFile{Data: []byte(result)}
	}
	for _, created := range a.Creates {
		after[created.Path] = &fstest.MapFile{Data: []byte(created.Text)}
	}
	return after
}

// TestRewritesOnCorpus holds the laws for what is offered at an instruction and not at a finding, in every RUN of the corpus
// and in every case.
func TestRewritesOnCorpus(t *testing.T) {
	l := laws{T: t, made: map[string]int{}}
	l.onSpellings(l.rewrites)
	for _, name := range []string{"mount-cache", "require-secret"} {
		for _, archive := range golden.Archives(t, "../testdata/codeactions/"+name+".txtar") {
			for _, c := range actionCases(archive) {
				written := string(c.files["Dockerfile"].Data)
				for end := range len(written) + 1 {
					l.name = fmt.Sprintf("%s (cut at %d)", c.name, end)
					c.files["Dockerfile"] = &fstest.MapFile{Data: []byte(written[:end])}
					l.rewrites(c.files, "Dockerfile")
				}
			}
		}
	}
	if t.Log(l.made); len(l.made) < 2 {
		t.Error("too little is offered")
	}
}

// rewrites makes what is offered at each instruction and each flag, and holds that it is not offered again.
func (l *laws) rewrites(files fstest.MapFS, name string) {
	l.Helper()
	before := open(files, name)
	for _, inst := range before.Model().Instructions {
		places := []text.Span{inst.Keyword.Span}
		for _, flag := range inst.Flags {
			places = append(places, flag.Span)
		}
		for _, place := range places {
			for _, a := range append(requireSecret(before, place), mountCache(before, place)...) {
				if a.Refused != "" {
					l.made[a.Title+" refused"]++
					continue
				}
				l.made[a.Title]++
				l.one(files, name, before, a, true)
				result, _ := text.Apply(before.Text(), a.Edits)
				after := analysis.New(result, before.Facts(), nil)
				at := moved(place.Start, a.Edits)
				place := text.Span{Start: at, End: at}
				for _, again := range append(requireSecret(after, place), mountCache(after, place)...) {
					if again.Refused == "" && again.Title == a.Title {
						l.Errorf("%s: %s is offered again:\n%s", l.name, a.Title, result)
					}
				}
			}
		}
	}
}
