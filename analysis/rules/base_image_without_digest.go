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
			p.Tell(stage.Base.Span, fmt.Sprintf("`%s` can be another image tomorrow: %s.", p.Base(stage), addDigest(stage.Base.Text, p.Base(stage))))
		}
	},
}

// addDigest says where a digest has its place. Behind a variable in FROM it would win over whatever the variable brings.
func addDigest(written, base string) string {
	if strings.Contains(written, "$") {
		return fmt.Sprintf("make the whole image with its digest the default of the build argument, as `%s@sha256:…`", base)
	}
	return fmt.Sprintf("add its digest, as `%s@sha256:…`", base)
}
