package codeactions

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/tools/txtar"

	"dockerfile-ls/analysis/golden"
	"dockerfile-ls/analysis/image"
	"dockerfile-ls/analysis/text"
)

// TestHarden holds what Dockerfiles become. A part "<case>" is a Dockerfile, "<case> @ <path>" a file around it, where
// registry.json is what a registry knows. "<case>: steps" and "<case>: left" are what was made and what is still found, and
// "<case>: <path>" is what a file has become.
func TestHarden(t *testing.T) {
	for file, archive := range golden.Archives(t, "../testdata/codeactions/harden.txtar") {
		var parts []txtar.File
		projects, order := map[string]fstest.MapFS{}, []string{}
		for _, part := range archive.Files {
			if strings.Contains(part.Name, ": ") {
				continue
			}
			parts = append(parts, part)
			name, around, isAround := strings.Cut(part.Name, " @ ")
			if !isAround {
				around = "Dockerfile"
				projects[name], order = fstest.MapFS{}, append(order, name)
			}
			projects[name][around] = &fstest.MapFile{Data: part.Data}
		}
		for _, name := range order {
			parts = append(parts, hardenedParts(t, name, projects[name])...)
		}
		archive.Files = parts
		golden.Check(t, file, txtar.Format(archive))
	}
}

// hardenedParts are the golden parts of a case.
func hardenedParts(t *testing.T, name string, files fstest.MapFS) []txtar.File {
	known := image.Known{}
	if record, ok := files["registry.json"]; ok {
		delete(files, "registry.json")
		if err := json.Unmarshal(record.Data, &known); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	l := laws{T: t, name: name, made: map[string]int{}}
	source := string(files["Dockerfile"].Data)
	_, result := l.hardened(files, "Dockerfile", source, func(q image.Question) (image.Facts, error) {
		facts, ok := known[q.Reference.Key()]
		if !ok {
			return facts, fmt.Errorf("%s: %w", q.Reference.Key(), image.ErrMissing)
		}
		return facts, nil
	})
	var steps, left strings.Builder
	for _, step := range result.Steps {
		fmt.Fprintln(&steps, step.Title)
	}
	for _, f := range result.After.Findings() {
		line, _ := result.After.Lines().OneBased(f.Start)
		fmt.Fprintf(&left, "%d: %s\n", line, f.Rule.ID)
	}
	parts := []txtar.File{{Name: name + ": steps", Data: []byte(steps.String())}}
	if left.Len() > 0 {
		parts = append(parts, txtar.File{Name: name + ": left", Data: []byte(left.String())})
	}
	changed := changedFiles(files, result.Action)
	after, err := text.Apply(source, result.Edits)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	changed["Dockerfile"] = &fstest.MapFile{Data: []byte(after)}
	for _, path := range slices.Sorted(maps.Keys(changed)) {
		if was := files[path]; was == nil || string(was.Data) != string(changed[path].Data) {
			parts = append(parts, txtar.File{Name: name + ": " + path, Data: changed[path].Data})
		}
	}
	return parts
}
