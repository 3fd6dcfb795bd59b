package hover

import (
	"slices"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/secret"
)

// isSecret reports whether a variable is called like a secret.
func isSecret(name string) bool { return secret.IsName(name) || secret.IsPublishedName(name) }

// readsSecret reports whether a text has a variable in it that is called like a secret, or is made of such a one anywhere in
// the file.
func (p *place) readsSecret(written string) bool {
	declared := slices.ContainsFunc(p.pairs(), func(b binding) bool { return isSecret(b.Key.Text) })
	if !declared {
		return false // and what the file does not set has no value that could be shown
	}
	texts := map[string][]string{} // by the name of the variable that has them
	for _, b := range p.pairs() {
		if strings.Contains(b.Value.Text, "$") {
			texts[b.Key.Text] = append(texts[b.Key.Text], b.Value.Text)
		}
	}
	waiting := appendNames(nil, written)
	for len(waiting) > 0 {
		name := waiting[len(waiting)-1]
		waiting = waiting[:len(waiting)-1]
		if isSecret(name) {
			return true
		}
		for _, text := range texts[name] {
			waiting = appendNames(waiting, text)
		}
		delete(texts, name)
	}
	return false
}

// appendNames adds what may be the name of a variable in a text, be it escaped: what stands behind each $.
func appendNames(names []string, written string) []string {
	for {
		_, rest, found := strings.Cut(written, "$")
		if !found {
			return names
		}
		name := strings.TrimPrefix(rest, "{")
		end := strings.IndexFunc(name, func(c rune) bool {
			return c != '_' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z')
		})
		if end < 0 {
			end = len(name)
		}
		if end > 0 {
			names = append(names, name[:end])
		}
		written = rest
	}
}

// pairs are all pairs of ARG and ENV in the file.
func (p *place) pairs() []binding {
	if p.bindings != nil {
		return p.bindings
	}
	all := []binding{}
	for _, outer := range p.Instructions {
		for _, inst := range [...]*dockerfile.Instruction{outer, outer.Inner} {
			if inst == nil || inst.Name != "ARG" && inst.Name != "ENV" {
				continue
			}
			for _, pair := range inst.Pairs {
				all = append(all, binding{pair, inst})
			}
		}
	}
	p.bindings = all
	return all
}

// secrets are the values of the variables of the file that are called like secrets, as they are written and with their
// variables filled in.
func (p *place) secrets() []string {
	var values []string
	for _, b := range p.pairs() {
		if !b.HasValue || !isSecret(b.Key.Text) {
			continue
		}
		for _, value := range [...]string{strings.Trim(b.Value.Text, `"'`), p.Expand(b.inst, b.Value.Text).Text} {
			if !secret.IsHarmless(value) {
				values = append(values, value)
			}
		}
	}
	return values
}
