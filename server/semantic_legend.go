package server

import (
	"encoding/json"
	"slices"

	"go.lsp.dev/protocol"

	"dockerfile-ls/analysis/tokens"
)

// tokenCapabilities say how a client takes semantic tokens. Whether it takes tokens over several lines or over each other
// does not matter: there are none.
type tokenCapabilities struct {
	Requests struct {
		Range json.RawMessage `json:"range"`
		Full  json.RawMessage `json:"full"`
	} `json:"requests"`
	Types     []string `json:"tokenTypes"`
	Modifiers []string `json:"tokenModifiers"`
	Formats   []string `json:"formats"`
}

// legend is LSP's numbers for the kinds of tokens, of those that a client knows.
type legend struct {
	types, modifiers  []string
	kinds             [len(tokenTypes)]int // the index of the type; -1 for a kind that the client has no type for
	bits              [len(tokenModifiers)]uint32
	full, delta, part bool // which requests the client makes
}

// tokenTypes are LSP's words for the kinds, the best first.
var tokenTypes = [...][]string{
	tokens.Comment:   {"comment"},
	tokens.Directive: {"decorator", "macro", "keyword"},
	tokens.Keyword:   {"keyword"},
	tokens.Flag:      {"parameter", "property"},
	tokens.Key:       {"property"},
	tokens.Value:     {"enumMember"},
	tokens.Stage:     {"class", "type"},
	tokens.Image:     {"namespace", "type"},
	tokens.Tag:       {"enumMember", "property"},
	tokens.Digest:    {"number", "string"},
	tokens.Variable:  {"variable"},
	tokens.String:    {"string"},
	tokens.Number:    {"number"},
	tokens.Operator:  {"operator"},
	tokens.Command:   {"function", "method"},
	tokens.Option:    {"parameter", "property"},
	tokens.Delimiter: {"label", "macro", "string"},
}

// tokenModifiers are LSP's words for the modifiers, by their bits.
var tokenModifiers = [...]string{"declaration", "deprecated"}

// legend is nil for a client that has no use for tokens.
func (c *tokenCapabilities) legend() *legend {
	if c == nil || !slices.Contains(c.Formats, "relative") {
		return nil
	}
	var delta struct {
		Delta bool `json:"delta"`
	}
	l := &legend{full: says(c.Requests.Full), part: says(c.Requests.Range), modifiers: []string{}}
	l.delta = l.full && json.Unmarshal(c.Requests.Full, &delta) == nil && delta.Delta
	for kind, names := range tokenTypes {
		i := slices.IndexFunc(names, func(name string) bool { return slices.Contains(c.Types, name) })
		if l.kinds[kind] = -1; i >= 0 {
			l.kinds[kind] = indexIn(&l.types, names[i])
		}
	}
	for i, name := range tokenModifiers {
		if slices.Contains(c.Modifiers, name) {
			l.bits[i] = 1 << indexIn(&l.modifiers, name)
		}
	}
	if len(l.types) == 0 || !l.full && !l.part {
		return nil
	}
	return l
}

// says reports whether a capability is true, or an object.
func says(capability json.RawMessage) bool {
	return string(capability) == "true" || len(capability) > 0 && capability[0] == '{'
}

// indexIn is the index of a name in a list, to which it is added if it is not there.
func indexIn(list *[]string, name string) int {
	i := slices.Index(*list, name)
	if i < 0 {
		i = len(*list)
		*list = append(*list, name)
	}
	return i
}

func (l *legend) options() *protocol.SemanticTokensOptions {
	options := &protocol.SemanticTokensOptions{
		Legend: protocol.SemanticTokensLegend{TokenTypes: l.types, TokenModifiers: l.modifiers},
	}
	if l.part {
		options.Range = protocol.Boolean(true)
	}
	switch {
	case l.delta:
		options.Full = &protocol.SemanticTokensFullDelta{Delta: new(true)}
	case l.full:
		options.Full = protocol.Boolean(true)
	}
	return options
}
