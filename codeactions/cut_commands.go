package codeactions

import (
	"slices"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/shell"
	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

// takeCommands takes commands out of the script of a RUN, so that everything else is run as before if they would have
// succeeded. The indices are in order. It is false, and takes nothing, where a list is not as simple as it looks.
func (c *cutting) takeCommands(inst *dockerfile.Instruction, script *shell.Script, indices []int) bool {
	var parts []text.Span
	for start := 0; start < len(indices); {
		end := start
		for end+1 < len(indices) && follows(script, indices[end], indices[end+1]) {
			end++
		}
		part, ok := c.block(inst, script, indices[start], indices[end])
		if !ok {
			return false
		}
		parts = append(parts, part)
		for _, i := range indices[start : end+1] {
			parts = append(parts, c.bodies(inst, script.Commands[i])...)
		}
		start = end + 1
	}
	for _, part := range parts {
		c.take(inst, part)
	}
	return true
}

// follows reports whether a command is the next one behind another in the list.
func follows(script *shell.Script, first, second int) bool {
	next, ok := nextCommand(script, first)
	return ok && next == second && joins(script.Commands[second].After.Operator)
}

// nextCommand is the first command behind one and its substitutions; false if there is none.
func nextCommand(script *shell.Script, i int) (int, bool) {
	for next := i + 1; next < len(script.Commands); next++ {
		if script.Commands[next].Start >= script.Commands[i].End {
			return next, true
		}
	}
	return 0, false
}

func joins(op shell.Operator) bool {
	return op == shell.And || op == shell.Semicolon || op == shell.Newline
}

// block is what to take out for the commands from first to last, which follow each other.
func (c *cutting) block(inst *dockerfile.Instruction, script *shell.Script, first, last int) (text.Span, bool) {
	from, to := script.Commands[first], script.Commands[last]
	if from.Inside != 0 || to.Inside != 0 {
		return text.Span{}, false
	}
	before, after := from.After, shell.Joint{}
	if next, ok := nextCommand(script, last); ok {
		if after = script.Commands[next].After; !joins(after.Operator) || after.Command != last {
			return text.Span{}, false
		}
	}
	if before.Operator != shell.Start && !joins(before.Operator) {
		return text.Span{}, false
	}
	span := inst.At(text.Span{Start: from.Start, End: to.End})
	opens := before.Operator == shell.Start || before.Operator == shell.Newline
	closes := after.Operator == shell.Start || after.Operator == shell.Newline
	switch {
	case opens && closes && len(inst.Heredocs) > 0 && inst.Heredocs[0].Body.Contains(span):
		return c.lines(span), true
	case opens && closes:
		return text.Span{}, false // nothing is left: the instruction goes
	case opens, before.Operator == shell.And && after.Operator == shell.And, !closes && before.Operator == shell.Semicolon:
		return text.Span{Start: span.Start, End: c.skipBlanks(inst.At(after.Span).End)}, true
	default:
		return text.Span{Start: c.skipBlanksBack(inst, inst.At(before.Span).Start), End: span.End}, true
	}
}

// lines are the whole lines of a part, with the here-documents that begin in them left out.
func (c *cutting) lines(part text.Span) text.Span {
	start := strings.LastIndexByte(c.Text[:part.Start], '\n') + 1
	end := len(c.Text)
	if i := strings.IndexByte(c.Text[part.End:], '\n'); i >= 0 {
		end = part.End + i + 1
	}
	return text.Span{Start: start, End: end}
}

// bodies are the here-documents that a command reads, with the lines that end them.
func (c *cutting) bodies(inst *dockerfile.Instruction, command shell.Command) []text.Span {
	var parts []text.Span
	for _, r := range command.Redirects {
		if !strings.HasPrefix(r.Operator, "<<") || r.Operator == "<<<" {
			continue
		}
		place := inst.At(r.Span)
		if i := slices.IndexFunc(inst.Heredocs, func(h syntax.Heredoc) bool { return place.Touches(h.Span) }); i >= 0 {
			h := inst.Heredocs[i]
			parts = append(parts, text.Span{Start: h.Body.Start, End: c.lines(h.Terminator).End})
			continue
		}
		if r.Body != nil {
			body := inst.At(r.Body.Span)
			parts = append(parts, text.Span{Start: body.Start, End: c.lines(text.Span{Start: body.End, End: body.End}).End})
		}
	}
	return parts
}

// skipBlanks is where the next word of a script begins: behind blanks, continuations, comments and line ends.
func (c *cutting) skipBlanks(at int) int {
	for at < len(c.Text) {
		switch i := slices.IndexFunc(c.Comments, func(o syntax.Comment) bool { return o.Start == at }); {
		case i >= 0:
			at = c.Comments[i].End
		case strings.IndexByte(" \t\r\n", c.Text[at]) >= 0, c.continues(at):
			at++
		default:
			return at
		}
	}
	return at
}

// skipBlanksBack is where the word in front of an offset ends.
func (c *cutting) skipBlanksBack(inst *dockerfile.Instruction, at int) int {
	for at > inst.Start {
		switch i := slices.IndexFunc(c.Comments, func(o syntax.Comment) bool { return o.End == at && o.Start > inst.Start }); {
		case i >= 0:
			at = c.Comments[i].Start
		case strings.IndexByte(" \t\r\n", c.Text[at-1]) >= 0, c.continues(at - 1):
			at--
		default:
			return at
		}
	}
	return at
}

// continues reports whether the escape character at an offset ends its line.
func (c *cutting) continues(at int) bool {
	if c.Text[at] != c.Escape && c.Text[at] != '\\' {
		return false
	}
	rest, _, _ := strings.Cut(c.Text[at+1:], "\n")
	return strings.TrimSpace(rest) == ""
}

// runFirst puts a command in front of the script of a RUN; false if no shell, or another one, reads it. Behind && it would
// go into the background with what does.
func (c *cutting) runFirst(inst *dockerfile.Instruction, script *shell.Script, command string) bool {
	switch {
	case inst.JSON != nil:
		return false
	case len(inst.Heredocs) > 0 && strings.HasPrefix(inst.Rest.Text, "<<"):
		body := inst.Heredocs[0].Body
		if strings.HasPrefix(body.Of(c.Text), "#!") || inst.Rest.Text != inst.Heredocs[0].Of(c.Text) {
			return false
		}
		c.insert(body.Start, command+lineEndingAt(c.Text, body.Start))
	case slices.ContainsFunc(script.Commands, func(c shell.Command) bool { return c.Inside.Has(shell.InBackground) }):
		c.insert(inst.Rest.Start, command+"; ")
	default:
		c.insert(inst.Rest.Start, command+" && ")
	}
	return true
}
