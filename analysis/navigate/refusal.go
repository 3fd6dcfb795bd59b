package navigate

import (
	"fmt"
	"slices"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
)

// refusal is why the variable cannot be renamed.
func (v *variables) refusal(scopes []int) string {
	if reason := reserved(v.name); reason != "" {
		return reason
	}
	bound := false
	for _, sc := range scopes {
		for _, u := range v.uses(sc) {
			bound = bound || u.binds
		}
	}
	if !bound {
		return fmt.Sprintf("`%s` is not set in this file: the base image has it, or nobody", v.name)
	}
	for _, sc := range scopes {
		for _, u := range v.uses(sc) {
			if !u.exact {
				return fmt.Sprintf("line %d writes `%s` with escapes or over two lines: write it plainly first",
					lineOf(v.m, u.Start), v.name)
			}
			if len(v.at(sc, u)) == 0 && !v.scopes[sc].scratch {
				return fmt.Sprintf("line %d reads `%s` in front of where it is set, and so that of the base image: "+
					"set it above first", lineOf(v.m, u.Start), v.name)
			}
		}
	}
	for _, sc := range v.reached(scopes) {
		for i := range v.scopes[sc].uses {
			if u := &v.scopes[sc].uses[i]; u.unsure {
				return fmt.Sprintf("the script in line %d sets `%s` too, but not always: give its own variable another "+
					"name first", lineOf(v.m, u.Start), v.name)
			}
		}
		if at := v.unread(sc); at >= 0 {
			return fmt.Sprintf("line %d names `%s` in a script that cannot be read: change it by hand",
				lineOf(v.m, at), v.name)
		}
	}
	return ""
}

// unread is where a scope names the variable in a text that was not read; -1 if it does not. What the outer shell reads in
// the script that it puts together for an inner one is known.
func (v *variables) unread(sc int) int {
	s := &v.scopes[sc]
	for _, o := range s.opaques {
		for at := range mentions(o.Of(v.m.Text), v.name) {
			if !slices.ContainsFunc(s.uses, func(u placed) bool { return u.exact && u.Start == o.Start+at }) {
				return o.Start + at
			}
		}
	}
	return -1
}

// reached are scopes with all that inherit from them.
func (v *variables) reached(scopes []int) []int {
	in := make([]bool, len(v.scopes))
	for _, sc := range scopes {
		in[sc] = true
	}
	var reached []int
	for sc := range v.scopes { // a stage is based on an earlier one
		if p := v.scopes[sc].parent; p >= 0 && in[p] {
			in[sc] = true
		}
		if in[sc] {
			reached = append(reached, sc)
		}
	}
	return reached
}

// clash is why the variable cannot have a name: that means something already where it counts.
func (v *variables) clash(to string, scopes []int) string {
	if !isName(to) {
		return fmt.Sprintf("`%s` is no name of a variable: write letters, digits or `_`, and no digit first", to)
	}
	if reason := reserved(to); reason != "" {
		return reason
	}
	other := newVariables(v.m, to)
	for _, sc := range v.around(scopes) {
		s := &other.scopes[sc]
		switch {
		case len(s.uses) > 0:
			return taken(v.m, to, s.uses[0].Start)
		case s.assigned != nil:
			return taken(v.m, to, s.assigned.Start)
		}
		if at := other.unread(sc); at >= 0 {
			return taken(v.m, to, at)
		}
	}
	return ""
}

// around are the scopes in which a variable of another name would be taken for this one: those that it reaches and those
// that it inherits from, and the global one if it is a build argument that could have its value from there. A global one
// could be declared anywhere.
func (v *variables) around(scopes []int) []int {
	if slices.Contains(scopes, global) {
		all := make([]int, len(v.scopes))
		for sc := range all {
			all[sc] = sc
		}
		return all
	}
	around := v.reached(scopes)
	in := make([]bool, len(v.scopes))
	for _, sc := range scopes {
		for p := v.scopes[sc].parent; p >= 0 && !in[p]; p = v.scopes[p].parent {
			in[p] = true
			around = append(around, p)
		}
		if !in[global] && v.takesGlobal(sc) {
			in[global] = true
			around = append(around, global)
		}
	}
	return around
}

func taken(m *dockerfile.Model, to string, at int) string {
	return fmt.Sprintf("`%s` is used in line %d already: choose another name", to, lineOf(m, at))
}

func lineOf(m *dockerfile.Model, offset int) int {
	return 1 + strings.Count(m.Text[:min(offset, len(m.Text))], "\n")
}
