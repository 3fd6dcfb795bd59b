package rules

import (
	"fmt"
	"strings"

	"dockerfile-ls/analysis/lint"
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
			p.Tell(stage.Base.Span, fmt.Sprintf("`%s` can be another image tomorrow: add its digest, as `%s@sha256:…`.", p.Base(stage), p.Base(stage)))
		}
	},
}
