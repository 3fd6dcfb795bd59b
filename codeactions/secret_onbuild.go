package codeactions

import (
	"path"
	"slices"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/lint"
)

// layer is what the instructions of a stage make, or what its triggers make on top of it when another build starts from it.
type layer struct {
	stage   *dockerfile.Stage
	trigger bool
}

func (c *conversion) layerOf(inst *dockerfile.Instruction) layer {
	return layer{c.StageOf(inst), c.isTrigger(inst)}
}

// below is what a layer lies on; without a stage there is nothing that is known.
func (c *conversion) below(l layer) layer {
	if l.trigger {
		return layer{stage: l.stage}
	}
	return layer{c.Parent(l.stage), true}
}

// isTrigger reports whether an instruction stands behind ONBUILD.
func (c *conversion) isTrigger(inst *dockerfile.Instruction) bool { return c.triggers[inst] != nil }

// reach counts the RUNs that get a mount: in the build of this file, and in those of Dockerfiles that start FROM its image.
type reach struct{ here, there int }

// add counts a RUN. A trigger runs here too where a stage of the file starts from the one that has it.
func (c *conversion) add(to reach, inst *dockerfile.Instruction) reach {
	stage := c.StageOf(inst)
	if !c.isTrigger(inst) || c.isBase(stage) {
		to.here++
	}
	if c.isTrigger(inst) && c.isStartedFrom(stage) {
		to.there++
	}
	return to
}

// isBase reports whether a stage of the file starts from another one.
func (c *conversion) isBase(stage *dockerfile.Stage) bool {
	return slices.ContainsFunc(c.Stages, func(s *dockerfile.Stage) bool { return c.Parent(s) == stage })
}

// isStartedFrom reports whether a stage may be the image that Dockerfiles start from: it is the one that the file is for, or
// is there for nothing else.
func (c *conversion) isStartedFrom(stage *dockerfile.Stage) bool {
	return stage == c.Final() || !c.isBase(stage)
}

// checkHandedOn refuses files that triggers leave to a build that nobody sees here, but for those that only package managers
// and the like read: they are named to the user.
func (c *conversion) checkHandedOn(stage *dockerfile.Stage, now present) {
	for _, name := range now.sorted() {
		base := path.Base(name)
		switch {
		case !now[name] || !c.files[name].layers[layer{stage, true}] || !c.isStartedFrom(stage):
		case len(readers(base)) == 0:
			c.refuse("%s is still there for the Dockerfiles that start FROM this image, which may want it", base)
		default:
			c.handedOn = append(c.handedOn, base)
		}
	}
}

// checkFound refuses to leave what a finding is about where it is, for those that start FROM the image.
func (c *conversion) checkFound(f *lint.Finding) {
	for _, inst := range c.steps {
		if inst.Contains(f.Span) && c.isTrigger(inst) && slices.Contains(c.stays.keys, f.Span) && len(c.stays.uses) == 0 {
			const unseen = "no RUN behind ONBUILD is seen to read %s: mount it where what starts FROM this image needs it"
			c.refuse(unseen, f.Span.Of(c.Text))
		}
	}
}

// mayCopyConfiguration reports whether a trigger copies, by name or with a folder, what may be a configuration of a package
// manager: it comes from the context of another Dockerfile.
func (c *conversion) mayCopyConfiguration(inst *dockerfile.Instruction) bool {
	if !c.isTrigger(inst) || !inst.FromContext() {
		return false
	}
	for _, word := range inst.Sources() {
		source := c.Expand(inst, word.Text)
		if source.State != dockerfile.Known || dockerfile.ReadRemote(source.Text).Exists() {
			continue
		}
		named := slices.Contains([]string{".", "/", ".npmrc", ".yarnrc.yml"}, path.Base(source.Text))
		if named || strings.HasSuffix(source.Text, "/") {
			return true
		}
	}
	return false
}
