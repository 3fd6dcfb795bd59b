package dockerfile

import (
	"iter"
	"slices"
	"strings"

	"dockerfile-ls/analysis/syntax"
)

// InForce is the last instruction with one of the names that counts in front of an instruction, through the stages that
// its stage is based on; nil if the file has none, and the base image decides. One that is still being typed does not count.
// In front of what stands behind ONBUILD all of its stage counts, and the triggers above it.
func (m *Model) InForce(inst *Instruction, names ...string) *Instruction {
	place, ok := m.places[inst]
	if !ok || place.stage < 0 {
		return nil
	}
	stage := m.Stages[place.stage]
	if trigger := lastOf(stage.triggers[:place.triggers], names...); trigger != nil {
		return trigger
	}
	return m.last(stage, place.index, names)
}

// InForceAtEnd is InForce at the end of a stage, and so in a container of it.
func (m *Model) InForceAtEnd(s *Stage, names ...string) *Instruction {
	return m.last(s, endOfStage, names)
}

func (m *Model) last(s *Stage, end int, names []string) *Instruction {
	for ; s != nil; s, end = m.Parent(s), endOfStage {
		for _, list := range [][]*Instruction{s.Instructions[:min(end, len(s.Instructions))], m.triggered(s)} {
			if inst := lastOf(list, names...); inst != nil {
				return inst
			}
		}
	}
	return nil
}

// triggered are the instructions behind ONBUILD in the stage that a stage is based on, which run in front of its own.
// Source: dispatchOnBuildTriggers of BuildKit, by which those of stages further below have run already.
func (m *Model) triggered(s *Stage) []*Instruction {
	if parent := m.Parent(s); parent != nil {
		return parent.triggers
	}
	return nil
}

// Process is what a container of a stage runs: its ENTRYPOINT with its CMD as arguments. Nil ones are the base image's.
type Process struct {
	Entrypoint, Cmd *Instruction
	// Cleared says that an ENTRYPOINT of the file has cleared the CMD that the stage would inherit.
	Cleared bool
}

// Process returns what a container of a stage runs. An ENTRYPOINT clears a CMD that the stage inherits, but not one of the
// same stage, wherever it stands. Source: dispatchEntrypoint of BuildKit.
func (m *Model) Process(s *Stage) Process {
	var p Process
	for ; s != nil; s = m.Parent(s) {
		ran := slices.Concat(m.triggered(s), s.Instructions)
		entrypoint, cmd := lastOf(ran, "ENTRYPOINT"), lastOf(ran, "CMD")
		if p.Cmd == nil && !p.Cleared {
			p.Cmd = cmd
		}
		if p.Entrypoint == nil && entrypoint != nil {
			p.Entrypoint = entrypoint
			p.Cleared = p.Cleared || p.Cmd == nil
		}
	}
	return p
}

// Before are the instructions that run in front of an instruction, the last one first, through the stages that its stage is
// based on, with what stands behind ONBUILD where it runs.
func (m *Model) Before(inst *Instruction) iter.Seq[*Instruction] {
	return func(yield func(*Instruction) bool) {
		place, ok := m.places[inst]
		if !ok || place.stage < 0 {
			return
		}
		stage := m.Stages[place.stage]
		end := min(max(place.index, 0), len(stage.Instructions))
		lists := [][]*Instruction{stage.triggers[:place.triggers], stage.Instructions[:end]}
		for stage != nil {
			for _, list := range append(lists, m.triggered(stage)) {
				for _, other := range slices.Backward(list) {
					if !yield(other) {
						return
					}
				}
			}
			if stage = m.Parent(stage); stage != nil {
				lists = [][]*Instruction{stage.Instructions}
			}
		}
	}
}

// Triggers are the instructions behind the ONBUILDs of a stage, in order: the builds that start from it run them first.
func (s *Stage) Triggers() []*Instruction { return s.triggers }

func lastOf(list []*Instruction, names ...string) *Instruction {
	for i := len(list) - 1; i >= 0; i-- {
		if slices.Contains(names, list[i].Name) && list[i].finished() {
			return list[i]
		}
	}
	return nil
}

// finished reports whether an instruction says what it is to say. BuildKit takes an array without its end for a shell
// command, and a CMD without anything for an empty one; a person is about to write more.
func (inst *Instruction) finished() bool {
	if inst.Err != nil || inst.JSON == nil && len(inst.Args) == 0 || inst.JSON != nil && inst.JSON.Unfinished {
		return false
	}
	if inst.Name != "USER" && inst.Name != "WORKDIR" {
		return true
	}
	return !slices.ContainsFunc(inst.Args, func(arg syntax.Word) bool {
		return syntax.Expand(arg.Text, inst.Escape).Problem != nil
	})
}

// Root is the stage whose base is an image, below a stage.
func (m *Model) Root(s *Stage) *Stage {
	for parent := m.Parent(s); parent != nil; parent = m.Parent(s) {
		s = parent
	}
	return s
}

// Final is the stage that the file is for: the last one, trailing ones for development passed over, or nil if there is
// no stage. Where all are for development it is the last. Source: cheatsheet-rules, Words.
func (m *Model) Final() *Stage {
	for i := len(m.Stages) - 1; i >= 0; i-- {
		if !m.Stages[i].Development() {
			return m.Stages[i]
		}
	}
	if len(m.Stages) == 0 {
		return nil
	}
	return m.Stages[len(m.Stages)-1]
}

// StageOf is the stage of an instruction; nil in front of the first FROM. A FROM belongs to the stage that it begins.
func (m *Model) StageOf(inst *Instruction) *Stage {
	if place, ok := m.places[inst]; ok && place.stage >= 0 {
		return m.Stages[place.stage]
	}
	return nil
}

// Development reports whether a stage is named as one that is not shipped.
func (s *Stage) Development() bool {
	switch strings.ToLower(s.Name.Text) {
	case "ci", "debug", "dev", "dev-envs", "development", "lint", "test":
		return true
	}
	return false
}
