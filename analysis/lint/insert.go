package lint

import (
	"strings"

	"dockerfile-ls/analysis/dockerfile"
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
	at := inst.Extent.End
	ended := strings.HasSuffix(p.Text[:at], "\n")
	if ended {
		return text.Edit{Span: text.Span{Start: at, End: at}, New: p.dialect(inst, line) + p.lineEnding(inst)}
	}
	return text.Edit{Span: text.Span{Start: at, End: at}, New: p.lineEnding(inst) + p.dialect(inst, line)}
}

// StartWithComments is the start of the line of an instruction, or of the first of the comments that stand on the lines
// directly above it.
func StartWithComments(m *dockerfile.Model, inst *dockerfile.Instruction) int {
	at := inst.Extent.Start
	for i := len(m.Comments) - 1; i >= 0; i-- {
		c := m.Comments[i]
		if c.Start >= at {
			continue
		}
		start := strings.LastIndexByte(m.Text[:c.Start], '\n') + 1
		between := m.Text[c.End:at]
		if strings.TrimSpace(between) != "" || strings.Count(between, "\n") != 1 ||
			strings.TrimSpace(m.Text[start:c.Start]) != "" {
			break
		}
		at = start
	}
	return at
}

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
