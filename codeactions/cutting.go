package codeactions

import (
	"slices"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/text"
)

// cutting gathers what an action takes out of a Dockerfile and what it puts in, and makes edits of it that keep the
// comments.
type cutting struct {
	model   *dockerfile.Model
	cuts    []cut
	inserts []text.Edit
}

// cut is a part of an instruction that goes, or all of its lines.
type cut struct {
	text.Span
	of    *dockerfile.Instruction
	whole bool
}

// meets reports whether a part can be taken together with one in front of it.
func (c cut) meets(before cut) bool {
	return c.Start <= before.End && (c.of == before.of || c.whole && before.whole)
}

func (c *cutting) insert(at int, what string) {
	c.inserts = append(c.inserts, text.Edit{Span: text.Span{Start: at, End: at}, New: what})
}

func (c *cutting) take(of *dockerfile.Instruction, part text.Span) {
	c.cuts = append(c.cuts, cut{Span: part, of: of})
}

// takeAll takes an instruction with its lines.
func (c *cutting) takeAll(of *dockerfile.Instruction) {
	c.cuts = append(c.cuts, cut{Span: of.Extent, of: of, whole: true})
}

// takePairs takes keys with their values out of an ARG or ENV, or all of it if it has no other.
func (c *cutting) takePairs(of *dockerfile.Instruction, goes func(i int) bool) {
	kept := -1 // the last one that stays
	for i := range of.Pairs {
		switch {
		case !goes(i):
			kept = i
		case kept >= 0:
			c.take(of, text.Span{Start: of.Pairs[i-1].End, End: of.Pairs[i].End})
		case i+1 < len(of.Pairs):
			c.take(of, text.Span{Start: of.Pairs[i].Start, End: of.Pairs[i+1].Start})
		}
	}
	if kept < 0 {
		c.cuts = slices.DeleteFunc(c.cuts, func(o cut) bool { return o.of == of })
		c.takeAll(of)
	}
}

// edits are those of everything, in order, no two of which meet. A comment in a part that goes stands above its instruction
// then, and one in lines that go stays.
func (c *cutting) edits() []text.Edit {
	all := slices.Clone(c.inserts)
	for _, part := range c.joined() {
		comments := c.commentsIn(part)
		if comments == "" && part.End == len(c.model.Text) && !strings.HasSuffix(c.model.Text, "\n") {
			// the line in front is the last one then, without an end too
			part.Start = beforeLineEnding(c.model.Text, part.Start)
		}
		if part.whole {
			all = append(all, text.Edit{Span: part.Span, New: comments})
			continue
		}
		if comments != "" {
			at := part.of.Extent.Start
			all = append(all, text.Edit{Span: text.Span{Start: at, End: at}, New: comments})
		}
		all = append(all, text.Edit{Span: part.Span})
	}
	return mergeEdits(all)
}

// joined are the cuts in order, those that overlap or meet in one instruction as one.
func (c *cutting) joined() []cut {
	slices.SortFunc(c.cuts, func(a, b cut) int {
		if a.Start != b.Start {
			return a.Start - b.Start
		}
		return a.End - b.End
	})
	var joined []cut
	for _, part := range c.cuts {
		if last := len(joined) - 1; last >= 0 && part.meets(joined[last]) {
			joined[last].End = max(joined[last].End, part.End)
			continue
		}
		joined = append(joined, part)
	}
	return joined
}

// commentsIn are the comments inside a part, each on a line of its own.
func (c *cutting) commentsIn(part cut) string {
	var lines strings.Builder
	for _, comment := range c.model.Comments {
		if comment.Start < part.Start || comment.End > part.End {
			continue
		}
		lines.WriteString(comment.Of(c.model.Text) + lineEndingAt(c.model.Text, comment.End))
	}
	return lines.String()
}

// mergeEdits makes one edit of those that meet.
func mergeEdits(all []text.Edit) []text.Edit {
	slices.SortStableFunc(all, func(a, b text.Edit) int {
		if a.Start != b.Start {
			return a.Start - b.Start
		}
		return a.End - b.End
	})
	var merged []text.Edit
	for _, e := range all {
		if last := len(merged) - 1; last >= 0 && e.Start <= merged[last].End {
			merged[last].End = max(merged[last].End, e.End)
			merged[last].New += e.New
			continue
		}
		merged = append(merged, e)
	}
	return merged
}

// lineEndingAt is the line ending of the line around an offset, or of the file's first line where that has none.
func lineEndingAt(source string, at int) string {
	line, _, ended := strings.Cut(source[at:], "\n")
	if !ended {
		line, _, _ = strings.Cut(source, "\n")
	}
	if strings.HasSuffix(line, "\r") {
		return "\r\n"
	}
	return "\n"
}

// beforeLineEnding is where the line in front of an offset ends, its line ending left out.
func beforeLineEnding(source string, at int) int {
	return len(strings.TrimSuffix(strings.TrimSuffix(source[:at], "\n"), "\r"))
}
