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
	elements, ok := elementsOf(script, indices)
	if !ok {
		return false
	}
	var parts []text.Span
	for start := 0; start < len(elements); {
		end := start
		for end+1 < len(elements) && follows(script, elements[end], elements[end+1]) {
			end++
		}
		part, ok := c.cutOut(inst, script, elements[start], elements[end])
		if !ok {
			return false
		}
		parts = append(parts, part)
		start = end + 1
	}
	for _, i := range indices {
		parts = append(parts, c.bodies(inst, script.Commands[i])...)
	}
	for _, part := range parts {
		c.take(inst, part)
	}
	return true
}

// element is a part of a list that goes: a command, or an enclosure of which nothing is left.
type element struct {
	text.Span
	before      shell.Joint
	first, last int        // commands
	list        *enclosure // that it stands in; nil for the script itself
}

// elementsOf are the largest elements that commands make up; false if one is not seen to run whenever the script does, or if
// nothing but redirections would be left of an enclosure.
func elementsOf(script *shell.Script, indices []int) ([]element, bool) {
	all := enclosures(script)
	goes := func(i int) bool {
		command := script.Commands[i]
		return slices.Contains(indices, i) || slices.ContainsFunc(indices, func(j int) bool {
			return command.Inside.Has(shell.InSubstitution) && script.Commands[j].Contains(command.Span)
		})
	}
	var elements []element
	for _, i := range indices {
		redirects := slices.ContainsFunc(all, func(e enclosure) bool { return e.redirections == i })
		if !redirects && !runsOnce(script, all, i) {
			return nil, false
		}
		command := script.Commands[i]
		e := element{command.Span, command.After, i, i, around(all, command.Span)}
		for e.list != nil && allIn(script, e.list.inner, goes) {
			outer := *e.list
			if outer.redirections >= 0 && !goes(outer.redirections) {
				return nil, false
			}
			joint, last := script.Commands[outer.first].After, lastIn(script, outer.inner)
			e = element{outer.Span, joint, outer.first, last, around(all, outer.Span)}
		}
		known := slices.ContainsFunc(elements, func(o element) bool { return o.Contains(e.Span) })
		switch {
		case redirects && !known:
			return nil, false
		case !known:
			elements = append(elements, e)
		}
	}
	return elements, true
}

// allIn reports whether all commands of a list go.
func allIn(script *shell.Script, inner text.Span, goes func(int) bool) bool {
	for i, c := range script.Commands {
		if inner.Contains(c.Span) && !goes(i) {
			return false
		}
	}
	return true
}

func lastIn(script *shell.Script, inner text.Span) int {
	last := -1
	for i, c := range script.Commands {
		if inner.Contains(c.Span) {
			last = i
		}
	}
	return last
}

// leavesNothing reports whether nothing is left of a script without some commands.
func leavesNothing(script *shell.Script, indices []int) bool {
	elements, ok := elementsOf(script, indices)
	return ok && !slices.ContainsFunc(script.Commands, func(c shell.Command) bool {
		return !slices.ContainsFunc(elements, func(e element) bool { return e.Contains(c.Span) })
	})
}

// follows reports whether an element is the next one behind another in their list.
func follows(script *shell.Script, a, b element) bool {
	next, ok := behind(script, a.Span)
	return ok && next == b.first && a.list == b.list && joins(b.before.Operator)
}

// behind is the first command behind a place; false if there is none.
func behind(script *shell.Script, place text.Span) (int, bool) {
	next := slices.IndexFunc(script.Commands, func(c shell.Command) bool { return c.Start >= place.End })
	return next, next >= 0
}

func joins(op shell.Operator) bool {
	return op == shell.And || op == shell.Semicolon || op == shell.Newline
}

// cutOut is what to take out for the elements from one to another, which follow each other.
func (c *cutting) cutOut(inst *dockerfile.Instruction, script *shell.Script, from, to element) (text.Span, bool) {
	isIn := func(place text.Span) bool { return from.list == nil || from.list.inner.Contains(place) }
	before, after := from.before, shell.Joint{}
	next, more := behind(script, to.Span)
	if more = more && isIn(script.Commands[next].Span); more {
		after = script.Commands[next].After
		if !joins(after.Operator) || after.Command < to.first || after.Command > to.last {
			return text.Span{}, false
		}
	}
	begins := before.Operator == shell.Start || !isIn(before.Span)
	if !begins && !joins(before.Operator) {
		return text.Span{}, false
	}
	span := inst.At(text.Span{Start: from.Start, End: to.End})
	ownLine := (before.Operator == shell.Newline || from.list == nil) &&
		(after.Operator == shell.Newline || from.list == nil)
	opens := begins || before.Operator == shell.Newline
	closes := !more || after.Operator == shell.Newline
	both := before.Operator == shell.And && after.Operator == shell.And
	forward := opens || both || !closes && before.Operator == shell.Semicolon
	switch {
	case opens && closes && ownLine && len(inst.Heredocs) > 0 && inst.Heredocs[0].Body.Contains(span):
		return c.lines(span), true
	case begins && !more, opens && closes && from.list == nil:
		return text.Span{}, false // nothing is left: the instruction goes
	case more && forward:
		return text.Span{Start: span.Start, End: c.skipBlanks(inst.At(after.Span).End)}, true
	default:
		return text.Span{Start: c.skipBlanksBack(inst, inst.At(before.Span).Start), End: span.End}, true
	}
}

// lines are the whole lines of a part, with the here-documents that begin in them left out.
func (c *cutting) lines(part text.Span) text.Span {
	start := strings.LastIndexByte(c.model.Text[:part.Start], '\n') + 1
	end := len(c.model.Text)
	if i := strings.IndexByte(c.model.Text[part.End:], '\n'); i >= 0 {
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
	for at < len(c.model.Text) {
		switch i := slices.IndexFunc(c.model.Comments, func(o syntax.Comment) bool { return o.Start == at }); {
		case i >= 0:
			at = c.model.Comments[i].End
		case strings.IndexByte(" \t\r\n", c.model.Text[at]) >= 0, c.continues(at):
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
		switch i := slices.IndexFunc(c.model.Comments, func(o syntax.Comment) bool {
			return o.End == at && o.Start > inst.Start
		}); {
		case i >= 0:
			at = c.model.Comments[i].Start
		case strings.IndexByte(" \t\r\n", c.model.Text[at-1]) >= 0, c.continues(at - 1):
			at--
		default:
			return at
		}
	}
	return at
}

// continues reports whether the escape character at an offset ends its line.
func (c *cutting) continues(at int) bool {
	if c.model.Text[at] != c.model.Escape && c.model.Text[at] != '\\' {
		return false
	}
	rest, _, _ := strings.Cut(c.model.Text[at+1:], "\n")
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
		if strings.HasPrefix(body.Of(c.model.Text), "#!") || inst.Rest.Text != inst.Heredocs[0].Of(c.model.Text) {
			return false
		}
		c.insert(body.Start, command+lineEndingAt(c.model.Text, body.Start))
	case slices.ContainsFunc(script.Commands, func(c shell.Command) bool { return c.Inside.Has(shell.InBackground) }):
		c.insert(inst.Rest.Start, command+"; ")
	default:
		c.insert(inst.Rest.Start, command+" && ")
	}
	return true
}
