package codeactions

import (
	"slices"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/syntax"
)

// declares reports whether an ARG or ENV that runs in front of an instruction declares a variable.
func declares(m *dockerfile.Model, inst *dockerfile.Instruction, name string) bool {
	for other := range m.Before(inst) {
		isName := func(pair syntax.Pair) bool { return pair.Key.Text == name }
		if (other.Name == "ARG" || other.Name == "ENV") && slices.ContainsFunc(other.Pairs, isName) {
			return true
		}
	}
	return false
}

// mentions reports whether a name stands in a text as a word of its own.
func mentions(source, name string) bool {
	for from := 0; ; {
		i := strings.Index(source[from:], name)
		if i < 0 {
			return false
		}
		start, end := from+i, from+i+len(name)
		if (start == 0 || !isNameByte(source[start-1])) && (end == len(source) || !isNameByte(source[end])) {
			return true
		}
		from = end
	}
}

// isRead reports whether a variable stands in a text, with what begins it, and not as the beginning of another one.
func isRead(source, variable string) bool {
	for {
		_, rest, found := strings.Cut(source, variable)
		if !found || rest == "" || !isNameByte(rest[0]) {
			return found
		}
		source = rest
	}
}

func isNameByte(b byte) bool {
	return b == '_' || '0' <= b && b <= '9' || 'A' <= b && b <= 'Z' || 'a' <= b && b <= 'z'
}
