package rules

import (
	"fmt"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/secret"
	"dockerfile-ls/analysis/syntax"
)

var secretInBuildArgument = &lint.Rule{
	ID:       SecretInBuildArgument,
	Aliases:  []string{"SecretsUsedInArgOrEnv", "DL3064"},
	Severity: lint.Warning,
	Section:  8,
	Title:    "An ARG or ENV is called like a secret.",
	Why: "An ENV stands in the configuration of the image, and a build argument in its history: `docker history` shows " +
		"them. A stage that is discarded does not help, since provenance attestations (mode=max) record build arguments. " +
		"A secret mount is there for one RUN only, and leaves nothing.",
	CheckInstruction: func(p *lint.Pass, inst *dockerfile.Instruction) {
		if inst.Name != "ARG" && inst.Name != "ENV" {
			return
		}
		var probable, possible []syntax.Pair
		for _, pair := range inst.Pairs {
			name := pair.Key.Text
			if _, published := secret.CutPublished(name); published || !secret.IsName(name) {
				continue
			}
			if holdsNone(inst, pair) {
				possible = append(possible, pair)
				continue
			}
			probable = append(probable, pair)
		}
		switch {
		case len(probable) > 0:
			tellSecretName(p, probable[0], append(probable[1:], possible...), 0, argumentMessage(inst, probable[0].Key.Text))
		case len(possible) > 0:
			tellSecretName(p, possible[0], possible[1:], lint.Information, possibleMessage(possible[0].Key.Text))
		}
	},
}

// holdsNone reports whether the value of a pair is written out and is not what anybody hides.
func holdsNone(inst *dockerfile.Instruction, pair syntax.Pair) bool {
	value, known := writtenValue(inst, pair)
	return known && secret.IsHarmless(value)
}

// writtenValue is the value of a pair, if it is written out.
func writtenValue(inst *dockerfile.Instruction, pair syntax.Pair) (value string, known bool) {
	expanded := syntax.Expand(pair.Value.Text, inst.Escape)
	return expanded.Text, pair.HasValue && !expanded.Variables && expanded.Problem == nil
}

func possibleMessage(name string) string {
	return fmt.Sprintf("`%s` is called like a secret, though what it is set to looks like none: "+
		"if it gets one, use a secret mount in the build, or set it when the container runs.", name)
}

func argumentMessage(inst *dockerfile.Instruction, name string) string {
	if inst.Name == "ENV" {
		return fmt.Sprintf("`%s` stays in the configuration of the image: set it when the container runs, or, where the "+
			"build needs it, write `RUN %s`.", name, secretMount(name))
	}
	return fmt.Sprintf("`%s` stays in the history of the image and, even if the stage is discarded, in provenance "+
		"attestations: write `RUN %s`.", name, secretMount(name))
}

// secretMount is the flag that gives a RUN the variable as a secret.
func secretMount(name string) string {
	return fmt.Sprintf("--mount=type=secret,id=%s,env=%s", strings.ToLower(name), name)
}

// tellSecretName tells the first name of an instruction, and the others as related information.
func tellSecretName(p *lint.Pass, first syntax.Pair, others []syntax.Pair, severity lint.Severity, message string) {
	f := lint.Finding{Span: first.Key.Span, Severity: severity, Message: message}
	for _, pair := range others {
		f.Related = append(f.Related, lint.Related{
			Span: pair.Key.Span, Message: fmt.Sprintf("`%s` is called like a secret too", pair.Key.Text),
		})
	}
	p.Report(f)
}
