package dockerfile

import (
	"errors"
	"slices"
	"sort"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/shell"
	"github.com/moby/buildkit/util/system"
)

// State says what is known of a value.
type State int

// Unknown is the zero value, so that what nobody looked at is not taken for absent.
const (
	Unknown State = iota
	Absent        // the variable is not set
	Known
)

// Value is the value of a variable, or of a word with variables in it.
type Value struct {
	State State
	Text  string // empty if the state is not Known
	// Default says that the value, or Err, comes of the default of a build argument, which the build command may replace.
	Default bool
	// Err is why BuildKit rejects the word with the variables that the file sets: the word is malformed, or it is ${x:?}
	// and x has no value. The state is Unknown.
	Err error
	// Stop is the variable that BuildKit looked at last when it stopped with Err.
	Stop string
}

// Is reports whether the value is known and equals a text.
func (v Value) Is(text string) bool { return v.State == Known && v.Text == text }

// binding is a value from an instruction on, by the instruction's place in its stage. One of ARG is gone in a container.
type binding struct {
	after int
	value Value
	env   bool
}

// scope holds the variables of one stage: those of its own instructions, then those of the stage or image below.
type scope struct {
	parent   *scope
	bindings map[string][]binding
	// base is what a variable is that nobody has set: unknown on an image, absent on scratch.
	base Value
	// next is that of the triggers of the stage, by their indices; nil if it has none.
	next *scope
}

// at looks a variable up in front of an instruction of the stage. Source: dispatchState.init and getEnv of BuildKit, by
// which a stage inherits both ENV and ARG from the stage that it is based on.
func (s *scope) at(name string, index int) Value {
	set := s.bindings[name]
	if i := sort.Search(len(set), func(i int) bool { return set[i].after >= index }); i > 0 {
		return set[i-1].value
	}
	if s.parent != nil {
		return s.parent.at(name, endOfStage)
	}
	return s.base
}

// inContainer looks a variable up as a container of the stage has it: ENV counts, ARG does not.
func (s *scope) inContainer(name string) Value {
	set := s.bindings[name]
	for i := len(set) - 1; i >= 0; i-- {
		if set[i].env {
			return set[i].value
		}
	}
	if s.parent != nil {
		return s.parent.inContainer(name)
	}
	return s.base
}

// The places in front of and behind all instructions of a stage.
const (
	beforeStage = -endOfStage
	endOfStage  = int(^uint(0) >> 1)
)

func (s *scope) bind(name string, b binding) { s.bindings[name] = append(s.bindings[name], b) }

// lookup is a scope at a place, as BuildKit's shell lexer asks for it; it notes what it was asked for.
type lookup struct {
	get func(name string) Value
	// unknown says that a variable was asked for whose value is not known, byDefault that one was the default of an ARG.
	unknown, byDefault bool
	last               string // the variable that was asked for last
}

// Get returns a variable's value, and whether it is set.
func (l *lookup) Get(name string) (string, bool) {
	v := l.get(name)
	l.last = name
	l.unknown = l.unknown || v.State == Unknown
	l.byDefault = l.byDefault || v.Default
	return v.Text, v.State == Known
}

// Keys is only asked for when BuildKit suggests names, which it does not do here.
func (l *lookup) Keys() []string { return nil }

// expand reads a word with BuildKit's own shell lexer. Its value is unknown if a variable in it is, if the word is
// malformed, or if it grows to more than 64 KiB, as chains of variables can.
func expand(word string, escape byte, get func(name string) Value) Value {
	if !strings.ContainsAny(word, "$'\"\\`") {
		return Value{State: Known, Text: word} // nothing that the lexer would change
	}
	if len(word) > maxValue {
		return Value{}
	}
	return evaluate(word, shell.NewLex(rune(escape)), get)
}

func evaluate(word string, lexer *shell.Lex, get func(name string) Value) Value {
	l := &lookup{get: get}
	result, _, err := lexer.ProcessWord(word, l)
	switch {
	case l.unknown || len(result) > maxValue:
		return Value{}
	case err != nil:
		return Value{Err: innermost(err), Stop: l.last, Default: l.byDefault}
	}
	return Value{State: Known, Text: result, Default: l.byDefault}
}

// innermost is the reason inside an error around which BuildKit has put the word.
func innermost(err error) error {
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(err) {
		err = inner
	}
	return err
}

// newScope follows the ENV and ARG of a stage in order.
func (m *Model) newScope(s *Stage, parent *scope) *scope {
	sc := &scope{parent: parent, bindings: map[string][]binding{}}
	if m.Base(s) == "scratch" {
		sc.base = Value{State: Absent}
		if !s.windows {
			sc.bind("PATH", binding{
				after: beforeStage, value: Value{State: Known, Text: system.DefaultPathEnvUnix}, env: true,
			})
		}
	}
	triggered := m.triggered(s)
	for i, inst := range slices.Concat(triggered, s.Instructions) {
		switch index := i - len(triggered); inst.Name {
		case "ENV":
			sc.addEnv(inst, index)
		case "ARG":
			m.addArg(sc, inst, index)
		}
	}
	if len(s.triggers) > 0 {
		sc.next = m.newScope(&Stage{Instructions: s.triggers}, sc)
	}
	return sc
}

// addEnv binds the pairs of an ENV; all of them see the values from before the instruction.
func (s *scope) addEnv(inst *Instruction, index int) {
	before := func(name string) Value { return s.at(name, index) }
	type pair struct {
		key   Value
		value Value
	}
	pairs := make([]pair, 0, len(inst.Pairs))
	for _, p := range inst.Pairs {
		pairs = append(pairs, pair{expand(p.Key.Text, inst.Escape, before), expand(p.Value.Text, inst.Escape, before)})
	}
	for _, p := range pairs {
		if p.key.State == Known {
			s.bind(p.key.Text, binding{index, p.value, true})
		}
	}
}

// addArg binds the build arguments of an ARG; each sees those before it. Source: dispatchArg of BuildKit.
func (m *Model) addArg(s *scope, inst *Instruction, index int) {
	for _, p := range inst.Pairs {
		name := p.Key.Text
		if isOptionOnly(name) {
			continue
		}
		if p.HasValue {
			v := expand(p.Value.Text, inst.Escape, func(name string) Value { return s.at(name, index+1) })
			v.Default = true
			s.bind(name, binding{after: index, value: v})
			continue
		}
		v := m.global(name)
		if v.State == Absent {
			v = Value{} // the build command may give a value; without one the variable keeps what it has
		}
		s.bind(name, binding{after: index, value: v})
	}
}

// isOptionOnly names the build arguments that are options of BuildKit and set no variable. Source: nonEnvArgs of BuildKit.
func isOptionOnly(name string) bool {
	return name == "BUILDKIT_SBOM_SCAN_CONTEXT" || name == "BUILDKIT_SBOM_SCAN_STAGE"
}

// isPredefined names the build arguments that BuildKit sets by itself in front of the first FROM.
func isPredefined(name string) bool {
	switch name {
	case "BUILDPLATFORM", "BUILDOS", "BUILDOSVERSION", "BUILDARCH", "BUILDVARIANT",
		"TARGETPLATFORM", "TARGETOS", "TARGETOSVERSION", "TARGETARCH", "TARGETVARIANT", "TARGETSTAGE":
		return true
	}
	return false
}
