package settings

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	goccy "github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/yaml"
)

// Problem is a mistake in a configuration. Line and column are one-based; both are 0 where there is no place.
type Problem struct {
	Line, Column int
	Message      string
}

// Read reads a configuration in YAML, of which JSON is a part, that the user has given. What is wrong is told and costs only
// itself; only a text that is no YAML changes nothing.
func Read(source string, rules []*lint.Rule) (Settings, []Problem) {
	return (&reader{rules: rules, machine: true}).read(source)
}

// ReadOver reads a configuration that was found in a workspace, on top of other settings: a key that the source has replaces
// theirs. Keys of the machine are a mistake in it.
func ReadOver(below Settings, source string, rules []*lint.Rule) (Settings, []Problem) {
	return (&reader{rules: rules, settings: below}).read(source)
}

func (r *reader) read(source string) (Settings, []Problem) {
	file, err := yaml.Parse(source, parser.AllowDuplicateMapKey())
	if err != nil {
		r.broken(err)
		return r.settings, r.problems
	}
	for _, doc := range file.Docs {
		if doc.Body != nil && doc.Body.Type() != ast.NullType {
			r.mapping(doc.Body, "")
		}
	}
	return r.settings, r.problems
}

type reader struct {
	rules    []*lint.Rule
	machine  bool // keys of the machine count
	settings Settings
	problems []Problem
}

func (r *reader) broken(err error) {
	p := Problem{Message: "this is no YAML: " + err.Error()}
	var syntax goccy.Error
	if errors.As(err, &syntax) {
		p.Message = "this is no YAML: " + syntax.GetMessage()
		if t := syntax.GetToken(); t != nil {
			p.Line, p.Column = t.Position.Line, t.Position.Column
		}
	}
	r.problems = append(r.problems, p)
}

func (r *reader) tell(t *token.Token, format string, args ...any) {
	p := Problem{Message: fmt.Sprintf(format, args...)}
	if t != nil && t.Position != nil {
		p.Line, p.Column = t.Position.Line, t.Position.Column
	}
	r.problems = append(r.problems, p)
}

// mapping reads the keys below a prefix, which ends with a dot if it is not empty.
func (r *reader) mapping(node ast.Node, prefix string) {
	pairs, ok := pairsOf(node)
	if !ok {
		what := "the configuration"
		if prefix != "" {
			what = "`" + strings.TrimSuffix(prefix, ".") + "`"
		}
		r.tell(node.GetToken(), "%s must be a mapping of keys to values", what)
		return
	}
	keys := Keys()
	for _, pair := range pairs {
		name := prefix + textOf(pair.Key)
		i := slices.IndexFunc(keys, func(k Key) bool { return k.Name == name })
		switch {
		case i >= 0 && keys[i].Scope == Machine && !r.machine:
			r.tell(pair.Key.GetToken(), "`%s` is about your machine, and no file of a workspace can set it: set it in "+
				"the editor, or in a file for --config", name)
		case i >= 0:
			if v, ok := r.value(pair.Value, keys[i]); ok {
				keys[i].set(&r.settings, v)
			}
		case slices.ContainsFunc(keys, func(k Key) bool { return strings.HasPrefix(k.Name, name+".") }):
			r.mapping(pair.Value, name+".")
		default:
			r.unknown(pair.Key.GetToken(), name, names(keys))
		}
	}
}

func names(keys []Key) []string {
	out := make([]string, len(keys))
	for i, k := range keys {
		out[i] = k.Name
	}
	return out
}

func (r *reader) unknown(t *token.Token, name string, known []string) {
	if near := dockerfile.Nearest(name, known); near != "" {
		r.tell(t, "there is no setting `%s`: write `%s`", name, near)
		return
	}
	r.tell(t, "there is no setting `%s`: there are %s", name, strings.Join(known, ", "))
}

func pairsOf(node ast.Node) ([]*ast.MappingValueNode, bool) {
	switch n := node.(type) {
	case *ast.MappingNode:
		return n.Values, true
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}, true
	}
	return nil, false
}

func textOf(node ast.Node) string { return node.GetToken().Value }

// value reads a value of a key's type. It is not ok where nothing of the value can be used.
func (r *reader) value(node ast.Node, key Key) (v value, ok bool) {
	if node.Type() == ast.NullType {
		return v, true // a key without value has its default
	}
	switch key.Type {
	case Levels:
		v.levels, ok = r.levels(node, key.Name)
	case Overrides:
		v.overrides, ok = r.overrides(node)
	case Text:
		v.text, ok = r.text(node, key.Name)
	case Texts:
		v.texts, ok = r.texts(node, key.Name)
	case TextMap:
		v.textMap, ok = r.textMap(node, key.Name)
	case Choice:
		v.text, ok = r.choice(node, key)
	case Duration:
		v.duration, ok = r.duration(node, key.Name)
	}
	return v, ok
}

// choice reads one of the key's choices. YAML 1.1 has off for false and on for true, and some editors write it so.
func (r *reader) choice(node ast.Node, key Key) (string, bool) {
	text := textOf(node)
	if b, isBool := node.(*ast.BoolNode); isBool {
		text = map[bool]string{true: On, false: Never}[b.Value]
	}
	if !slices.Contains(key.Choices, text) {
		r.tell(node.GetToken(), "`%s` must be one of %s", key.Name, strings.Join(key.Choices, ", "))
		return "", false
	}
	return text, true
}

func (r *reader) duration(node ast.Node, name string) (time.Duration, bool) {
	d, err := time.ParseDuration(textOf(node))
	if err != nil || d <= 0 {
		r.tell(node.GetToken(), "`%s` must be a time as 10s or 1m30s", name)
		return 0, false
	}
	return d, true
}

func (r *reader) text(node ast.Node, name string) (string, bool) {
	s, ok := node.(*ast.StringNode)
	if !ok {
		r.tell(node.GetToken(), "`%s` must be a text: put it in quotes", name)
		return "", false
	}
	return s.Value, true
}

func (r *reader) texts(node ast.Node, name string) ([]string, bool) {
	list, ok := node.(*ast.SequenceNode)
	if !ok {
		r.tell(node.GetToken(), "`%s` must be a list of texts", name)
		return nil, false
	}
	var out []string
	for _, item := range list.Values {
		if s, ok := r.text(item, name); ok {
			out = append(out, s)
		}
	}
	return out, true
}

func (r *reader) textMap(node ast.Node, name string) (map[string]string, bool) {
	pairs, ok := pairsOf(node)
	if !ok {
		r.tell(node.GetToken(), "`%s` must be a mapping of texts to texts", name)
		return nil, false
	}
	out := map[string]string{}
	for _, pair := range pairs {
		if s, ok := r.text(pair.Value, name+"."+textOf(pair.Key)); ok {
			out[textOf(pair.Key)] = s
		}
	}
	return out, true
}
