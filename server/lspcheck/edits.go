package lspcheck

import "slices"

// codeAction checks an action against what the client knows of actions.
func (s *scene) codeAction(n *node) {
	const action = "textDocument.codeAction."
	if !s.able.says(action + "codeActionLiteralSupport") {
		s.wrong(n.path, "is more than a command, but the client has no %scodeActionLiteralSupport", action)
	}
	s.wants(n, "isPreferred", action+"isPreferredSupport")
	s.wants(n, "disabled", action+"disabledSupport")
	s.wants(n, "data", action+"dataSupport")
	s.wantsAmong(n, "tags", action+"tagSupport.valueSet")
	s.does(n)
}

// does notes an action that does nothing and will not do more when it is resolved.
func (s *scene) does(n *node) {
	const properties = "textDocument.codeAction.resolveSupport.properties"
	has := func(name string) bool { return n.property(name) != nil }
	if has("edit") || has("command") || has("disabled") {
		return
	}
	switch {
	case s.method == "codeAction/resolve":
		s.wrong(n.path, "does nothing after it was resolved")
	case !s.able.takes(properties, "edit"):
		s.wrong(n.path, "does nothing, and the client resolves no edit")
	case !has("data"):
		s.wrong(n.path, "does nothing, and has no data to resolve it by")
	case !s.offered.has("codeActionProvider.resolveProvider"):
		s.wrong(n.path, "does nothing, and the server resolves none")
	}
}

const edits = "workspace.workspaceEdit."

// workspaceEdit checks an edit against what the client can do.
func (s *scene) workspaceEdit(n *node) {
	changes, inDocuments := object(n.value)["documentChanges"]
	if _, plain := object(n.value)["changes"]; plain && inDocuments {
		s.wrong(n.path, "has both changes and documentChanges")
	}
	s.wants(n, "changeAnnotations", edits+"changeAnnotationSupport")
	for _, change := range array(changes) {
		s.documentChange(n, object(change))
	}
}

// documentChange checks one member of documentChanges. The two capabilities do not depend on each other: Neovim makes
// files and takes no versions, Emacs the other way round. A client that makes files takes texts beside them, without a
// version (LSP 3.18, WorkspaceEdit: plain changes are for those that support neither).
func (s *scene) documentChange(edit *node, change map[string]any) {
	path := edit.path + ".documentChanges"
	kind, operates := change["kind"]
	switch {
	case operates && !s.able.takes(edits+"resourceOperations", kind):
		s.wrong(path, "has the operation %s, which is not in the client's %sresourceOperations", excerpt(kind), edits)
	case !operates && !s.able.says(edits+"documentChanges") && !operatesOnFiles(edit):
		s.wrong(path, "is there, but the client has no %sdocumentChanges", edits)
	case !operates && !s.able.says(edits+"documentChanges") && at(change, "textDocument.version") != nil:
		s.wrong(path, "has a version, but the client has no %sdocumentChanges", edits)
	}
	s.annotated(edit, path, change)
	for _, inner := range array(change["edits"]) {
		if at(inner, "snippet") != nil && !s.able.says(edits+"snippetEditSupport") {
			s.wrong(path, "has a snippet, but the client has no %ssnippetEditSupport", edits)
		}
		s.annotated(edit, path, object(inner))
	}
}

// operatesOnFiles reports whether an edit makes, renames or deletes a file, and so has no other form.
func operatesOnFiles(edit *node) bool {
	return slices.ContainsFunc(array(edit.property("documentChanges")), func(c any) bool { return at(c, "kind") != nil })
}

// annotated checks that an annotation's id leads to an annotation.
func (s *scene) annotated(edit *node, path string, change map[string]any) {
	id, there := change["annotationId"]
	if !there {
		return
	}
	if !s.able.says(edits + "changeAnnotationSupport") {
		s.wrong(path, "has an annotationId, but the client has no %schangeAnnotationSupport", edits)
	}
	name, _ := id.(string)
	if _, defined := object(edit.property("changeAnnotations"))[name]; !defined {
		s.wrong(path, "has the annotationId %s, which changeAnnotations does not define", excerpt(id))
	}
}
