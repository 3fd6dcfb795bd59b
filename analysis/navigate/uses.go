package navigate

import (
	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

// use is one place where an instruction sets or reads a variable.
type use struct {
	text.Span
	name  string
	inst  *dockerfile.Instruction
	pair  int // of ARG and ENV: the pair that it is, or stands in
	binds bool
	value bool // a binding that has a value of its own
	// exact is false where the name is not written as it is, so that the span is that of more.
	exact bool
	// container says that it is read when a container starts, where ENV counts and ARG is gone.
	container bool
	// own says that it reads a variable that the script has set itself; unsure, that this may be so.
	own, unsure bool
}

// opaque is a text of an instruction in which variables may be read, in a way that is not known.
type opaque struct {
	text.Span
	inst *dockerfile.Instruction
}

// reading is what an instruction sets and reads.
type reading struct {
	uses    []use
	opaques []opaque
	// assigned says that a script of the instruction has a variable of the name that was asked for.
	assigned bool
}

// read finds what an instruction does with a variable, or with all of them if the name is empty.
func read(m *dockerfile.Model, inst *dockerfile.Instruction, name string) reading {
	var r reading
	if name != "" && !holds(inst, name) {
		return r
	}
	add := func(u use) {
		if isName(u.name) && (name == "" || u.name == name) {
			u.inst = inst
			r.uses = append(r.uses, u)
		}
	}
	if inst.Name == "ARG" || inst.Name == "ENV" {
		for i, p := range inst.Pairs {
			span, exact := wholeIn(m, inst, p.Key)
			if !exact {
				span = p.Key.Span
			}
			add(use{Span: span, name: bound(inst, p), pair: i, binds: true, value: p.HasValue, exact: exact &&
				isName(p.Key.Text)})
		}
	}
	for _, w := range expandedWords(inst) {
		for _, v := range syntax.Variables(w.Text, m.Escape) {
			span, exact := placeIn(m, inst, w.Word, v.Span)
			if !exact {
				span = w.Span
			}
			add(use{Span: span, name: v.Text, pair: w.pair, exact: exact})
		}
	}
	r.readHeredocs(m, inst, add)
	r.readScript(m, inst, name, add)
	return r
}

// bound is the name that a pair of ARG or ENV sets. BuildKit takes quotes off that of ENV.
func bound(inst *dockerfile.Instruction, p syntax.Pair) string {
	if inst.Name == "ARG" || isName(p.Key.Text) {
		return p.Key.Text
	}
	if e := syntax.Expand(p.Key.Text, inst.Escape); !e.Variables {
		return e.Text
	}
	return ""
}

// readHeredocs finds the variables in the heredocs of COPY and ADD, whose delimiter has no quotes.
func (r *reading) readHeredocs(m *dockerfile.Model, inst *dockerfile.Instruction, add func(use)) {
	if inst.Name != "COPY" && inst.Name != "ADD" {
		return
	}
	for _, h := range inst.Heredocs {
		if !h.Expand {
			continue
		}
		for _, v := range syntax.HeredocVariables(inst.Body(h)) {
			add(use{Span: v.Shift(h.Body.Start), name: v.Text, exact: true})
		}
	}
}
