package lspcheck

// publication checks the properties of a publication besides its diagnostics.
func (s *scene) publication(n *node) {
	s.wants(n, "version", "textDocument.publishDiagnostics.versionSupport")
	if s.pulled && len(array(n.property("diagnostics"))) > 0 {
		s.wrong(n.path+".diagnostics", "are pushed to a client that pulls them")
	}
}

// diagnostic checks what the client knows of diagnostics. Pulled ones go by its capability for pulling where that says
// anything, else by the one for pushed ones.
func (s *scene) diagnostic(n *node) {
	s.wants(n, "relatedInformation", s.diagnostics("relatedInformation"))
	s.wants(n, "codeDescription", s.diagnostics("codeDescriptionSupport"))
	s.wants(n, "data", s.diagnostics("dataSupport"))
	s.wantsAmong(n, "tags", s.diagnostics("tagSupport")+".valueSet")
	if _, markup := n.property("message").(map[string]any); markup &&
		!s.able.says("textDocument.diagnostic.markupMessageSupport") {
		s.wrong(n.path+".message", "is markup, but the client has no textDocument.diagnostic.markupMessageSupport")
	}
	// Vim's ALE drops diagnostics with numbers.
	if code, there := object(n.value)["code"]; there {
		if _, ok := code.(string); !ok {
			s.wrong(n.path+".code", "is %s; some clients know only strings", excerpt(code))
		}
	}
}

// diagnostics is the path of the capability that a diagnostic of this scene goes by.
func (s *scene) diagnostics(property string) string {
	const pull, push = "textDocument.diagnostic.", "textDocument.publishDiagnostics."
	pulls := s.method == "textDocument/diagnostic" || s.method == "workspace/diagnostic" || s.pulled
	if pulls && s.able.to(pull+property) != nil {
		return pull + property
	}
	return push + property
}

// report checks that related documents come only to clients that know them.
func (s *scene) report(n *node) {
	s.wants(n, "relatedDocuments", "textDocument.diagnostic.relatedDocumentSupport")
}
