package lspcheck

import (
	"encoding/json"
	"maps"
	"slices"
)

const item = "textDocument.completion.completionItem."

func (s *scene) completionItem(n *node) {
	s.wants(n, "labelDetails", item+"labelDetailsSupport")
	s.wants(n, "commitCharacters", item+"commitCharactersSupport")
	s.wants(n, "deprecated", item+"deprecatedSupport")
	s.wants(n, "preselect", item+"preselectSupport")
	s.wantsAmong(n, "tags", item+"tagSupport.valueSet")
	s.wantsAmong(n, "insertTextMode", item+"insertTextModeSupport.valueSet")
	s.markup(n, "documentation", item+"documentationFormat")
	s.snippet(n)
	s.itemKind(n)
	s.itemEdit(n)
}

// itemKind knows that clients without a set of kinds know the eighteen of LSP 1 and 2.
func (s *scene) itemKind(n *node) {
	const set = "textDocument.completion.completionItemKind.valueSet"
	if s.able.to(set) != nil {
		s.wantsAmong(n, "kind", set)
	} else if kind, ok := whole(n.property("kind")); ok && kind > 18 {
		s.wrong(n.path+".kind", "is %d, but the client has no %s", kind, set)
	}
}

func (s *scene) snippet(n *node) {
	if n.property("insertTextFormat") == json.Number("2") && !s.able.says(item+"snippetSupport") {
		s.wrong(n.path+".insertTextFormat", "says snippet, but the client has no %ssnippetSupport", item)
	}
}

// itemEdit holds that the edit is on one line (LSP 3.18, CompletionItem.textEdit).
func (s *scene) itemEdit(n *node) {
	edit := object(n.property("textEdit"))
	if _, two := edit["insert"]; two && !s.able.says(item+"insertReplaceSupport") {
		s.wrong(n.path+".textEdit", "has two ranges, but the client has no %sinsertReplaceSupport", item)
	}
	for _, name := range []string{"range", "insert", "replace"} {
		if start, end := at(edit[name], "start.line"), at(edit[name], "end.line"); !equal(start, end) {
			s.wrong(n.path+".textEdit."+name, "is on more than one line")
		}
	}
}

func (s *scene) completionDefaults(n *node) {
	const set = "textDocument.completion.completionList.itemDefaults"
	s.snippet(n)
	for _, name := range slices.Sorted(maps.Keys(object(n.value))) {
		if !s.able.takes(set, name) {
			s.wrong(n.path+"."+name, "is there, but not in the client's %s", set)
		}
	}
}

func (s *scene) completionList(n *node) {
	s.wants(n, "applyKind", "textDocument.completion.completionList.applyKindSupport")
}
