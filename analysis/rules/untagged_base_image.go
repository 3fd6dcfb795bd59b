package rules

import (
	"fmt"
	"slices"
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
	Why: "Without a tag Docker takes `latest`, whatever that is on the day of the build. A tag with a digest gives the " +
		"same base image every time, and a small variant such as alpine brings less along that can be vulnerable.",
	Check: func(p *lint.Pass) {
		for _, stage := range p.Stages {
			ref, external := p.External(stage)
			if !external || ref.Tag != "" || ref.Digest != "" {
				continue
			}
			base := p.Base(stage)
			end := text.Span{Start: stage.Base.End, End: stage.Base.End}
			f := lint.Finding{
				Span: stage.Base.Span,
				Message: fmt.Sprintf(
					"`%s` has no tag, so that every build may take another image: write a version, as "+
						"`%[1]s:version`.", base),
				Fixes: smallNode(p, stage, ref, end),
			}
			p.Report(withTodaysVersion(p, stage, ref, f))
		}
	},
}

// withTodaysVersion is a finding at an image without version that has the version of today with its digest as its first fix
// where registries have said it, and else asks for it.
func withTodaysVersion(p *lint.Pass, stage *dockerfile.Stage, ref image.Reference, f lint.Finding) lint.Finding {
	word, ok := writtenIn(p.Model, stage.Base)
	if !ok || !strings.HasSuffix(word.Text, ref.Tag) {
		return f
	}
	title := TodaysVersionTitle(ref)
	today, ask := TodaysVersion(p.Images, ref, title)
	if f.Ask = ask; ask != nil || today.Tag == "" {
		return f
	}
	fix := lint.Fix{Title: title, Asked: true, Edits: []text.Edit{{
		Span: text.Span{Start: word.End - len(ref.Tag), End: word.End},
		New:  today.Tag + "@" + today.Digest,
	}}}
	if ref.Tag == "" {
		fix.Edits[0].New = ":" + fix.Edits[0].New
	}
	f.Fixes = slices.Insert(f.Fixes, 0, fix)
	return f
}

// smallNode offers the tag that the cheat sheet recommends for the official node image, in place of a span that holds the
// tag with its colon. It offers nothing where the image is not plain, or where what runs on it is not there.
func smallNode(p *lint.Pass, stage *dockerfile.Stage, ref image.Reference, tag text.Span) []lint.Fix {
	if _, official := ref.Node(); !official || !isPlainImage(stage.Base) || lackedBy(p, p.Root(stage), "lts-alpine") != "" {
		return nil
	}
	return []lint.Fix{{
		Title: "Use node:lts-alpine",
		Edits: []text.Edit{{Span: tag, New: ":lts-alpine"}},
		Risk:  "another C library and fewer packages",
	}}
}
