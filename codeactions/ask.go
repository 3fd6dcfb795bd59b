package codeactions

import (
	"context"
	"errors"
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

// maxQuestions is how many images are asked about for one action.
const maxQuestions = 40

// Answer asks what an action needs until it has edits. It returns what is known then too, whatever went wrong. The action
// is about the snapshot, and ask asks one question.
func (a Action) Answer(s *analysis.Snapshot, ask func(image.Question) (image.Facts, error)) (Action, image.Known, error) {
	known := s.Facts().Images
	var missing error
	for range maxQuestions {
		if a.Asks == nil {
			return a, known, nil
		}
		facts, err := ask(image.Question{Reference: a.Asks.Image, Details: a.Asks.Details})
		switch {
		case errors.Is(err, image.ErrMissing):
			facts, missing = image.Facts{Asked: time.Now()}, err
		case err != nil:
			return a, known, err
		}
		known = known.With(a.Asks.Image, facts)
		if a.Edits, a.Asks = a.again(s, known); a.Asks == nil && a.Edits == nil {
			break
		}
	}
	if missing == nil {
		missing = errors.New("what the registry says does not help: " + a.Title + " is not possible")
	}
	return a, known, missing
}

// again is what an action that asks comes to when more is known: edits, something else to ask, or neither.
type again func(s *analysis.Snapshot, known image.Known) ([]text.Edit, *lint.Ask)

// sameFinding is what the same finding offers under the same title when more is known.
func sameFinding(f *lint.Finding, title string) again {
	return func(s *analysis.Snapshot, known image.Known) ([]text.Edit, *lint.Ask) {
		for _, now := range knowing(s, known).Findings() {
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

// knowing is a snapshot with what registries have said.
func knowing(s *analysis.Snapshot, known image.Known) *analysis.Snapshot {
	facts := s.Facts()
	facts.Images = known
	return s.With(facts)
}
