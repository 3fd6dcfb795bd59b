package server

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"go.lsp.dev/protocol"
)

// progress tells the client how far something has come, if there is a token for it.
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

// show begins to tell of what no request brings a token for, if the client lets the server do that. The context that it
// returns ends when the user stops it.
func (s *server) show(ctx context.Context, title string) (_ context.Context, end func()) {
	if !s.client.progress {
		return ctx, func() {}
	}
	name := fmt.Sprintf("%s/%d", Name, s.shows.Add(1))
	own := token(strconv.Quote(name))
	params := &protocol.WorkDoneProgressCreateParams{Token: protocol.String(name)}
	shortly, stop := context.WithTimeout(ctx, createPatience)
	defer stop()
	if err := protocol.Call(shortly, s.conn, protocol.MethodWindowWorkDoneProgressCreate, params, nil); err != nil {
		return ctx, func() {} // it goes on without being shown
	}
	ctx, forget := s.shown.begin(ctx, string(own))
	p := progress{s, own}
	p.send(&protocol.WorkDoneProgressBegin{Kind: "begin", Title: title, Cancellable: new(true)})
	return ctx, func() {
		p.end()
		forget()
	}
}

// createPatience is how long a client may take to let something be shown.
const createPatience = time.Second

func (p progress) report(message string) {
	p.send(&protocol.WorkDoneProgressReport{Kind: "report", Message: &message})
}

func (p progress) end() { p.send(&protocol.WorkDoneProgressEnd{Kind: "end"}) }

func (p progress) send(value any) {
	if p.token != nil {
		p.server.sendPartial(p.token, value)
	}
}
