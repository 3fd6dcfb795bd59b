package complete

import (
	"cmp"
	"strings"
	"unicode/utf8"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/reference"
	"dockerfile-ls/analysis/secret"
	"dockerfile-ls/analysis/text"
)

// variable are the items for a name behind $ or ${; false where none stands in front of the cursor. There are none where
// nobody fills it in.
func (p *place) variable() ([]Item, bool) {
	start, braces, ok := variableIn(p.before(), p.Model.Escape)
	if !ok {
		return nil, false
	}
	if !p.isExpanded(start) {
		return nil, true
	}
	return p.variablesAt(start, braces), true
}

// variableIn finds the name of a variable at the end of a text: where it begins, behind its $ or ${.
func variableIn(before string, escape byte) (start int, braces, ok bool) {
	start = len(before)
	for start > 0 && isNameByte(before[start-1]) {
		start--
	}
	dollar := start - 1
	if dollar > 0 && before[dollar] == '{' {
		braces = true
		dollar--
	}
	if dollar < 0 || before[dollar] != '$' {
		return 0, false, false
	}
	escapes := 0
	for dollar-escapes > 0 && before[dollar-escapes-1] == escape {
		escapes++
	}
	if start < len(before) && before[start] >= '0' && before[start] <= '9' {
		return 0, false, false // an argument of a script
	}
	return start, braces, escapes%2 == 0
}

func isNameByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// isExpanded reports whether somebody fills in a variable at the cursor, which begins at an offset of the line: BuildKit, or
// the shell of the command.
func (p *place) isExpanded(start int) bool {
	if p.half == nil {
		return true
	}
	if last := len(p.half.Flags) - 1; last >= 0 && p.half.Flags[last].End == p.at && p.half.Rest.Text == "" {
		return p.isExpandedInFlag()
	}
	switch p.half.Name {
	case "RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK":
		return p.half.JSON == nil && !singleQuoted(p.line[p.half.Rest.Start:start])
	case "SHELL", "MAINTAINER", "ONBUILD":
		return false
	}
	return !singleQuoted(p.line[lastBlank(p.line, start):start])
}

// isExpandedInFlag leaves out what BuildKit reads before it knows any value.
func (p *place) isExpandedInFlag() bool {
	flag := p.half.Flags[len(p.half.Flags)-1]
	switch flag.Name.Text {
	case "platform", "chown", "chmod", "exclude", "checksum":
		return flag.HasValue
	case "mount":
		option := flag.Options[len(flag.Options)-1]
		return option.HasValue && !strings.EqualFold(option.Key.Text, "from")
	}
	return false
}

func lastBlank(line string, end int) int { return strings.LastIndexAny(line[:end], " \t") + 1 }

// singleQuoted reports whether the end of a text is inside of single quotes.
func singleQuoted(s string) bool { return openQuote(s) == '\'' }

// openQuote is the quote that the end of a text is inside of; 0 if it is in none.
func openQuote(s string) byte {
	var quote byte
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case quote == 0 && (c == '\'' || c == '"'):
			quote = c
		case quote == c && quote != 0:
			quote = 0
		case c == '\\' && quote != '\'':
			i++
		}
	}
	return quote
}

// variablesAt are the variables that count at the cursor, the nearest first, with their values.
func (p *place) variablesAt(start int, braces bool) []Item {
	span, ok := p.nameAt(start)
	if !ok {
		return nil
	}
	var items []Item
	seen := map[string]bool{}
	add := func(item Item) {
		if seen[item.Label] || !isVariable(item.Label) {
			return
		}
		seen[item.Label] = true
		item.Span, item.Kind, item.Insert = span, Variable, item.Label
		if braces && !strings.ContainsRune("}:-+?#%/", rune(cmp.Or(p.next(span), ' '))) {
			item.Insert += "}"
		}
		items = append(items, item)
	}
	p.declared(func(name, of string) {
		add(Item{Label: name, Detail: orElse(p.valueOf(name), of)})
	})
	p.ofImage(add)
	p.predefined(add)
	return items
}

// nameAt is the span of a name that begins at an offset of the line.
func (p *place) nameAt(start int) (text.Span, bool) {
	span, ok := p.word(start, "")
	if !ok {
		return span, false
	}
	end := 0
	for behind := p.behind(); end < len(behind) && isNameByte(behind[end]); {
		end++
	}
	return text.Span{Start: span.Start, End: p.offset + end}, true
}

func isVariable(name string) bool {
	return name != "" && strings.Trim(name, "_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") == "" &&
		(name[0] < '0' || name[0] > '9')
}

// declared yields the names that ENV and ARG declare in front of the cursor, the last one first.
func (p *place) declared(yield func(name, of string)) {
	if p.inst == nil {
		return
	}
	if p.inst.Name == "FROM" || p.stage == nil {
		p.globals(func(name string, _ *dockerfile.Instruction) { yield(name, "global build argument") })
		return
	}
	runs := runsLater(p.half)
	if p.inst.Name == "ARG" { // each sees those of the same line before it
		for i := len(p.half.Pairs) - 2; i >= 0; i-- {
			yield(p.half.Pairs[i].Key.Text, "build argument")
		}
	}
	for inst := range p.Model.Before(p.inst) {
		for i := len(inst.Pairs) - 1; i >= 0; i-- {
			switch name := inst.Pairs[i].Key.Text; {
			case inst.Name == "ENV":
				yield(name, "environment")
			case inst.Name == "ARG" && !runs:
				yield(name, "build argument")
			}
		}
	}
}

// globals yields the arguments in front of the first FROM that stand in front of the cursor, the last one first.
func (p *place) globals(yield func(name string, inst *dockerfile.Instruction)) {
	for i := len(p.Model.Globals) - 1; i >= 0; i-- {
		inst := p.Model.Globals[i]
		if inst.Name != "ARG" || inst.Start > p.offset {
			continue
		}
		for j := len(inst.Pairs) - 1; j >= 0; j-- {
			if inst.Pairs[j].Span.Touches(text.Span{Start: p.offset, End: p.offset}) {
				continue
			}
			yield(inst.Pairs[j].Key.Text, inst)
		}
	}
}

// ofImage adds the variables that the base image is known to set, and PATH, which each has.
func (p *place) ofImage(add func(Item)) {
	if p.stage == nil || p.inst == nil || p.inst.Name == "FROM" {
		return
	}
	if ref, known := p.Model.Image(p.stage); known {
		if details := p.Images[ref.Key()].Details; details != nil {
			for _, env := range details.Env {
				name, value, _ := strings.Cut(env, "=")
				add(Item{Label: name, Detail: shown(name, value)})
			}
		}
	}
	add(Item{Label: "PATH", Detail: "environment of the base image"})
}

// predefined adds what BuildKit sets by itself: the platforms in front of stages, proxies in commands.
func (p *place) predefined(add func(Item)) {
	of := ""
	switch {
	case p.inst == nil:
	case p.inst.Name == "FROM" || p.stage == nil:
		of = "platform"
	case p.inst.Name == "RUN":
		of = "proxy"
	}
	for _, entry := range reference.List(reference.Argument, of) {
		add(documented(Item{Label: entry.Name, Detail: "set by BuildKit"}, reference.Argument, of, entry.Name))
	}
}

// valueOf is what is shown of a variable's value; empty if it is not known, or may be a secret.
func (p *place) valueOf(name string) string {
	v := p.Model.Value(p.inst, name)
	if v.State != dockerfile.Known {
		return ""
	}
	return shown(name, v.Text)
}

// shown is a value as it may be shown: shortened, and not if it looks like a secret.
func shown(name, value string) string {
	if secret.IsName(name) || secret.IsPublishedName(name) || secret.InURL(value) {
		return ""
	}
	return short(secret.Hide(value))
}

const maxShown = 60

// short is a text on one line, of a length that fits beside a name.
func short(value string) string {
	value = strings.Join(strings.Fields(value), " ")
	if utf8.RuneCountInString(value) > maxShown {
		value = string([]rune(value)[:maxShown-1]) + "…"
	}
	return value
}
