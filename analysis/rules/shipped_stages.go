package rules

import (
	"path"
	"slices"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/syntax"
)

// shippedStage is a stage of which something is in the final image.
type shippedStage struct {
	stage *dockerfile.Stage
	whole bool        // it is the final stage, or one that it is based on
	parts []stagePart // what is copied out of it, if not all
	// next is where it goes to, and from the COPY that takes it there; nil for the final stage, and for the instruction
	// where the next stage is based on this one.
	next *shippedStage
	from *dockerfile.Instruction
	// prune is what lastPrune has found, if pruned says that it has looked.
	prune  *dockerfile.Instruction
	pruned bool
}

// stagePart is an absolute path that a COPY takes out of a stage.
type stagePart struct {
	path string
	by   *dockerfile.Instruction
}

// shippedStages are the stages of which something gets into the final one, by their index; nil for all others. COPY takes
// from stages above only, so that those below are known first.
func shippedStages(p *lint.Pass, final *dockerfile.Stage) []*shippedStage {
	shipped := make([]*shippedStage, len(p.Stages))
	shipped[final.Index] = &shippedStage{stage: final, whole: true}
	for _, stage := range slices.Backward(p.Stages[:final.Index+1]) {
		s := shipped[stage.Index]
		if s == nil {
			continue
		}
		if parent := p.Parent(stage); parent != nil {
			below := reach(shipped, parent, s, nil)
			if s.whole {
				below.whole, below.next, below.from = true, s, nil // whatever a COPY takes out of it besides
			} else {
				below.parts = append(below.parts, s.parts...)
			}
		}
		for _, inst := range stage.Instructions {
			if inst.Name == "COPY" {
				s.follow(p, shipped, inst)
			}
		}
	}
	return shipped
}

func reach(
	shipped []*shippedStage, stage *dockerfile.Stage, next *shippedStage, from *dockerfile.Instruction,
) *shippedStage {
	if shipped[stage.Index] == nil {
		shipped[stage.Index] = &shippedStage{stage: stage, next: next, from: from}
	}
	return shipped[stage.Index]
}

// follow adds what a COPY of the stage takes out of another stage, if it goes to where something is shipped.
func (s *shippedStage) follow(p *lint.Pass, shipped []*shippedStage, inst *dockerfile.Instruction) {
	for _, origin := range p.Origins(inst) {
		to, known := setting{dir: new(string)}.destination(p, inst)
		if origin.Stage == nil || origin.Stage.Index >= s.stage.Index || excludesModules(inst) ||
			!s.whole && !(known && s.ships(to)) {
			continue
		}
		for _, word := range inst.Sources() {
			if v := p.Expand(inst, word.Text); v.State == dockerfile.Known && v.Text != "" {
				from := reach(shipped, origin.Stage, s, inst)
				from.parts = append(from.parts, stagePart{path.Join("/", v.Text), inst})
			}
		}
	}
}

// ships reports whether what lies at a path, or a part of it, is copied out of the stage.
func (s *shippedStage) ships(to string) bool {
	return slices.ContainsFunc(s.parts, func(part stagePart) bool {
		_, in := dockerfile.Relative(part.path, to)
		_, around := dockerfile.Relative(to, part.path)
		return in || around
	})
}

func excludesModules(inst *dockerfile.Instruction) bool {
	return slices.ContainsFunc(inst.Flags, func(f syntax.Flag) bool {
		return f.Name.Text == "exclude" && strings.Contains(f.Value.Text, "node_modules")
	})
}

// takesModules is the COPY that takes what is installed in a folder out of the stage; a folder that is not known is empty.
// It is nil with ok where the whole stage ships.
func (s *shippedStage) takesModules(folder string) (by *dockerfile.Instruction, ok bool) {
	if s.whole {
		return nil, true
	}
	modules := path.Join(folder, "node_modules")
	for _, part := range s.parts {
		if path.Base(part.path) == "node_modules" {
			if _, inside := dockerfile.Relative(folder, part.path); inside || folder == "" {
				return part.by, true
			}
			continue
		}
		if _, inside := dockerfile.Relative(part.path, modules); inside && folder != "" {
			return part.by, true
		}
	}
	return nil, false
}
