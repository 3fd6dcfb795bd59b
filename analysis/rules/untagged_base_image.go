package rules

import (
	"fmt"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/image"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/text"
)

var untaggedBaseImage = &lint.Rule{
	ID:       "untagged-base-image",
	Aliases:  []string{"DL3006"},
	Severity: lint.Warning,
	Section:  1,
	Title:    "A base image has neither tag nor digest.",
	Why: "Without a tag Docker takes `latest`, whatever that is on the day of the build. A tag with a digest gives the same " +
		"base image every time, and a small variant such as alpine brings less along that can be vulnerable.",
	Check: func(p *lint.Pass) {
		for _, stage := range p.Stages {
			base := p.Base(stage)
			if base == "" || base == "scratch" || isStageName(p, stage, base) {
				continue
			}
			ref, err := image.Parse(base)
			if err != nil || ref.Tag != "" || ref.Digest != "" {
				continue
			}
			p.Tell(stage.Base.Span, fmt.Sprintf("`%s` has no tag, so that every build may take another image: write a version, as `%s:version`.", base, base),
				smallVariant(stage, ref)...)
		}
	},
}

// isStageName reports whether an earlier stage has the name, in any casing: then it is what people mean.
func isStageName(p *lint.Pass, stage *dockerfile.Stage, name string) bool {
	for _, earlier := range p.Stages[:stage.Index] {
		if earlier.Name.Text != "" && strings.EqualFold(earlier.Name.Text, name) {
			return true
		}
	}
	return false
}

// smallVariant offers what the cheat sheet recommends for the official node image.
func smallVariant(stage *dockerfile.Stage, ref image.Reference) []lint.Fix {
	if ref.Name != "node" || stage.Base.Text != "node" {
		return nil
	}
	return []lint.Fix{{
		Title: "Use node:lts-alpine",
		Edits: []text.Edit{{Span: text.Span{Start: stage.Base.End, End: stage.Base.End}, New: ":lts-alpine"}},
		Risk:  "another C library and fewer packages",
	}}
}
