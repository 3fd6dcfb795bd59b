// Package lspclient knows how to talk to a language server: enough for the tour.
// It must not know what the server is for.
package lspclient

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"

	"go.lsp.dev/jsonrpc2"
)

// Client is the client's end of a connection.
type Client struct {
	conn jsonrpc2.Conn
	// Refreshed gets a value when the server has said that diagnostics may be other ones now.
	Refreshed chan struct{}
	// Edits gets the parameters of each workspace/applyEdit, which is said to be made at once. There is room for one.
	Edits chan json.RawMessage
}

// Dial begins to talk over a stream, until ctx ends.
func Dial(ctx context.Context, stream io.ReadWriteCloser) *Client {
	c := &Client{
		conn: jsonrpc2.NewConn(jsonrpc2.NewStream(stream)), Refreshed: make(chan struct{}, 1),
		Edits: make(chan json.RawMessage, 1),
	}
	c.conn.Go(ctx, c.handle)
	return c
}

// handle answers what the server asks: nothing is configured, and everything is agreed to.
func (c *Client) handle(_ context.Context, req *jsonrpc2.Request) (any, error) {
	switch req.Method() {
	case "workspace/diagnostic/refresh":
		select {
		case c.Refreshed <- struct{}{}:
		default:
		}
	case "workspace/applyEdit":
		c.Edits <- bytes.Clone(req.Params()) // the connection reads the next message into the same memory
		return map[string]bool{"applied": true}, nil
	case "workspace/configuration":
		return []any{nil}, nil
	}
	return nil, nil
}

// Call sends a request and waits for its answer. The result may be nil if nobody wants it.
func (c *Client) Call(ctx context.Context, method string, params, result any) error {
	var raw json.RawMessage
	if _, err := c.conn.Call(ctx, method, params, &raw); err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	if result == nil || len(raw) == 0 {
		return nil
	}
	return json.Unmarshal(raw, result)
}

// Notify sends a notification.
func (c *Client) Notify(ctx context.Context, method string, params any) error {
	return c.conn.Notify(ctx, method, params)
}
