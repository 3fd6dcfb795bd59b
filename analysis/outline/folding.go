package outline

import (
	"cmp"
	"slices"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

// FoldKind says what is folded.
type FoldKind int

// The kinds of folds, those first that are kept where a client takes only a few.
const (
	FoldStage FoldKind = iota
	FoldRegion
	FoldComment
	FoldInstruction
	FoldHeredoc
)

// Fold is a part of a file over several lines, from its first character to behind its last one.
type Fold struct {
	text.Span
	Kind FoldKind
}

// Folds are the stages, the regions, the blocks of comments, and the instructions and here-documents over several lines, by
// their starts; of those that begin on a line the longest first. No two of them cover the same lines.
func Folds(m *dockerfile.Model, lines *text.Lines) []Fold {
	f := folder{lines: lines, seen: map[[2]int]bool{}}
	for _, stage := range m.Stages {
		f.add(extent(stage), FoldStage)
	}
	f.comments(m)
	for _, inst := range m.Instructions {
		f.instruction(inst)
	}
	slices.SortStableFunc(f.folds, func(a, b Fold) int {
		if lineA, lineB := lines.LineAt(a.Start), lines.LineAt(b.Start); lineA != lineB {
			return lineA - lineB
		}
		return b.End - a.End
	})
	return f.folds
}

// Fewest are at most so many of the folds, in their order: those of the largest parts first.
func Fewest(folds []Fold, limit int) []Fold {
	if len(folds) <= limit {
		return folds
	}
	byKind := make([]int, len(folds))
	for i := range byKind {
		byKind[i] = i
	}
	slices.SortStableFunc(byKind, func(a, b int) int { return cmp.Compare(folds[a].Kind, folds[b].Kind) })
	kept := byKind[:max(limit, 0)]
	slices.Sort(kept)
	few := make([]Fold, len(kept))
	for i, at := range kept {
		few[i] = folds[at]
	}
	return few
}

type folder struct {
	lines *text.Lines
	folds []Fold
	seen  map[[2]int]bool // by the first and the last line
}

// add notes a part if it has more than one line and its lines are not noted yet.
func (f *folder) add(span text.Span, kind FoldKind) {
	key := [2]int{f.lines.LineAt(span.Start), f.lines.LineAt(span.End)}
	if key[0] == key[1] || f.seen[key] {
		return
	}
	f.seen[key] = true
	f.folds = append(f.folds, Fold{span, kind})
}

func (f *folder) instruction(inst *dockerfile.Instruction) {
	f.add(inst.Span, FoldInstruction)
	for i, h := range inst.Heredocs {
		span := text.Span{Start: h.Start, End: h.Terminator.End}
		if i > 0 || len(inst.Heredocs) > 1 {
			span.Start = h.Body.Start // they begin on one line, and could not be folded one by one
		}
		if h.Terminated {
			f.add(span, FoldHeredoc)
		}
	}
}

// comments notes the blocks of comments on lines that follow each other, and the regions between their markers.
func (f *folder) comments(m *dockerfile.Model) {
	var block text.Span
	last := -2 // the line of the last comment of the block
	var open []text.Span
	for _, c := range m.Comments {
		line := f.lines.LineAt(c.Start)
		marker := markerOf(c, m.File)
		if line != last+1 || marker != noMarker {
			f.add(block, FoldComment)
			block = c.Span
		}
		block.End, last = c.End, line
		switch marker {
		case opensRegion:
			open, last = append(open, c.Span), -2
		case closesRegion:
			last = -2
			if n := len(open); n > 0 {
				f.add(text.Span{Start: open[n-1].Start, End: c.End}, FoldRegion)
				open = open[:n-1]
			}
		}
	}
	f.add(block, FoldComment)
}

type marker int

const (
	noMarker marker = iota
	opensRegion
	closesRegion
)

// markerOf reads "# region name" and "# endregion", with or without the blank, in any casing.
func markerOf(c syntax.Comment, file *syntax.File) marker {
	word, _, _ := strings.Cut(strings.TrimLeft(strings.TrimLeft(c.Of(file.Text), "#"), " \t"), " ")
	switch strings.ToLower(strings.TrimRight(word, ":\t\r")) {
	case "region":
		return opensRegion
	case "endregion":
		return closesRegion
	}
	return noMarker
}
