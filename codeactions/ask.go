package codeactions

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/image"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/text"
)

// Resolver asks registries what images are today.
type Resolver interface {
	// Resolve answers a question, or says why there is no answer. It may take as long as the question allows, and ends with
	// the context. An image that is not there is image.ErrMissing.
	Resolve(context.Context, image.Question) (image.Facts, error)
}

// Unhelpful is the error of an action for which registries have answered, and which has nothing to change then: it says why.
type Unhelpful string

func (u Unhelpful) Error() string { return string(u) }

// maxQuestions is how many images are asked about for one action.
const maxQuestions = 40

// Answer asks what an action needs until it has edits, and has it tell what the images are then. It returns what is known
// then too, whatever went wrong. The action is about the snapshot, and ask asks one question.
func (a Action) Answer(s *analysis.Snapshot, ask func(image.Question) (image.Facts, error)) (Action, image.Known, error) {
	known := s.Facts().Images
	var failure error = Unhelpful("what the registry says does not help: " + a.Title + " is not possible")
	for range maxQuestions {
		if a.Asks == nil {
			return a.telling(s.Text(), known), known, nil
		}
		asked := *a.Asks
		facts, err := ask(image.Question{Reference: asked.Image, Details: !asked.Guess, Anyway: !asked.Details})
		switch {
		case errors.Is(err, image.ErrMissing):
			facts = image.Facts{Asked: time.Now()}
		case err != nil:
			return a, known, err
		}
		switch {
		case err != nil && !asked.Guess:
			failure = err
		case asked.Otherwise != "":
			failure = Unhelpful(asked.Otherwise)
		}
		known = known.With(asked.Image, facts)
		a.Edits, a.Asks = a.again(s, known)
		if a.Asks == nil && a.Edits == nil || a.Asks != nil && a.Asks.Image == asked.Image {
			break // there is nothing more to ask
		}
	}
	return a, known, failure
}

// telling is an action with what registries have said of the images whose digests it writes into a file.
func (a Action) telling(file string, known image.Known) Action {
	var lines []string
	for _, e := range a.Edits {
		name, about := imageBehind(file, e.New, known)
		if line := fmt.Sprintf("`%s`: %s.", name, about); about != "" && !slices.Contains(lines, line) {
			lines = append(lines, line)
		}
	}
	a.Tells = strings.Join(lines, " ")
	return a
}

// imageBehind is the image whose digest ends what is written into a file, and what is known about it: several tags may mean
// it, and the one counts that is written or that the file names.
func imageBehind(file, written string, known image.Known) (name, about string) {
	var all image.Facts
	rank := func(key string) int {
		_, tag, _ := strings.Cut(key[strings.LastIndexByte(key, '/')+1:], ":")
		switch {
		case strings.Contains(written, ":"+tag+"@"):
			return 0
		case strings.Contains(file, key):
			return 1
		}
		return 2
	}
	for _, key := range slices.Sorted(maps.Keys(known)) {
		facts := known[key]
		if facts.Digest == "" || !strings.HasSuffix(written, facts.Digest) || strings.Contains(key, "@") {
			continue
		}
		if name == "" || rank(key) < rank(name) {
			name = key
		}
		if all.Platforms == nil {
			all.Platforms = facts.Platforms
		}
		if all.Details == nil {
			all.Details = facts.Details
		}
	}
	return name, all.About()
}

// again is what an action that asks comes to when more is known: edits, something else to ask, or neither.
type again func(s *analysis.Snapshot, known image.Known) ([]text.Edit, *lint.Ask)

// sameFinding is what the same finding offers under the same title when more is known.
func sameFinding(f *lint.Finding, title string) again {
	return func(s *analysis.Snapshot, known image.Known) ([]text.Edit, *lint.Ask) {
		for _, now := range s.Knowing(known).Findings() {
			if now.Rule != f.Rule || now.Span != f.Span {
				continue
			}
			for _, fix := range now.Fixes {
				if fix.Title == title {
					return fix.Edits, nil
				}
			}
			return nil, now.Ask
		}
		return nil, nil
	}
}
