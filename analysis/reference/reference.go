// Package reference knows what the words of a Dockerfile do: one entry for each instruction, flag, key and value of
// BuildKit, and for what stands in comments. It is data in our own words, for whoever shows it.
// It must not know any Dockerfile, LSP, or what is right in a file.
package reference

import (
	"slices"
	"strings"
)

// Entry is what there is to say of one word.
type Entry struct {
	Kind Kind
	// Of is what the word belongs to: the instruction of a flag, the type of a mount's key, the flag or key of a value.
	Of   string
	Name string   // as people write it; of a flag without dashes
	Also []string // other names of the same
	// Form is how it is written, with … for what the user chooses.
	Form string
	// Text is one to three sentences. Code in it stands between backticks; there is no other markup.
	Text    string
	Default string // what counts where the word is left out; empty if there is nothing to say
	// Anchor is the section of the language's reference, or the address of another page.
	// It is empty where nothing public is said of it.
	Anchor string
	// Idle says that BuildKit takes the word here and does nothing with it.
	Idle bool
}

// Kind is what sort of word an entry is about.
type Kind int

// The kinds of words.
const (
	Instruction Kind = iota
	Flag
	MountType
	MountKey
	Value
	Directive
	Option // of a directive or of --device
	Argument
	Pragma
	Concept // what has no word of its own: a stage, a here-document
)

// Reference is the page about the language.
const Reference = "https://docs.docker.com/reference/dockerfile/"

// Page is the address of the section that the entry is described in; empty if there is none.
func (e Entry) Page() string {
	if e.Anchor == "" || strings.Contains(e.Anchor, "://") {
		return e.Anchor
	}
	return Reference + "#" + e.Anchor
}

// Is reports whether a word is the entry's; its casing counts where it counts for BuildKit.
func (e Entry) Is(name string) bool {
	if e.exact() {
		return e.Name == name
	}
	return strings.EqualFold(e.Name, name) || slices.ContainsFunc(e.Also, func(other string) bool {
		return strings.EqualFold(other, name)
	})
}

func (e Entry) exact() bool {
	switch e.Kind {
	case Flag:
		return true
	case Argument:
		return e.Of != proxy
	case Value:
		return e.Of == "network" || e.Of == "security"
	}
	return false
}

// Find is the entry of a word; false if there is none.
func Find(kind Kind, of, name string) (Entry, bool) {
	for _, e := range table(kind) {
		if e.Of == of && e.Is(name) {
			return e, true
		}
	}
	return Entry{}, false
}

// FindAny is Find for words whose kind does not have to belong to anything, as arguments.
func FindAny(kind Kind, name string) (Entry, bool) {
	for _, e := range table(kind) {
		if e.Is(name) {
			return e, true
		}
	}
	return Entry{}, false
}

// List are the entries of a kind that belong to something, in the order in which people look for them.
func List(kind Kind, of string) []Entry {
	return slices.DeleteFunc(All(kind), func(e Entry) bool { return e.Of != of })
}

// All are the entries of a kind.
func All(kind Kind) []Entry { return slices.Clone(table(kind)) }

func table(kind Kind) []Entry {
	if kind < 0 || int(kind) >= len(tables) {
		return nil
	}
	return tables[kind]
}

// tables are the entries by kind.
var tables = [...][]Entry{
	Instruction: of(Instruction, instructions),
	Flag:        of(Flag, flags),
	MountType:   of(MountType, mountTypes),
	MountKey:    of(MountKey, mountKeys),
	Value:       of(Value, values),
	Directive:   of(Directive, directives),
	Option:      of(Option, options),
	Argument:    of(Argument, arguments),
	Pragma:      of(Pragma, pragmas),
	Concept:     of(Concept, concepts),
}

func of(kind Kind, list []Entry) []Entry {
	list = slices.Clone(list)
	for i := range list {
		list[i].Kind = kind
	}
	return list
}
