package dockerfile

import (
	"path"
	"slices"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/shell"

	"dockerfile-ls/analysis/image"
	"dockerfile-ls/analysis/syntax"
)

// maxValue is the length from which on a value is not known: chains of variables can double it with each link.
const maxValue = 64 * 1024

// Global is the value of a word of a FROM, with the defaults of the global build arguments. A variable without a global
// ARG is absent, since BuildKit takes nothing else there. Source: buildMetaArgs of BuildKit.
func (m *Model) Global(word string) Value { return expand(word, m.Escape, m.global) }

func (m *Model) global(name string) Value { return m.globalAt(name, endOfStage) }

func (m *Model) globalAt(name string, index int) Value {
	if v := m.globals.at(name, index); v.State != Absent || !isPredefined(name) {
		return v
	}
	return Value{}
}

// addGlobals follows the ARGs in front of the first FROM in order.
func (m *Model) addGlobals() {
	s := &scope{bindings: map[string][]binding{}, base: Value{State: Absent}}
	m.globals = s
	for i, inst := range m.Globals {
		if inst.Name != "ARG" {
			continue
		}
		for _, p := range inst.Pairs {
			v := Value{}
			if p.HasValue {
				v = expand(p.Value.Text, inst.Escape, func(name string) Value { return m.globalAt(name, i+1) })
				v.Default = true
			}
			s.bind(p.Key.Text, binding{after: i, value: v})
		}
	}
}

// Base is the image or stage that a stage is based on, with the defaults of the global build arguments filled in; empty
// if it is not known, because an argument has no default or the word is malformed.
func (m *Model) Base(s *Stage) string { return s.base.Text }

// External is the image that the FROM of a stage names; false if it names a stage, in any casing, or scratch, or if it is
// not known or malformed.
func (m *Model) External(s *Stage) (image.Reference, bool) {
	if s.baseIsName || !s.imageKnown {
		return image.Reference{}, false
	}
	return s.image, true
}

// Image is the image that a stage is based on in the end, through earlier stages of the file; false if it is not known
// or the stage starts from scratch.
func (m *Model) Image(s *Stage) (image.Reference, bool) { return s.image, s.imageKnown }

// Windows reports whether a stage is known to run on Windows: by its platform, or by the image that it is based on in the
// end.
func (m *Model) Windows(s *Stage) bool { return s.windows }

// Value is the value of a variable in front of an instruction. In front of the first FROM it is that of the global build
// argument.
func (m *Model) Value(inst *Instruction, name string) Value {
	place, ok := m.places[inst]
	if !ok {
		return m.global(name)
	}
	if place.index < 0 {
		return m.global(name) // a FROM sees the global arguments
	}
	if place.stage < 0 {
		return m.globalAt(name, place.index)
	}
	scope := m.scopes()[place.stage]
	if place.triggers > 0 {
		return scope.next.at(name, place.triggers)
	}
	return scope.at(name, place.index)
}

// ContainerValue is the value of a variable in a container of a stage, where ENV counts and ARG is gone.
func (m *Model) ContainerValue(s *Stage, name string) Value {
	return m.scopes()[s.Index].inContainer(name)
}

// Expand is the value of a word of an instruction in which BuildKit expands variables.
func (m *Model) Expand(inst *Instruction, word string) Value {
	return expand(word, m.Escape, func(name string) Value { return m.Value(inst, name) })
}

// ExpandWords is Expand for EXPOSE, where BuildKit splits the value at white space outside quotes. The words are nil if
// the value is not known.
func (m *Model) ExpandWords(inst *Instruction, word string) ([]string, Value) {
	v := m.Expand(inst, word)
	if v.State != Known {
		return nil, v
	}
	words, err := shell.NewLex(rune(m.Escape)).ProcessWords(word, &lookup{get: func(name string) Value {
		return m.Value(inst, name)
	}})
	if err != nil {
		return nil, Value{}
	}
	return words, v
}

// ExpandHeredoc is the value of the body of a heredoc of COPY or ADD, in which quotes mean nothing and the escape
// character is always the backslash. Source: ExpandRaw in dispatch of BuildKit.
func (m *Model) ExpandHeredoc(inst *Instruction, body string) Value {
	if len(body) > maxValue {
		return Value{}
	}
	lexer := shell.NewLex('\\')
	lexer.SkipProcessQuotes = true
	return evaluate(body, lexer, func(name string) Value { return m.Value(inst, name) })
}

// Workdir is the absolute path of the working directory in front of an instruction; unknown on Windows, and where the base
// image decides. Source: NormalizeWorkdir of BuildKit.
func (m *Model) Workdir(inst *Instruction) Value {
	place, ok := m.places[inst]
	if !ok || place.stage < 0 {
		return Value{}
	}
	stage := m.Stages[place.stage]
	if m.Windows(stage) {
		return Value{}
	}
	dir := Value{State: Known}
	if m.enter(&dir, stage.triggers[:place.triggers], true) {
		return dir
	}
	return m.workdir(dir, stage, place.index)
}

// WorkdirAtEnd is Workdir at the end of a stage, and so in a container of it.
func (m *Model) WorkdirAtEnd(s *Stage) Value {
	if m.Windows(s) {
		return Value{}
	}
	return m.workdir(Value{State: Known}, s, endOfStage)
}

// workdir goes on behind a directory that is relative so far.
func (m *Model) workdir(dir Value, s *Stage, end int) Value {
	for ; s != nil; s, end = m.Parent(s), endOfStage {
		if m.enter(&dir, s.Instructions[:min(end, len(s.Instructions))], false) || m.enter(&dir, m.triggered(s), true) {
			return dir
		}
		if m.Base(s) == "scratch" {
			dir.Text = path.Join("/", dir.Text)
			return dir
		}
	}
	return Value{}
}

// enter puts the WORKDIRs of a list, from the last one on, in front of a directory. It is done when the directory is
// absolute, or not known. Triggers see the variables of the stage that they run in, and not those at their place.
func (m *Model) enter(dir *Value, list []*Instruction, triggers bool) (done bool) {
	for i := len(list) - 1; i >= 0; i-- {
		w := list[i]
		if w.Name != "WORKDIR" || len(w.Args) == 0 {
			continue
		}
		v := m.Expand(w, w.Args[0].Text)
		if v.State != Known || triggers && strings.Contains(w.Args[0].Text, "$") {
			*dir = Value{}
			return true
		}
		dir.Text, dir.Default = path.Join(v.Text, dir.Text), dir.Default || v.Default
		if path.IsAbs(v.Text) {
			return true
		}
	}
	return false
}

// newScopes makes the scopes of all stages, each on that of its parent.
func (m *Model) newScopes() []*scope {
	scopes := make([]*scope, len(m.Stages))
	for i, s := range m.Stages {
		var parent *scope
		if p := m.Parent(s); p != nil {
			parent = scopes[p.Index]
		}
		scopes[i] = m.newScope(s, parent)
	}
	return scopes
}

// ContainerBinding is the ENV, and its pair, from which a container of a stage has a variable; nil if the file has none.
func (m *Model) ContainerBinding(s *Stage, name string) (*Instruction, syntax.Pair) {
	for ; s != nil; s = m.Parent(s) {
		ran := slices.Concat(m.triggered(s), s.Instructions)
		for i := len(ran) - 1; i >= 0; i-- {
			inst := ran[i]
			if inst.Name != "ENV" {
				continue
			}
			for j := len(inst.Pairs) - 1; j >= 0; j-- {
				if inst.Pairs[j].Key.Text == name {
					return inst, inst.Pairs[j]
				}
			}
		}
	}
	return nil, syntax.Pair{}
}
