package codeactions

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/golden"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/rules"
	"dockerfile-ls/analysis/secret"
	"dockerfile-ls/analysis/text"
)

const secretCases = "../testdata/codeactions/convert-to-secret-mount*.txtar"

// TestLawsOnSecretCases holds the laws of an edit on the cases of secrets, of which the corpus has few, and on each prefix.
func TestLawsOnSecretCases(t *testing.T) {
	l := laws{T: t, only: "Convert", made: map[string]int{}}
	for _, archive := range golden.Archives(t, secretCases) {
		for _, c := range actionCases(archive) {
			l.everySpelling(c)
		}
	}
	t.Log(l.made)
}

// TestLawsOnIgnoreCases holds the laws on the cases of ignore files, where the corpus has nothing to mend.
func TestLawsOnIgnoreCases(t *testing.T) {
	for _, name := range []string{"complete-dockerignore", "except-from-dockerignore", "generate-dockerignore"} {
		l := laws{T: t, made: map[string]int{}}
		for _, archive := range golden.Archives(t, "../testdata/codeactions/"+name+".txtar") {
			for _, c := range actionCases(archive) {
				l.everySpelling(c)
			}
		}
		t.Log(name, l.made)
	}
}

func (l *laws) everySpelling(c *actionCase) {
	l.Helper()
	files := maps.Clone(c.files)
	written := string(files["Dockerfile"].Data)
	all := spellings(written)
	all["behind ONBUILD"] = behindOnbuild(written)
	for spelling, source := range all {
		l.name = c.name + " (" + spelling + ")"
		l.obey(files, "Dockerfile", source, true)
	}
	for end := range written {
		l.name = fmt.Sprintf("%s (cut at %d)", c.name, end)
		l.obey(files, "Dockerfile", written[:end], false)
	}
}

// behindOnbuild is a file with what runs in a build behind ONBUILD.
func behindOnbuild(source string) string {
	var edits []text.Edit
	for _, inst := range analysis.New(source, lint.Facts{}, nil).Model().Instructions {
		if slices.Contains([]string{"ARG", "COPY", "ENV", "RUN"}, inst.Name) {
			edits = append(edits, text.Edit{Span: text.Span{Start: inst.Start, End: inst.Start}, New: "ONBUILD "})
		}
	}
	behind, err := text.Apply(source, edits)
	if err != nil {
		return source
	}
	return behind
}

// TestSecretMountMeaning holds that programs get the tokens behind a conversion that they got before, from the mounts that
// BuildKit reads, and that the tokens and their names stand nowhere else any more; in each case, and in each behind ONBUILD.
func TestSecretMountMeaning(t *testing.T) {
	bin := fakePrograms(t)
	made, shown := 0, 0
	for _, archive := range golden.Archives(t, secretCases) {
		for _, c := range actionCases(archive) {
			behind := &actionCase{name: c.name + " (behind ONBUILD)", files: maps.Clone(c.files)}
			source := behindOnbuild(string(c.files["Dockerfile"].Data))
			behind.files["Dockerfile"] = &fstest.MapFile{Data: []byte(source)}
			behind.place = text.Span{End: len(source)}
			for _, c := range []*actionCase{c, behind} {
				conversions, tokens := c.convert(t, bin)
				made, shown = made+conversions, shown+tokens
			}
		}
	}
	if t.Logf("%d conversions, %d of which show a token", made, shown); shown < 150 {
		t.Error("too few conversions show a token")
	}
}

// convert makes the conversions of a case, and counts them and those in which a program gets a token.
func (c *actionCase) convert(t *testing.T, bin string) (made, shown int) {
	t.Helper()
	before := open(c.files, "Dockerfile")
	for _, a := range At(before, c.place) {
		if !strings.HasPrefix(a.Title, "Convert ") || a.Refused != "" {
			continue
		}
		result, err := text.Apply(before.Text(), a.Edits)
		if err != nil {
			t.Fatal(err)
		}
		files := changedFiles(c.files, a)
		files["Dockerfile"] = &fstest.MapFile{Data: []byte(result)}
		after := open(files, "Dockerfile")
		checkMounts(t, c.name, before, after, a)
		checkFindings(t, c.name, after, a)
		was := (&fakeBuild{T: t, bin: bin, files: c.files, tells: a.Tells}).seen(before)
		is := (&fakeBuild{T: t, bin: bin, files: c.files, tells: a.Tells}).seen(after)
		if !slices.Equal(was, is) {
			t.Errorf("%s: programs saw %q, and see %q in\n%s", c.name, was, is, result)
		}
		made++
		if len(was) > 0 {
			shown++
		}
	}
	return made, shown
}

// checkMounts holds what BuildKit reads of the mounts, and where names may stand. Mounts that were there before may be for
// something else.
func checkMounts(t *testing.T, name string, before, after *analysis.Snapshot, a Action) {
	t.Helper()
	all, triggers := steps(after.Model())
	for _, inst := range all {
		run, isRun := inst.Command.(*instructions.RunCommand)
		if !isRun {
			continue
		}
		if onbuild := triggers[inst]; onbuild != nil {
			run = triggered(t, onbuild.Command.(*instructions.OnbuildCommand))
		}
		for _, mount := range mountsOf(t, run) {
			id := cmp.Or(mount.CacheID, path.Base(mount.Target)) // as dispatchSecret of BuildKit
			added := mount.Type == instructions.MountTypeSecret && !strings.Contains(before.Text(), "id="+id+",")
			if added && !strings.Contains(a.Tells, "id="+id+",") {
				t.Errorf("%s: nobody is told of %+v", name, mount)
			}
		}
	}
	for _, literal := range []string{"1234", "hunter", "npm_0123"} {
		if strings.Contains(after.Text(), literal) && !strings.Contains(a.Tells, " stays: ") {
			t.Errorf("%s: %q is still there", name, literal)
		}
	}
	for _, word := range strings.FieldsFunc(a.Title, func(r rune) bool { return r == ' ' || r == ',' }) {
		if !secret.IsName(word) || !regexp.MustCompile(`^[A-Z_]+$`).MatchString(word) {
			continue
		}
		for _, inst := range all {
			if !isMentionTold(inst, inst.Extent.Of(after.Text()), word, a.Tells) {
				t.Errorf("%s: %s is still there:\n%s", name, word, after.Text())
			}
		}
	}
}

// checkFindings holds that no finding about secrets or the context is left, but for those of what the message says stays.
func checkFindings(t *testing.T, name string, after *analysis.Snapshot, a Action) {
	t.Helper()
	named := regexp.MustCompile("`([A-Z_]+)`")
	for _, f := range after.Findings() {
		switch {
		case f.Rule.ID == rules.SecretFileCopied && a.Mends.Rule != f.Rule:
			continue // one that nobody sees may read the variable that is mounted
		case named.MatchString(f.Message) && !mentions(a.Title, named.FindStringSubmatch(f.Message)[1]):
			continue // another secret
		}
		if isAboutSecrets(f.Rule) && !strings.Contains(a.Title, " stay") && !strings.Contains(a.Title, " still use") {
			t.Errorf("%s: %s is still there: %s", name, f.Rule.ID, f.Message)
		}
	}
}

// isMentionTold reports whether an instruction has the name of a secret only where a RUN gets it or reads it, or where the
// message says so.
func isMentionTold(inst *dockerfile.Instruction, source, name, tells string) bool {
	if inst.Name == "RUN" {
		gets := regexp.MustCompile(`env=` + name + `\b|\$\{?` + name + `\b|\b` + name + `=|process\.env\.` + name)
		return !mentions(gets.ReplaceAllString(source, ""), name)
	}
	for _, pair := range inst.Pairs {
		if regexp.MustCompile(`\b` + inst.Name + ` ` + pair.Key.Text + `\b[^.:]* stays?: `).MatchString(tells) {
			return true
		}
	}
	used := regexp.MustCompile(`\b` + inst.Name + ` in line \d+[^.:]* still uses? `)
	return !mentions(source, name) || used.MatchString(tells)
}

// triggered is the RUN that the build of another Dockerfile reads in the configuration of the image. Source:
// initOnBuildTriggers of BuildKit.
func triggered(t *testing.T, onbuild *instructions.OnbuildCommand) *instructions.RunCommand {
	t.Helper()
	result, err := parser.Parse(strings.NewReader(onbuild.Expression))
	if err != nil || len(result.AST.Children) != 1 {
		t.Fatalf("%s: %v", onbuild.Expression, err)
	}
	command, err := instructions.ParseCommand(result.AST.Children[0])
	if err != nil {
		t.Fatalf("%s: %v", onbuild.Expression, err)
	}
	return command.(*instructions.RunCommand)
}

// mountsOf are the mounts that BuildKit reads. It reads their options when it has values for the variables in them.
func mountsOf(t *testing.T, run *instructions.RunCommand) []*instructions.Mount {
	t.Helper()
	if err := run.Expand(func(word string) (string, error) { return word, nil }); err != nil {
		t.Fatal(err)
	}
	return instructions.GetMounts(run)
}
