// Package text knows byte offsets, edits and line positions of one immutable string.
// It must not know what the text means: no Dockerfile, no LSP.
package text

import (
	"fmt"
	"slices"
	"strings"
)

// Span is a half-open range of byte offsets into a source text: Start is the first byte, End the one after the last.
type Span struct{ Start, End int }

// Len is the number of bytes in the span.
func (s Span) Len() int { return s.End - s.Start }

// Empty reports whether the span covers no byte.
func (s Span) Empty() bool { return s.Start == s.End }

// Of returns the part of src that the span covers; the span must lie inside src.
func (s Span) Of(src string) string { return src[s.Start:s.End] }

// Contains reports whether other lies wholly inside the span; an empty span at either end counts as inside.
func (s Span) Contains(other Span) bool { return s.Start <= other.Start && other.End <= s.End }

// Touches reports whether the two spans share a byte or meet at an offset, as a cursor at the end of a word touches it.
func (s Span) Touches(other Span) bool { return s.Start <= other.End && other.Start <= s.End }

// Shift returns the span moved by delta bytes.
func (s Span) Shift(delta int) Span { return Span{s.Start + delta, s.End + delta} }

// Edit replaces the bytes of its span by New. All edits of one change are against the same baseline text.
type Edit struct {
	Span
	New string
}

// Apply returns src with all edits made. Edits may come in any order; insertions at one offset are made in the order given.
// It returns an error, and src untouched, if an edit lies outside src or two edits overlap.
func Apply(src string, edits []Edit) (string, error) {
	sorted := slices.Clone(edits)
	slices.SortStableFunc(sorted, func(a, b Edit) int {
		if a.Start != b.Start {
			return a.Start - b.Start
		}
		return a.End - b.End
	})
	var out strings.Builder
	last := 0
	for _, e := range sorted {
		if e.Start > e.End || e.Start < 0 || e.End > len(src) {
			return src, fmt.Errorf("edit %d..%d lies outside the text of %d bytes", e.Start, e.End, len(src))
		}
		if e.Start < last {
			return src, fmt.Errorf("edit %d..%d overlaps one that ends at %d", e.Start, e.End, last)
		}
		out.WriteString(src[last:e.Start])
		out.WriteString(e.New)
		last = e.End
	}
	out.WriteString(src[last:])
	return out.String(), nil
}
