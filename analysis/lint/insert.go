package lint

import (
	"slices"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

// InsertBefore is the edit that puts a new instruction on a line of its own in front of another one, above the comments
// that stand directly above that. The line is written as the file is: keyword casing, indentation, line ending.
func (p *Pass) InsertBefore(inst *dockerfile.Instruction, line string) text.Edit {
	at := StartWithComments(p.Model, inst)
	return text.Edit{Span: text.Span{Start: at, End: at}, New: p.dialect(inst, line) + p.lineEnding(inst)}
}

// InsertAfter is the edit that puts a new instruction on a line of its own behind another one.
func (p *Pass) InsertAfter(inst *dockerfile.Instruction, line string) text.Edit {
	at := EndWithComments(p.Model, inst)
	ended := strings.HasSuffix(p.Text[:at], "\n")
	if ended {
		return text.Edit{Span: text.Span{Start: at, End: at}, New: p.dialect(inst, line) + p.lineEnding(inst)}
	}
	return text.Edit{Span: text.Span{Start: at, End: at}, New: p.lineEnding(inst) + p.dialect(inst, line)}
}

// StartWithComments is the start of the line of an instruction, or of the first of the comments that stand on the lines
// directly above it and do not belong to the instruction before.
func StartWithComments(m *dockerfile.Model, inst *dockerfile.Instruction) int {
	at, floor := inst.Extent.Start, 0
	if i := indexOf(m, inst); i > 0 {
		floor = EndWithComments(m, m.Instructions[i-1])
	}
	for i := len(m.Comments) - 1; i >= 0; i-- {
		c := m.Comments[i]
		if c.Start >= at {
			continue
		}
		start := startOfLine(m.Text, c.Start)
		between := m.Text[c.End:at]
		if start < floor || strings.TrimSpace(between) != "" || strings.Count(between, "\n") != 1 ||
			strings.TrimSpace(m.Text[start:c.Start]) != "" {
			break
		}
		at = start
	}
	return at
}

// EndWithComments is the end of the last line of an instruction, or of the last of the comments that stand on the lines
// directly below it and belong to it: they are indented deeper than it and than what follows, as what was once a part of
// it.
func EndWithComments(m *dockerfile.Model, inst *dockerfile.Instruction) int {
	at, depth := inst.Extent.End, inst.Start-inst.Extent.Start
	if i := indexOf(m, inst) + 1; i < len(m.Instructions) {
		next := m.Instructions[i]
		depth = max(depth, next.Start-startOfLine(m.Text, next.Start))
	}
	first, _ := slices.BinarySearchFunc(m.Comments, at, func(c syntax.Comment, at int) int { return c.Start - at })
	for _, c := range m.Comments[first:] {
		if indent := m.Text[at:c.Start]; len(indent) <= depth || strings.Trim(indent, " \t") != "" {
			break
		}
		at = c.End
		if newline := strings.IndexByte(m.Text[at:], '\n'); newline >= 0 {
			at += newline + 1
		}
	}
	return at
}

// indexOf is the place of an instruction among all of the file; -1 for one behind ONBUILD.
func indexOf(m *dockerfile.Model, inst *dockerfile.Instruction) int {
	i, found := slices.BinarySearchFunc(m.Instructions, inst.Start, func(inst *dockerfile.Instruction, start int) int {
		return inst.Start - start
	})
	if !found {
		return -1
	}
	return i
}

func startOfLine(source string, at int) int { return strings.LastIndexByte(source[:at], '\n') + 1 }

// dialect writes a line with the indentation and the keyword casing of an instruction.
func (p *Pass) dialect(inst *dockerfile.Instruction, line string) string {
	keyword, rest, _ := strings.Cut(line, " ")
	if inst.Keyword.Text == strings.ToLower(inst.Keyword.Text) {
		keyword = strings.ToLower(keyword)
	}
	return p.Text[inst.Extent.Start:inst.Start] + keyword + " " + rest
}

// lineEnding is the line ending of an instruction's last line, or of the line before where it has none.
func (p *Pass) lineEnding(inst *dockerfile.Instruction) string {
	for _, end := range []int{inst.Extent.End, inst.Extent.Start} {
		if strings.HasSuffix(p.Text[:end], "\r\n") {
			return "\r\n"
		}
		if strings.HasSuffix(p.Text[:end], "\n") {
			return "\n"
		}
	}
	return "\n"
}
