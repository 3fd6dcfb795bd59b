package annotate

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/image"
	"dockerfile-ls/analysis/navigate"
	"dockerfile-ls/analysis/text"
)

// Lens is what there is to know or to do at a line. One of Tells and Scans is empty.
type Lens struct {
	text.Span // on one line
	Title     string
	Tells     string // what is told to who wants to know more
	Scans     string // the image that is scanned
}

// Lenses are the lenses of a file, at its FROMs: how often a stage is used, and the scan of its image.
func Lenses(m *dockerfile.Model, references, scan bool) []Lens {
	var uses [][]navigate.Place
	if references {
		uses = navigate.UsesOfStages(m)
	}
	var lenses []Lens
	for i, stage := range m.Stages {
		if references && len(uses[i]) > 0 {
			lenses = append(lenses, usesOf(m, stage, uses[i]))
		}
		if ref, external := m.External(stage); scan && external {
			lenses = append(lenses, Lens{
				Span: stage.From.Keyword.Span, Title: "Scan base image " + image.Short(ref.Key()), Scans: m.Base(stage),
			})
		}
	}
	return lenses
}

func usesOf(m *dockerfile.Model, stage *dockerfile.Stage, uses []navigate.Place) Lens {
	lens := Lens{Span: stage.From.Keyword.Span, Title: fmt.Sprintf("%d references", len(uses))}
	if len(uses) == 1 {
		lens.Title = "1 reference"
	}
	var lines []string
	line, at := 1, 0
	for _, use := range uses {
		line += strings.Count(m.Text[at:use.Start], "\n")
		at = use.Start
		lines = append(lines, strconv.Itoa(line))
	}
	lines = slices.Compact(lines)
	name := stage.Name.Text
	if name == "" {
		name = "Stage " + strconv.Itoa(stage.Index)
	}
	where := "line " + lines[0]
	if last := len(lines) - 1; last > 0 {
		where = "lines " + strings.Join(lines[:last], ", ") + " and " + lines[last]
	}
	lens.Tells = fmt.Sprintf("%s is used in %s.", name, where)
	return lens
}
