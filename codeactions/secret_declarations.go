package codeactions

import (
	"fmt"
	"slices"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/secret"
	"dockerfile-ls/analysis/syntax"
)

// planDeclarations takes the names out of ARG and ENV, if nothing else uses them.
func (c *conversion) planDeclarations() {
	for _, inst := range c.Instructions {
		if inst.Name == "ONBUILD" && inst.Inner != nil && c.mentionsAny(inst.Extent.Of(c.Text)) {
			c.refuse("ONBUILD in line %d is for the build of another Dockerfile", c.line(inst))
		}
		if inst.Name != "RUN" && c.stillReads(inst) {
			c.kept = append(c.kept, fmt.Sprintf("%s in line %d", inst.Name, c.line(inst)))
		}
	}
	for _, inst := range c.Instructions {
		if inst.Name != "ARG" && inst.Name != "ENV" {
			continue
		}
		ours := func(i int) bool { return c.names[inst.Pairs[i].Key.Text] != "" }
		found := false
		for i, pair := range inst.Pairs {
			if ours(i) {
				found = true
				c.noteValue(inst, pair)
			}
		}
		if found && len(c.kept) == 0 {
			c.takePairs(inst, ours)
		}
	}
}

// noteValue remembers what has to be said of a value.
func (c *conversion) noteValue(inst *dockerfile.Instruction, pair syntax.Pair) {
	name := pair.Key.Text
	expanded := syntax.Expand(pair.Value.Text, inst.Escape)
	writtenOut := pair.HasValue && !expanded.Variables && !secret.IsHarmless(expanded.Text)
	if writtenOut && !slices.Contains(c.literal, name) {
		c.literal = append(c.literal, name)
	}
	if inst.Name == "ENV" && !slices.Contains(c.environment, name) {
		c.environment = append(c.environment, name)
	}
}

// stillReads reports whether an instruction reads one of the names for something else than to set another of them.
func (c *conversion) stillReads(inst *dockerfile.Instruction) bool {
	if !c.mentionsAny(inst.Extent.Of(c.Text)) {
		return false
	}
	if inst.Name == "ARG" || inst.Name == "ENV" {
		return slices.ContainsFunc(inst.Pairs, func(pair syntax.Pair) bool {
			return c.names[pair.Key.Text] == "" && c.readsAny(pair.Value.Text)
		})
	}
	return c.readsAny(inst.Line.Text) || len(inst.Heredocs) > 0 && c.readsAny(inst.Extent.Of(c.Text))
}

func (c *conversion) readsAny(source string) bool {
	for name := range c.names {
		if strings.Contains(source, "${"+name) || mentions(source, "$"+name) {
			return true
		}
	}
	return false
}

func (c *conversion) mentionsAny(source string) bool {
	for name := range c.names {
		if mentions(source, name) {
			return true
		}
	}
	return false
}

// mentions reports whether a name stands in a text as a word of its own.
func mentions(source, name string) bool {
	for from := 0; ; {
		i := strings.Index(source[from:], name)
		if i < 0 {
			return false
		}
		start, end := from+i, from+i+len(name)
		if (start == 0 || !isNameByte(source[start-1])) && (end == len(source) || !isNameByte(source[end])) {
			return true
		}
		from = end
	}
}

func isNameByte(b byte) bool {
	return b == '_' || '0' <= b && b <= '9' || 'A' <= b && b <= 'Z' || 'a' <= b && b <= 'z'
}

// declares reports whether an ARG or ENV in front of an instruction, in its stage or one below, declares a variable.
func declares(m *dockerfile.Model, inst *dockerfile.Instruction, name string) bool {
	for s := m.StageOf(inst); s != nil; s = m.Parent(s) {
		for _, other := range s.Instructions {
			if other.Start < inst.Start && (other.Name == "ARG" || other.Name == "ENV") &&
				slices.ContainsFunc(other.Pairs, func(pair syntax.Pair) bool { return pair.Key.Text == name }) {
				return true
			}
		}
	}
	return false
}
