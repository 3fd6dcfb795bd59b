package codeactions

import (
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
	"dockerfile-ls/analysis/distribution"
	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/golden"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/node"
	"dockerfile-ls/analysis/project"
	"dockerfile-ls/analysis/rules"
	"dockerfile-ls/analysis/shell"
	"dockerfile-ls/analysis/text"
)

// TestSplitOnCorpus splits each completed project of the corpus that the action is offered for, and holds what isSplit says.
func TestSplitOnCorpus(t *testing.T) {
	made, refused := 0, map[string]int{}
	for file, p := range onCorpus(t) {
		switch reason, offered := isSplit(t, file, p.Files, p.name); {
		case reason != "":
			refused[regexp.MustCompile("`[^`]*`|[0-9]+").ReplaceAllString(reason, "…")]++
		case offered:
			made++
		}
	}
	t.Logf("%d made", made)
	for _, reason := range slices.Sorted(maps.Keys(refused)) {
		t.Logf("%d refused: %s", refused[reason], reason)
	}
	if made < 20 {
		t.Error("it is offered too seldom")
	}
}

// TestSplitOnCases holds the same for the cases.
func TestSplitOnCases(t *testing.T) {
	made := 0
	for _, archive := range golden.Archives(t, "../testdata/codeactions/split-stages.txtar") {
		for _, c := range actionCases(archive) {
			reason, offered := isSplit(t, c.name, c.files, "Dockerfile")
			if strings.HasPrefix(c.name, "refused-") != (reason != "") || strings.HasPrefix(c.name, "no-") == offered {
				t.Errorf("%s: offered %v, refused: %s", c.name, offered, reason)
			}
			made++
		}
	}
	t.Logf("%d cases", made)
}

// TestLawsOnSplitCases holds the laws of an edit on the cases, and on each prefix.
func TestLawsOnSplitCases(t *testing.T) {
	l := laws{T: t, only: "Split", made: map[string]int{}}
	for _, archive := range golden.Archives(t, "../testdata/codeactions/split-stages.txtar") {
		for _, c := range actionCases(archive) {
			l.everySpelling(c)
		}
	}
	t.Log(l.made)
}

// isSplit makes the action, if it is offered, and holds that BuildKit takes the result, that the final stage has all that
// its container starts and neither dev dependencies nor what builds, that nothing new is found, and that there is nothing
// left to split.
func isSplit(t *testing.T, name string, files fstest.MapFS, dockerfile string) (reason string, offered bool) {
	t.Helper()
	before := open(files, dockerfile)
	a, offered := splitStages(before)
	if !offered || a.Refused != "" {
		return a.Refused, offered
	}
	result, err := text.Apply(before.Text(), a.Edits)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	model := analysis.New(result, lint.Facts{}, nil).Model()
	after := analysis.New(result, lint.Facts{Project: project.Read(files, analysis.Request(model, dockerfile, ""))}, nil)
	for _, problem := range slices.Concat(rejected(result), missing(before, after), leftOver(after), worse(before, after)) {
		t.Errorf("%s: %s:\n%s", name, problem, result)
	}
	if _, again := splitStages(after); again {
		t.Errorf("%s: it is offered again:\n%s", name, result)
	}
	return "", true
}

// rejected is why BuildKit does not read a file, if so.
func rejected(source string) []string {
	parsed, err := parser.Parse(strings.NewReader(source))
	if err == nil {
		_, _, err = instructions.Parse(parsed.AST, nil)
	}
	if err != nil {
		return []string{"BuildKit: " + err.Error()}
	}
	return nil
}

// missing are the files that the container starts and that the final stage does not get, though it did.
func missing(before, after *analysis.Snapshot) []string {
	var lost []string
	was, is := before.Model().Final(), after.Model().Final()
	started := rules.Starts(before.Model(), before.Facts().Project, was)
	names := []string{"package.json"}
	for _, c := range started.Commands {
		for _, w := range c.Words {
			if w.Literal && !strings.HasPrefix(w.Value, "-") && strings.ContainsAny(w.Value, "./") &&
				!strings.Contains(w.Value, ":") {
				names = append(names, w.Value)
			}
		}
	}
	for _, name := range names {
		if !path.IsAbs(name) {
			name = path.Join(before.Model().WorkdirAtEnd(was).Text, name)
		}
		if isThere(before, was, name) && !isThere(after, is, name) {
			lost = append(lost, name+" is not copied")
		}
	}
	return lost
}

// isThere reports whether a file of the context, or what a RUN of its folder may have made, comes to a path of a stage.
func isThere(s *analysis.Snapshot, stage *dockerfile.Stage, name string) bool {
	m := s.Model()
	r := newReading(m)
	for _, inst := range stage.Instructions {
		if inst.Name == "COPY" && !inst.FromContext() {
			if _, inside := dockerfile.Relative(r.folderTo(inst), name); inside {
				return true
			}
		}
	}
	if slices.ContainsFunc(m.ContextPaths(stage, name), func(file string) bool {
		taken := s.Facts().Project.Takes(project.Copy{Source: file})
		return taken.State == project.Known && len(taken.Files) == 1
	}) {
		return true
	}
	dir, inside := dockerfile.Relative(m.WorkdirAtEnd(stage).Text, name)
	if !inside || strings.HasPrefix(dir, "node_modules/") {
		return false
	}
	return slices.ContainsFunc(stage.Instructions, func(inst *dockerfile.Instruction) bool {
		script, posix := m.Script(inst)
		return inst.Name == "RUN" && posix && slices.ContainsFunc(script.Commands, func(c shell.Command) bool {
			return len(node.BuildCommand(c.Program())) > 0
		})
	})
}

// leftOver are what a final stage has that is only there to install or to build.
func leftOver(s *analysis.Snapshot) []string {
	var left []string
	final := s.Model().Final()
	for _, i := range rules.StageInstalls(s.Model(), s.Facts().Project, final) {
		left = append(left, "the final stage runs "+i.Called())
	}
	for _, inst := range final.Instructions {
		script, posix := s.Model().Script(inst)
		if inst.Name != "RUN" || !posix {
			continue
		}
		for i, c := range script.Commands {
			for _, w := range distribution.Installed(c.Program()) {
				if distribution.IsBuildPackage(w.Value) &&
					!distribution.IsRemoved(c.Program(), w.Value, script.Commands[i+1:]) {
					left = append(left, "the final stage has "+w.Value)
				}
			}
			if len(node.BuildCommand(c.Program())) > 0 {
				left = append(left, "the final stage builds")
			}
		}
	}
	for _, f := range s.Findings() {
		if f.Severity < lint.Hint &&
			(f.Rule.ID == "dev-dependencies-in-production" || f.Rule.ID == rules.BuildToolsInProduction) {
			left = append(left, f.Rule.ID+": "+f.Message)
		}
	}
	return left
}

// worse are the findings of rules that have found nothing before, but for hints.
func worse(before, after *analysis.Snapshot) []string {
	var list []string
	for _, f := range after.Findings() {
		if f.Severity < lint.Hint && !isTold(before, f.Rule) {
			list = append(list, fmt.Sprintf("%s is new: %s", f.Rule.ID, f.Message))
		}
	}
	return list
}
