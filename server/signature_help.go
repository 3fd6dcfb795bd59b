package server

import (
	"context"
	"unicode/utf16"

	"go.lsp.dev/protocol"

	"dockerfile-ls/analysis/complete"
)

// signatures say what a client makes of the forms of what is being written.
type signatures struct {
	markup  []protocol.MarkupKind
	offsets bool // a parameter may be told by its place in the label
	active  bool // each form may have its own active parameter
	none    bool // there may be none
}

// signatureCapabilities are the client's words for these facts.
type signatureCapabilities struct {
	Information struct {
		Formats   []protocol.MarkupKind `json:"documentationFormat"`
		Active    bool                  `json:"activeParameterSupport"`
		None      bool                  `json:"noActiveParameterSupport"`
		Parameter struct {
			Offsets bool `json:"labelOffsetSupport"`
		} `json:"parameterInformation"`
	} `json:"signatureInformation"`
}

// signatures is nil for a client that asks for none.
func (c *signatureCapabilities) signatures() *signatures {
	if c == nil {
		return nil
	}
	told := c.Information
	return &signatures{
		markup: told.Formats, offsets: told.Parameter.Offsets, active: told.Active, none: told.Active && told.None,
	}
}

// options name the characters behind which the next part of an instruction, a flag or an array begins.
func (c *signatures) options() *protocol.SignatureHelpOptions {
	return &protocol.SignatureHelpOptions{
		TriggerCharacters: []string{" ", "=", ",", "["}, RetriggerCharacters: []string{":", "/", `"`, "]"},
	}
}

// invoked is the kind of a request that the user has made by himself (LSP, SignatureHelpTriggerKind).
const invoked = 1

func (s *server) signatureHelp(params signatureParams) (computation[*protocol.SignatureHelp], error) {
	doc := s.documents[params.TextDocument.URI]
	return func(context.Context) (*protocol.SignatureHelp, error) {
		if doc == nil || !doc.dockerfile || s.client.signs == nil {
			return nil, nil
		}
		kind := params.Context.TriggerKind
		list, active := complete.SignaturesAt(
			complete.Facts{Model: doc.snapshot.Model()}, s.converter(doc).offsetOfPosition(params.Position),
			kind != 0 && kind != invoked,
		)
		if len(list) == 0 {
			return nil, nil
		}
		return s.client.signs.help(list, active), nil
	}, nil
}

func (c *signatures) help(list []complete.Signature, active int) *protocol.SignatureHelp {
	help := &protocol.SignatureHelp{ActiveSignature: new(uint32(active)), ActiveParameter: c.activeOf(list[active])}
	for _, s := range list {
		information := protocol.SignatureInformation{Label: s.Label, Documentation: documentation(s.Text, s.Page, c.markup)}
		if c.active {
			information.ActiveParameter = c.activeOf(s)
		}
		if s.Active >= 0 || c.none { // else the client would take the first one for active
			information.Parameters = c.parameters(s)
		}
		help.Signatures = append(help.Signatures, information)
	}
	return help
}

func (c *signatures) activeOf(s complete.Signature) protocol.Nullable[uint32] {
	switch {
	case s.Active >= 0:
		return protocol.NewNullable(uint32(s.Active))
	case c.none:
		return protocol.NullNullable[uint32]()
	}
	return protocol.Nullable[uint32]{}
}

func (c *signatures) parameters(s complete.Signature) []protocol.ParameterInformation {
	var list []protocol.ParameterInformation
	for _, p := range s.Parameters {
		information := protocol.ParameterInformation{
			Label: protocol.String(p.Of(s.Label)), Documentation: documentation(p.Text, "", c.markup),
		}
		if c.offsets {
			start := uint32(len(utf16.Encode([]rune(s.Label[:p.Start]))))
			end := start + uint32(len(utf16.Encode([]rune(p.Of(s.Label)))))
			information.Label = protocol.ParameterInformationLabelTuple{start, end}
		}
		list = append(list, information)
	}
	return list
}
