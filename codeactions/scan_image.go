package codeactions

import (
	"context"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/image"
	"dockerfile-ls/analysis/text"
)

// Scanner looks for known vulnerabilities in images.
type Scanner interface {
	// Scan runs the scanner at a path, or the one that is installed if it is empty, until it is done or ctx ends. The error
	// is for people.
	Scan(ctx context.Context, path, reference string) (image.Scan, error)
}

// scanImage offers to scan the image that the FROM at a place starts from, and at the FROM of the final stage the image that
// is built, where a compose file says what that is called. Source: cheat sheet, section 7.
func scanImage(s *analysis.Snapshot, place text.Span) []Action {
	m := s.Model()
	var actions []Action
	for _, stage := range m.Stages {
		if !stage.From.Touches(place) {
			continue
		}
		if ref, external := m.External(stage); external {
			actions = append(actions, Action{Title: "Scan base image " + ref.Key(), Scans: m.Base(stage)})
		}
		if name := builtImage(s); name != "" && stage == m.Final() {
			actions = append(actions, Action{Title: "Scan built image " + name, Scans: name})
		}
	}
	return actions
}

// builtImage is what the image of the Dockerfile is called; empty if nothing says that.
func builtImage(s *analysis.Snapshot) string {
	around := s.Facts().Project
	if around == nil {
		return ""
	}
	name := around.Context.Image().Value
	if _, err := image.Parse(name); err != nil {
		return ""
	}
	return name
}
