package lspcheck

import "strings"

// able is the client's capabilities (LSP 3.18, ClientCapabilities).
type able struct{ capabilities any }

func (a able) to(path string) any { return at(a.capabilities, path) }

// says reports whether a capability is true, or an object.
func (a able) says(path string) bool {
	switch v := a.to(path).(type) {
	case bool:
		return v
	case map[string]any:
		return true
	}
	return false
}

// takes reports whether a set of values, which is at a path, has one.
func (a able) takes(path string, v any) bool { return holds(a.to(path), v) }

// scene is a message, or the result of a request, whose types are known.
type scene struct {
	*Checker
	from    Side
	method  string
	request *request // what a result answers; nil for other messages
	params  any      // of the message, or of the request that it answers
	result  any
	nodes   []*node
}

func (s *scene) wrong(path, format string, args ...any) {
	s.note(s.from, s.method, path, format, args...)
}

// wants notes a property that is there although the client has not said that it knows it.
func (s *scene) wants(n *node, name, capability string) {
	if _, there := object(n.value)[name]; there && !s.able.says(capability) {
		s.wrong(n.path+"."+name, "is there, but the client has no %s", capability)
	}
}

// wantsAmong notes values that the client's set, at a path of its capabilities, does not have.
func (s *scene) wantsAmong(n *node, name, set string) {
	v, there := object(n.value)[name]
	if !there {
		return
	}
	list, isList := v.([]any)
	if !isList {
		list = []any{v}
	}
	if s.able.to(set) == nil {
		s.wrong(n.path+"."+name, "is there, but the client has no %s", set)
		return
	}
	for _, v := range list {
		if !s.able.takes(set, v) {
			s.wrong(n.path+"."+name, "%s is not in the client's %s", excerpt(v), set)
		}
	}
}

// gates are the capabilities that the client must have for a message of the server.
var gates = map[string]string{
	"workspace/applyEdit":                   "workspace.applyEdit",
	"workspace/codeLens/refresh":            "workspace.codeLens.refreshSupport",
	"workspace/configuration":               "workspace.configuration",
	"workspace/diagnostic/refresh":          "workspace.diagnostics.refreshSupport",
	"workspace/foldingRange/refresh":        "workspace.foldingRange.refreshSupport",
	"workspace/inlayHint/refresh":           "workspace.inlayHint.refreshSupport",
	"workspace/inlineValue/refresh":         "workspace.inlineValue.refreshSupport",
	"workspace/semanticTokens/refresh":      "workspace.semanticTokens.refreshSupport",
	"workspace/textDocumentContent/refresh": "workspace.textDocumentContent",
	"workspace/workspaceFolders":            "workspace.workspaceFolders",
	"window/showDocument":                   "window.showDocument.support",
	"window/workDoneProgress/create":        "window.workDoneProgress",
}

// beyond checks an object of the server against the client's capabilities and the words of the specification. To check
// more, add a line.
func (s *scene) beyond(n *node) {
	switch n.structure {
	case "CallHierarchyItem", "TypeHierarchyItem":
		s.selection(n)
	case "CodeAction":
		s.codeAction(n)
	case "CompletionItem":
		s.completionItem(n)
	case "CompletionItemDefaults":
		s.completionDefaults(n)
	case "CompletionList":
		s.completionList(n)
	case "Diagnostic":
		s.diagnostic(n)
	case "DocumentSymbol":
		s.documentSymbol(n)
	case "FoldingRange":
		s.foldingRange(n)
	case "Hover":
		s.hover(n)
	case "InitializeResult":
		s.initializeResult(n)
	case "LocationLink":
		s.link(n)
	case "LogTraceParams":
		s.logTrace(n)
	case "ParameterInformation":
		s.parameter(n)
	case "PrepareRenameDefaultBehavior":
		s.renameDefault(n)
	case "PublishDiagnosticsParams":
		s.publication(n)
	case "Registration":
		s.registration(n)
	case "RelatedFullDocumentDiagnosticReport", "RelatedUnchangedDocumentDiagnosticReport":
		s.report(n)
	case "RelativePattern":
		s.relativePattern(n)
	case "SemanticTokens", "SemanticTokensPartialResult":
		s.semanticTokens(n)
	case "SignatureInformation":
		s.signature(n)
	case "SymbolInformation":
		s.symbolInformation(n)
	case "Unregistration":
		s.unregistration(n)
	case "WorkspaceEdit":
		s.workspaceEdit(n)
	}
}

// server checks what the server sends, beyond its types.
func (s *scene) server() {
	if capability, gated := gates[s.method]; gated && s.request == nil && !s.able.says(capability) {
		s.wrong("", "is sent, but the client has no %s", capability)
	}
	for _, n := range s.nodes {
		s.beyond(n)
	}
	s.remember()
	s.resolved()
	s.places()
	s.overlaps()
}

// client checks what the client sends, beyond its types.
func (s *scene) client() {
	s.clientPlaces()
	if s.method == "workspace/executeCommand" && s.stage == running && !s.commands(at(s.params, "command")) {
		s.wrong("params.command", "is no command that the server has offered")
	}
}

// initializeResult checks options that only some clients understand.
func (s *scene) initializeResult(n *node) {
	offered := offer{object(n.property("capabilities"))}
	encoding := textAt(offered.capabilities, "positionEncoding")
	if encoding != "" && encoding != "utf-16" && !s.able.takes("general.positionEncodings", encoding) {
		s.wrong(n.path+".capabilities.positionEncoding", "%q is not among the client's general.positionEncodings", encoding)
	}
	for _, option := range []struct{ provider, capability string }{
		{"codeActionProvider", "textDocument.codeAction.codeActionLiteralSupport"},
		{"renameProvider", "textDocument.rename.prepareSupport"},
	} {
		if _, options := offered.to(option.provider).(map[string]any); options && !s.able.says(option.capability) {
			s.wrong(n.path+".capabilities."+option.provider, "has options, but the client has no %s", option.capability)
		}
	}
}

// logTrace comes only if the client has asked for it (LSP 3.18, LogTrace).
func (s *scene) logTrace(*node) {
	if s.trace == "" || s.trace == "off" {
		s.wrong("", "is sent, but the trace is off")
	}
}

// markup checks a documentation that is a string or has a kind.
func (s *scene) markup(n *node, name, formats string) {
	kind, ok := at(n.property(name), "kind").(string)
	if !ok || s.able.to(formats) == nil && kind == "plaintext" {
		return
	}
	if !s.able.takes(formats, kind) {
		s.wrong(n.path+"."+name+".kind", "%q is not in the client's %s", kind, formats)
	}
}

// feature is the part of a client's capabilities that a method of text documents belongs to.
func feature(method string) string {
	_, name, _ := strings.Cut(method, "/")
	return "textDocument." + name
}
