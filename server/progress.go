package server

import (
	"go.lsp.dev/protocol"
)

// progress tells the client how far a request has come, if the request has brought a token for it.
type progress struct {
	server *server
	token  token
}

// progress begins to tell; to is the request's workDoneToken, or nil.
func (s *server) progress(to token, title string) progress {
	p := progress{s, to}
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
