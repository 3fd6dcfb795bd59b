package annotate

import (
	"strings"
	"time"

	"github.com/docker/go-units"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/image"
)

// Hint is a text that is shown behind a byte of the file.
type Hint struct {
	At    int
	Label string
}

// Shown says which hints are shown.
type Shown struct{ Variables, Stages, DigestAge bool }

// firstYear is that of the first images: a build that is the same every time has a date of long before, which says nothing.
const firstYear = 2013

// Hints are the hints of a file: the image that a FROM with variables comes to, the name of a stage that is copied from by
// its number, and how old an image with a digest is, if a registry has said it.
func Hints(m *dockerfile.Model, images image.Known, now time.Time, shown Shown) []Hint {
	var hints []Hint
	for _, inst := range m.Instructions {
		if stage := m.StageOf(inst); inst.Name == "FROM" && stage != nil {
			hints = appendHintsOfBase(m, hints, stage, images, now, shown)
		}
		if !shown.Stages {
			continue
		}
		hints = appendNames(m, hints, inst)
		if inst.Inner != nil {
			hints = appendNames(m, hints, inst.Inner)
		}
	}
	return hints
}

func appendHintsOfBase(
	m *dockerfile.Model, hints []Hint, stage *dockerfile.Stage, images image.Known, now time.Time, shown Shown,
) []Hint {
	base := m.Base(stage)
	if shown.Variables && strings.Contains(stage.Base.Text, "$") && base != "" && base != stage.Base.Text {
		hints = append(hints, Hint{stage.Base.End, image.Short(base)})
	}
	ref, external := m.External(stage)
	if !shown.DigestAge || !external || ref.Digest == "" {
		return hints
	}
	details := images[ref.Key()].Details
	if details == nil || details.Created.Year() < firstYear || details.Created.After(now) {
		return hints
	}
	return append(hints, Hint{stage.Base.End, units.HumanDuration(now.Sub(details.Created)) + " old"})
}

func appendNames(m *dockerfile.Model, hints []Hint, inst *dockerfile.Instruction) []Hint {
	for _, origin := range m.Origins(inst) {
		if origin.Numbered && origin.Stage != nil && origin.Stage.Name.Text != "" {
			hints = append(hints, Hint{origin.End, origin.Stage.Name.Text})
		}
	}
	return hints
}
