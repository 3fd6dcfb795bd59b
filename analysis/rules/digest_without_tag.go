package rules

import (
	"fmt"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/image"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

var digestWithoutTag = &lint.Rule{
	ID:       "digest-without-tag",
	Severity: lint.Information,
	Section:  1,
	Title:    "A base image has a digest and no tag.",
	Why: "The build is the same every time, but nobody can read which version it takes, and tools that update digests do " +
		"not know which tag to follow. Docker ignores the tag where there is a digest, so that it costs nothing.",
	Check: func(p *lint.Pass) {
		for _, stage := range p.Stages {
			ref, external := p.External(stage)
			if !external || ref.Digest == "" || ref.Tag != "" {
				continue
			}
			p.Report(tagMissing(p, stage, ref))
		}
	},
}

// tagMissing has the tag as a fix where registries have said which one means the digest, and else asks for it.
func tagMissing(p *lint.Pass, stage *dockerfile.Stage, ref image.Reference) lint.Finding {
	f := lint.Finding{
		Span: digestOf(stage.Base),
		Message: fmt.Sprintf(
			"The digest does not say which version it is: write the tag in front of it, as "+
				"`%s:version@sha256:…`.", ref.Name),
	}
	place, ok := WrittenDigest(p.Model, stage, ref)
	if word, _ := writtenIn(p.Model, stage.Base); !ok || !strings.HasSuffix(word.Text, "@"+ref.Digest) {
		return f
	}
	title := "Insert tag of " + ref.Name
	tag, ask := TagOfDigest(p.Images, ref, title)
	if f.Ask = ask; tag != "" {
		at := text.Span{Start: place.Start - 1, End: place.Start - 1}
		f.Fixes = []lint.Fix{{Title: title, Edits: []text.Edit{{Span: at, New: ":" + tag}}, Asked: true}}
	}
	return f
}

// digestOf is the digest of an image reference without its @, or the whole word where none is written, or no plain one.
func digestOf(word syntax.Word) text.Span {
	at := strings.IndexByte(word.Text, '@')
	if at < 0 || !isPlainImage(word) {
		return word.Span
	}
	return text.Span{Start: word.Start + at + 1, End: word.End}
}
