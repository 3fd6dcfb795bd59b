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

// scanBaseImage offers to scan the image that the FROM at a place starts from, if it is known which one that is.
// Source: cheat sheet, section 7.
func scanBaseImage(s *analysis.Snapshot, place text.Span) []Action {
	for _, stage := range s.Model().Stages {
		if ref, external := s.Model().External(stage); external && stage.From.Touches(place) {
			return []Action{{Title: "Scan base image " + ref.Key(), Scans: s.Model().Base(stage)}}
		}
	}
	return nil
}
