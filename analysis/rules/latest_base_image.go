package rules

import (
	"fmt"
	"strings"

	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

var latestBaseImage = &lint.Rule{
	ID:       "latest-base-image",
	Aliases:  []string{"DL3007"},
	Severity: lint.Warning,
	Section:  1,
	Title:    "A base image has the tag latest.",
	Why: "`latest` is only the tag that is taken where none is given: it moves with every release, over major versions " +
		"too, so that a build gives another image from one day to the next.",
	Check: func(p *lint.Pass) {
		for _, stage := range p.Stages {
			ref, external := p.External(stage)
			if !external || ref.Tag != "latest" || ref.Digest != "" {
				continue
			}
			tag := tagOf(stage.Base)
			f := lint.Finding{
				Span: withoutColon(tag, stage.Base),
				Message: fmt.Sprintf(
					"`%s` is another image with every release: write a version, as `%s:version`.", p.Base(stage), ref.Name),
				Fixes: smallNode(p, stage, ref, tag),
			}
			p.Report(withTodaysVersion(p, stage, ref, f))
		}
	},
}

// isPlainImage reports whether the word of an image that is known is its reference as it stands in the file: without quotes,
// variables and continuations, in which no part has a place of its own.
func isPlainImage(word syntax.Word) bool {
	return word.Len() == len(word.Text) && !strings.ContainsAny(word.Text, "$'\"\\`")
}

// tagOf is the tag of an image reference with its colon, or the whole word where none is written, or no plain one.
func tagOf(word syntax.Word) text.Span {
	tagged, _, _ := strings.Cut(word.Text, "@")
	colon := strings.LastIndexByte(tagged, ':')
	if colon < 0 || strings.ContainsRune(tagged[colon:], '/') || !isPlainImage(word) {
		return word.Span
	}
	return text.Span{Start: word.Start + colon, End: word.Start + len(tagged)}
}

// withoutColon is the tag alone, of what [tagOf] found in a word: the whole word begins with no colon.
func withoutColon(tag text.Span, word syntax.Word) text.Span {
	if tag == word.Span {
		return tag
	}
	return text.Span{Start: tag.Start + 1, End: tag.End}
}
