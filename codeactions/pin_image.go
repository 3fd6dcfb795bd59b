package codeactions

import (
	"fmt"
	"slices"
	"strings"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/image"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/rules"
	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

// pinImage offers what no finding offers for the image at a place: to update a digest, of which nobody knows yet whether its
// tag means another one, and everything about an image that stands elsewhere than in a FROM.
func pinImage(s *analysis.Snapshot, place text.Span) []Action {
	pin, ok := pinAt(s, place)
	if !ok {
		return nil
	}
	a := Action{Title: pin.title, Kind: Rewrite, Risk: Asked, again: pin.again}
	if a.Edits, a.Asks = a.again(s, s.Facts().Images); a.Asks == nil && len(a.Edits) == 0 {
		return nil
	}
	return []Action{a}
}

// pin is what may be written into an image reference to make it the same every time, and for people to read.
type pin struct {
	word  syntax.Word
	title string
	again again
}

func pinAt(s *analysis.Snapshot, place text.Span) (pin, bool) {
	m := s.Model()
	for _, word := range otherImages(m) {
		if word.Touches(place) {
			return pinOf(word)
		}
	}
	for _, stage := range m.Stages {
		ref, external := m.External(stage)
		if !external || ref.Tag == "" || ref.Digest == "" || !stage.Base.Touches(place) {
			continue
		}
		if slices.ContainsFunc(s.Findings(), func(f lint.Finding) bool {
			return f.Rule.ID == rules.OutdatedDigest && stage.Base.Contains(f.Span) && f.Touches(place)
		}) {
			return pin{}, false
		}
		digest, ok := rules.WrittenDigest(m, stage, ref)
		return updateDigest(stage.Base, digest, ref), ok
	}
	return pin{}, false
}

// pinOf is what a reference lacks; false where it is not plain. No reference lacks more than one of these.
func pinOf(word syntax.Word) (pin, bool) {
	ref, err := image.Parse(word.Text)
	if err != nil || word.Len() != len(word.Text) || strings.Contains(word.Text, "$") {
		return pin{}, false
	}
	switch {
	case ref.Digest == "" && ref.Tag == "":
		return insertVersion(word, ref), true
	case ref.Digest == "":
		return insertDigest(word, ref), true
	case ref.Tag == "":
		return insertTag(word, ref), true
	}
	return updateDigest(word, text.Span{Start: word.End - len(ref.Digest), End: word.End}, ref), true
}

func insertDigest(word syntax.Word, ref image.Reference) pin {
	title := "Insert digest of " + ref.Key()
	return pin{word, title, func(_ *analysis.Snapshot, known image.Known) ([]text.Edit, *lint.Ask) {
		facts, asked := known[ref.Key()]
		switch {
		case !asked:
			return nil, &lint.Ask{Title: title, Image: ref}
		case facts.Digest == "":
			return nil, nil
		}
		return addTo(word, "@"+facts.Digest), nil
	}}
}

// insertVersion writes what a reference without tag means today. Where no tag has a version it writes latest, which no rule
// minds in other places than FROM.
func insertVersion(word syntax.Word, ref image.Reference) pin {
	title := rules.TodaysVersionTitle(ref)
	return pin{word, title, func(_ *analysis.Snapshot, known image.Known) ([]text.Edit, *lint.Ask) {
		today, ask := rules.TodaysVersion(known, ref, title)
		if ask != nil || today.Digest == "" {
			return nil, ask
		}
		if today.Tag == "" {
			today.Tag = "latest"
		}
		return addTo(word, ":"+today.Tag+"@"+today.Digest), nil
	}}
}

func insertTag(word syntax.Word, ref image.Reference) pin {
	title := "Insert tag of " + ref.Name
	return pin{word, title, func(_ *analysis.Snapshot, known image.Known) ([]text.Edit, *lint.Ask) {
		tag, ask := rules.TagOfDigest(known, ref, title)
		if tag == "" {
			return nil, ask
		}
		at := word.End - len("@"+ref.Digest)
		return []text.Edit{{Span: text.Span{Start: at, End: at}, New: ":" + tag}}, nil
	}}
}

func updateDigest(word syntax.Word, digest text.Span, ref image.Reference) pin {
	title := rules.UpdateDigestTitle(ref)
	return pin{word, title, func(_ *analysis.Snapshot, known image.Known) ([]text.Edit, *lint.Ask) {
		facts, asked := known[ref.Key()]
		switch {
		case !asked:
			return nil, &lint.Ask{Title: title, Image: image.Reference{Name: ref.Name, Tag: ref.Tag},
				Otherwise: fmt.Sprintf("`%s` still means this digest: there is nothing to update.", ref.Key())}
		case facts.Digest == "" || facts.Means(ref.Digest):
			return nil, nil
		}
		return []text.Edit{{Span: digest, New: facts.Digest}}, nil
	}}
}

// addTo puts a text behind a word.
func addTo(word syntax.Word, more string) []text.Edit {
	return []text.Edit{{Span: text.Span{Start: word.End, End: word.End}, New: more}}
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
		if inst.Inner != nil {
			inst = inst.Inner
		}
		for _, origin := range m.Origins(inst) {
			if origin.Stage == nil && origin.Err == nil && !origin.Numbered && origin.Image.Name != "scratch" {
				words = append(words, origin.Word)
			}
		}
	}
	return words
}
