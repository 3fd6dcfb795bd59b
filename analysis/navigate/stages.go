package navigate

import (
	"fmt"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/syntax"
)

// stageAt is the stage at an offset of an instruction: where its name stands, or its number.
func stageAt(m *dockerfile.Model, inst *dockerfile.Instruction, offset int) *Symbol {
	for _, i := range withInner(inst) {
		for _, use := range stageUses(m, i) {
			if use.exact && touches(use.Span, offset) {
				return stageSymbol(m, use.stage, use.Place)
			}
		}
	}
	return nil
}

// stageUse is where an instruction declares or names a stage.
type stageUse struct {
	Place
	stage *dockerfile.Stage
	exact bool // the file has the name, or the number, at the place
}

// stageUses are the stages that an instruction declares or names. Source: addState, toCommand and detectRunMount of
// BuildKit.
func stageUses(m *dockerfile.Model, inst *dockerfile.Instruction) []stageUse {
	var uses []stageUse
	add := func(stage *dockerfile.Stage, word syntax.Word, p Place) {
		span, exact := wholeIn(m, inst, word)
		if !exact {
			span = word.Span
		}
		p.Span = span
		uses = append(uses, stageUse{p, stage, exact && (p.Unnamed || strings.EqualFold(word.Text, stage.Name.Text))})
	}
	if inst.Name == "FROM" {
		stage := m.StageOf(inst)
		if stage == nil || stage.From != inst {
			return nil // behind ONBUILD
		}
		if parent := m.Parent(stage); parent != nil {
			add(parent, stage.Base, Place{lower: true})
		}
		if stage.Name.Text != "" {
			add(stage, stage.Name, Place{Writes: true})
		} else {
			add(stage, inst.Keyword, Place{Writes: true, Unnamed: true})
		}
		return uses
	}
	for _, origin := range m.Origins(inst) {
		if origin.Stage != nil {
			add(origin.Stage, origin.Word, Place{Unnamed: origin.Numbered})
		}
	}
	if inst.Name == "ADD" { // BuildKit rejects it, and people write it
		for _, from := range flagValues(inst, "from") {
			if stage := m.Named(from.Text); stage != nil {
				add(stage, from, Place{})
			}
		}
	}
	return uses
}

// UsesOfStages are the places that name each stage of a file or have its number, by the index of the stage; its own name is
// none.
func UsesOfStages(m *dockerfile.Model) [][]Place {
	uses := make([][]Place, len(m.Stages))
	for _, outer := range m.Instructions {
		for _, inst := range withInner(outer) {
			for _, use := range stageUses(m, inst) {
				if !use.Writes {
					uses[use.stage.Index] = append(uses[use.stage.Index], use.Place)
				}
			}
		}
	}
	return uses
}

func stageSymbol(m *dockerfile.Model, stage *dockerfile.Stage, at Place) *Symbol {
	s := &Symbol{Kind: Stage, Name: stage.Name.Text, At: at}
	name := stage.Name.Span
	if s.Name == "" {
		name = stage.From.Keyword.Span
		s.refusal = "the stage has no name: write `AS name` behind its base image"
	}
	s.Definitions = []Target{{name, stage.From.Span}}
	s.Declarations = s.Definitions
	for _, outer := range m.Instructions {
		for _, inst := range withInner(outer) {
			for _, use := range stageUses(m, inst) {
				switch {
				case use.stage != stage:
				case use.exact:
					s.Places = append(s.Places, use.Place)
				case s.refusal == "":
					s.refusal = fmt.Sprintf("line %d names the stage `%s` through a variable, or with escapes: write its "+
						"name plainly first", lineOf(m, use.Start), s.Name)
				}
			}
		}
	}
	for _, other := range m.Stages[stage.Index+1:] {
		if s.refusal == "" && m.Parent(other) == nil && strings.EqualFold(m.Base(other), s.Name) {
			s.refusal = fmt.Sprintf("line %d is based on `%s`, which is no stage in that casing: write it in lower case "+
				"first", lineOf(m, other.Base.Start), other.Base.Text)
		}
	}
	s.clash = func(to string) string { return stageClash(m, stage, to) }
	return s
}

// stageClash is why a stage cannot have a name.
func stageClash(m *dockerfile.Model, stage *dockerfile.Stage, to string) string {
	if to == "" {
		return "a stage name has at least one letter"
	}
	if err := dockerfile.CheckStageName(to); err != nil {
		return err.Error()
	}
	name := strings.ToLower(to)
	if name == "scratch" || name == "context" {
		return fmt.Sprintf("`%s` is reserved by BuildKit: choose another name", to)
	}
	for _, other := range m.Stages {
		if other != stage && strings.EqualFold(other.Name.Text, to) {
			return taken(m, to, other.Name.Start)
		}
		if m.Parent(other) == nil && strings.EqualFold(m.Base(other), to) {
			return fmt.Sprintf("`%s` is an image in line %d: choose another name", to, lineOf(m, other.Base.Start))
		}
	}
	for _, outer := range m.Instructions {
		for _, inst := range withInner(outer) {
			for _, origin := range m.Origins(inst) {
				if origin.Stage == nil && strings.EqualFold(origin.Text, to) {
					return fmt.Sprintf("`%s` is an image in line %d: choose another name", to, lineOf(m, origin.Start))
				}
			}
		}
	}
	return ""
}
