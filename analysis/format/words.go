package format

import (
	"slices"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

// words lays out the keyword, flags and arguments of an instruction, and what stands between them.
func (f *formatter) words(inst *dockerfile.Instruction) {
	if first := inst.Extent.Start; lead(f.src[first:inst.Start]) == inst.Start-first {
		f.edit(first, inst.Start, "")
	}
	f.phrase(inst.Instruction)
}

// phrase lays out an instruction from its keyword on; behind ONBUILD is another one.
func (f *formatter) phrase(inst *syntax.Instruction) {
	f.keyword(inst.Keyword)
	if inst.Inner != nil {
		f.gap(inst.Keyword.End, inst.Inner.Keyword.Start)
		f.phrase(inst.Inner)
		return
	}
	if inst.Rest.Text == "" {
		return
	}
	at := inst.Keyword.End
	for i, flag := range inst.Flags {
		f.flagGap(at, flag.Start, f.o.Flags && i > 0)
		at = flag.End
	}
	f.flagGap(at, inst.Rest.Start, f.o.Flags && len(inst.Flags) > 1)
	f.arguments(inst)
}

func (f *formatter) keyword(word syntax.Word) {
	if word.Len() != len(word.Text) || f.o.Case == Keep {
		return
	}
	written := strings.ToUpper(word.Text)
	if f.o.Case == Lower {
		written = strings.ToLower(word.Text)
	}
	if written != word.Text {
		f.edits = append(f.edits, text.Edit{Span: word.Span, New: written})
	}
}

func (f *formatter) arguments(inst *syntax.Instruction) {
	if inst.Name == "FROM" && len(inst.Args) == 3 && strings.EqualFold(inst.Args[1].Text, "AS") {
		f.keyword(inst.Args[1])
	}
	if inst.Name == "HEALTHCHECK" && len(inst.Args) > 0 {
		f.keyword(inst.Args[0])
	}
	switch {
	case inst.JSON != nil:
		if inst.Name == "HEALTHCHECK" {
			f.gap(inst.Args[0].End, inst.JSON.Start)
		}
		f.array(inst.JSON)
	case splitsWords(inst) && !hasQuotes(inst.Rest.Text), len(inst.Pairs) > 0, inst.Name == "HEALTHCHECK":
		for i := 1; i < len(inst.Args); i++ {
			if start, end := inst.Args[i-1].End, inst.Args[i].Start; !opensHeredoc(inst, start, end) {
				f.gap(start, end)
			}
		}
	}
}

// splitsWords reports whether BuildKit splits the arguments of an instruction at blanks, quotes or not.
func splitsWords(inst *syntax.Instruction) bool {
	return slices.Contains([]string{"ADD", "COPY", "EXPOSE", "FROM", "VOLUME"}, inst.Name)
}

// hasQuotes reports whether a person could mean blanks to belong to a word.
func hasQuotes(s string) bool { return strings.ContainsAny(s, "'\"\\`") }

// opensHeredoc reports whether a range lies inside the redirection of a heredoc.
func opensHeredoc(inst *syntax.Instruction, start, end int) bool {
	return slices.ContainsFunc(inst.Heredocs, func(h syntax.Heredoc) bool {
		return h.Span.Start < end && start < h.Span.End
	})
}

// gap makes one blank of those between two words of a line.
func (f *formatter) gap(start, end int) { f.flagGap(start, end, false) }

// flagGap is gap, or a new line where there was none. A word that begins with # would be a comment there. Behind an escape
// character the first of several blanks may belong to the word, and so may the only one that is left.
func (f *formatter) flagGap(start, end int, wrapped bool) {
	if start >= end || lead(f.src[start:end]) != end-start || start > 0 && f.src[start-1] == f.Escape {
		return
	}
	if wrapped && f.src[end] != '#' {
		f.edit(start, end, " "+string(rune(f.Escape))+f.ending(start)+f.blanks(f.o.Indent))
		return
	}
	f.edit(start, end, " ")
}

// array lays out a JSON array, as far as it stands in one line each.
func (f *formatter) array(a *syntax.Array) {
	if !f.o.Arrays || a.Unfinished || a.NotString != nil {
		return
	}
	at := a.Start + 1
	for i, e := range a.Elements {
		f.arrayGap(at, e.Start, i > 0)
		at = e.End
	}
	f.arrayGap(at, a.End-1, false)
}

// arrayGap lays out what stands between two elements, or between one and a bracket.
func (f *formatter) arrayGap(start, end int, comma bool) {
	before, behind, found := strings.Cut(f.src[start:end], ",")
	if found != comma || strings.Trim(before+behind, " \t") != "" {
		return // a line ends here
	}
	f.edit(start, start+len(before), "")
	if comma {
		f.edit(end-len(behind), end, " ")
	}
}
