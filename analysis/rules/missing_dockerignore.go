package rules

import (
	"fmt"
	"path"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/project"
	"dockerfile-ls/analysis/syntax"
)

var missingDockerignore = &lint.Rule{
	ID:       "missing-dockerignore",
	Severity: lint.Warning,
	Section:  9,
	Title:    "A folder of the context is copied, and there is no .dockerignore.",
	Why: "What lies in the folder goes into the image: a local node_modules over the one that was installed, .env and .npmrc with " +
		"their secrets, .git. And each change of such a file makes the build cache worthless.",
	Check: func(p *lint.Pass) {
		if p.Project.Context.State != project.Known || p.Project.Ignore.State != project.Absent {
			return
		}
		for _, inst := range p.Instructions {
			for _, source := range copiedFolders(p, inst) {
				stage := p.StageOf(inst)
				whole := path.Clean("/"+source.value) == "/"
				if whole && stage != nil && isNodeStage(p, stage) || p.Project.TakesNamed(project.Copy{Source: source.value}, unwanted()...).State == project.Known {
					p.Tell(source.word.Span, fmt.Sprintf("`%s` takes everything that lies there, and no .dockerignore holds back what does not belong into the image: write one beside the context's files.", source.word.Text))
					return
				}
			}
		}
	},
}

// unwanted are the names of what the cheat sheet's .dockerignore lists.
func unwanted() []string {
	return []string{"node_modules", "npm-debug.log", "*.log", ".git", ".npmrc", ".env", ".env.*", "aws.json"}
}

// copiedFolder is a source of COPY or ADD that is a folder of the context.
type copiedFolder struct {
	word  syntax.Word
	value string
}

// copiedFolders are the sources of an instruction that are known to be folders.
func copiedFolders(p *lint.Pass, inst *dockerfile.Instruction) []copiedFolder {
	if !inst.FromContext() || inst.Err != nil {
		return nil
	}
	var folders []copiedFolder
	for _, word := range inst.Sources() {
		v := p.Expand(inst, word.Text)
		if v.State == dockerfile.Known && isFolder(p, v.Text) {
			folders = append(folders, copiedFolder{word, v.Text})
		}
	}
	return folders
}

// isFolder reports whether a source is the whole context, or takes something from below itself.
func isFolder(p *lint.Pass, source string) bool {
	clean := path.Clean("/" + source)
	if clean == "/" {
		return true
	}
	taken := p.Project.Takes(project.Copy{Source: source})
	for _, file := range append(taken.Files, taken.Unread...) {
		if path.Clean("/"+file) != clean && path.Dir(path.Clean("/"+file)) != path.Dir(clean) {
			return true
		}
	}
	return false
}
