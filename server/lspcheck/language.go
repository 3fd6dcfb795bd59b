package lspcheck

// hover checks the kinds of a hover's text. A MarkedString is markdown (LSP 3.18, Hover).
func (s *scene) hover(n *node) {
	const formats = "textDocument.hover.contentFormat"
	s.markup(n, "contents", formats)
	_, markup := at(n.property("contents"), "kind").(string)
	if !markup && s.able.to(formats) != nil && !s.able.takes(formats, "markdown") {
		s.wrong(n.path+".contents", "is markdown, which is not in the client's %s", formats)
	}
}

func (s *scene) signature(n *node) {
	const signature = "textDocument.signatureHelp.signatureInformation."
	s.markup(n, "documentation", signature+"documentationFormat")
	s.wants(n, "activeParameter", signature+"activeParameterSupport")
}

func (s *scene) parameter(n *node) {
	const signature = "textDocument.signatureHelp.signatureInformation."
	s.markup(n, "documentation", signature+"documentationFormat")
	if _, offsets := n.property("label").([]any); offsets &&
		!s.able.says(signature+"parameterInformation.labelOffsetSupport") {
		s.wrong(n.path+".label", "is offsets, but the client has no %sparameterInformation.labelOffsetSupport", signature)
	}
}

func (s *scene) link(n *node) {
	if capability := feature(s.method) + ".linkSupport"; !s.able.says(capability) {
		s.wrong(n.path, "is a link, but the client has no %s", capability)
	}
}

func (s *scene) documentSymbol(n *node) {
	const symbol = "textDocument.documentSymbol."
	if !s.able.says(symbol + "hierarchicalDocumentSymbolSupport") {
		s.wrong(n.path, "is hierarchical, but the client has no %shierarchicalDocumentSymbolSupport", symbol)
	}
	s.wantsAmong(n, "tags", symbol+"tagSupport.valueSet")
	s.selection(n)
}

func (s *scene) symbolInformation(n *node) {
	path := "textDocument.documentSymbol.tagSupport.valueSet"
	if s.method == "workspace/symbol" {
		path = "workspace.symbol.tagSupport.valueSet"
	}
	s.wantsAmong(n, "tags", path)
}

// selection holds that what is selected lies inside the whole.
func (s *scene) selection(n *node) {
	all, ok := rangeOf(n.property("range"))
	selected, ok2 := rangeOf(n.property("selectionRange"))
	if ok && ok2 && (before(selected.start, all.start) || before(all.end, selected.end)) {
		s.wrong(n.path+".selectionRange", "is not inside of range")
	}
}

func (s *scene) foldingRange(n *node) {
	s.wants(n, "collapsedText", "textDocument.foldingRange.foldingRange.collapsedText")
}

func (s *scene) renameDefault(n *node) {
	const capability = "textDocument.rename.prepareSupportDefaultBehavior"
	if s.able.to(capability) == nil {
		s.wrong(n.path, "leaves it to the client, which has no %s", capability)
	}
}

// semanticTokens holds that tokens are five numbers each, and that the legend has their types.
func (s *scene) semanticTokens(n *node) {
	data := array(n.property("data"))
	if len(data)%5 != 0 {
		s.wrong(n.path+".data", "has %d numbers, which is no multiple of 5", len(data))
		return
	}
	types := array(s.offered.to("semanticTokensProvider.legend.tokenTypes"))
	for _, r := range s.registered {
		if r.method == "textDocument/semanticTokens" {
			types = array(at(r.options, "legend.tokenTypes"))
		}
	}
	for i := 3; i < len(data); i += 5 {
		if kind, ok := whole(data[i]); ok && kind >= int64(len(types)) {
			s.wrong(n.path+".data", "has the type %d, and the legend %d", kind, len(types))
			return
		}
	}
}
