package lspcheck

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
)

// fault is where a value does not have its type.
type fault struct{ path, message string }

// node is an object whose type is known, or the value of a map's entry.
type node struct {
	structure string // its name in the model; empty for a literal and for the entry of a map
	path      string
	key       string // the property that holds it, also through arrays; for an entry its key
	value     any
	parent    *node
}

func (n *node) property(name string) any { return object(n.value)[name] }

// fit is what comes of looking at a value as one of a type.
type fit struct {
	faults []fault
	nodes  []*node // outer ones first
	cost   int     // how far off the value is, to choose among alternatives
}

const (
	costOfKind    = 1 << 20 // an array where an object is wanted
	costOfLiteral = 1 << 10 // another "kind"
)

func (f *fit) fault(cost int, path, format string, args ...any) {
	f.faults = append(f.faults, fault{path, fmt.Sprintf(format, args...)})
	f.cost += cost
}

func (f *fit) add(inner fit) {
	f.faults = append(f.faults, inner.faults...)
	f.nodes = append(f.nodes, inner.nodes...)
	f.cost += min(inner.cost, costOfLiteral)
}

// spot is where a value stands in its message.
type spot struct {
	path, key string
	parent    *node
	depth     int
}

// maxDepth is how deep the model is followed. No client nests deeper, and paths grow with the depth.
const maxDepth = 200

func (s spot) in(key string) spot { return spot{s.path + "." + key, key, s.parent, s.depth + 1} }

func (s spot) at(index int) spot {
	return spot{s.path + "[" + strconv.Itoa(index) + "]", s.key, s.parent, s.depth + 1}
}

// fit compares a value with a type.
func (m *Model) fit(t *dataType, v any, s spot) (f fit) {
	if s.depth > maxDepth {
		return f
	}
	switch t.Kind {
	case "base":
		f.base(t.Name, v, s)
	case "reference":
		return m.fitReference(t.Name, v, s)
	case "array":
		return m.fitArray(t, v, s)
	case "tuple":
		return m.fitTuple(t, v, s)
	case "map":
		return m.fitMap(t, v, s)
	case "or":
		return m.fitBest(t.Items, v, s)
	case "literal", "and":
		return m.fitStructure(t.literal, v, s)
	case "stringLiteral":
		if v != t.text {
			f.fault(costOfLiteral, s.path, "is %s instead of %q", excerpt(v), t.text)
		}
	}
	return f
}

func (f *fit) base(name string, v any, s spot) {
	ok := false
	switch name {
	case "null":
		ok = v == nil
	case "boolean":
		_, ok = v.(bool)
	case "decimal":
		_, ok = v.(json.Number)
	case "integer", "uinteger":
		f.integer(name, v, s)
		return
	default: // string, URI, DocumentUri, RegExp
		_, ok = v.(string)
	}
	if !ok {
		f.fault(costOfKind, s.path, "is %s instead of %s", excerpt(v), name)
	}
}

// integer holds LSP's ranges: -2^31 to 2^31-1, and from 0 for uinteger (LSP 3.18, Base Types).
func (f *fit) integer(name string, v any, s spot) {
	n, ok := whole(v)
	lowest := int64(math.MinInt32)
	if name == "uinteger" {
		lowest = 0
	}
	switch {
	case !ok:
		f.fault(costOfKind, s.path, "is %s instead of %s", excerpt(v), name)
	case n < lowest || n > math.MaxInt32:
		f.fault(1, s.path, "is %d, which no %s holds", n, name)
	}
}

func (m *Model) fitReference(name string, v any, s spot) (f fit) {
	if name == "LSPAny" {
		return f
	}
	if alias := m.aliases[name]; alias != nil {
		return m.fit(alias, v, s)
	}
	if e := m.enumerations[name]; e != nil {
		return m.fitEnumeration(e, v, s)
	}
	return m.fitStructure(m.structures[name], v, s)
}

func (m *Model) fitEnumeration(e *enumeration, v any, s spot) fit {
	f := m.fit(&e.Type, v, s)
	if e.Custom || f.cost > 0 {
		return f
	}
	for _, known := range e.Values {
		if fmt.Sprint(known.Value) == fmt.Sprint(v) {
			return f
		}
	}
	f.fault(1, s.path, "is %s, which is no %s", excerpt(v), e.Name)
	return f
}

func (m *Model) fitStructure(t *structure, v any, s spot) (f fit) {
	value, ok := v.(map[string]any)
	if !ok {
		f.fault(costOfKind, s.path, "is %s instead of an object%s", excerpt(v), of(t.Name))
		return f
	}
	self := &node{t.Name, s.path, s.key, value, s.parent}
	f.nodes = append(f.nodes, self)
	s.parent = self
	for _, name := range slices.Sorted(maps.Keys(value)) {
		p := t.byName[name]
		if p == nil {
			f.fault(1, s.in(name).path, "is unknown%s", of(t.Name))
			continue
		}
		f.add(m.fit(&p.Type, value[name], s.in(name)))
	}
	for _, name := range slices.Sorted(maps.Keys(t.byName)) {
		if _, there := value[name]; !there && !t.byName[name].Optional {
			f.fault(1, s.in(name).path, "is missing")
		}
	}
	return f
}

func of(structure string) string {
	if structure == "" {
		return ""
	}
	return " (" + structure + ")"
}

func (m *Model) fitArray(t *dataType, v any, s spot) (f fit) {
	list, ok := v.([]any)
	if !ok {
		f.fault(costOfKind, s.path, "is %s instead of an array", excerpt(v))
		return f
	}
	for i, item := range list {
		f.add(m.fit(t.Element, item, s.at(i)))
	}
	return f
}

func (m *Model) fitTuple(t *dataType, v any, s spot) (f fit) {
	list, ok := v.([]any)
	switch {
	case !ok:
		f.fault(costOfKind, s.path, "is %s instead of an array", excerpt(v))
		return f
	case len(list) != len(t.Items):
		f.fault(1, s.path, "has %d values instead of %d", len(list), len(t.Items))
		return f
	}
	for i, item := range list {
		f.add(m.fit(&t.Items[i], item, s.at(i)))
	}
	return f
}

func (m *Model) fitMap(t *dataType, v any, s spot) (f fit) {
	value, ok := v.(map[string]any)
	if !ok {
		f.fault(costOfKind, s.path, "is %s instead of an object", excerpt(v))
		return f
	}
	for _, key := range slices.Sorted(maps.Keys(value)) {
		inner := s.in(key)
		inner.parent = &node{"", inner.path, key, value[key], s.parent}
		f.nodes = append(f.nodes, inner.parent)
		f.add(m.fit(t.entry, value[key], inner))
	}
	return f
}

// fitBest takes the first alternative that the value has, else the one that it comes nearest to.
func (m *Model) fitBest(alternatives []dataType, v any, s spot) fit {
	var best fit
	for i := range alternatives {
		f := m.fit(&alternatives[i], v, s)
		if f.cost == 0 {
			return f
		}
		if i == 0 || f.cost < best.cost {
			best = f
		}
	}
	if best.cost >= costOfKind && len(best.faults) == 1 {
		best.faults[0].message = fmt.Sprintf("is %s, which is none of the %d types allowed", excerpt(v), len(alternatives))
	}
	return best
}
