package server

import (
	"context"
	"sync"
)

// cancellations are what is being done and can be cancelled: requests by id, progresses by token. jsonrpc2.CancelHandler
// does the same for requests, and ends the process by chance: the context that it derives is watched from a goroutine, which
// may look at a request that has returned and that jsonrpc2 has cleared for the next one. It does not clear those that have
// called Async.
type cancellations[K comparable] struct {
	mu     sync.Mutex
	cancel map[K]context.CancelFunc
}

// begin makes something that can be cancelled by its key, until end is called.
func (c *cancellations[K]) begin(ctx context.Context, key K) (_ context.Context, end func()) {
	ctx, cancel := context.WithCancel(ctx)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.cancel == nil {
		c.cancel = map[K]context.CancelFunc{}
	}
	c.cancel[key] = cancel
	return ctx, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.cancel, key)
		cancel()
	}
}

// stop cancels what has the key, if it still goes on.
func (c *cancellations[K]) stop(key K) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if cancel, found := c.cancel[key]; found {
		cancel()
	}
}

func (s *server) cancelRequest(params cancelParams) error {
	s.requests.stop(params.ID.ID)
	return nil
}

// cancelProgress is what a client sends when the user stops what the server has shown.
func (s *server) cancelProgress(params progressCancelParams) error {
	s.shown.stop(string(params.Token))
	return nil
}
