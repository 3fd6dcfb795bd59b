package rules

import (
	"fmt"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/secret"
	"dockerfile-ls/analysis/syntax"
)

var secretInFrontendBuild = &lint.Rule{
	ID:       "secret-in-frontend-build",
	Severity: lint.Information,
	Section:  8,
	Title:    "A variable that is called like a secret goes into the code that browsers get.",
	Why: "Bundlers write the values of variables with their prefix into the JavaScript: NEXT_PUBLIC_, VITE_, REACT_APP_, " +
		"NUXT_PUBLIC_ and the like. No mount hides them. What is secret belongs to the server, under a name without the " +
		"prefix.",
	CheckInstruction: func(p *lint.Pass, inst *dockerfile.Instruction) {
		if inst.Name != "ARG" && inst.Name != "ENV" {
			return
		}
		var found []syntax.Pair // an empty default of an argument is there to be replaced
		for _, pair := range inst.Pairs {
			value, known := writtenValue(inst, pair)
			if secret.IsPublishedName(pair.Key.Text) && (!known || value == "" || !secret.IsHarmless(value)) {
				found = append(found, pair)
			}
		}
		if len(found) == 0 {
			return
		}
		name := found[0].Key.Text
		rest, _ := secret.CutPublished(name)
		tellSecretName(p, found[0], found[1:], 0, fmt.Sprintf("`%s` goes into the JavaScript that every browser gets, as "+
			"all that begins with `%s`: if it is secret, rename it, and read it on the server "+
			"only.", name, strings.TrimSuffix(name, rest)))
	},
}
