package server

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
)

// setTrace says whether the client wants to be told what the server does.
func (s *server) setTrace(params traceParams) error {
	s.trace = params.Value
	return nil
}

// tells reports whether the client wants to be told. It belongs to the read loop.
func (s *server) tells() bool { return s.trace == "messages" || s.trace == "verbose" }

// traced runs a method, and tells a client that asks for it what was done and how long it took.
func (s *server) traced(ctx context.Context, req *jsonrpc2.Request, method jsonrpc2.Handler) (any, error) {
	told := s.tells()
	if !told && !s.log.Enabled(ctx, slog.LevelDebug) || req.Method() == turn {
		return method(ctx, req)
	}
	name, params := req.Method(), ""
	if s.trace == "verbose" {
		params = string(req.Params()) // the request does not outlive a method that is not computed beside the read loop
	}
	began := time.Now()
	result, err := method(ctx, req)
	took := time.Since(began).Round(time.Microsecond)
	s.log.Debug("message", "method", name, "took", took)
	if name == protocol.MethodSetTrace {
		told = s.tells() // it counts for itself
	}
	if told {
		s.logTrace(fmt.Sprintf("%s took %s", name, took), params)
	}
	return result, err
}

func (s *server) logTrace(message, verbose string) {
	params := protocol.LogTraceParams{Message: message}
	if verbose != "" {
		params.Verbose = &verbose
	}
	raw, err := json.Marshal(params)
	if err != nil {
		panic(err)
	}
	s.out.send(jsonrpc2.AppendNotification(nil, protocol.MethodLogTrace, raw))
}
