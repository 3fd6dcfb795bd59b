package dockerfile

import (
	"github.com/moby/buildkit/frontend/dockerfile/shell"

	"dockerfile-ls/analysis/image"
)

// maxValue is the length from which on a value is not known: chains of ARGs can double it with each link.
const maxValue = 64 * 1024

// Base is the image or stage that a stage is based on, with the defaults of the global build arguments filled in; empty
// if it is not known, because an argument has no default or the word is malformed.
func (m *Model) Base(s *Stage) string { return m.GlobalValue(s.Base.Text) }

// GlobalValue is the value of a word of a FROM, by the defaults of the global build arguments; empty if it is not known.
func (m *Model) GlobalValue(word string) string { return m.globals.value(word, m.Escape) }

// Image is the image that a stage is based on in the end, through earlier stages of the file; false if it is not known
// or the stage starts from scratch.
func (m *Model) Image(s *Stage) (image.Reference, bool) {
	for parent := m.Parent(s); parent != nil; parent = m.Parent(s) {
		s = parent
	}
	base := m.Base(s)
	if base == "" || base == "scratch" {
		return image.Reference{}, false
	}
	ref, err := image.Parse(base)
	return ref, err == nil
}

// environment holds the known values of variables.
type environment map[string]string

// Get and Keys are what BuildKit's shell lexer asks for.
func (e environment) Get(name string) (string, bool) { value, ok := e[name]; return value, ok }

// Keys are the names of the known variables.
func (e environment) Keys() []string {
	names := make([]string, 0, len(e))
	for name := range e {
		names = append(names, name)
	}
	return names
}

// value expands a word; it is empty if a variable in it is not known.
func (e environment) value(word string, escape byte) string {
	result, err := shell.NewLex(rune(escape)).ProcessWordWithMatches(word, e)
	if err != nil || len(result.Unmatched) > 0 || len(result.Result) > maxValue {
		return ""
	}
	return result.Result
}

// globalEnvironment evaluates the defaults of the ARGs in front of the first FROM.
func globalEnvironment(globals []*Instruction) environment {
	e := environment{}
	for _, inst := range globals {
		if inst.Name != "ARG" {
			continue
		}
		for _, pair := range inst.Pairs {
			if !pair.HasValue {
				continue
			}
			if value := e.value(pair.Value.Text, inst.Escape); value != "" {
				e[pair.Key.Text] = value
				continue
			}
			delete(e, pair.Key.Text)
		}
	}
	return e
}
