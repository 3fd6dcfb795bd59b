package codeactions

import (
	"path"
	"slices"
	"strings"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/project"
	"dockerfile-ls/analysis/secret"
	"dockerfile-ls/analysis/text"
)

// copied is a file of the context that is copied by name, or with a folder.
type copied struct {
	inst   *dockerfile.Instruction
	word   int // index of the source
	file   string
	path   string // in the image
	folder bool
}

// seedsOfCopy are all places of the file that copy by name what the finding is about, if a build reads that.
func seedsOfCopy(s *analysis.Snapshot, f *lint.Finding) []seed {
	r := newReading(s.Model())
	var found seed
	all, _ := steps(s.Model())
	for _, inst := range all {
		for _, word := range inst.Sources() {
			name := r.Expand(inst, word.Text)
			if !inst.FromContext() || word.Span != f.Span || name.State != dockerfile.Known {
				continue
			}
			found.copies = r.copiesOf(strings.TrimPrefix(path.Clean("/"+name.Text), "/"))
		}
	}
	if len(found.copies) == 0 {
		return nil
	}
	return []seed{found}
}

// copiesOf are the places that copy a file by its name to a path that is known; none if one is not.
func (r *reading) copiesOf(file string) []copied {
	if len(readers(path.Base(file))) == 0 {
		return nil
	}
	var found []copied
	all, _ := steps(r.Model)
	for _, inst := range all {
		if !inst.FromContext() || inst.Err != nil || r.StageOf(inst) == nil {
			continue
		}
		for i, word := range inst.Sources() {
			name := r.Expand(inst, word.Text)
			if name.State != dockerfile.Known || strings.TrimPrefix(path.Clean("/"+name.Text), "/") != file {
				continue
			}
			to := r.destination(inst, path.Base(file))
			if to == "" {
				return nil
			}
			found = append(found, copied{inst: inst, word: i, file: file, path: to})
		}
	}
	return found
}

// hidesCopy reports whether a mount may lie where a file of its name is copied to.
func (c *conversion) hidesCopy(file *secretFile) bool {
	base := path.Base(file.path)
	return slices.ContainsFunc(c.steps, func(inst *dockerfile.Instruction) bool {
		if !inst.FromContext() || inst.Err != nil || c.StageOf(inst) == nil {
			return false
		}
		to := c.destination(inst, base)
		return takesAway("**/"+base, contextSources(inst)) && (to == "" || to == file.path)
	})
}

// seedsOfFolder are the .npmrc that a folder brings along with a token, which .dockerignore lets through.
func seedsOfFolder(s *analysis.Snapshot, f *lint.Finding) []seed {
	around := s.Facts().Project
	r := newReading(s.Model())
	all, _ := steps(s.Model())
	for _, inst := range all {
		for _, word := range inst.Sources() {
			source := r.Expand(inst, word.Text)
			if !inst.FromContext() || word.Span != f.Span || source.State != dockerfile.Known || around == nil {
				continue
			}
			if to := r.folderTo(inst); path.Clean("/"+source.Text) == "/" && to != "" && bringsToken(around, source.Text) {
				return []seed{{copies: []copied{{inst: inst, file: ".npmrc", path: path.Join(to, ".npmrc"), folder: true}}}}
			}
		}
	}
	return nil
}

// bringsToken reports whether a source takes the .npmrc of the context's root, and that holds a secret for all that is
// known.
func bringsToken(around *project.Surroundings, source string) bool {
	if !slices.Contains(around.TakesNamed(project.Copy{Source: source}, ".npmrc").Paths, ".npmrc") {
		return false
	}
	content := around.File(".npmrc")
	return content.State != project.Known || secret.InFile(".npmrc", content.Value) != ""
}

// copiesPlaceholder reports whether an instruction copies a configuration that reads a variable.
func (c *conversion) copiesPlaceholder(inst *dockerfile.Instruction, name string) bool {
	around := c.snapshot.Facts().Project
	for _, h := range inst.Heredocs {
		if strings.Contains(inst.Body(h), "${"+name) {
			return true
		}
	}
	if around == nil || inst.Err != nil {
		return false
	}
	for _, word := range inst.Sources() {
		source := c.Expand(inst, word.Text)
		if source.State != dockerfile.Known {
			continue
		}
		files := around.TakesNamed(project.Copy{Source: source.Text}, ".npmrc", ".yarnrc.yml").Paths
		if slices.ContainsFunc(files, func(file string) bool {
			return strings.Contains(around.File(file).Value, "${"+name)
		}) {
			return true
		}
	}
	return false
}

// takeSources takes sources out of a COPY or ADD, or all of it if none is left.
func (c *conversion) takeSources(inst *dockerfile.Instruction, goes []int) {
	if len(goes) == 0 {
		return
	}
	sources := inst.Sources()
	if inst.JSON != nil {
		sources = inst.JSON.Elements[:len(inst.JSON.Elements)-1]
	}
	switch {
	case len(goes) == len(inst.Args)-1:
		c.takeAll(inst)
	case len(sources) != len(inst.Args)-1:
		c.refuse("the COPY in line %d writes a here-document too", c.line(inst))
	default:
		for _, i := range goes {
			if next := i + 1; next < len(sources) {
				c.take(inst, text.Span{Start: sources[i].Start, End: sources[next].Start})
				continue
			}
			c.take(inst, text.Span{Start: sources[i-1].End, End: sources[i].End})
		}
	}
}
