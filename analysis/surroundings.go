package analysis

import (
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/project"
	"dockerfile-ls/analysis/rules"
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

// Request is what the rules want to know of the surroundings of a Dockerfile: name is its path in the file system of its
// workspace or repository, and context the folder that the settings name, or empty.
func Request(m *dockerfile.Model, name, context string) project.Request {
	return project.Request{
		Dockerfile: name, Context: context, Sources: m.ContextSources(),
		Files: rules.Files(m), Names: scripts(m), Entries: rules.Entries(m),
	}
}
