package project

import (
	"strings"

	"github.com/goccy/go-yaml/ast"

	"dockerfile-ls/analysis/yaml"
)

// yamlFile is the first document of a YAML file. Aliases are followed where they are asked for and never expanded, so that
// no file of nested ones takes more than its steps.
type yamlFile struct {
	root    ast.Node
	anchors map[string]ast.Node
	steps   int
}

// maxSteps is how many nodes are looked at: more than a file of maxComposeBytes has, and far less than a bomb of aliases.
const maxSteps = 200_000

type pair struct {
	key   string
	value ast.Node
	line  int // from 1
}

// parseYAML reads a file; an empty one has no root.
func parseYAML(text string) (*yamlFile, error) {
	file, err := yaml.Parse(text)
	if err != nil {
		return nil, err
	}
	y := &yamlFile{anchors: map[string]ast.Node{}, steps: maxSteps}
	if len(file.Docs) > 0 && file.Docs[0].Body != nil {
		y.root = file.Docs[0].Body
		ast.Walk(y, y.root)
	}
	return y, nil
}

// Visit notes the anchors.
func (y *yamlFile) Visit(node ast.Node) ast.Visitor {
	if anchor, ok := node.(*ast.AnchorNode); ok {
		y.anchors[anchor.Name.GetToken().Value] = anchor.Value
	}
	return y
}

func (y *yamlFile) exhausted() bool { return y.steps <= 0 }

// plain is a node without anchors, aliases and tags; nil if there is none or too much was looked at.
func (y *yamlFile) plain(node ast.Node) ast.Node {
	for y.steps > 0 {
		y.steps--
		switch n := node.(type) {
		case *ast.AnchorNode:
			node = n.Value
		case *ast.TagNode:
			node = n.Value
		case *ast.AliasNode:
			node = y.anchors[n.Value.GetToken().Value]
		case *ast.NullNode:
			return nil
		default:
			return node
		}
	}
	return nil
}

// pairs are those of a mapping, behind them those that `<<` merges in.
func (y *yamlFile) pairs(node ast.Node) []pair {
	var values []*ast.MappingValueNode
	switch n := y.plain(node).(type) {
	case *ast.MappingNode:
		values = n.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{n}
	}
	var own, merged []pair
	for _, v := range values {
		if y.steps--; y.steps <= 0 {
			return nil
		}
		if _, merge := v.Key.(*ast.MergeKeyNode); merge {
			merged = append(merged, y.merged(v.Value)...)
			continue
		}
		if key, ok := y.scalar(v.Key); ok {
			own = append(own, pair{key, v.Value, v.Key.GetToken().Position.Line})
		}
	}
	return append(own, merged...)
}

func (y *yamlFile) merged(node ast.Node) []pair {
	if list, ok := y.plain(node).(*ast.SequenceNode); ok {
		var all []pair
		for _, value := range list.Values {
			all = append(all, y.pairs(value)...)
		}
		return all
	}
	return y.pairs(node)
}

// get is the value of a key of a mapping; nil if it has none.
func (y *yamlFile) get(node ast.Node, key string) ast.Node {
	for _, p := range y.pairs(node) {
		if p.key == key {
			return y.plain(p.value)
		}
	}
	return nil
}

// scalar is the text of a scalar.
func (y *yamlFile) scalar(node ast.Node) (string, bool) {
	switch n := y.plain(node).(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	case *ast.BoolNode, *ast.IntegerNode, *ast.FloatNode:
		return n.GetToken().Value, true
	}
	return "", false
}

// text is a scalar with its variables replaced, absent if there is none.
func (y *yamlFile) text(node ast.Node) Fact[string] {
	text, ok := y.scalar(node)
	switch {
	case node == nil:
		return absent[string]()
	case !ok:
		return unknown[string]("it is no text")
	}
	return interpolate(text)
}

func (y *yamlFile) boolean(node ast.Node) Fact[bool] {
	switch n := node.(type) {
	case nil:
		return absent[bool]()
	case *ast.BoolNode:
		return known(n.Value)
	}
	return unknown[bool]("it is neither true nor false")
}

// list is a sequence of scalars; false if it is anything else.
func (y *yamlFile) list(node ast.Node) ([]string, bool) {
	sequence, ok := y.plain(node).(*ast.SequenceNode)
	if !ok {
		return nil, false
	}
	var texts []string
	for _, value := range sequence.Values {
		text, ok := y.scalar(value)
		if !ok {
			return nil, false
		}
		texts = append(texts, text)
	}
	return texts, true
}

// args are build arguments, as a mapping or as a list of name=value. Those without value come from the environment.
func (y *yamlFile) args(node ast.Node) map[string]Fact[string] {
	args := map[string]Fact[string]{}
	list, _ := y.list(node)
	for _, text := range list {
		if name, value, ok := strings.Cut(text, "="); ok {
			args[name] = interpolate(value)
		} else {
			args[name] = unknown[string]("it comes from the environment")
		}
	}
	for _, p := range y.pairs(node) {
		if _, own := args[p.key]; own {
			continue
		}
		args[p.key] = y.text(y.plain(p.value))
		if y.plain(p.value) == nil {
			args[p.key] = unknown[string]("it comes from the environment")
		}
	}
	return args
}

// yamlText is the value of a key of a YAML file.
func yamlText(text Fact[string], key string) Fact[string] {
	if text.State != Known {
		return unknown[string](text.Why)
	}
	y, err := parseYAML(text.Value)
	if err != nil {
		return unknown[string]("it is malformed")
	}
	node := y.get(y.root, key)
	value, ok := y.scalar(node)
	switch {
	case node == nil:
		return absent[string]()
	case !ok:
		return unknown[string]("it is no text")
	}
	return known(value)
}

// yamlList is the value of a key of a YAML file that is a list.
func yamlList(text Fact[string], key string) Fact[[]string] {
	if text.State != Known {
		return unknown[[]string](text.Why)
	}
	y, err := parseYAML(text.Value)
	if err != nil {
		return unknown[[]string]("it is malformed")
	}
	node := y.get(y.root, key)
	list, ok := y.list(node)
	switch {
	case node == nil:
		return absent[[]string]()
	case !ok:
		return unknown[[]string]("it is no list")
	}
	return known(list)
}
