package codeactions

import (
	"slices"
	"testing"

	"dockerfile-ls/analysis/lint"
)

// TestMenuOrder holds that what asks a registry for just what it says stands above what is risky, safe fixes above both,
// and what is refused below all.
func TestMenuOrder(t *testing.T) {
	var titles []string
	for _, a := range byRisk([]Action{
		{Title: "refused", Refused: "it is not possible", Risk: Safe},
		{Title: "risky"},
		{Title: "asked", Risk: Asked, Asks: &lint.Ask{}},
		{Title: "asked and risky", Asks: &lint.Ask{}},
		{Title: "safe", Risk: Safe},
	}) {
		titles = append(titles, a.Title)
	}
	if want := []string{"safe", "asked", "risky", "asked and risky", "refused"}; !slices.Equal(titles, want) {
		t.Errorf("%q instead of %q", titles, want)
	}
}
