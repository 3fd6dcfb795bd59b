package lspcheck

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
)

// Model is the LSP meta model: methods and the types of their params and results.
type Model struct {
	requests, notifications map[string]*method
	structures              map[string]*structure
	enumerations            map[string]*enumeration
	aliases                 map[string]*dataType
}

// method is a request or a notification.
type method struct {
	Method              string    `json:"method"`
	Direction           string    `json:"messageDirection"`
	Params              *dataType `json:"params"`
	Result              *dataType `json:"result"`
	PartialResult       *dataType `json:"partialResult"`
	ErrorData           *dataType `json:"errorData"`
	RegistrationMethod  string    `json:"registrationMethod"`
	RegistrationOptions *dataType `json:"registrationOptions"`
	ClientCapability    string    `json:"clientCapability"`
	ServerCapability    string    `json:"serverCapability"`
}

// from reports whether a side may send the method.
func (m *method) from(side Side) bool {
	switch m.Direction {
	case "clientToServer":
		return side == Client
	case "serverToClient":
		return side == Server
	}
	return true
}

// structure is an object with known properties. Load adds to Properties those that it extends and mixes in.
type structure struct {
	Name       string     `json:"name"`
	Properties []property `json:"properties"`
	Extends    []dataType `json:"extends"`
	Mixins     []dataType `json:"mixins"`

	flat   bool
	byName map[string]*property
}

type property struct {
	Name     string   `json:"name"`
	Type     dataType `json:"type"`
	Optional bool     `json:"optional"`
}

type enumeration struct {
	Name   string   `json:"name"`
	Type   dataType `json:"type"`
	Values []struct {
		Value any `json:"value"`
	} `json:"values"`
	Custom bool `json:"supportsCustomValues"`
}

// dataType is a type of the meta model, of one of its kinds.
type dataType struct {
	Kind    string          `json:"kind"`
	Name    string          `json:"name"`    // base, reference
	Element *dataType       `json:"element"` // array
	Items   []dataType      `json:"items"`   // or, and, tuple
	Raw     json.RawMessage `json:"value"`   // what value holds depends on the kind

	entry   *dataType  // map: the type of its values; keys are strings in JSON
	literal *structure // literal, and
	text    string     // stringLiteral
}

// Load reads the LSP meta model (metaModel.json).
func Load(r io.Reader) (*Model, error) {
	var file struct {
		Requests, Notifications []*method
		Structures              []*structure
		Enumerations            []*enumeration
		TypeAliases             []struct {
			Name string
			Type *dataType
		}
	}
	if err := json.NewDecoder(r).Decode(&file); err != nil {
		return nil, fmt.Errorf("the meta model: %w", err)
	}
	m := &Model{
		requests:      byName(file.Requests, func(r *method) string { return r.Method }),
		notifications: byName(file.Notifications, func(n *method) string { return n.Method }),
		structures:    byName(file.Structures, func(s *structure) string { return s.Name }),
		enumerations:  byName(file.Enumerations, func(e *enumeration) string { return e.Name }),
		aliases:       map[string]*dataType{},
	}
	for _, alias := range file.TypeAliases {
		m.aliases[alias.Name] = alias.Type
	}
	return m, m.resolve()
}

func byName[T any](list []T, name func(T) string) map[string]T {
	found := map[string]T{}
	for _, item := range list {
		found[name(item)] = item
	}
	return found
}

// resolve makes the properties of every structure complete, and holds that every name means something.
func (m *Model) resolve() error {
	for _, name := range slices.Sorted(maps.Keys(m.structures)) {
		if err := m.flatten(m.structures[name]); err != nil {
			return err
		}
	}
	for _, alias := range m.aliases {
		if err := m.link(alias); err != nil {
			return err
		}
	}
	for _, methods := range []map[string]*method{m.requests, m.notifications} {
		for _, method := range methods {
			for _, t := range []*dataType{
				method.Params, method.Result, method.PartialResult, method.ErrorData, method.RegistrationOptions,
			} {
				if err := m.link(t); err != nil {
					return fmt.Errorf("%s: %w", method.Method, err)
				}
			}
		}
	}
	return nil
}

// flatten adds the properties that a structure inherits. A property of its own wins over one that it inherits.
func (m *Model) flatten(s *structure) error {
	if s.flat {
		return nil
	}
	s.flat = true
	s.byName = map[string]*property{}
	for i := range s.Properties {
		if err := m.link(&s.Properties[i].Type); err != nil {
			return fmt.Errorf("%s.%s: %w", s.Name, s.Properties[i].Name, err)
		}
		s.byName[s.Properties[i].Name] = &s.Properties[i]
	}
	for _, base := range slices.Concat(s.Extends, s.Mixins) {
		parent := m.structures[base.Name]
		if parent == nil {
			return fmt.Errorf("%s extends %q, which is no structure", s.Name, base.Name)
		}
		if err := m.flatten(parent); err != nil {
			return err
		}
		s.inherit(parent)
	}
	return nil
}

func (s *structure) inherit(parent *structure) {
	for name, p := range parent.byName {
		if s.byName[name] == nil {
			s.byName[name] = p
		}
	}
}

// link reads what the value of a type holds, and checks the names in it.
func (m *Model) link(t *dataType) error {
	if t == nil {
		return nil
	}
	if err := m.linkKind(t); err != nil {
		return err
	}
	if err := m.link(t.Element); err != nil {
		return err
	}
	for i := range t.Items {
		if err := m.link(&t.Items[i]); err != nil {
			return err
		}
	}
	return nil
}

func (m *Model) linkKind(t *dataType) error {
	switch t.Kind {
	case "reference":
		if m.structures[t.Name] == nil && m.enumerations[t.Name] == nil && m.aliases[t.Name] == nil {
			return fmt.Errorf("unknown type %q", t.Name)
		}
	case "map":
		if err := json.Unmarshal(t.Raw, &t.entry); err != nil {
			return err
		}
		return m.link(t.entry)
	case "literal":
		if err := json.Unmarshal(t.Raw, &t.literal); err != nil {
			return err
		}
		return m.flatten(t.literal)
	case "stringLiteral":
		return json.Unmarshal(t.Raw, &t.text)
	case "and":
		t.literal = &structure{Extends: t.Items}
		return m.flatten(t.literal)
	case "base", "array", "or", "tuple":
	default:
		return fmt.Errorf("unknown kind %q", t.Kind)
	}
	return nil
}
