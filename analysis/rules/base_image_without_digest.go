package rules

import (
	"fmt"
	"strings"
	"unicode"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/image"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

var baseImageWithoutDigest = &lint.Rule{
	ID:       BaseImageWithoutDigest,
	Severity: lint.Information,
	Section:  1,
	Title:    "A base image has a tag and no digest.",
	Why: "A tag can be moved: the same Dockerfile gives another image after every rebuild of the base image. The digest " +
		"is the image itself. Keep the tag in front of it, for people to read: `node:lts-alpine@sha256:…`.",
	Check: func(p *lint.Pass) {
		for _, stage := range p.Stages {
			ref, external := p.External(stage)
			if !external || ref.Digest != "" || ref.Tag == "" || ref.Tag == "latest" ||
				strings.Count(stage.Base.Text, "$") > 1 {
				continue
			}
			p.Report(digestMissing(p, stage, ref))
		}
	},
}

// digestMissing has the digest as a fix where the registry has said it, and else asks for it: behind the image as it is
// written, or in the default of the build argument that it comes from.
func digestMissing(p *lint.Pass, stage *dockerfile.Stage, ref image.Reference) lint.Finding {
	f := lint.Finding{
		Span: stage.Base.Span,
		Message: fmt.Sprintf("`%s` can be another image tomorrow: %s.", p.Base(stage),
			addDigest(stage.Base.Text, p.Base(stage))),
	}
	title := fmt.Sprintf("Insert digest of %s", p.Base(stage))
	facts, known := p.Images[ref.Key()]
	word, ok := writtenIn(p.Model, stage.Base)
	switch {
	case !ok:
	case known && facts.Digest != "":
		end := text.Span{Start: word.End, End: word.End}
		f.Fixes = []lint.Fix{{Title: title, Edits: []text.Edit{{Span: end, New: "@" + facts.Digest}}, Asked: true}}
	case !known:
		f.Ask = &lint.Ask{Title: title, Image: ref}
	}
	return f
}

// writtenIn is the word of the file that an image reference stands in, or ends with: it can be given another end. It is the
// reference itself where that is plain, or the default of a build argument.
func writtenIn(m *dockerfile.Model, base syntax.Word) (word syntax.Word, ok bool) {
	if isPlainImage(base) {
		return base, true
	}
	return defaultOf(m, base)
}

// defaultOf is the default of the global build argument that an image reference ends with: of one that feeds this reference
// and nothing else, so that a digest behind it changes nothing else.
func defaultOf(m *dockerfile.Model, base syntax.Word) (word syntax.Word, ok bool) {
	_, name, _ := strings.Cut(base.Text, "$")
	if braced, inBraces := strings.CutPrefix(name, "{"); inBraces {
		name, inBraces = strings.CutSuffix(braced, "}")
		if !inBraces {
			return word, false
		}
	}
	if name == "" || strings.ContainsFunc(name, func(c rune) bool {
		return c != '_' && !unicode.IsLetter(c) && !unicode.IsDigit(c)
	}) {
		return word, false // ${NAME:-…}, or something behind the variable
	}
	unbraced := strings.NewReplacer("{", "", "}", "")
	same := map[*dockerfile.Instruction]bool{}
	for _, stage := range m.Stages {
		same[stage.From] = unbraced.Replace(stage.Base.Text) == unbraced.Replace(base.Text)
	}
	found := 0
	for _, inst := range m.Instructions {
		switch {
		case same[inst]:
		case inst.Name == "ARG" && m.StageOf(inst) == nil && len(inst.Pairs) == 1 && inst.Pairs[0].Key.Text == name:
			word = inst.Pairs[0].Value
			found++
		case strings.Contains(inst.Of(m.Text), name):
			return word, false
		}
	}
	return word, found == 1 && word.Text != "" && word.Len() == len(word.Text) && !strings.ContainsAny(word.Text, "$\"'\\`")
}

// addDigest says where a digest has its place. Behind a variable in FROM it would win over whatever the variable brings.
func addDigest(written, base string) string {
	if strings.Contains(written, "$") {
		return fmt.Sprintf("make the whole image with its digest the default of the build argument, as `%s@sha256:…`", base)
	}
	return fmt.Sprintf("add its digest, as `%s@sha256:…`", base)
}
