package server

import (
	"encoding/json"
	"errors"
	"math"
	"strconv"
	"strings"

	"go.lsp.dev/jsonrpc2"
)

// The params that clients send, reduced to what the server reads. The protocol library's types are not used for them:
// they refuse a whole message for one odd property that nobody looks at, rewrite URIs that they find wrong, and take an
// edit with a negative line for a new text of the whole document.

type documentID struct {
	URI string `json:"uri"`
}

type didOpenParams struct {
	TextDocument struct {
		URI        string `json:"uri"`
		LanguageID string `json:"languageId"`
		Version    number `json:"version"`
		Text       string `json:"text"`
	} `json:"textDocument"`
}

// progressCancelParams names a progress that the server has begun.
type progressCancelParams struct {
	Token token `json:"token"`
}

type hoverParams struct {
	TextDocument documentID `json:"textDocument"`
	Position     position   `json:"position"`
}

// navigateParams are those of all requests about the name at a position.
type navigateParams struct {
	TextDocument documentID `json:"textDocument"`
	Position     position   `json:"position"`
	NewName      string     `json:"newName"`
	Context      struct {
		IncludeDeclaration bool `json:"includeDeclaration"`
	} `json:"context"`
}

type completionParams struct {
	TextDocument documentID `json:"textDocument"`
	Position     position   `json:"position"`
	Context      struct {
		TriggerCharacter string `json:"triggerCharacter"`
	} `json:"context"`
}

type signatureParams struct {
	TextDocument documentID `json:"textDocument"`
	Position     position   `json:"position"`
	Context      struct {
		TriggerKind number `json:"triggerKind"`
	} `json:"context"`
}

type inlayHintParams struct {
	TextDocument documentID `json:"textDocument"`
	Range        textRange  `json:"range"`
}

type didChangeParams struct {
	TextDocument struct {
		URI     string `json:"uri"`
		Version number `json:"version"`
	} `json:"textDocument"`
	ContentChanges []contentChange `json:"contentChanges"`
}

// number is a version or an index. It takes every JSON number and what is no number, as 0: a change must not be lost for it.
type number int32

// UnmarshalJSON clamps what an int32 does not hold.
func (n *number) UnmarshalJSON(data []byte) error {
	value, err := strconv.ParseFloat(string(data), 64)
	if err != nil {
		value = 0
	}
	*n = number(min(max(value, math.MinInt32), math.MaxInt32))
	return nil
}

// contentChange replaces a range, or the whole text if there is no range.
type contentChange struct {
	Range *textRange `json:"range"`
	Text  string     `json:"text"`
}

type documentParams struct {
	TextDocument documentID `json:"textDocument"`
}

type codeActionParams struct {
	TextDocument documentID `json:"textDocument"`
	Range        textRange  `json:"range"`
	Context      struct {
		Only        []string          `json:"only"`
		Diagnostics []namedDiagnostic `json:"diagnostics"`
	} `json:"context"`
}

// namedDiagnostic is what clients leave of a diagnostic that they send back; the message may be more than a string.
type namedDiagnostic struct {
	Range   textRange `json:"range"`
	Message any       `json:"message"`
}

type resolveParams struct {
	Data applyArgument `json:"data"`
}

type executeCommandParams struct {
	Command   string            `json:"command"`
	Arguments []json.RawMessage `json:"arguments"`
}

type textRange struct {
	Start position `json:"start"`
	End   position `json:"end"`
}

// position holds floats because they take every JSON number: -1 and 2^32 are clamped later, and not refused.
type position struct {
	Line      float64 `json:"line"`
	Character float64 `json:"character"`
}

type documentDiagnosticParams struct {
	TextDocument     documentID `json:"textDocument"`
	PreviousResultID string     `json:"previousResultId"`
}

type workspaceDiagnosticParams struct {
	PreviousResultIDs []struct {
		URI   string `json:"uri"`
		Value string `json:"value"`
	} `json:"previousResultIds"`
	PartialResultToken token `json:"partialResultToken"`
	WorkDoneToken      token `json:"workDoneToken"`
}

// token is a progress token as the client has sent it, nil if there is none.
type token json.RawMessage

// UnmarshalJSON takes null for none.
func (t *token) UnmarshalJSON(data []byte) error {
	if string(data) != "null" {
		*t = append(token(nil), data...)
	}
	return nil
}

type foldersParams struct {
	Event struct {
		Added   []documentID `json:"added"`
		Removed []documentID `json:"removed"`
	} `json:"event"`
}

type traceParams struct {
	Value string `json:"value"`
}

type watchedFilesParams struct {
	Changes []documentID `json:"changes"`
}

type noParams struct{}

// UnmarshalJSON takes whatever a client sends where nothing is expected.
func (*noParams) UnmarshalJSON([]byte) error { return nil }

type cancelParams struct {
	ID requestID `json:"id"`
}

// requestID takes all that a request can have; the library's own params for cancelling hold no number above 2^31.
type requestID struct{ jsonrpc2.ID }

func (id *requestID) UnmarshalJSON(data []byte) error {
	if data[0] == '"' {
		var name string
		err := json.Unmarshal(data, &name)
		id.ID = jsonrpc2.NewStringID(name)
		return err
	}
	number, err := strconv.ParseInt(string(data), 10, 64)
	id.ID = jsonrpc2.NewNumberID(number)
	return err
}

type configurationParams struct {
	Settings json.RawMessage `json:"settings"`
}

type initializeParams struct {
	ProcessID    *int            `json:"processId"`
	Capabilities capabilities    `json:"capabilities"`
	Options      json.RawMessage `json:"initializationOptions"`
	RootURI      string          `json:"rootUri"`
	Folders      []documentID    `json:"workspaceFolders"`
	Trace        string          `json:"trace"`
	ClientInfo   struct {
		Name string `json:"name"`
	} `json:"clientInfo"`
}

// folders are the folders of the workspace on this machine's disk.
func (p *initializeParams) folders() []string {
	if p.Folders == nil {
		return pathsOf([]documentID{{p.RootURI}})
	}
	return pathsOf(p.Folders)
}

// trusted is whether the user trusts the workspace; nil if the client does not say.
func (p *initializeParams) trusted() *bool {
	var options struct {
		Trusted *bool `json:"trusted"`
	}
	if json.Unmarshal(p.Options, &options) != nil {
		return nil
	}
	return options.Trusted
}

// pathsOf are the paths of folders that are on this machine's disk.
func pathsOf(folders []documentID) []string {
	var paths []string
	for _, folder := range folders {
		if path, ok := pathOfURI(folder.URI); ok {
			paths = append(paths, strings.TrimSuffix(path, "/"))
		}
	}
	return paths
}

// UnmarshalJSON overlooks properties of a wrong type, as if they were absent: they cost the client one ability and not
// the server.
func (p *initializeParams) UnmarshalJSON(data []byte) error {
	type plain initializeParams
	err := json.Unmarshal(data, (*plain)(p))
	if mismatch := (*json.UnmarshalTypeError)(nil); errors.As(err, &mismatch) {
		return nil
	}
	return err
}
