package server

import (
	"slices"

	"go.lsp.dev/protocol"
)

// completion says what a client makes of the items that are offered while somebody types.
type completion struct {
	// snippets says that it fills in forms, markup which documentation it shows, empty if it says nothing of it.
	snippets bool
	markup   []protocol.MarkupKind
	// inserts says that an item may leave what stands behind the cursor, ranges that a list may have one range for all
	// items.
	inserts, ranges bool
	// tagged and deprecated are the two ways in which it shows what nobody should write.
	tagged, deprecated bool
	details, preselect bool
	// asIs says that it can leave the indentation of what it inserts alone.
	asIs    bool
	folders bool // there is a kind for folders
	// context says that it tells why it asks.
	context bool
}

// completionCapabilities are the client's words for these facts.
type completionCapabilities struct {
	Context bool `json:"contextSupport"`
	Item    struct {
		Snippets   bool                  `json:"snippetSupport"`
		Formats    []protocol.MarkupKind `json:"documentationFormat"`
		Inserts    bool                  `json:"insertReplaceSupport"`
		Deprecated bool                  `json:"deprecatedSupport"`
		Details    bool                  `json:"labelDetailsSupport"`
		Preselect  bool                  `json:"preselectSupport"`
		Tags       struct {
			ValueSet []protocol.CompletionItemTag `json:"valueSet"`
		} `json:"tagSupport"`
		Modes struct {
			ValueSet []protocol.InsertTextMode `json:"valueSet"`
		} `json:"insertTextModeSupport"`
	} `json:"completionItem"`
	Kinds struct {
		ValueSet []protocol.CompletionItemKind `json:"valueSet"`
	} `json:"completionItemKind"`
	List struct {
		Defaults []string `json:"itemDefaults"`
	} `json:"completionList"`
}

// completion is nil for a client that asks for none.
func (c *completionCapabilities) completion() *completion {
	if c == nil {
		return nil
	}
	return &completion{
		snippets:   c.Item.Snippets,
		markup:     c.Item.Formats,
		inserts:    c.Item.Inserts,
		ranges:     slices.Contains(c.List.Defaults, "editRange"),
		tagged:     slices.Contains(c.Item.Tags.ValueSet, protocol.CompletionItemTagDeprecated),
		deprecated: c.Item.Deprecated,
		details:    c.Item.Details,
		preselect:  c.Item.Preselect,
		asIs:       slices.Contains(c.Item.Modes.ValueSet, protocol.InsertTextModeAsIs),
		folders:    slices.Contains(c.Kinds.ValueSet, protocol.CompletionItemKindFolder),
		context:    c.Context,
	}
}

// triggers are the characters behind which a client asks by itself: those that begin a flag, a value, a field of a mount, a
// variable, a part of a path, a tag, a digest, a string of an array and a here-document. No list comes up in a sentence or
// in
// a command by them, since nothing is offered there. Behind a blank only a short and exact list does; a client that does not
// tell what was typed would show the long ones too. A # is none: it begins comments.
func (c *completion) triggers() []string {
	triggers := []string{"-", "=", ",", "$", "{", "/", ":", "@", `"`, "<"}
	if c.context {
		triggers = append(triggers, " ")
	}
	return triggers
}

// options are offered to such a client.
func (c *completion) options() *protocol.CompletionOptions {
	return &protocol.CompletionOptions{TriggerCharacters: c.triggers()}
}
