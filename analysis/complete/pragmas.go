package complete

import (
	"maps"
	"slices"
	"strings"

	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/reference"
	"dockerfile-ls/analysis/rules"
	"dockerfile-ls/analysis/syntax"
)

// isOther reports of a directive whether it has a name and is not the one at the cursor.
func (p *place) isOther(name string) func(syntax.Directive) bool {
	return func(d syntax.Directive) bool {
		return strings.EqualFold(d.Name.Text, name) && (p.offset < d.Start || p.offset > d.End)
	}
}

// pragmaKeys are the words behind the name of a tool.
func (p *place) pragmaKeys(body int, typed string) []Item {
	start := body + strings.LastIndexAny(typed, " \t") + 1
	of, _, _ := strings.Cut(strings.ToLower(typed), " ")
	words := strings.Fields(strings.ToLower(p.line[body:start]))
	span := p.rest(start, "=")
	first := len(p.Model.Instructions) == 0 || p.offset < p.Model.Instructions[0].Start
	var items []Item
	switch {
	case len(words) == 1 && of == "hadolint":
		items = append(items, p.key(span, reference.Pragma, of, "ignore", ""))
		if first {
			items = append(items, p.key(span, reference.Pragma, "hadolint global", "ignore", "global "))
		}
	case len(words) == 2 && words[1] == "global" && of == "hadolint" && first:
		items = append(items, p.key(span, reference.Pragma, "hadolint global", "ignore", ""))
	case len(words) == 1:
		items = append(items, p.key(span, reference.Pragma, of, "ignore", ""))
		if first {
			items = append(items, p.key(span, reference.Pragma, of, "ignore-file", ""))
		}
	}
	return items
}

// ruleNames are the names of rules that a list, which begins at an offset of the line, does not have yet.
func (p *place) ruleNames(start int, names []value) []Item {
	list := p.line[start:p.at]
	start += strings.LastIndexByte(list, ',') + 1
	start += blanks(p.line[start:p.at])
	if strings.ContainsAny(p.line[start:p.at], " \t") {
		return nil // a remark
	}
	span := p.rest(start, ",;")
	written := strings.FieldsFunc(list+p.behind(), func(c rune) bool { return c == ',' || c == ' ' || c == ';' })
	current := p.line[start:p.at] + p.behind()[:span.End-p.offset]
	var items []Item
	for _, name := range names {
		if name.name != current && slices.Contains(written, name.name) {
			continue
		}
		items = append(items, Item{Span: span, Label: name.name, Kind: Rule, Detail: name.detail, Insert: name.name})
	}
	for i := range items {
		if j := slices.IndexFunc(rules.All(), func(r *lint.Rule) bool { return r.IsCalled(items[i].Label) }); j >= 0 {
			rule := rules.All()[j]
			items[i].Text, items[i].Page = rule.Why, rule.Page()
		}
	}
	return items
}

// ourNames are the rules that can be silenced, first by their IDs, then by what other tools call them.
func ourNames() []value { return append(ids(), aliases("")...) }

func hadolintNames() []value { return aliases("DL") }

func ids() []value {
	details := map[string]string{}
	for _, rule := range silenceable() {
		details[rule.ID] = rule.Title
	}
	return sorted(details)
}

// aliases are the other names of rules that begin with a prefix.
func aliases(prefix string) []value {
	details := map[string]string{}
	for _, rule := range silenceable() {
		for _, alias := range rule.Aliases {
			if strings.HasPrefix(alias, prefix) {
				details[alias] = rule.ID
			}
		}
	}
	return sorted(details)
}

// silenceable are the rules but for what BuildKit rejects.
func silenceable() []*lint.Rule {
	return slices.DeleteFunc(rules.All(), func(r *lint.Rule) bool { return r.Syntax && r.Severity == lint.Error })
}

func sorted(details map[string]string) []value {
	var list []value
	for _, name := range slices.Sorted(maps.Keys(details)) {
		list = append(list, value{name, details[name]})
	}
	return list
}
