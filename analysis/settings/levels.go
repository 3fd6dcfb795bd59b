package settings

import (
	"slices"

	"github.com/goccy/go-yaml/ast"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/lint"
)

// levels reads a mapping of rule IDs to severities.
func (r *reader) levels(node ast.Node, name string) (lint.Levels, bool) {
	pairs, ok := pairsOf(node)
	if !ok {
		r.tell(node.GetToken(), "`%s` must be a mapping of rule IDs to error, warning, information, hint or off", name)
		return nil, false
	}
	out := lint.Levels{}
	for _, pair := range pairs {
		if rule := r.rule(pair.Key); rule != nil {
			if level, ok := r.level(pair.Value, rule); ok {
				out[rule.ID] = level
			}
		}
	}
	return out, true
}

// rule finds a rule by its ID or an alias.
func (r *reader) rule(key ast.Node) *lint.Rule {
	name := textOf(key)
	if i := slices.IndexFunc(r.rules, func(rule *lint.Rule) bool { return rule.IsCalled(name) }); i >= 0 {
		return r.rules[i]
	}
	var known []string
	for _, rule := range r.rules {
		known = append(append(known, rule.ID), rule.Aliases...)
	}
	if near := dockerfile.Nearest(name, known); near != "" {
		r.tell(key.GetToken(), "there is no rule `%s`: write `%s`", name, near)
		return nil
	}
	r.tell(key.GetToken(), "there is no rule `%s`", name)
	return nil
}

func (r *reader) level(node ast.Node, rule *lint.Rule) (lint.Severity, bool) {
	written := textOf(node)
	if b, isBool := node.(*ast.BoolNode); isBool && !b.Value {
		written = "off" // YAML 1.1 takes off for false
	}
	level, ok := lint.SeverityOf(written)
	switch {
	case !ok:
		r.tell(node.GetToken(), "`%s` is no severity: write error, warning, information, hint or off", written)
		return 0, false
	case rule.Syntax:
		r.tell(node.GetToken(), "`%s` stays an error, since BuildKit rejects the file", rule.ID)
		return 0, false
	}
	return level, true
}

func (r *reader) overrides(node ast.Node) ([]Override, bool) {
	list, ok := node.(*ast.SequenceNode)
	if !ok {
		r.tell(node.GetToken(), "`overrides` must be a list of mappings with paths and rules")
		return nil, false
	}
	var out []Override
	for _, item := range list.Values {
		pairs, ok := pairsOf(item)
		if !ok {
			r.tell(item.GetToken(), "an override must be a mapping with paths and rules")
			continue
		}
		out = append(out, r.override(pairs))
	}
	return out, true
}

func (r *reader) override(pairs []*ast.MappingValueNode) Override {
	var o Override
	for _, pair := range pairs {
		switch name := textOf(pair.Key); name {
		case "paths":
			o.Paths, _ = r.texts(pair.Value, "overrides.paths")
		case "rules":
			levels, _ := r.levels(pair.Value, "overrides.rules")
			o.Rules = levels
		default:
			r.unknown(pair.Key.GetToken(), "overrides."+name, []string{"overrides.paths", "overrides.rules"})
		}
	}
	return o
}
