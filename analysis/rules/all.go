// Package rules knows the mistakes that people make in Dockerfiles: one file for each rule.
// It must not know LSP, and does no I/O.
package rules

import "dockerfile-ls/analysis/lint"

// All lists every rule in the order in which they run: where two rules could tell the same thing, the first one tells it.
func All() []*lint.Rule {
	return []*lint.Rule{
		untaggedBaseImage,
	}
}
