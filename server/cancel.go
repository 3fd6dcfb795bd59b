package server

import (
	"context"
	"sync"

	"go.lsp.dev/jsonrpc2"
)

// requests are the ones that are being computed, by id. jsonrpc2.CancelHandler does the same for all, and ends the process
// by chance: the context that it derives is watched from a goroutine, which may look at a request that has returned and
// that jsonrpc2 has cleared for the next one. It does not clear those that have called Async.
type requests struct {
	mu     sync.Mutex
	cancel map[jsonrpc2.ID]context.CancelFunc
}

// begin makes a request one that can be cancelled, until end is called.
func (r *requests) begin(ctx context.Context, id jsonrpc2.ID) (_ context.Context, end func()) {
	ctx, cancel := context.WithCancel(ctx)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.cancel[id] = cancel
	return ctx, func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		delete(r.cancel, id)
		cancel()
	}
}

func (s *server) cancelRequest(params cancelParams) error {
	s.requests.mu.Lock()
	defer s.requests.mu.Unlock()
	if cancel, found := s.requests.cancel[params.ID.ID]; found {
		cancel()
	}
	return nil
}
