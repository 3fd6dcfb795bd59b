package complete_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/moby/buildkit/frontend/dockerfile/linter"
	"golang.org/x/tools/txtar"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/complete"
	"dockerfile-ls/analysis/golden"
	"dockerfile-ls/analysis/image"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/project"
	"dockerfile-ls/analysis/text"
)

// known is what a registry has said.
var known = image.Known{
	"node:24": {
		Digest: "sha256:" + strings.Repeat("2", 64), Platforms: []image.Platform{{Name: "linux/amd64"}},
		Details: &image.Details{
			Created: time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC), User: "someone",
			Env: []string{"PATH=/usr/bin", "NODE_VERSION=24.1.0"},
		},
	},
	"python:3.14": {Digest: "sha256:" + strings.Repeat("3", 64)},
	"python:none": {},
}

// most is how many items of a list are shown.
const most = 24

// TestComplete asks for the items at <|> in each Dockerfile of testdata/complete/*.txtar, and shows what they replace,
// each with
// its detail, and behind => what is inserted where that is not the label. A part "case" has its golden part "case: offered",
// and files of its context "case @ path". The words crlf and no-newline behind the name change the text, and blank says
// that a
// blank was typed.
func TestComplete(t *testing.T) {
	for file, archive := range golden.Archives(t, "../../testdata/complete/*.txtar") {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			out := &txtar.Archive{Comment: archive.Comment}
			for _, part := range archive.Files {
				if strings.HasSuffix(part.Name, ": offered") {
					continue
				}
				out.Files = append(out.Files, part)
				if strings.Contains(part.Name, " @ ") {
					continue
				}
				source, items := ask(t, archive, part)
				out.Files = append(out.Files, txtar.File{
					Name: part.Name + ": offered", Data: []byte(offered(source, items)),
				})
			}
			golden.Check(t, file, txtar.Format(out))
		})
	}
}

func ask(t *testing.T, archive *txtar.Archive, part txtar.File) (source string, items []complete.Item) {
	source = string(part.Data)
	words := strings.Fields(part.Name)
	if slices.Contains(words, "crlf") {
		source = strings.ReplaceAll(source, "\n", "\r\n")
	}
	if slices.Contains(words, "no-newline") {
		source = strings.TrimSuffix(source, "\n")
	}
	before, after, marked := strings.Cut(source, "<|>")
	if !marked {
		t.Fatalf("%s has no <|>", part.Name)
	}
	source = before + after
	f := factsOf(source, contextOf(archive, part.Name))
	f.Blank = slices.Contains(words, "blank")
	items = complete.At(f, len(before))
	checkItems(t, part.Name, source, len(before), items)
	return source, items
}

func contextOf(archive *txtar.Archive, name string) fstest.MapFS {
	disk := fstest.MapFS{"Dockerfile": {}}
	for _, other := range archive.Files {
		if file, ok := strings.CutPrefix(other.Name, name+" @ "); ok {
			disk[file] = &fstest.MapFile{Data: other.Data}
		}
	}
	return disk
}

func factsOf(source string, disk fstest.MapFS) complete.Facts {
	m := analysis.New(source, lint.Facts{}, nil).Model()
	return complete.Facts{
		Model: m, Images: known, Project: project.Read(disk, analysis.Request(m, "Dockerfile", "")),
		Used: []string{"ghcr.io/acme/base:1", "python:3.13-slim"},
	}
}

func offered(source string, items []complete.Item) string {
	if len(items) == 0 {
		return "nothing\n"
	}
	var out strings.Builder
	fmt.Fprintf(&out, "in the place of %q\n", items[0].Of(source))
	for i, item := range items {
		if i == most {
			fmt.Fprintf(&out, "… and %d more\n", len(items)-most)
			break
		}
		line := "  " + item.Label
		for _, mark := range []struct {
			set  bool
			word string
		}{{item.Preselect, "*"}, {item.Deprecated, " (deprecated)"}, {item.Ignored, " (ignored)"}} {
			if mark.set {
				line += mark.word
			}
		}
		if item.Detail != "" {
			line += " | " + item.Detail
		}
		if item.Insert != item.Label {
			line += fmt.Sprintf(" => %q", item.Insert)
		}
		if item.Snippet != "" {
			line += fmt.Sprintf(" => snippet %q", item.Snippet)
		}
		out.WriteString(line + "\n")
	}
	return out.String()
}

// checkItems holds the laws of a list: each item replaces a piece of one line around the cursor, all of a list the same one;
// nothing is offered twice.
func checkItems(t *testing.T, name, source string, offset int, items []complete.Item) {
	t.Helper()
	labels := map[string]bool{}
	preselected := 0
	for _, item := range items {
		if item.Start < 0 || item.End > len(source) || !item.Contains(text.Span{Start: offset, End: offset}) ||
			strings.ContainsAny(item.Of(source), "\r\n") {
			t.Fatalf("%s at %d: %q replaces %v", name, offset, item.Label, item.Span)
		}
		if item.Span != items[0].Span || labels[item.Label] {
			t.Errorf("%s at %d: %q at %v is there twice, or replaces something else", name, offset, item.Label, item.Span)
		}
		labels[item.Label] = true
		if item.Insert == "" || item.Label == "" || strings.ContainsAny(item.Label+item.Detail, "\r\n") {
			t.Errorf("%s at %d: %+v", name, offset, item)
		}
		if item.Preselect {
			preselected++
		}
	}
	if preselected > 1 {
		t.Errorf("%s at %d: %d items are preselected", name, offset, preselected)
	}
}

// TestChecks compares the checks with those of BuildKit's linter.
func TestChecks(t *testing.T) {
	source := "# check=skip="
	m := analysis.New(source, lint.Facts{}, nil).Model()
	var have, want []string
	for _, item := range complete.At(complete.Facts{Model: m}, len(source)) {
		have = append(have, item.Label)
	}
	for _, rule := range []interface{ RuleName() string }{
		&linter.RuleStageNameCasing, &linter.RuleFromAsCasing, &linter.RuleNoEmptyContinuation,
		&linter.RuleConsistentInstructionCasing, &linter.RuleDuplicateStageName, &linter.RuleReservedStageName,
		&linter.RuleJSONArgsRecommended, &linter.RuleMaintainerDeprecated, &linter.RuleUndefinedArgInFrom,
		&linter.RuleWorkdirRelativePath, &linter.RuleUndefinedVar, &linter.RuleMultipleInstructionsDisallowed,
		&linter.RuleLegacyKeyValueFormat, &linter.RuleInvalidBaseImagePlatform, &linter.RuleRedundantTargetPlatform,
		&linter.RuleSecretsUsedInArgOrEnv, &linter.RuleInvalidDefaultArgInFrom, &linter.RuleFromPlatformFlagConstDisallowed,
		&linter.RuleCopyIgnoredFile, &linter.RuleInvalidDefinitionDescription, &linter.RuleExposeProtoCasing,
		&linter.RuleExposeInvalidFormat,
	} {
		want = append(want, rule.RuleName())
	}
	slices.Sort(want)
	if diff := cmp.Diff(append([]string{"all"}, want...), have); diff != "" {
		t.Error(diff)
	}
}
