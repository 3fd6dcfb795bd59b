package hover

import (
	"slices"
	"strconv"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/image"
	"dockerfile-ls/analysis/navigate"
	"dockerfile-ls/analysis/text"
)

// stage is a stage where it is declared or named, also by its number. At the FROM of one without a name there is the
// instruction.
func stage(p *place) (Card, bool) {
	if !p.means(navigate.Stage) || len(p.symbol.Definitions) == 0 || p.symbol.At.Span == p.Keyword.Span {
		return Card{}, false
	}
	i := slices.IndexFunc(p.Stages, func(s *dockerfile.Stage) bool { return s.From.Span == p.symbol.Definitions[0].Whole })
	if i < 0 {
		return Card{}, false
	}
	s := p.Stages[i]
	c := concept(p.symbol.At.Span, "Stage", "stage")
	if c.Subject = s.Name.Text; c.Subject == "" {
		c.Subject = strconv.Itoa(i)
	}
	p.describe(&c, s)
	return c, true
}

// describe adds what is known of a stage.
func (p *place) describe(c *Card, s *dockerfile.Stage) {
	c.row("stage", "number "+strconv.Itoa(s.Index)+", "+line(p.Text, s.From.Span))
	chain, root := p.chain(s)
	c.code("based on", strings.Join(chain, " → "), "")
	if platform := p.platform(s); platform != "" {
		c.code("platform", platform, "")
	}
	p.addUser(c, s, root)
	if dir := p.WorkdirAtEnd(s); dir.State == dockerfile.Known {
		c.code("working directory", dir.Text, "")
	}
	p.addOrigins(c, s)
	if uses := navigate.UsesOfStages(p.Model)[s.Index]; len(uses) > 0 {
		var spans []text.Span
		for _, use := range uses {
			spans = append(spans, use.Span)
		}
		c.row("used in", lines(p.Text, spans))
	}
	c.row("built", p.built(s))
}

// chain are what a stage is based on, from stage to stage down to the image, and the last one of these stages.
func (p *place) chain(s *dockerfile.Stage) (names []string, root *dockerfile.Stage) {
	for root = s; ; {
		parent := p.Parent(root)
		if parent == nil {
			break
		}
		names = append(names, root.Base.Text)
		root = parent
	}
	base := p.Base(root)
	if base == "" {
		base = root.Base.Text
	}
	if base == "" {
		base = "…"
	}
	return append(names, image.Short(base)), root
}

// platform is the one that a FROM of a stage or of those below names; empty if none does.
func (p *place) platform(s *dockerfile.Stage) string {
	for ; s != nil; s = p.Parent(s) {
		for _, flag := range s.From.Flags {
			if flag.Name.Text != "platform" {
				continue
			}
			if v := p.Global(flag.Value.Text); v.State == dockerfile.Known && v.Text != "" {
				return v.Text
			}
			return flag.Value.Text
		}
	}
	return ""
}

// addUser says as whom a container of a stage runs, if that is known.
func (p *place) addUser(c *Card, s, root *dockerfile.Stage) {
	if inst := p.InForceAtEnd(s, "USER"); inst != nil {
		if v := p.Expand(inst, inst.Args[0].Text); v.State == dockerfile.Known {
			c.code("user", v.Text, line(p.Text, inst.Span))
		} else {
			c.code("user", inst.Args[0].Text, line(p.Text, inst.Span))
		}
		return
	}
	if p.Base(root) == "scratch" {
		c.code("user", "root", "")
		return
	}
	ref, ok := p.Image(root)
	if !ok {
		return
	}
	if details := p.known.Images[ref.Key()].Details; details != nil {
		c.code("user", userOf(*details), "of the image")
	} else if ref.Privilege() == image.Root {
		c.code("user", "root", "of the image")
	}
}

// addOrigins says what a stage copies and mounts, and from where.
func (p *place) addOrigins(c *Card, s *dockerfile.Stage) {
	where := map[string][]text.Span{}
	var names []string
	add := func(name string, span text.Span) {
		if where[name] == nil {
			names = append(names, name)
		}
		where[name] = append(where[name], span)
	}
	for _, inst := range s.Instructions {
		if len(navigate.SourcesOf(p.Model, inst)) > 0 {
			add("", inst.Span)
		}
		for _, origin := range p.Origins(inst) {
			if origin.Stage != nil && origin.Stage.Name.Text != "" {
				add(origin.Stage.Name.Text, inst.Span)
				continue
			}
			add(origin.Text, inst.Span)
		}
	}
	const most = 6
	for i, name := range names {
		if i == most {
			c.row("copies from", count(len(names)-most, "other", "others"))
			break
		}
		if name == "" {
			c.row("copies from", "the build context, "+lines(p.Text, where[name]))
			continue
		}
		c.code("copies from", image.Short(name), lines(p.Text, where[name]))
	}
}

// built says whether a build makes a stage, if the build command names none.
func (p *place) built(s *dockerfile.Stage) string {
	last := p.Stages[len(p.Stages)-1]
	if s == last {
		return "yes, it is the last one, which becomes the image if --target names no other"
	}
	const (
		nothing = iota
		copied
		base
	)
	needed := make([]int, len(p.Stages))
	needed[last.Index] = base
	for i := len(p.Stages) - 1; i >= 0; i-- {
		from := p.Stages[i]
		if needed[i] == nothing {
			continue
		}
		if parent := p.Parent(from); parent != nil {
			needed[parent.Index] = max(needed[parent.Index], needed[i])
		}
		for _, list := range [][]*dockerfile.Instruction{from.Instructions, p.triggeredIn(from)} {
			for _, inst := range list {
				for _, origin := range p.Origins(inst) {
					if origin.Stage != nil && origin.Stage.Index < i {
						needed[origin.Stage.Index] = max(needed[origin.Stage.Index], copied)
					}
				}
			}
		}
	}
	switch needed[s.Index] {
	case base:
		return "yes, the last stage is based on it"
	case copied:
		return "yes, since files of it are needed; the image has only what is copied"
	}
	return "no, the last stage needs nothing of it: only with --target"
}

// triggeredIn are the instructions behind the ONBUILDs of what a stage is based on, which run in it.
func (p *place) triggeredIn(s *dockerfile.Stage) []*dockerfile.Instruction {
	if parent := p.Parent(s); parent != nil {
		return parent.Triggers()
	}
	return nil
}
