package analysis

import (
	"io/fs"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/project"
	"dockerfile-ls/analysis/syntax"
)

// ReadSurroundings reads what lies around a Dockerfile in a file system, that of its workspace or repository, in which name
// is its path. The context is the folder that the settings name, or empty. It waits for the disk.
func ReadSurroundings(fsys fs.FS, name, context, source string) *project.Surroundings {
	model := dockerfile.New(syntax.Parse(source), nil)
	return project.Read(fsys, project.Request{Dockerfile: name, Context: context, Sources: model.ContextSources()})
}
