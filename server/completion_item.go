package server

import (
	"slices"
	"strings"

	"go.lsp.dev/protocol"

	"dockerfile-ls/analysis/complete"
)

// item is an item but for its text.
func (c *completion) item(item complete.Item) protocol.CompletionItem {
	converted := protocol.CompletionItem{
		Label: item.Label, Kind: c.kind(item.Kind), Documentation: documentation(item.Text, item.Page, c.markup),
	}
	switch {
	case item.Detail == "":
	case c.details && standsBeside(item.Kind):
		converted.LabelDetails = &protocol.CompletionItemLabelDetails{Description: new(item.Detail)}
	default:
		converted.Detail = protocol.NewOptional(item.Detail)
	}
	switch {
	case !item.Deprecated:
	case c.tagged:
		converted.Tags = []protocol.CompletionItemTag{protocol.CompletionItemTagDeprecated}
	case c.deprecated:
		//lint:ignore SA1019 clients from before LSP 3.15 know no tags
		converted.Deprecated = protocol.NewOptional(true)
	}
	if item.Preselect && c.preselect {
		converted.Preselect = protocol.NewOptional(true)
	}
	if item.Kind == complete.Template && c.asIs { // an indented delimiter would not end its here-document
		converted.InsertTextMode = protocol.InsertTextModeAsIs
	}
	return converted
}

// standsBeside reports whether the detail is short, and of use for each item of a list at a glance: a value, a version.
func standsBeside(kind complete.Kind) bool {
	switch kind {
	case complete.Keyword, complete.Flag, complete.Key, complete.Template, complete.Rule:
		return false
	}
	return true
}

// kind is LSP's nearest; a client that says nothing of kinds knows those up to 18.
func (c *completion) kind(kind complete.Kind) protocol.CompletionItemKind {
	switch kind {
	case complete.Keyword:
		return protocol.CompletionItemKindKeyword
	case complete.Flag, complete.Key:
		return protocol.CompletionItemKindProperty
	case complete.Stage:
		return protocol.CompletionItemKindClass
	case complete.Image:
		return protocol.CompletionItemKindModule
	case complete.Variable:
		return protocol.CompletionItemKindVariable
	case complete.Folder:
		if c.folders {
			return protocol.CompletionItemKindFolder
		}
		return protocol.CompletionItemKindFile
	case complete.File:
		return protocol.CompletionItemKindFile
	case complete.Script:
		return protocol.CompletionItemKindFunction
	case complete.Template:
		return protocol.CompletionItemKindSnippet
	}
	return protocol.CompletionItemKindValue
}

// documentation is a text in which code stands between backticks, with the address of more, in the first format that a
// client
// names; as plain text for one that names none. It is nil if there is neither.
func documentation(text, page string, formats []protocol.MarkupKind) protocol.InlayHintTooltip {
	if text == "" && page == "" {
		return nil
	}
	if slices.Contains(formats, protocol.MarkupKindMarkdown) {
		if page != "" {
			text += "\n\n[Page](" + page + ")"
		}
		return &protocol.MarkupContent{Kind: protocol.MarkupKindMarkdown, Value: strings.TrimSpace(text)}
	}
	text = strings.ReplaceAll(text, "`", "")
	if page != "" {
		text = strings.TrimSpace(text + "\n\n" + page)
	}
	if slices.Contains(formats, protocol.MarkupKindPlainText) {
		return &protocol.MarkupContent{Kind: protocol.MarkupKindPlainText, Value: text}
	}
	return protocol.String(text)
}
