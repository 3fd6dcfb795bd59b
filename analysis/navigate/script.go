package navigate

import (
	"slices"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/shell"
	"dockerfile-ls/analysis/text"
)

// readScript finds the variables that the script of RUN, CMD, ENTRYPOINT or HEALTHCHECK reads.
func (r *reading) readScript(m *dockerfile.Model, inst *dockerfile.Instruction, name string, add func(use)) {
	container := false
	switch inst.Name {
	case "RUN":
	case "CMD", "ENTRYPOINT", "HEALTHCHECK":
		container = true
	default:
		return
	}
	script, posix := m.Script(inst)
	if !posix {
		r.opaques = append(r.opaques, opaque{inst.Span, inst})
		return
	}
	for _, u := range script.Unknowns {
		r.opaques = append(r.opaques, opaque{within(inst.At(u.Span), inst.Span), inst})
	}
	sets := map[string][]setting{}
	for _, v := range script.Variables {
		if !isName(v.Name) || name != "" && v.Name != name {
			continue
		}
		known, ok := sets[v.Name]
		if !ok {
			known = settings(inst, script, v.Name)
			sets[v.Name] = known
		}
		span := inst.At(v.Span)
		u := use{Span: span, name: v.Name, container: container}
		u.own, u.unsure = ownOf(script, known, v)
		u.Span, u.exact = nameIn(m.Text, span, v.Name)
		add(u)
	}
	if name != "" {
		r.assigned = len(settings(inst, script, name)) > 0
	}
}

// within keeps a span inside of another one.
func within(span, whole text.Span) text.Span {
	start := min(max(span.Start, whole.Start), whole.End)
	return text.Span{Start: start, End: min(max(span.End, start), whole.End)}
}

// nameIn is the place of the name in the reading of a variable: behind the $, the brace and what may stand in front of a
// name in there. Bash has a bare name in arithmetic.
func nameIn(source string, reading text.Span, name string) (text.Span, bool) {
	if reading.Start < 0 || reading.End > len(source) || reading.Start > reading.End {
		return text.Span{}, false
	}
	written := reading.Of(source)
	at := len(written) - len(strings.TrimLeft(written, "${#!"))
	if !strings.HasPrefix(written[at:], name) {
		return reading, false
	}
	return text.Span{Start: reading.Start + at, End: reading.Start + at + len(name)}, true
}

// setting is where a script sets a variable of its own.
type setting struct {
	from, until int // what is read between these offsets is the script's
	command     int // the index of the command; -1 if there is none
	branch      bool
	// inner says that only what scripts inside the command read is set: X=1 sh -c '…'.
	inner bool
}

const always = int(^uint(0) >> 1)

// settings are where a script sets a variable, and where a mount of its RUN does.
func settings(inst *dockerfile.Instruction, script *shell.Script, name string) []setting {
	var found []setting
	for i := range script.Commands {
		c := &script.Commands[i]
		branch := c.Inside&^shell.InScript != 0
		for _, a := range c.Assigns {
			switch {
			case a.Name != name:
			case len(c.Words) > 0 && !declares(c.Name()):
				found = append(found, setting{from: c.Start, until: c.End, command: i, inner: true})
			default:
				found = append(found, setting{from: a.End, until: always, command: i, branch: branch})
			}
		}
		if setsByName(c, name) {
			found = append(found, setting{from: c.End, until: always, command: i, branch: branch})
		}
	}
	for _, l := range script.Loops {
		if l.Name == name {
			found = append(found, setting{from: l.End, until: always, command: -1})
		}
	}
	for _, flag := range inst.Flags {
		for _, o := range flag.Options {
			if strings.EqualFold(o.Key.Text, "env") && o.Value.Text == name {
				found = append(found, setting{until: always, command: -1})
			}
		}
	}
	return found
}

func declares(name string) bool {
	switch name {
	case "declare", "export", "local", "readonly", "typeset":
		return true
	}
	return false
}

// setsByName reports whether a command sets a variable that one of its words names.
func setsByName(c *shell.Command, name string) bool {
	names := func(words []shell.Word) bool {
		return slices.ContainsFunc(words, func(w shell.Word) bool { return w.Literal && w.Value == name })
	}
	switch c.Name() {
	case "read", "mapfile", "readarray", "unset":
		return names(c.Words[1:])
	case "getopts":
		return len(c.Words) > 2 && names(c.Words[2:3])
	case "printf":
		return len(c.Words) > 2 && c.Words[1].Value == "-v" && names(c.Words[2:3])
	}
	return false
}

// ownOf says whether a variable that a script reads is its own. It is unsure where the script has set it in a branch, or
// behind ||, and not on all ways to the place.
func ownOf(script *shell.Script, sets []setting, v shell.Variable) (own, unsure bool) {
	for _, s := range sets {
		if v.Start < s.from || v.Start >= s.until || s.inner && isOuter(&script.Commands[s.command], v) {
			continue
		}
		if s.command < 0 || s.inner || surely(script, s, v.Start) {
			return true, false
		}
		unsure = true
	}
	return unsure, unsure
}

// isOuter reports whether the words of a command read a variable before it runs.
func isOuter(c *shell.Command, v shell.Variable) bool {
	reads := func(w *shell.Word) bool {
		return slices.ContainsFunc(w.Variables, func(other shell.Variable) bool { return other.Span == v.Span })
	}
	for i := range c.Words {
		if reads(&c.Words[i]) {
			return true
		}
	}
	for i := range c.Assigns {
		if reads(&c.Assigns[i].Value) {
			return true
		}
	}
	for i := range c.Redirects {
		if reads(&c.Redirects[i].Target) || c.Redirects[i].Body != nil && reads(c.Redirects[i].Body) {
			return true
		}
	}
	return false
}

// surely reports whether a command has run when a place behind it is reached.
func surely(script *shell.Script, s setting, at int) bool {
	if s.branch {
		return false
	}
	switch script.Commands[s.command].After.Operator {
	case shell.Start, shell.Newline, shell.Semicolon:
		return true
	}
	for i := s.command; i < len(script.Commands) && (i == s.command || script.Commands[i].Start <= at); i++ {
		if c := &script.Commands[i]; c.After.Operator != shell.And && !c.Inside.Has(shell.InSubstitution) {
			return false
		}
	}
	return true
}
