package rules

import (
	"fmt"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/image"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/text"
)

var baseImageWithoutDigest = &lint.Rule{
	ID:       "base-image-without-digest",
	Severity: lint.Information,
	Section:  1,
	Title:    "A base image has a tag and no digest.",
	Why: "A tag can be moved: the same Dockerfile gives another image after every rebuild of the base image. The digest is " +
		"the image itself. Keep the tag in front of it, for people to read: `node:lts-alpine@sha256:…`.",
	Check: func(p *lint.Pass) {
		for _, stage := range p.Stages {
			ref, external := p.External(stage)
			if !external || ref.Digest != "" || ref.Tag == "" || ref.Tag == "latest" || strings.Count(stage.Base.Text, "$") > 1 {
				continue
			}
			p.Report(digestMissing(p, stage, ref))
		}
	},
}

// digestMissing has the digest as a fix where the registry has said it, and else asks for it. Where the
// image is not plain it has no place.
func digestMissing(p *lint.Pass, stage *dockerfile.Stage, ref image.Reference) lint.Finding {
	f := lint.Finding{
		Span:    stage.Base.Span,
		Message: fmt.Sprintf("`%s` can be another image tomorrow: %s.", p.Base(stage), addDigest(stage.Base.Text, p.Base(stage))),
	}
	title := fmt.Sprintf("Insert digest of %s", p.Base(stage))
	facts, known := p.Images[ref.Key()]
	switch {
	case !isPlainImage(stage.Base):
	case known && facts.Digest != "":
		end := text.Span{Start: stage.Base.End, End: stage.Base.End}
		f.Fixes = []lint.Fix{{Title: title, Edits: []text.Edit{{Span: end, New: "@" + facts.Digest}}, Asked: true}}
	case !known:
		f.Ask = &lint.Ask{Title: title, Image: ref}
	}
	return f
}

// addDigest says where a digest has its place. Behind a variable in FROM it would win over whatever the variable brings.
func addDigest(written, base string) string {
	if strings.Contains(written, "$") {
		return fmt.Sprintf("make the whole image with its digest the default of the build argument, as `%s@sha256:…`", base)
	}
	return fmt.Sprintf("add its digest, as `%s@sha256:…`", base)
}
