package rules

import (
	"fmt"
	"strings"

	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

var digestWithoutTag = &lint.Rule{
	ID:       "digest-without-tag",
	Severity: lint.Information,
	Section:  1,
	Title:    "A base image has a digest and no tag.",
	Why: "The build is the same every time, but nobody can read which version it takes, and tools that update digests do not " +
		"know which tag to follow. Docker ignores the tag where there is a digest, so that it costs nothing.",
	Check: func(p *lint.Pass) {
		for _, stage := range p.Stages {
			ref, external := p.External(stage)
			if !external || ref.Digest == "" || ref.Tag != "" {
				continue
			}
			p.Tell(digestOf(stage.Base), fmt.Sprintf("The digest does not say which version it is: write the tag in front of it, as `%s:version@sha256:…`.", ref.Name))
		}
	},
}

// digestOf is the digest of an image reference without its @, or the whole word where it does not stand there as written.
func digestOf(word syntax.Word) text.Span {
	at := strings.IndexByte(word.Text, '@')
	if at < 0 || word.Len() != len(word.Text) {
		return word.Span
	}
	return text.Span{Start: word.Start + at + 1, End: word.End}
}
