package navigate

import (
	"slices"
	"sort"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/text"
)

// variableAt is the variable at an offset of an instruction.
func variableAt(m *dockerfile.Model, inst *dockerfile.Instruction, offset int) *Symbol {
	var sign *Symbol
	for _, i := range withInner(inst) {
		for _, u := range read(m, i, "").uses {
			switch {
			case !u.exact || u.own:
			case touches(u.Span, offset):
				return newVariables(m, u.name).symbol(u.Span)
			case sign == nil && touches(withSign(m.Text, u.Span), offset):
				sign = newVariables(m, u.name).symbol(u.Span)
			}
		}
	}
	return sign
}

// withSign is the place of a name with the $ and the brace in front of it.
func withSign(source string, name text.Span) text.Span {
	name.Start = len(strings.TrimRight(source[:name.Start], "{#!"))
	name.Start = len(strings.TrimSuffix(source[:name.Start], "$"))
	return name
}

// scope is where a variable counts: the global build arguments with the FROMs, which see them; a stage; or what stands
// behind the ONBUILDs of a stage, which runs in the stages that are based on it, in front of their own instructions.
type scope struct {
	parent  int // the index of the scope below; -1 if there is none
	uses    []placed
	binds   []int // the indices of those uses that set it, in order
	env     bool  // an ENV is among them
	scratch bool  // nothing is set below all scopes
	// assigned and opaques are what else the scripts do with the name.
	assigned *dockerfile.Instruction
	opaques  []opaque
}

// placed is a use at the index of its instruction.
type placed struct {
	use
	index int
}

// variables are all uses of one name, by scope: the global one, then two for each stage.
type variables struct {
	m      *dockerfile.Model
	name   string
	scopes []scope
}

const global = 0

func ofStage(s *dockerfile.Stage) int    { return 1 + 2*s.Index }
func triggersOf(s *dockerfile.Stage) int { return 2 + 2*s.Index }

func newVariables(m *dockerfile.Model, name string) *variables {
	v := &variables{m: m, name: name, scopes: make([]scope, 1+2*len(m.Stages))}
	v.scopes[global] = scope{parent: -1, scratch: true}
	for i, inst := range m.Globals {
		for _, inner := range withInner(inst) { // while the first FROM is not written
			v.add(global, inner, i)
		}
	}
	for _, s := range m.Stages {
		v.add(global, s.From, len(m.Globals))
		own := &v.scopes[ofStage(s)]
		own.parent = -1
		own.scratch = m.Base(m.Root(s)) == "scratch"
		if p := m.Parent(s); p != nil {
			own.parent = ofStage(p)
			if len(p.Triggers()) > 0 {
				own.parent = triggersOf(p)
			}
		}
		for i, inst := range s.Instructions {
			v.add(ofStage(s), inst, i)
		}
		v.scopes[triggersOf(s)] = scope{parent: ofStage(s), scratch: own.scratch}
		for i, inst := range s.Triggers() {
			v.add(triggersOf(s), inst, i)
		}
	}
	return v
}

func (v *variables) add(sc int, inst *dockerfile.Instruction, index int) {
	r := read(v.m, inst, v.name)
	s := &v.scopes[sc]
	for _, u := range r.uses {
		if u.binds {
			s.binds = append(s.binds, len(s.uses))
			s.env = s.env || inst.Name == "ENV"
		}
		s.uses = append(s.uses, placed{u, index})
	}
	s.opaques = append(s.opaques, r.opaques...)
	if r.assigned && s.assigned == nil {
		s.assigned = inst
	}
}

// isSeenBy reports whether a binding stands in front of a use in the same scope. The pairs of an ENV do not see each other,
// those of an ARG see the ones in front. Source: dispatch and dispatchArg of BuildKit.
func (b *placed) isSeenBy(u *placed) bool {
	if b.index != u.index {
		return b.index < u.index
	}
	return b.inst == u.inst && b.inst.Name == "ARG" && b.pair < u.pair
}

// inForce are the bindings from which a variable has its value at a place of a scope, the last one first. A build argument
// without a value of its own has that of the global one, else what the build command says, else it keeps the value from
// before. Source: dispatchArg of BuildKit.
func (v *variables) inForce(sc int, seen func(*placed) bool, container bool) (found []*placed) {
	for ; sc >= 0; sc = v.scopes[sc].parent {
		s := &v.scopes[sc]
		end := sort.Search(len(s.binds), func(i int) bool { return !seen(&s.uses[s.binds[i]]) })
		for _, i := range slices.Backward(s.binds[:end]) {
			b := &s.uses[i]
			if container && b.inst.Name == "ARG" {
				continue
			}
			if len(found) == maxInForce {
				return found
			}
			if b.inst.Name == "ENV" || b.value {
				return append(found, b)
			}
			if sc == global {
				found = append(found, b)
				continue
			}
			if isPredefined(v.name) {
				return found
			}
			if g := v.lastGlobal(); g != nil {
				found = append(found, g)
				if g.value {
					return found
				}
				continue
			}
			found = append(found, b)
		}
		seen = func(*placed) bool { return true }
	}
	return found
}

// maxInForce is how many build arguments without a value in a row are looked at.
const maxInForce = 16

// lastGlobal is the global build argument that a stage gets: the last one with a value, else the last one.
func (v *variables) lastGlobal() *placed {
	var last *placed
	for _, i := range v.scopes[global].binds {
		b := &v.scopes[global].uses[i]
		if b.inst.Name == "ARG" && (last == nil || b.value || !last.value) {
			last = b
		}
	}
	return last
}

// at are the bindings in force for a use; for a binding those from there on.
func (v *variables) at(sc int, u *placed) []*placed {
	if u.binds {
		after := *u
		after.index++
		return v.inForce(sc, func(b *placed) bool {
			return b.isSeenBy(&after) && (b.inst != u.inst || b.pair <= u.pair)
		}, false)
	}
	if u.container {
		return v.inForce(sc, func(*placed) bool { return true }, true)
	}
	return v.inForce(sc, func(b *placed) bool { return b.isSeenBy(u) }, false)
}

// belongs reports whether a use is one of the variable of its scope: not the script's own, nor read where only a build
// argument has set it and that is gone.
func (v *variables) belongs(sc int, u *placed) bool {
	if u.own {
		return false
	}
	if !u.container {
		return true
	}
	argument := false
	for ; sc >= 0; sc = v.scopes[sc].parent {
		if v.scopes[sc].env {
			return true
		}
		argument = argument || len(v.scopes[sc].binds) > 0
	}
	return !argument
}

// uses are the uses of a scope that belong to its variable.
func (v *variables) uses(sc int) []*placed {
	var list []*placed
	for i := range v.scopes[sc].uses {
		if u := &v.scopes[sc].uses[i]; v.belongs(sc, u) {
			list = append(list, u)
		}
	}
	return list
}

// together are the scopes whose variable of the name is the same one as that of a scope: it is inherited, or it is a global
// build argument that a stage declares without a value of its own.
func (v *variables) together(sc int) []int {
	group := make([]int, len(v.scopes))
	for i := range group {
		group[i] = i
	}
	find := func(i int) int {
		for group[i] != i {
			group[i] = group[group[i]]
			i = group[i]
		}
		return i
	}
	used := make([]bool, len(v.scopes))
	for i := range v.scopes {
		used[i] = len(v.uses(i)) > 0
	}
	for i := range v.scopes {
		if !used[i] {
			continue
		}
		for p := v.scopes[i].parent; p >= 0; p = v.scopes[p].parent {
			if used[p] {
				group[find(i)] = find(p)
				break
			}
		}
		if i != global && v.takesGlobal(i) && v.lastGlobal() != nil {
			group[find(i)] = find(global)
		}
	}
	var same []int
	for i := range v.scopes {
		if used[i] && find(i) == find(sc) {
			same = append(same, i)
		}
	}
	return same
}

// takesGlobal reports whether a scope declares the variable as a build argument without a value of its own.
func (v *variables) takesGlobal(sc int) bool {
	return slices.ContainsFunc(v.scopes[sc].uses, func(u placed) bool {
		return u.binds && u.inst.Name == "ARG" && !u.value
	})
}

// symbol is the variable of the use with a span.
func (v *variables) symbol(at text.Span) *Symbol {
	sc, asked := v.find(at)
	if asked == nil || !v.belongs(sc, asked) {
		return nil
	}
	scopes := v.together(sc)
	s := &Symbol{Kind: Variable, Name: v.name, At: Place{Span: at, Writes: asked.binds}}
	for _, i := range scopes {
		for _, u := range v.uses(i) {
			if u.exact {
				s.Places = append(s.Places, Place{Span: u.Span, Writes: u.binds})
			}
		}
	}
	for _, b := range v.at(sc, asked) {
		s.Definitions = append(s.Definitions, targetOf(b))
	}
	if first := v.first(sc, scopes); first != nil {
		s.Declarations = []Target{targetOf(first)}
	}
	s.refusal = v.refusal(scopes)
	s.clash = func(to string) string { return v.clash(to, scopes) }
	return s
}

func targetOf(b *placed) Target { return Target{b.Span, b.inst.Span} }

func (v *variables) find(at text.Span) (int, *placed) {
	for sc := range v.scopes {
		for i := range v.scopes[sc].uses {
			if u := &v.scopes[sc].uses[i]; u.Span == at && u.exact {
				return sc, u
			}
		}
	}
	return 0, nil
}

// first is the first binding among those that a scope inherits, or its global build argument.
func (v *variables) first(sc int, together []int) *placed {
	seen := []int{}
	if slices.Contains(together, global) {
		seen = append(seen, global)
	}
	for ; sc >= 0; sc = v.scopes[sc].parent {
		seen = append(seen, sc)
	}
	var first *placed
	for _, i := range append(seen, together...) {
		for _, u := range v.uses(i) {
			if u.binds && u.exact && (first == nil || u.Start < first.Start) && (slices.Contains(seen, i) || first == nil) {
				first = u
			}
		}
	}
	return first
}
