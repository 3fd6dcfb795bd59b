package hover

import (
	"regexp"
	"slices"
	"sort"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/reference"
	"dockerfile-ls/analysis/rules"
	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

// commentAt is the comment at an offset, or the directive.
func commentAt(m *dockerfile.Model, offset int) (text.Span, bool) {
	for i := range m.Directives {
		if d := &m.Directives[i]; d.Start <= offset && offset <= d.End {
			return d.Span, true
		}
	}
	i := sort.Search(len(m.Comments), func(i int) bool { return m.Comments[i].End >= offset })
	if i == len(m.Comments) || m.Comments[i].Start > offset {
		return text.Span{}, false
	}
	return m.Comments[i].Span, true
}

// pragma matches what a comment begins with that silences rules, up to the names of the rules.
var pragma = regexp.MustCompile(`^#[ \t]*(?:((dockerfile-ls|hadolint(?:[ \t]+global)?)[ \t]+(ignore-file|ignore))|(?i:(check)))[ \t]*=`)

// hadolints and shellchecks match the names of the rules that these have pages for.
var (
	hadolints   = regexp.MustCompile(`^DL[0-9]{4}$`)
	shellchecks = regexp.MustCompile(`^SC[0-9]{4}$`)
)

// comment is what a comment says to a program: a directive, or a pragma with the names of rules.
func (p *place) comment(span text.Span) (Card, bool) {
	written := span.Of(p.Model.Text)
	match := pragma.FindStringSubmatchIndex(written)
	if match != nil {
		for _, name := range lint.PragmaNames(p.Model) {
			if p.touches(name.Span) && span.Contains(name.Span) {
				return ruleCard(name, match[8] >= 0), true
			}
		}
	}
	if match != nil && match[2] >= 0 {
		key := text.Span{Start: span.Start + match[2], End: span.Start + match[3]}
		e, known := reference.Find(
			reference.Pragma, strings.Join(strings.Fields(written[match[4]:match[5]]), " "), written[match[6]:match[7]],
		)
		if !known || !p.touches(key) {
			return Card{}, false
		}
		c := entry(key, e.Of+" "+e.Name, e)
		c.how(e)
		return c, true
	}
	d, ok := syntax.DirectiveIn(p.Model.Text, span)
	if !ok || !p.touches(d.Span) {
		return Card{}, false
	}
	obeyed := slices.ContainsFunc(p.Directives, func(other syntax.Directive) bool { return other.Span == span })
	e, known := reference.Find(reference.Directive, "", d.Name.Text)
	if !known || !obeyed && !strings.EqualFold(e.Name, "check") {
		return Card{}, false
	}
	if option, found := checkOption(p.offset, d); found && e.Name == "check" {
		return option, true
	}
	c := entry(d.Span, "Directive "+e.Name, e)
	if !obeyed {
		c.row("counts for", "the instruction below")
	}
	c.how(e)
	return c, true
}

// checkOption is an option of a check directive.
func checkOption(offset int, d syntax.Directive) (Card, bool) {
	at := d.Value.Start
	for _, option := range strings.Split(d.Value.Text, ";") {
		key, _, _ := strings.Cut(option, "=")
		blanks := len(key) - len(strings.TrimLeft(key, " \t"))
		span := text.Span{Start: at + blanks, End: at + len(strings.TrimRight(key, " \t"))}
		e, known := reference.Find(reference.Option, "check", strings.TrimSpace(key))
		if known && span.Start <= offset && offset <= span.End {
			c := entry(span, "check="+e.Name, e)
			c.how(e)
			return c, true
		}
		at += len(option) + 1
	}
	return Card{}, false
}

// ruleCard is a rule where a pragma names it.
func ruleCard(name syntax.Word, check bool) Card {
	for _, rule := range rules.All() {
		if !rule.IsCalled(name.Text) {
			continue
		}
		c := Card{Span: name.Span, Title: rule.ID, Text: rule.Title, Page: rule.Page()}
		c.row("why", strings.ReplaceAll(rule.Why, "`", ""))
		if len(rule.Aliases) > 0 {
			c.row("also called", strings.Join(rule.Aliases, ", "))
		}
		if rule.Syntax {
			c.row("silenced", "no, it tells what BuildKit rejects")
		}
		return c
	}
	if check && name.Text == "all" {
		return concept(name.Span, "all", "all checks")
	}
	c := concept(name.Span, "Rule", "rule")
	c.Subject, c.Page = name.Text, ""
	switch {
	case check:
		c.Text = "No rule of ours is about a build check of this name."
		c.Page = "https://docs.docker.com/reference/build-checks/"
	case hadolints.MatchString(name.Text):
		c.Text = "A rule of hadolint that none of ours is about."
		c.Page = "https://github.com/hadolint/hadolint/wiki/" + name.Text
	case shellchecks.MatchString(name.Text):
		c.Text = "A rule of ShellCheck, which hadolint runs on scripts."
		c.Page = "https://www.shellcheck.net/wiki/" + name.Text
	}
	return c
}
