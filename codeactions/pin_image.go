package codeactions

import (
	"strings"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/image"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

// pinImage offers the digest of an image that stands elsewhere than in a FROM: in COPY --from, in the from of a mount, or in the
// syntax directive.
func pinImage(s *analysis.Snapshot, place text.Span) []Action {
	for _, word := range otherImages(s.Model()) {
		ref, err := image.Parse(word.Text)
		if !word.Touches(place) || err != nil || ref.Digest != "" || word.Len() != len(word.Text) || strings.Contains(word.Text, "$") {
			continue
		}
		a := Action{Title: "Insert digest of " + ref.Key(), Kind: Rewrite, Risk: Asked, again: digestBehind(word, ref)}
		if a.Edits, a.Asks = a.again(s, s.Facts().Images); a.Asks == nil && len(a.Edits) == 0 {
			return nil
		}
		return []Action{a}
	}
	return nil
}

// digestBehind asks what an image is, and puts its digest behind its reference; without a tag what it means today is written too.
func digestBehind(word syntax.Word, ref image.Reference) again {
	return func(_ *analysis.Snapshot, known image.Known) ([]text.Edit, *lint.Ask) {
		facts, asked := known[ref.Key()]
		if !asked {
			return nil, &lint.Ask{Title: "Insert digest of " + ref.Key(), Image: ref}
		}
		if facts.Digest == "" {
			return nil, nil
		}
		end := text.Span{Start: word.End, End: word.End}
		return []text.Edit{{Span: end, New: "@" + facts.Digest}}, nil
	}
}

// otherImages are the words that name images besides those of FROM.
func otherImages(m *dockerfile.Model) []syntax.Word {
	var words []syntax.Word
	for _, d := range m.Directives {
		if strings.EqualFold(d.Name.Text, "syntax") && !d.Repeated {
			words = append(words, d.Value)
		}
	}
	for _, inst := range m.Instructions {
		for _, origin := range m.Origins(inst) {
			if origin.Stage == nil && origin.Err == nil && !origin.Numbered && origin.Image.Name != "scratch" {
				words = append(words, origin.Word)
			}
		}
	}
	return words
}
