package codeactions

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"dockerfile-ls/analysis/image"
	"dockerfile-ls/analysis/text"
)

// TestAskedOnCorpus makes every action that asks a registry at every image of every file of the corpus, in several
// spellings, and holds the laws for what it comes to when the registry has an answer. A second time nothing is left to ask.
func TestAskedOnCorpus(t *testing.T) {
	l := laws{T: t, made: map[string]int{}}
	l.onSpellings(l.asked)
	t.Log(l.made)
	for _, title := range []string{"Insert digest", "Insert digests", "Insert today's", "Update digest"} {
		if l.made[title] < 10 {
			t.Errorf("%s is tried %d times", title, l.made[title])
		}
	}
}

// asked makes the actions at each image of a file.
func (l *laws) asked(files fstest.MapFS, name string) {
	l.Helper()
	before := open(files, name)
	var places []text.Span
	for _, stage := range before.Model().Stages {
		places = append(places, text.Span{Start: stage.Base.End, End: stage.Base.End})
	}
	for _, word := range otherImages(before.Model()) {
		places = append(places, text.Span{Start: word.End, End: word.End})
	}
	for _, place := range places {
		for _, a := range At(before, place) {
			if a.Asks == nil {
				continue
			}
			title := a.Title
			a, known, err := a.Answer(before, everyImage)
			if err != nil {
				l.Errorf("%s: %s: %v", l.name, title, err)
				continue
			}
			words := strings.Fields(title)
			l.made[strings.Join(words[:2], " ")]++
			after := l.one(files, name, before, a, true)
			if after == nil {
				continue
			}
			at := moved(place.Start, a.Edits)
			after = after.Knowing(known)
			for _, again := range At(after, text.Span{Start: at, End: at}) {
				if again.Title == title {
					l.Errorf("%s: %s is offered again:\n%s", l.name, title, after.Text())
				}
			}
		}
	}
}

// everyImage is a registry that has each image, made for the version 26.2.0 of the program that it is named for.
func everyImage(q image.Question) (image.Facts, error) {
	name := q.Reference.Name[strings.LastIndexByte(q.Reference.Name, '/')+1:]
	variable := strings.ToUpper(strings.NewReplacer("-", "_", ".", "_").Replace(name)) + "_VERSION"
	return image.Facts{
		Digest:  fmt.Sprintf("sha256:%064x", len(q.Reference.Name)),
		Details: &image.Details{Platform: "linux/amd64", Env: []string{variable + "=26.2.0"}},
	}, nil
}
