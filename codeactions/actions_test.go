package codeactions

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/tools/txtar"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/golden"
	"dockerfile-ls/analysis/image"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/project"
	"dockerfile-ls/analysis/text"
)

// TestActions holds what actions make of a file. The comment of an archive ends with a line "Actions: …" of the words with
// which the titles begin that it is about. A part "<case>" is a Dockerfile with the cursor at <|>, or with a range between
// two of them; "<case> @ <path>" is a file around it. Golden are "<case>: offered", the titles, and "<case>: <title>", the
// file behind the action, or the other file with its path. Words behind the name change the text: crlf, no-newline. The part
// "<case> @ registry.json" is no file, but what registries say when they are asked.
func TestActions(t *testing.T) {
	for _, name := range []string{
		"add-chown", "complete-dockerignore", "convert-to-secret-mount*", "except-from-dockerignore", "exec-form",
		"fix-all", "healthcheck-exec-form", "modern-env", "mount-cache", "note-build-command", "pin-image",
		"process-exec-form", "require-secret", "run-exec-form", "run-heredoc", "run-list", "scan-image", "shell-form",
		"silence", "split-stages",
	} {
		for file, archive := range golden.Archives(t, "../testdata/codeactions/"+name+".txtar") {
			_, words, _ := strings.Cut(string(archive.Comment), "Actions: ")
			prefixes := strings.Split(strings.TrimSpace(words), ", ")
			var parts []txtar.File
			for _, c := range actionCases(archive) {
				parts = append(parts, c.parts...)
				parts = append(parts, c.results(t, prefixes)...)
			}
			archive.Files = parts
			golden.Check(t, file, txtar.Format(archive))
		}
	}
}

// actionCase is a Dockerfile with a cursor, and what lies around it.
type actionCase struct {
	name  string
	parts []txtar.File // as they stand in the archive
	files fstest.MapFS
	says  image.Known // registries
	place text.Span
}

func actionCases(archive *txtar.Archive) []*actionCase {
	var cases []*actionCase
	for _, part := range archive.Files {
		if strings.Contains(part.Name, ": ") {
			continue
		}
		if name, around, isAround := strings.Cut(part.Name, " @ "); isAround {
			c := cases[slices.IndexFunc(cases, func(c *actionCase) bool { return c.name == name })]
			c.parts = append(c.parts, part)
			if around == "registry.json" {
				if err := json.Unmarshal(part.Data, &c.says); err != nil {
					panic(part.Name + ": " + err.Error())
				}
				continue
			}
			c.files[around] = &fstest.MapFile{Data: part.Data}
			continue
		}
		c := &actionCase{name: part.Name, parts: []txtar.File{part}, files: fstest.MapFS{}}
		source := string(part.Data)
		for _, word := range strings.Fields(part.Name)[1:] {
			switch word {
			case "crlf":
				source = strings.ReplaceAll(source, "\n", "\r\n")
			case "no-newline":
				source = strings.TrimSuffix(source, "\n")
			}
		}
		before, rest, _ := strings.Cut(source, "<|>")
		between, after, isRange := strings.Cut(rest, "<|>")
		c.place = text.Span{Start: len(before), End: len(before)}
		if isRange {
			c.place.End += len(between)
			rest = between + after
		}
		c.files["Dockerfile"] = &fstest.MapFile{Data: []byte(before + rest)}
		cases = append(cases, c)
	}
	return cases
}

// results are the golden parts of a case.
func (c *actionCase) results(t *testing.T, prefixes []string) []txtar.File {
	source := string(c.files["Dockerfile"].Data)
	facts := lint.Facts{}
	if len(c.files) > 1 {
		model := analysis.New(source, lint.Facts{}, nil).Model()
		facts.Project = project.Read(c.files, analysis.Request(model, "Dockerfile", ""))
		config, there := c.files[".dockerfile-ls.yaml"]
		facts.Config = lint.Config{Path: ".dockerfile-ls.yaml", Missing: !there}
		if there {
			facts.Config.Text = string(config.Data)
		}
	}
	snapshot := analysis.New(source, facts, nil)
	titles := ""
	var parts []txtar.File
	for _, a := range At(snapshot, c.place) {
		if !slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(a.Title, p) }) {
			continue
		}
		titles += fmt.Sprintf("%s [%s]", a.Title, a.Kind)
		if a.Refused != "" {
			titles += " refused: " + a.Refused
		}
		titles += "\n"
		if a.Asks != nil && c.says != nil {
			answered, _, err := a.Answer(snapshot, c.answer)
			if a = answered; err != nil {
				titles += "  fails: " + err.Error() + "\n"
			}
		}
		if a.Tells != "" {
			titles += "  tells: " + a.Tells + "\n"
		}
		parts = append(parts, c.made(t, source, a.Made())...)
	}
	return append([]txtar.File{{Name: c.name + ": offered", Data: []byte(titles)}}, parts...)
}

// answer is what registries say.
func (c *actionCase) answer(q image.Question) (image.Facts, error) {
	if facts, there := c.says[q.Reference.Key()]; there {
		return facts, nil
	}
	return image.Facts{}, fmt.Errorf("%w: %s", image.ErrMissing, q.Reference.Key())
}

func (c *actionCase) made(t *testing.T, source string, a Action) []txtar.File {
	var parts []txtar.File
	add := func(path, before string, edits []text.Edit) {
		result, err := text.Apply(before, edits)
		if err != nil {
			t.Errorf("%s: %s: %v", c.name, a.Title, err)
			return
		}
		shown := strings.ReplaceAll(result, "\r", "␍")
		if !strings.HasSuffix(shown, "\n") {
			shown += "\n"
		}
		parts = append(parts, txtar.File{Name: fmt.Sprintf("%s: %s%s", c.name, a.Title, path), Data: []byte(shown)})
	}
	if len(a.Edits) > 0 {
		add("", source, a.Edits)
	}
	for _, other := range a.Others {
		add(" → "+other.Path, other.Text, other.Edits)
	}
	for _, new := range a.Creates {
		add(" → "+new.Path, "", []text.Edit{{New: new.Text}})
	}
	return parts
}
