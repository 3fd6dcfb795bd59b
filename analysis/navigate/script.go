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
	sets := settings(inst, script, name)
	for _, v := range script.Variables {
		if !isName(v.Name) || name != "" && v.Name != name {
			continue
		}
		u := use{name: v.Name, container: container}
		u.own, u.unsure = ownOf(script, sets[v.Name], v)
		u.Span, u.exact = nameIn(m.Text, inst.At(v.Span), v.Name)
		add(u)
	}
	r.assigned = name != "" && len(sets[name]) > 0
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
	sure        int // the offset up to which it has run, on all ways to a place
	// inner says that only what scripts inside the command read is set: X=1 sh -c '…'.
	inner bool
}

const always = int(^uint(0) >> 1)

// settings are where a script, or a mount of its RUN, sets a variable, or all of them if the name is empty; by name.
func settings(inst *dockerfile.Instruction, script *shell.Script, name string) map[string][]setting {
	found := map[string][]setting{}
	add := func(of string, s setting) {
		if name == "" || of == name {
			found[of] = append(found[of], s)
		}
	}
	until := always // where the next command begins that is not joined by &&
	for i := range slices.Backward(script.Commands) {
		c := &script.Commands[i]
		sure := sureUntil(c, until)
		for _, a := range c.Assigns {
			if len(c.Words) > 0 && !declares(c.Name()) {
				add(a.Name, setting{from: c.Start, until: c.End, command: i, inner: true})
			} else {
				add(a.Name, setting{from: a.End, until: always, command: i, sure: sure})
			}
		}
		for _, of := range setByName(c) {
			add(of, setting{from: c.End, until: always, command: i, sure: sure})
		}
		if c.After.Operator != shell.And && !c.Inside.Has(shell.InSubstitution) {
			until = c.Start
		}
	}
	for _, l := range script.Loops {
		add(l.Name, setting{from: l.End, until: always, command: -1})
	}
	for _, flag := range inst.Flags {
		for _, o := range flag.Options {
			if strings.EqualFold(o.Key.Text, "env") {
				add(o.Value.Text, setting{until: always, command: -1})
			}
		}
	}
	return found
}

// sureUntil is the offset up to which a command has run on all ways to a place: all of the script behind a command that
// begins a line or a list, up to a given offset behind &&, and none in a branch or behind ||.
func sureUntil(c *shell.Command, joined int) int {
	if c.Inside&^shell.InScript != 0 {
		return 0
	}
	switch c.After.Operator {
	case shell.Start, shell.Newline, shell.Semicolon:
		return always
	case shell.And:
		return joined
	}
	return 0
}

func declares(name string) bool {
	switch name {
	case "declare", "export", "local", "readonly", "typeset":
		return true
	}
	return false
}

// setByName are the variables that a command sets and that its words name.
func setByName(c *shell.Command) []string {
	words := c.Words
	switch c.Name() {
	case "read", "mapfile", "readarray", "unset":
		words = words[1:]
	case "getopts":
		words = words[min(2, len(words)):min(3, len(words))]
	case "printf":
		if len(words) < 3 || words[1].Value != "-v" {
			return nil
		}
		words = words[2:3]
	default:
		return nil
	}
	var names []string
	for _, w := range words {
		if w.Literal && isName(w.Value) {
			names = append(names, w.Value)
		}
	}
	return names
}

// ownOf says whether a variable that a script reads is its own. It is unsure where the script has set it in a branch, or
// behind ||, and not on all ways to the place.
func ownOf(script *shell.Script, sets []setting, v shell.Variable) (own, unsure bool) {
	for _, s := range sets {
		if v.Start < s.from || v.Start >= s.until || s.inner && isOuter(&script.Commands[s.command], v) {
			continue
		}
		if s.command < 0 || s.inner || v.Start < s.sure {
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
