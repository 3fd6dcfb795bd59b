package rules

import (
	"fmt"
	"path"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/project"
)

var missingDockerignore = &lint.Rule{
	ID:       MissingDockerignore,
	Severity: lint.Warning,
	Section:  9,
	Title:    "A folder of the context is copied, and there is no .dockerignore.",
	Why: "What lies in the folder goes into the image: a local node_modules over the one that was installed, .env and " +
		".npmrc with their secrets, .git. And each change of such a file makes the build cache worthless. Where none of " +
		"them lies there yet, only the whole context of a Node.js image is told, as information if no package.json is in " +
		"it.",
	Check: func(p *lint.Pass) {
		if source, found, ok := unprotected(p); ok {
			tellUnprotected(p, source, found)
		}
	},
}

// unprotected is the first source that takes a folder of the context, where no ignore file keeps out what does not belong
// into an image, with what it takes of that now.
func unprotected(p *lint.Pass) (source contextSource, found []string, ok bool) {
	if p.Project.Context.State != project.Known || p.Project.Ignore.State != project.Absent {
		return contextSource{}, nil, false
	}
	for _, inst := range p.Instructions {
		for _, source := range contextSources(p, inst) {
			if !isFolder(p, source.Copy) {
				continue // a file that is copied by name is meant
			}
			if found := unwantedIn(p, source.Copy); len(found) > 0 || takesProject(p, inst, source.Copy) {
				return source, found, true
			}
		}
	}
	return contextSource{}, nil, false
}

// takesProject reports whether a source is the whole context, out of which a Node.js stage takes whatever will lie there.
func takesProject(p *lint.Pass, inst *dockerfile.Instruction, source project.Copy) bool {
	stage := p.StageOf(inst)
	return path.Clean("/"+source.Source) == "/" && len(source.Exclude) == 0 && stage != nil && isNodeStage(p, stage)
}

func tellUnprotected(p *lint.Pass, source contextSource, found []string) {
	f := lint.Finding{Span: source.word.Span}
	takes, keeps := "everything that lies there", "keeps out what does not belong into the image"
	switch {
	case len(found) > 0:
		takes, keeps = enumerate(found), "keeps that out of the image"
	case p.Project.TakesNamed(source.Copy, "package.json").State == project.Absent:
		f.Severity = lint.Information // nothing will be installed there
	}
	file := path.Join(p.Project.Context.Root, ".dockerignore")
	f.Message = fmt.Sprintf("`%s` takes %s, and no .dockerignore %s: write `%s`.", source.word.Text, takes, keeps, file)
	p.Report(f)
}
