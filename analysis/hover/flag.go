package hover

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/navigate"
	"dockerfile-ls/analysis/reference"
	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

// flagAt is the flag at the place.
func (p *place) flagAt() (syntax.Flag, bool) {
	i := slices.IndexFunc(p.Flags, func(f syntax.Flag) bool { return p.touches(f.Span) })
	if i < 0 {
		return syntax.Flag{}, false
	}
	return p.Flags[i], true
}

// mountOption is a key of --mount, or the value of one.
func mountOption(p *place) (Card, bool) {
	f, found := p.flagAt()
	if !found || p.Name != "RUN" || f.Name.Text != "mount" {
		return Card{}, false
	}
	o, found := p.optionAt(f)
	if !found {
		return Card{}, false
	}
	kind := mountType(f)
	key := strings.ToLower(o.Key.Text)
	if o.HasValue && o.Value.Text != "" && p.touches(o.Value.Span) && !p.touches(o.Key.Span) {
		switch key {
		case "type":
			if e, ok := reference.Find(reference.MountType, "", o.Value.Text); ok {
				c := entry(o.Value.Span, "type="+e.Name, e)
				c.how(e)
				return c, true
			}
		case "sharing":
			if e, ok := reference.Find(reference.Value, key, o.Value.Text); ok {
				c := entry(o.Value.Span, "sharing="+e.Name, e)
				c.how(e)
				return c, true
			}
		}
	}
	e, known := reference.Find(reference.MountKey, kind, key)
	if !known {
		return foreignKey(o.Span, kind, key)
	}
	c := entry(o.Span, e.Name+" of a mount of type "+kind, e)
	if e.Idle {
		return c, true
	}
	c.how(e)
	if len(e.Also) > 0 {
		c.code("also written", strings.Join(e.Also, ", "), "")
	}
	if o.HasValue {
		p.addWord(&c, o.Value)
	}
	if p.means(navigate.MountID) {
		var spans []text.Span
		for _, other := range p.symbol.Places {
			spans = append(spans, other.Span)
		}
		c.row("named in", lines(p.Text, spans))
	}
	return c, true
}

func (p *place) optionAt(f syntax.Flag) (syntax.Option, bool) {
	i := slices.IndexFunc(f.Options, func(o syntax.Option) bool { return p.touches(o.Span) && o.Key.Text != "" })
	if i < 0 {
		return syntax.Option{}, false
	}
	return f.Options[i], true
}

// mountType is the type of a mount in lower case: the last one that is named, as BuildKit takes it, else bind.
func mountType(f syntax.Flag) string {
	kind := "bind"
	for _, o := range f.Options {
		if strings.EqualFold(o.Key.Text, "type") && o.HasValue {
			kind = strings.ToLower(o.Value.Text)
		}
	}
	return kind
}

// foreignKey is a key that mounts of another type have.
func foreignKey(span text.Span, kind, key string) (Card, bool) {
	if _, known := reference.Find(reference.MountType, "", kind); !known {
		return Card{}, false
	}
	var types []string
	for _, other := range dockerfile.MountTypes {
		if e, ok := reference.Find(reference.MountKey, other, key); ok && !e.Idle {
			types = append(types, other)
		}
	}
	if types == nil {
		return Card{}, false
	}
	mount, _ := reference.Find(reference.MountType, "", kind)
	c := Card{Span: span, Title: key, Page: mount.Page()}
	c.Text = fmt.Sprintf("A mount of the type %s does not take this key.", kind)
	c.row("taken by", strings.Join(types, ", "))
	return c, true
}

// addWord adds a value as it is written, and what it comes to if it has variables.
func (p *place) addWord(c *Card, word syntax.Word) {
	if !strings.Contains(word.Text, "$") {
		return
	}
	if v := p.Expand(p.Instruction, word.Text); v.State == dockerfile.Known {
		note := ""
		if v.Default {
			note = "by default; --build-arg can set another"
		}
		c.code("value", v.Text, note)
		return
	}
	c.row("value", "not known, since it is made of what is not known")
}

// deviceOption is a key of --device.
func deviceOption(p *place) (Card, bool) {
	f, found := p.flagAt()
	if !found || p.Name != "RUN" || f.Name.Text != "device" {
		return Card{}, false
	}
	o, found := p.optionAt(f)
	if !found {
		return Card{}, false
	}
	name := o.Key.Text
	if _, known := reference.Find(reference.Option, "device", name); !known {
		name = "name" // which may be left out
	}
	e, _ := reference.Find(reference.Option, "device", name)
	c := entry(o.Span, e.Name+" of a device", e)
	c.how(e)
	return c, true
}

// flagValue is a value of a flag of which there are few, or which has a meaning of its own.
func flagValue(p *place) (Card, bool) {
	f, found := p.flagAt()
	if !found || !f.HasValue || f.Value.Text == "" || !p.touches(f.Value.Span) {
		return Card{}, false
	}
	e, known := reference.Find(reference.Value, f.Name.Text, f.Value.Text)
	if !known || f.Name.Text != "network" && f.Name.Text != "security" {
		return Card{}, false
	}
	c := entry(f.Value.Span, "--"+f.Name.Text+"="+e.Name, e)
	c.how(e)
	return c, true
}

// flag is a flag of the instruction.
func flag(p *place) (Card, bool) {
	f, found := p.flagAt()
	if !found {
		return Card{}, false
	}
	e, known := reference.Find(reference.Flag, p.Name, f.Name.Text)
	if !known {
		return Card{}, false
	}
	c := entry(f.Span, p.Name+" --"+e.Name, e)
	c.how(e)
	switch {
	case f.Value.Text == "":
	case p.Name == "HEALTHCHECK":
		if words := inWords(f.Name.Text, f.Value.Text); words != "" {
			c.row("value", words)
		}
	case f.Name.Text == "chmod":
		p.addMode(&c, f.Value)
	case f.Name.Text != "from" && f.Name.Text != "exclude" && f.Name.Text != "mount":
		p.addWord(&c, f.Value)
	}
	if p.Name == "HEALTHCHECK" {
		p.health(&c)
	}
	return c, true
}

// addMode says what an octal mode allows.
func (p *place) addMode(c *Card, word syntax.Word) {
	p.addWord(c, word)
	v := p.Expand(p.Instruction, word.Text)
	n, err := strconv.ParseUint(v.Text, 8, 32)
	if v.State != dockerfile.Known || err != nil || n > 0o777 {
		return
	}
	letters := []byte("rwxrwxrwx")
	for i := range letters {
		if n&(1<<(8-i)) == 0 {
			letters[i] = '-'
		}
	}
	c.code("means", string(letters), "of the owner, the group and all others")
}
