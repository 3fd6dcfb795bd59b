package hover

import (
	"slices"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/navigate"
	"dockerfile-ls/analysis/reference"
	"dockerfile-ls/analysis/shell"
	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

// binding is where a variable is set: a pair of ARG or ENV.
type binding struct {
	syntax.Pair
	inst *dockerfile.Instruction
}

func (b binding) argument() bool { return b.inst.Name == "ARG" }

// variable is a variable where it is set or read.
func variable(p *place) (Card, bool) {
	if !p.means(navigate.Variable) {
		return Card{}, false
	}
	name, at := p.symbol.Name, p.symbol.At
	var inForce []binding
	for _, target := range p.symbol.Definitions {
		if b, ok := p.bindingAt(target.Name); ok {
			inForce = append(inForce, b)
		}
	}
	here, sets := p.bindingAt(at.Span)
	source, found := here, sets
	if !sets && len(inForce) > 0 {
		source, found = inForce[0], true
	}
	c := p.aboutVariable(p.withSign(at.Span), source, found)
	c.Subject = name
	predefined, special := reference.FindAny(reference.Argument, name)
	special = special && (!found || source.argument() && !source.HasValue)
	if special {
		if !found {
			c.Title = "Build argument"
		}
		c.Text, c.Page = predefined.Text, predefined.Page()
	}
	p.addValue(&c, name, here, sets, inForce, special)
	if special && predefined.Of == "platform" && !found && !p.readsGlobals() && !p.declared(name) {
		c.Rows = []Row{{Name: "value", Value: "not set here, since no ARG of the stage declares it"}}
	}
	p.addOrigin(&c, name, here, sets, inForce)
	var uses []text.Span
	for _, other := range p.symbol.Places {
		if !other.Writes {
			uses = append(uses, other.Span)
		}
	}
	if sets {
		c.row("read in", orNothing(lines(p.Text, uses)))
	}
	return c, true
}

// goneArgument is a variable that is read when a container starts, and that only build arguments have set.
func goneArgument(p *place) (Card, bool) {
	s := p.StageOf(p.Instruction)
	if !p.atStart() || s == nil || p.symbol != nil {
		return Card{}, false
	}
	script, posix := p.Script(p.Instruction)
	if !posix {
		return Card{}, false
	}
	for _, v := range script.Variables {
		span := p.At(v.Span)
		if !p.touches(span) || !p.inside(span) || setsItself(script, v.Name) {
			continue
		}
		b, declared := lastBinding(s.Instructions, v.Name)
		if inst, _ := p.ContainerBinding(s, v.Name); !declared || inst != nil {
			return Card{}, false
		}
		c := concept(span, "Build argument", "argument")
		c.Subject = v.Name
		c.row("value", "not set here, since a container starts without build arguments")
		c.row("set in", line(p.Text, b.Key.Span))
		return c, true
	}
	return Card{}, false
}

// setsItself reports whether a script has a variable of its own of a name.
func setsItself(script *shell.Script, name string) bool {
	for i := range script.Commands {
		for _, a := range script.Commands[i].Assigns {
			if a.Name == name {
				return true
			}
		}
		if slices.ContainsFunc(script.Commands[i].Words, func(w shell.Word) bool { return w.Literal && w.Value == name }) {
			return true // read NAME, and the like
		}
	}
	return slices.ContainsFunc(script.Loops, func(l shell.Loop) bool { return l.Name == name })
}

// withSign is the place of a name, with the $ and the brace in front of it if the place that was asked for is there.
func (p *place) withSign(name text.Span) text.Span {
	if p.offset < name.Start {
		name.Start = len(strings.TrimRight(p.Model.Text[:name.Start], "{#!"))
		name.Start = min(p.offset, len(strings.TrimSuffix(p.Model.Text[:name.Start], "$")))
	}
	return name
}

func orNothing(lines string) string {
	if lines == "" {
		return "no line"
	}
	return lines
}

// aboutVariable is a card about the kind of a variable.
func (p *place) aboutVariable(span text.Span, source binding, found bool) Card {
	switch {
	case !found:
		return concept(span, "Variable", "variable")
	case !source.argument():
		return concept(span, "Environment variable", "environment")
	case p.readsGlobals():
		return concept(span, "Global build argument", "global argument")
	}
	return concept(span, "Build argument", "argument")
}

// readsGlobals reports whether the instruction has the global build arguments: it is a FROM, or stands in front of all.
func (p *place) readsGlobals() bool {
	stage := p.StageOf(p.Instruction)
	return stage == nil || stage.From == p.Instruction
}

// atStart reports whether the instruction runs when a container starts, where ENV counts and ARG is gone.
func (p *place) atStart() bool {
	return slices.Contains([]string{"CMD", "ENTRYPOINT", "HEALTHCHECK"}, p.Name)
}

// addValue says which value the variable has at the place, or why that is not known.
func (p *place) addValue(c *Card, name string, here binding, sets bool, inForce []binding, special bool) {
	var value dockerfile.Value
	written := ""
	switch {
	case sets:
		value, written = p.after(here), here.Value.Text
	case p.atStart() && p.StageOf(p.Instruction) != nil:
		value = p.ContainerValue(p.StageOf(p.Instruction), name)
	default:
		value = p.Model.Value(p.Instruction, name)
	}
	if written == "" && len(inForce) > 0 {
		written = inForce[0].Value.Text
	}
	note := ""
	if value.Default {
		note = "by default; --build-arg can set another"
	}
	bare := len(inForce) > 0 && inForce[0].argument() && !inForce[0].HasValue || len(inForce) == 0 && sets
	switch {
	case value.State == dockerfile.Absent:
		c.row("value", "not set")
	case value.State == dockerfile.Known && (isSecret(name) || p.readsSecret(written)):
		c.Rows = append(c.Rows, Row{Name: "value", Value: hidden})
	case value.State == dockerfile.Known:
		c.code("value", value.Text, note)
	case special:
		c.row("value", "not known, since each build has its own")
	case bare:
		c.row("value", "not known, since the build argument has no default: --build-arg sets it")
	case len(inForce) == 0 && p.atStart():
		c.row("value", "not known: the base image has it, or who starts the container, or nobody")
	case len(inForce) == 0:
		c.row("value", "not known: the base image has it, or nobody")
	default:
		c.row("value", "not known, since it is made of what is not known")
	}
}

// after is the value that a variable has when it is set.
func (p *place) after(b binding) dockerfile.Value {
	if !b.HasValue {
		stage := p.StageOf(b.inst)
		if stage == nil {
			return dockerfile.Value{}
		}
		if value := p.Model.Value(stage.From, b.Key.Text); value.State == dockerfile.Known {
			return value
		}
		return dockerfile.Value{} // the build command decides
	}
	if next := p.next(b.inst); b.argument() && next != nil && len(b.inst.Pairs) > 1 {
		return p.Model.Value(next, b.Key.Text) // it may read another one of the instruction
	}
	value := p.Expand(b.inst, b.Value.Text)
	value.Default = value.Default || b.argument()
	return value
}

// next is the instruction that runs behind one, in the same stage or in front of all; nil if there is none.
func (p *place) next(inst *dockerfile.Instruction) *dockerfile.Instruction {
	list := p.Globals
	if stage := p.StageOf(inst); stage != nil {
		list = stage.Instructions
	}
	if i := slices.Index(list, inst); i >= 0 && i+1 < len(list) {
		return list[i+1]
	}
	return nil
}

// addOrigin says where the value comes from, what it takes the place of, and what takes its place below.
func (p *place) addOrigin(c *Card, name string, here binding, sets bool, inForce []binding) {
	var from []text.Span
	for _, b := range inForce {
		if !sets || b.Key.Span != here.Key.Span {
			from = append(from, b.Key.Span)
		}
	}
	if len(from) > 0 && (!sets || !here.HasValue) {
		value := line(p.Text, from[0])
		if len(from) > 1 {
			value += ", else " + lines(p.Text, from[1:])
		}
		c.row("set in", value)
	}
	if sets && here.HasValue {
		if earlier, ok := p.shadowed(name, here); ok {
			c.row("takes the place of", line(p.Text, earlier.Key.Span))
		}
	}
	if later := p.setLater(name); len(later) > 0 {
		c.row("set again in", lines(p.Text, later))
	}
}

// declared reports whether the stage has the variable as a build argument in front of the place.
func (p *place) declared(name string) bool {
	for inst := range p.Before(p.Instruction) {
		if _, ok := bindingIn(inst, name); ok {
			return true
		}
	}
	return false
}

// shadowed is the binding that counted in front of another one.
func (p *place) shadowed(name string, here binding) (binding, bool) {
	for _, pair := range slices.Backward(here.inst.Pairs) {
		if pair.Key.Text == name && pair.Key.End <= here.Key.Start {
			return binding{pair, here.inst}, true
		}
	}
	stage := p.StageOf(here.inst)
	if stage == nil {
		return lastBinding(p.Globals[:max(0, slices.Index(p.Globals, here.inst))], name)
	}
	for inst := range p.Before(here.inst) {
		if b, ok := bindingIn(inst, name); ok {
			return b, true
		}
	}
	if here.argument() {
		return lastBinding(p.Globals, name)
	}
	return binding{}, false
}

func lastBinding(list []*dockerfile.Instruction, name string) (binding, bool) {
	for _, inst := range slices.Backward(list) {
		if b, ok := bindingIn(inst, name); ok {
			return b, true
		}
	}
	return binding{}, false
}

func bindingIn(inst *dockerfile.Instruction, name string) (binding, bool) {
	if inst.Name != "ARG" && inst.Name != "ENV" {
		return binding{}, false
	}
	for _, pair := range slices.Backward(inst.Pairs) {
		if pair.Key.Text == name {
			return binding{pair, inst}, true
		}
	}
	return binding{}, false
}

// setLater are the places below that give a variable another value: in the same stage, or for a global argument among those
// and in each stage that has a default of its own.
func (p *place) setLater(name string) []text.Span {
	var later []text.Span
	add := func(list []*dockerfile.Instruction, from int, onlyArguments bool) {
		for _, inst := range list[from:] {
			if b, ok := bindingIn(inst, name); ok && b.HasValue && (b.argument() || !onlyArguments) {
				later = append(later, b.Key.Span)
			}
		}
	}
	s := p.StageOf(p.Instruction)
	switch {
	case p.behindOnbuild() || s != nil && s.From == p.Instruction:
	case s != nil:
		add(s.Instructions, slices.Index(s.Instructions, p.Instruction)+1, false)
	default:
		add(p.Globals, slices.Index(p.Globals, p.Instruction)+1, true)
		for _, s := range p.Stages {
			add(s.Instructions, 0, true)
		}
	}
	return later
}

// bindingAt is the pair of ARG or ENV whose name has a span.
func (p *place) bindingAt(name text.Span) (binding, bool) {
	for _, inst := range around(p.Model, name.Start) {
		if inst.Name != "ARG" && inst.Name != "ENV" {
			continue
		}
		for _, pair := range inst.Pairs {
			if pair.Key.Start <= name.Start && name.End <= pair.Key.End {
				return binding{pair, inst}, true
			}
		}
	}
	return binding{}, false
}
