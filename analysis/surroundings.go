package analysis

import (
	"slices"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/image"
	"dockerfile-ls/analysis/project"
	"dockerfile-ls/analysis/rules"
	"dockerfile-ls/analysis/secret"
)

// scripts are the names of what the containers of a file start, in case they are scripts of the context.
func scripts(m *dockerfile.Model) []string {
	var names []string
	for _, inst := range m.Instructions {
		if inst.Name != "ENTRYPOINT" && inst.Name != "CMD" {
			continue
		}
		script, posix := m.Script(inst)
		if !posix {
			continue
		}
		for _, c := range script.Commands {
			program := c.Program()
			if name := program.Name(); name != "" && !strings.ContainsAny(name, `*?[\\`) {
				names = append(names, name)
			}
		}
	}
	return names
}

// Images are the images out of registries that a Dockerfile starts stages from, by a tag, each once. None says what it is
// by a digest alone: that never changes.
func Images(m *dockerfile.Model) []image.Reference {
	var list []image.Reference
	for _, stage := range m.Stages {
		ref, external := m.External(stage)
		if external && (ref.Tag != "" || ref.Digest == "") && !slices.ContainsFunc(list, func(r image.Reference) bool {
			return r.Key() == ref.Key()
		}) {
			list = append(list, ref)
		}
	}
	return list
}

// Request is what the rules want to know of the surroundings of a Dockerfile: name is its path in the file system of its
// workspace or repository, and context the folder that the settings name, or empty.
func Request(m *dockerfile.Model, name, context string) project.Request {
	return project.Request{
		Dockerfile: name, Context: context, Sources: m.ContextSources(),
		Files: rules.Files(m), Names: append(scripts(m), secret.FileNames()...), Entries: rules.Entries(m),
	}
}
