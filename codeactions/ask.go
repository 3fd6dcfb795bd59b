package codeactions

import (
	"context"
	"errors"
	"time"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/image"
)

// Resolver asks registries what images are today.
type Resolver interface {
	// Resolve answers a question, or says why there is no answer. It may take as long as the question allows, and ends with
	// the context. An image that is not there is image.ErrMissing.
	Resolve(context.Context, image.Question) (image.Facts, error)
}

// maxQuestions is how many images are asked about for one fix.
const maxQuestions = 12

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
		if a = a.again(s, known); a.Asks == nil && a.Edits == nil {
			break
		}
	}
	if missing == nil {
		missing = errors.New("what the registry says does not help: " + a.Title + " is not possible")
	}
	return a, known, missing
}

// again is the action as the same finding offers it when more is known: with edits, with something else to ask, or with
// neither.
func (a Action) again(s *analysis.Snapshot, known image.Known) Action {
	facts := s.Facts()
	facts.Images = known
	a.Edits, a.Asks = nil, nil
	for _, finding := range s.With(facts).Findings() {
		if finding.Rule != a.Mends.Rule || finding.Span != a.Mends.Span {
			continue
		}
		for _, fix := range finding.Fixes {
			if fix.Title == a.Title {
				a.Edits = fix.Edits
			}
		}
		if a.Edits == nil {
			a.Asks = finding.Ask
		}
	}
	return a
}
