package codeactions

import (
	"fmt"
	"maps"
	"slices"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/secret"
	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

// stays are the names that something else than a RUN still uses, so that they are declared still.
type stays struct {
	names  map[string]bool // with those that they have their values from
	read   []string        // by the uses
	uses   []string        // the instructions that use them, with their lines
	places []string        // the declarations, such as ARG NPM_TOKEN
	keys   []text.Span
}

// planDeclarations takes the names out of ARG and ENV, if nothing else uses them.
func (c *conversion) planDeclarations() {
	c.findUses()
	for _, inst := range c.steps {
		if inst.Name != "ARG" && inst.Name != "ENV" {
			continue
		}
		goes := map[int]bool{}
		for i, pair := range inst.Pairs {
			if c.names[pair.Key.Text] == "" {
				continue
			}
			if goes[i] = c.goes(inst, pair.Key.Text); !goes[i] {
				c.stays.keys = append(c.stays.keys, pair.Key.Span)
			}
			c.noteValue(inst, pair, goes[i])
		}
		if slices.Contains(slices.Collect(maps.Values(goes)), true) {
			c.takePairs(inst, func(i int) bool { return goes[i] })
		}
	}
}

// goes reports whether a declaration of one of the names goes: nothing but RUNs uses it, or, behind ONBUILD, one of the RUNs
// there is seen to.
func (c *conversion) goes(inst *dockerfile.Instruction, name string) bool {
	what := inst.Name + " " + name
	if c.isTrigger(inst) {
		what = "ONBUILD " + what
	}
	unseen := c.isTrigger(inst) && !c.changed[c.layerOf(inst)]
	if (unseen || c.stays.names[name]) && !slices.Contains(c.stays.places, what) {
		c.stays.places = append(c.stays.places, what)
	}
	return !unseen && !c.stays.names[name]
}

// findUses finds what else reads the names, and the names that those have their values from.
func (c *conversion) findUses() {
	c.stays.names = map[string]bool{}
	for _, inst := range c.steps {
		if inst.Name == "RUN" {
			continue
		}
		names := c.stillRead(inst)
		if len(names) > 0 {
			c.stays.uses = append(c.stays.uses, fmt.Sprintf("%s in line %d", inst.Name, c.line(inst)))
		}
		for _, name := range names {
			c.stays.names[name] = true
		}
		c.stays.read = append(c.stays.read, names...)
	}
	for before := -1; before < len(c.stays.names); {
		before = len(c.stays.names)
		for _, inst := range c.steps {
			for _, pair := range inst.Pairs {
				for _, name := range c.readIn(pair.Value.Text) {
					c.stays.names[name] = c.stays.names[name] || c.stays.names[pair.Key.Text]
				}
			}
		}
		maps.DeleteFunc(c.stays.names, func(_ string, still bool) bool { return !still })
	}
}

// noteValue remembers what has to be said of a value.
func (c *conversion) noteValue(inst *dockerfile.Instruction, pair syntax.Pair, goes bool) {
	name := pair.Key.Text
	expanded := syntax.Expand(pair.Value.Text, inst.Escape)
	writtenOut := pair.HasValue && !expanded.Variables && !secret.IsHarmless(expanded.Text)
	if writtenOut && !slices.Contains(c.literal, name) {
		c.literal = append(c.literal, name)
	}
	if goes && inst.Name == "ENV" && !slices.Contains(c.environment, name) {
		c.environment = append(c.environment, name)
	}
	if goes && c.isTrigger(inst) && c.isStartedFrom(c.StageOf(inst)) {
		c.handedOn = append(c.handedOn, name)
	}
}

// stillRead are the names that an instruction reads for something else than to set another of them.
func (c *conversion) stillRead(inst *dockerfile.Instruction) []string {
	if !c.mentionsAny(inst.Extent.Of(c.Text)) {
		return nil
	}
	if inst.Name == "ARG" || inst.Name == "ENV" {
		var names []string
		for _, pair := range inst.Pairs {
			if c.names[pair.Key.Text] == "" {
				names = append(names, c.readIn(pair.Value.Text)...)
			}
		}
		return names
	}
	if len(inst.Heredocs) > 0 {
		return c.readIn(inst.Extent.Of(c.Text))
	}
	return c.readIn(inst.Line.Text)
}

// readIn are the names that a text reads, in order.
func (c *conversion) readIn(source string) []string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(c.names)) {
		if isRead(source, "$"+name) || isRead(source, "${"+name) {
			names = append(names, name)
		}
	}
	return names
}

func (c *conversion) mentionsAny(source string) bool {
	for name := range c.names {
		if mentions(source, name) {
			return true
		}
	}
	return false
}
