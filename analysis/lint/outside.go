package lint

import (
	"math"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/project"
)

// Outside is a pass for those who ask what rules know while none runs: nothing is told in it. What lies around may be nil.
func Outside(m *dockerfile.Model, around *project.Surroundings) *Pass {
	return &Pass{Model: m, Project: Facts{Project: around}.project(), run: &run{watch: watch{patience: math.MaxInt64}}}
}
