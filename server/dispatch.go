package server

import (
	"context"
	"encoding/json"
	"runtime/debug"
	"strings"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
)

// guard keeps what goes wrong in one message from the connection, which jsonrpc2 closes when a handler panics and when a
// notification returns an error.
func (s *server) guard(next jsonrpc2.Handler) jsonrpc2.Handler {
	return func(ctx context.Context, req *jsonrpc2.Request) (result any, err error) {
		defer func() {
			if reason := recover(); reason != nil {
				s.log.Error("panic", "method", req.Method(), "reason", reason, "stack", string(debug.Stack()))
				err = jsonrpc2.Errorf(jsonrpc2.InternalError, "%s failed: %v", req.Method(), reason)
			}
			if err == nil {
				return
			}
			if req.IsCall() {
				err = wireError(err)
				return
			}
			s.log.Warn("notification ignored", "method", req.Method(), "error", err)
			err = nil
		}()
		return next(ctx, req)
	}
}

func (s *server) handle(ctx context.Context, req *jsonrpc2.Request) (any, error) {
	if req.Method() == turn && s.stage == shutDown {
		return nil, nil // what comes now has no reader any more; nobody did anything wrong
	}
	if err := s.stage.refuses(req.Method()); err != nil {
		return nil, err
	}
	s.lookAtDisk()
	if method, known := s.methods[req.Method()]; known {
		if req.Method() == protocol.MethodShutdown {
			defer s.out.answerOnly()
		}
		return s.traced(ctx, req, method)
	}
	if req.IsCall() {
		return nil, jsonrpc2.Errorf(jsonrpc2.MethodNotFound, "unknown method %q", req.Method())
	}
	return nil, nil
}

// notification makes a handler of a method that has no answer.
func notification[P any](method func(P) error) jsonrpc2.Handler {
	return func(_ context.Context, req *jsonrpc2.Request) (any, error) {
		params, err := decode[P](req.Params())
		if err != nil {
			return nil, err
		}
		return nil, method(params)
	}
}

// request makes a handler of a method that answers at once, on the read loop.
func request[P, R any](method func(P) (R, error)) jsonrpc2.Handler {
	return func(_ context.Context, req *jsonrpc2.Request) (any, error) {
		params, err := decode[P](req.Params())
		if err != nil {
			return nil, err
		}
		return method(params)
	}
}

// computation is what is left of a request when it has what it needs of the server's state. It runs beside the read loop
// and must not touch that state.
type computation[R any] func(context.Context) (R, error)

// computed makes a handler of a method in two halves. The first runs on the read loop and so sees exactly the changes
// that were sent before the request.
func computed[P, R any](s *server, method func(P) (computation[R], error)) jsonrpc2.Handler {
	return func(ctx context.Context, req *jsonrpc2.Request) (any, error) {
		params, err := decode[P](req.Params())
		if err != nil {
			return nil, err
		}
		compute, err := method(params)
		if err != nil {
			return nil, err
		}
		ctx, end := s.requests.begin(ctx, req.ID())
		defer end()
		jsonrpc2.Async(ctx)
		result, err := compute(ctx)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return result, err
	}
}

// decode reads the params of a message. Absent ones leave the zero value, which no method takes for a document.
func decode[P any](raw []byte) (params P, err error) {
	if len(raw) == 0 {
		return params, nil
	}
	if err := json.Unmarshal(raw, &params); err != nil {
		return params, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "params: %s", strings.TrimPrefix(err.Error(), "json: "))
	}
	return params, nil
}
