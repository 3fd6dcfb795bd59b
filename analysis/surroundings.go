package analysis

import (
	"io/fs"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/project"
	"dockerfile-ls/analysis/syntax"
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

// ReadSurroundings reads what lies around a Dockerfile in a file system, that of its workspace or repository, in which name
// is its path. The context is the folder that the settings name, or empty. It waits for the disk.
func ReadSurroundings(fsys fs.FS, name, context, source string) *project.Surroundings {
	model := dockerfile.New(syntax.Parse(source), nil)
	return project.Read(fsys, project.Request{Dockerfile: name, Context: context, Sources: model.ContextSources(), Names: scripts(model)})
}
