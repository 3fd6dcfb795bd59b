package server

import (
	"cmp"
	"encoding/json"
	"slices"

	"go.lsp.dev/protocol"

	"dockerfile-ls/analysis/text"
	"dockerfile-ls/codeactions"
)

// client is what the server has to know of the client. Nothing else looks at the client's capabilities.
type client struct {
	encoding text.Encoding
	// encodings says that the client can negotiate the encoding at all (LSP 3.17).
	encodings bool
	// versions, related, descriptions: diagnostics may carry the document's version, related places, a link.
	versions, related, descriptions bool
	tags                            []protocol.DiagnosticTag // those that diagnostics may carry
	// pull says that the client asks for diagnostics, and asks again when told to: then nothing is pushed. One that asks
	// and cannot be told would show findings that changed files have made wrong.
	pull bool
	// pullsWorkspace says that the client may be offered reports on the whole workspace. Neovim 0.12, when told to ask
	// again, asks for those alone and keeps what it shows of open documents.
	pullsWorkspace bool
	// endsLines says that the client ends every line of a file, the last one too. Neovim has a line in an empty file
	// already, and would leave it behind a new text that ends with a newline.
	endsLines bool
	// literals says that code actions may be more than a command; preferred, that one of them may be marked.
	literals, preferred bool
	// disabled says that the client shows actions that are not possible, with the reason.
	disabled bool
	// lazyEdits says that the client asks for the edit of a code action when the user has chosen it.
	lazyEdits bool
	// lazyCommands says that it takes a command from that answer too, and executes it behind the edit.
	lazyCommands bool
	// documentChanges says that an edit may name the version that it is made for, annotations that it may carry what the
	// user has to know of it.
	documentChanges, annotations bool
	// createFile says that an edit may make a file.
	createFile bool
	// applyEdit says that the client makes edits which the server sends, commands that it runs commands.
	applyEdit, commands bool
	// configuration says that the client tells its settings when asked, configurationChanges that it tells of changes if
	// the server registers for it, watchesFiles that it tells of changed files if the server registers for it.
	configuration, configurationChanges, watchesFiles bool
	folders                                           bool // the client has workspace folders, and tells of changes
	// progress says that the server may show progress by itself, hovers that the client shows hovers, markdown that it
	// shows them as Markdown.
	progress, hovers, markdown bool
	questions                  bool // the client asks the user to choose among answers
	// symbols and folding say how the client takes outlines and folds, and are nil if it takes none; selections says that
	// it grows a selection, stages that it looks for symbols in the whole workspace.
	symbols            *symbolCapabilities
	folding            *foldingCapabilities
	selections, stages bool
	tokens             *legend     // nil for a client that takes none
	completes          *completion // nil for a client that asks for none
	signs              *signatures // nil for a client that asks for none
	navigation
	annotation
	formatting
}

// capabilities are the client's words for these facts (LSP, ClientCapabilities).
type capabilities struct {
	General struct {
		PositionEncodings []protocol.PositionEncodingKind `json:"positionEncodings"`
	} `json:"general"`
	Window struct {
		Progress bool             `json:"workDoneProgress"`
		Messages *json.RawMessage `json:"showMessage"`
	} `json:"window"`
	TextDocument struct {
		navigationCapabilities
		annotationCapabilities
		formattingCapabilities
		Hover *struct {
			Formats []protocol.MarkupKind `json:"contentFormat"`
		} `json:"hover"`
		DocumentSymbol     *symbolCapabilities     `json:"documentSymbol"`
		FoldingRange       *foldingCapabilities    `json:"foldingRange"`
		SelectionRange     *json.RawMessage        `json:"selectionRange"`
		SemanticTokens     *tokenCapabilities      `json:"semanticTokens"`
		Completion         *completionCapabilities `json:"completion"`
		SignatureHelp      *signatureCapabilities  `json:"signatureHelp"`
		PublishDiagnostics struct {
			diagnosticCapabilities
			VersionSupport bool `json:"versionSupport"`
		} `json:"publishDiagnostics"`
		Diagnostic *diagnosticCapabilities `json:"diagnostic"`
		CodeAction struct {
			// Vim's ALE sends an empty set of kinds, and means it: what counts is that the property is there.
			LiteralSupport *json.RawMessage `json:"codeActionLiteralSupport"`
			IsPreferred    bool             `json:"isPreferredSupport"`
			Disabled       bool             `json:"disabledSupport"`
			Data           bool             `json:"dataSupport"`
			Annotations    bool             `json:"honorsChangeAnnotations"`
			ResolveSupport struct {
				Properties []string `json:"properties"`
			} `json:"resolveSupport"`
		} `json:"codeAction"`
	} `json:"textDocument"`
	Workspace struct {
		annotationRefresh
		Symbol        *json.RawMessage `json:"symbol"`
		ApplyEdit     bool             `json:"applyEdit"`
		WorkspaceEdit struct {
			DocumentChanges bool             `json:"documentChanges"`
			Operations      []string         `json:"resourceOperations"`
			Annotations     *json.RawMessage `json:"changeAnnotationSupport"`
		} `json:"workspaceEdit"`
		ExecuteCommand *json.RawMessage `json:"executeCommand"`
		Configuration  bool             `json:"configuration"`
		Folders        bool             `json:"workspaceFolders"`
		Changes        struct {
			Dynamic bool `json:"dynamicRegistration"`
		} `json:"didChangeConfiguration"`
		WatchedFiles struct {
			Dynamic bool `json:"dynamicRegistration"`
		} `json:"didChangeWatchedFiles"`
		Diagnostics struct {
			RefreshSupport bool `json:"refreshSupport"`
		} `json:"diagnostics"`
	} `json:"workspace"`
}

// diagnosticCapabilities are what a diagnostic may carry.
type diagnosticCapabilities struct {
	RelatedInformation *bool `json:"relatedInformation"`
	CodeDescription    *bool `json:"codeDescriptionSupport"`
	TagSupport         *struct {
		ValueSet []protocol.DiagnosticTag `json:"valueSet"`
	} `json:"tagSupport"`
}

// or takes what is not said from others: before LSP 3.18 clients said it of pushed diagnostics only.
func (d *diagnosticCapabilities) or(others diagnosticCapabilities) diagnosticCapabilities {
	if d == nil {
		return others
	}
	return diagnosticCapabilities{
		RelatedInformation: cmp.Or(d.RelatedInformation, others.RelatedInformation),
		CodeDescription:    cmp.Or(d.CodeDescription, others.CodeDescription),
		TagSupport:         cmp.Or(d.TagSupport, others.TagSupport),
	}
}

func (c capabilities) client() client {
	pushed, action := c.TextDocument.PublishDiagnostics, c.TextDocument.CodeAction
	told := client{
		encoding:  encodingOf(c.General.PositionEncodings),
		encodings: len(c.General.PositionEncodings) > 0,
		versions:  pushed.VersionSupport,
		pull:      c.TextDocument.Diagnostic != nil && c.Workspace.Diagnostics.RefreshSupport,
		literals:  action.LiteralSupport != nil,
		preferred: action.IsPreferred,
		disabled:  action.Disabled && action.LiteralSupport != nil,
		lazyEdits: action.Data && slices.Contains(action.ResolveSupport.Properties, "edit"),
		lazyCommands: c.Workspace.ExecuteCommand != nil && slices.Contains(action.ResolveSupport.Properties,
			"command"),
		documentChanges: c.Workspace.WorkspaceEdit.DocumentChanges,
		annotations: action.Annotations && c.Workspace.WorkspaceEdit.Annotations != nil &&
			c.Workspace.WorkspaceEdit.DocumentChanges,
		createFile:           slices.Contains(c.Workspace.WorkspaceEdit.Operations, "create"),
		applyEdit:            c.Workspace.ApplyEdit,
		commands:             c.Workspace.ExecuteCommand != nil,
		configuration:        c.Workspace.Configuration,
		configurationChanges: c.Workspace.Changes.Dynamic,
		watchesFiles:         c.Workspace.WatchedFiles.Dynamic,
		folders:              c.Workspace.Folders,
		progress:             c.Window.Progress,
		questions:            c.Window.Messages != nil,
		hovers:               c.TextDocument.Hover != nil,
		symbols:              c.TextDocument.DocumentSymbol,
		folding:              c.TextDocument.FoldingRange,
		selections:           c.TextDocument.SelectionRange != nil,
		stages:               c.Workspace.Symbol != nil,
		tokens:               c.TextDocument.SemanticTokens.legend(),
		completes:            c.TextDocument.Completion.completion(),
		signs:                c.TextDocument.SignatureHelp.signatures(),
	}
	if told.hovers {
		told.markdown = slices.Contains(c.TextDocument.Hover.Formats, protocol.MarkupKindMarkdown)
	}
	told.navigation = c.TextDocument.navigation()
	told.formatting = c.TextDocument.formatting()
	told.annotation = c.TextDocument.annotation(c.Workspace.annotationRefresh,
		told.commands && (told.literals || told.applyEdit))
	shown := pushed.diagnosticCapabilities
	if told.pull {
		shown = c.TextDocument.Diagnostic.or(shown)
	}
	told.related = shown.RelatedInformation != nil && *shown.RelatedInformation
	told.descriptions = shown.CodeDescription != nil && *shown.CodeDescription
	if shown.TagSupport != nil {
		told.tags = shown.TagSupport.ValueSet
	}
	return told
}

// encodingOf is the first encoding in the client's order that the server knows too.
func encodingOf(kinds []protocol.PositionEncodingKind) text.Encoding {
	for _, kind := range kinds {
		if i := slices.Index(encodingKinds[:], kind); i >= 0 {
			return text.Encoding(i)
		}
	}
	return text.UTF16
}

// encodingKinds are LSP's words for the encodings.
var encodingKinds = [...]protocol.PositionEncodingKind{
	text.UTF16: protocol.PositionEncodingKindUTF16,
	text.UTF8:  protocol.PositionEncodingKindUTF8,
	text.UTF32: protocol.PositionEncodingKindUTF32,
}

// serverCapabilities are what the server offers to such a client.
func (c client) serverCapabilities() protocol.ServerCapabilities {
	offered := protocol.ServerCapabilities{
		TextDocumentSync: &protocol.TextDocumentSyncOptions{
			OpenClose: new(true),
			Change:    new(protocol.TextDocumentSyncKindIncremental),
			Save:      protocol.Boolean(true),
		},
	}
	if c.folders {
		offered.Workspace = &protocol.WorkspaceOptions{WorkspaceFolders: &protocol.WorkspaceFoldersServerCapabilities{
			Supported:           new(true),
			ChangeNotifications: protocol.Boolean(true),
		}}
	}
	if c.pull {
		offered.DiagnosticProvider = &protocol.DiagnosticOptions{
			WorkDoneProgressOptions: protocol.WorkDoneProgressOptions{WorkDoneProgress: new(true)},
			Identifier:              new(Name),
			InterFileDependencies:   true, // on package.json, .dockerignore and others
			WorkspaceDiagnostics:    c.pullsWorkspace,
		}
	}
	if c.hovers {
		offered.HoverProvider = protocol.Boolean(true)
	}
	c.offerOutline(&offered)
	c.navigation.offer(&offered)
	c.annotation.offer(&offered)
	c.formatting.offer(&offered)
	if c.completes != nil {
		offered.CompletionProvider = c.completes.options()
	}
	if c.signs != nil {
		offered.SignatureHelpProvider = c.signs.options()
	}
	if c.encodings {
		offered.PositionEncoding = encodingKinds[c.encoding]
	}
	switch {
	case c.literals:
		var kinds []protocol.CodeActionKind
		for _, kind := range codeactions.Kinds() {
			kinds = append(kinds, protocol.CodeActionKind(kind))
		}
		options := &protocol.CodeActionOptions{CodeActionKinds: kinds}
		if c.lazyEdits {
			options.ResolveProvider = new(true)
		}
		offered.CodeActionProvider = options
		if c.commands {
			offered.ExecuteCommandProvider = protocol.ExecuteCommandOptions{Commands: commands()}
		}
	case c.applyEdit:
		offered.CodeActionProvider = protocol.Boolean(true)
		offered.ExecuteCommandProvider = protocol.ExecuteCommandOptions{Commands: commands()}
	}
	return offered
}

// offerOutline offers what shows how a Dockerfile is laid out, and what is in it.
func (c client) offerOutline(offered *protocol.ServerCapabilities) {
	if c.symbols != nil {
		offered.DocumentSymbolProvider = protocol.Boolean(true)
	}
	if c.folding != nil {
		offered.FoldingRangeProvider = protocol.Boolean(true)
	}
	if c.selections {
		offered.SelectionRangeProvider = protocol.Boolean(true)
	}
	if c.tokens != nil {
		offered.SemanticTokensProvider = c.tokens.options()
	}
	if c.stages {
		offered.WorkspaceSymbolProvider = protocol.Boolean(true)
	}
}
