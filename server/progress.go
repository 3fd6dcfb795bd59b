package server

import (
	"encoding/json"

	"go.lsp.dev/protocol"
)

// progress tells the client how far a request has come, if the request has brought a token for it.
type progress struct {
	server *server
	token  json.RawMessage
}

// progress begins to tell; token is the request's workDoneToken, or nil.
func (s *server) progress(token json.RawMessage, title string) progress {
	p := progress{s, token}
	p.send(&protocol.WorkDoneProgressBegin{Kind: "begin", Title: title})
	return p
}

func (p progress) report(message string) {
	p.send(&protocol.WorkDoneProgressReport{Kind: "report", Message: &message})
}

func (p progress) end() { p.send(&protocol.WorkDoneProgressEnd{Kind: "end"}) }

func (p progress) send(value any) {
	if p.token != nil {
		p.server.sendPartial(p.token, value)
	}
}
