package rules

import (
	"fmt"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/image"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/text"
)

var fullSizeBaseImage = &lint.Rule{
	ID:       FullSizeBaseImage,
	Severity: lint.Information,
	Section:  1,
	Title:    "The final stage stands on the full-size variant of an image that has a smaller one.",
	Why: "The full-size images bring compilers, version control and hundreds of packages along, each with its own " +
		"vulnerabilities and megabytes. What a build needs of it belongs into a build stage. `slim` has the same C " +
		"library; `alpine` has another one, which compiled modules notice.",
	Check: func(p *lint.Pass) {
		final := p.Final()
		if final == nil || final.Development() || !ownCommand(p, final) {
			return
		}
		root := p.Root(final)
		ref, external := p.External(root)
		if !external {
			return
		}
		smaller := ref.Smaller()
		if len(smaller) == 0 {
			return
		}
		f := lint.Finding{
			Span:    withoutColon(tagOf(root.Base), root.Base),
			Message: fmt.Sprintf("`%s` has %s in it: take `%s:%s`.", p.Base(root), ballast(ref), ref.Name, smaller[0]),
		}
		var possible []string
		for _, tag := range smaller {
			reason := lackedBy(p, root, tag)
			if reason == "" {
				possible = append(possible, tag)
				continue
			}
			f.Refusals = append(f.Refusals, lint.Refusal{Title: fmt.Sprintf("Use %s:%s", ref.Name, tag), Reason: reason})
		}
		switch tag, ok := writtenTag(p, root, ref); {
		case !ok || len(possible) == 0:
		case ref.Digest == "":
			f.Fixes = smallerVariants(ref, possible, tag)
		default:
			f = withSmallerDigest(p, f, ref, possible[0], tag)
		}
		p.Report(f)
	},
}

// ballast is what the smaller variants of an image leave out.
func ballast(ref image.Reference) string {
	if ref.Name == "debian" {
		return "documentation and translations"
	}
	return "compilers and hundreds of packages"
}

// writtenTag is where the tag of a base image stands in the file, up to the end of its digest: in FROM, or in the default
// of a build argument that no other stage takes.
func writtenTag(p *lint.Pass, stage *dockerfile.Stage, ref image.Reference) (tag text.Span, ok bool) {
	word, ok := writtenIn(p.Model, stage.Base)
	written := ref.Tag
	if ref.Digest != "" {
		written += "@" + ref.Digest
	}
	if !ok || !strings.HasSuffix(word.Text, written) {
		return tag, false
	}
	for _, s := range p.Stages {
		if word != stage.Base && s != stage && s.Base.Text == stage.Base.Text {
			return tag, false
		}
	}
	return text.Span{Start: word.End - len(written), End: word.End}, true
}

func smallerVariants(ref image.Reference, tags []string, place text.Span) []lint.Fix {
	var fixes []lint.Fix
	for _, tag := range tags {
		fixes = append(fixes, lint.Fix{
			Title: fmt.Sprintf("Use %s:%s", ref.Name, tag),
			Edits: []text.Edit{{Span: place, New: tag}},
			Risk:  riskOfSmaller(tag),
		})
	}
	return fixes
}

// withSmallerDigest is a finding at an image with a digest, which a smaller variant has another one of: the registry has
// to say it.
func withSmallerDigest(p *lint.Pass, f lint.Finding, ref image.Reference, tag string, place text.Span) lint.Finding {
	variant := image.Reference{Name: ref.Name, Tag: tag}
	title, risk := fmt.Sprintf("Use %s with its digest", variant.Key()), riskOfSmaller(tag)
	facts, known := p.Images[variant.Key()]
	switch {
	case !known:
		f.Ask = &lint.Ask{Title: title, Risk: risk, Image: variant}
	case facts.Digest != "":
		edits := []text.Edit{{Span: place, New: tag + "@" + facts.Digest}}
		f.Fixes = []lint.Fix{{Title: title, Edits: edits, Asked: true, Risk: risk}}
	}
	return f
}

func riskOfSmaller(tag string) string {
	if strings.Contains(tag, "alpine") {
		return "another C library and fewer packages"
	}
	return "fewer packages"
}
