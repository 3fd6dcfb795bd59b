package server

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
)

// clientLog is a log that tells the client too what its user should know: warnings and errors. It writes everything to the
// log of the process.
type clientLog struct {
	slog.Handler
	// send sends to the client; nil before it can be sent to.
	send  *atomic.Pointer[func(body []byte)]
	attrs []slog.Attr
}

func newClientLog(handler slog.Handler) clientLog {
	return clientLog{Handler: handler, send: &atomic.Pointer[func([]byte)]{}}
}

// Handle writes a record.
func (c clientLog) Handle(ctx context.Context, r slog.Record) error {
	if send := c.send.Load(); send != nil && r.Level >= slog.LevelWarn {
		(*send)(logMessage(r, c.attrs))
	}
	if !c.Handler.Enabled(ctx, r.Level) {
		return nil
	}
	return c.Handler.Handle(ctx, r)
}

// Enabled takes warnings at all levels of the log.
func (c clientLog) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn || c.Handler.Enabled(ctx, level)
}

// WithAttrs and WithGroup are those of slog.Handler; the client is not told of groups.
func (c clientLog) WithAttrs(attrs []slog.Attr) slog.Handler {
	return clientLog{c.Handler.WithAttrs(attrs), c.send, append(c.attrs[:len(c.attrs):len(c.attrs)], attrs...)}
}

// WithGroup is described at WithAttrs.
func (c clientLog) WithGroup(name string) slog.Handler {
	return clientLog{c.Handler.WithGroup(name), c.send, c.attrs}
}

// logMessage is a record as the client's user reads it; a stack is for the log of the process only.
func logMessage(r slog.Record, attrs []slog.Attr) []byte {
	var text strings.Builder
	text.WriteString(r.Message)
	add := func(a slog.Attr) bool {
		if a.Key != "stack" {
			fmt.Fprintf(&text, ", %s: %v", a.Key, a.Value)
		}
		return true
	}
	for _, a := range attrs {
		add(a)
	}
	r.Attrs(add)
	kind := protocol.MessageTypeWarning
	if r.Level >= slog.LevelError {
		kind = protocol.MessageTypeError
	}
	raw, err := protocol.Marshal(&protocol.LogMessageParams{Type: kind, Message: text.String()})
	if err != nil {
		panic(err)
	}
	return jsonrpc2.AppendNotification(nil, protocol.MethodWindowLogMessage, raw)
}
