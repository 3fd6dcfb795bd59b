package registry

import (
	"context"
	"fmt"
	"sync"

	"dockerfile-ls/analysis/image"
)

// flights are the questions that are being asked. Whoever asks the same waits for the same answer.
type flights struct {
	mu  sync.Mutex
	now map[string]*flight
}

type flight struct {
	waiting int // how many wait for it
	cancel  context.CancelFunc
	done    chan struct{}
	facts   image.Facts
	err     error
}

// do returns the answer of ask, which runs once for all who come with the same key meanwhile. It is cancelled when the last
// of them has left; golang.org/x/sync/singleflight would go on.
func (f *flights) do(ctx context.Context, key string, ask func(context.Context) (image.Facts, error)) (image.Facts, error) {
	joined := f.join(ctx, key, ask)
	select {
	case <-joined.done:
		return joined.facts, joined.err
	case <-ctx.Done():
		f.leave(key, joined)
		return image.Facts{}, ctx.Err()
	}
}

func (f *flights) join(ctx context.Context, key string, ask func(context.Context) (image.Facts, error)) *flight {
	f.mu.Lock()
	defer f.mu.Unlock()
	if running := f.now[key]; running != nil {
		running.waiting++
		return running
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	started := &flight{waiting: 1, cancel: cancel, done: make(chan struct{})}
	if f.now == nil {
		f.now = map[string]*flight{}
	}
	f.now[key] = started
	go func() {
		defer cancel()
		started.facts, started.err = guarded(func() (image.Facts, error) { return ask(ctx) })
		f.end(key, started)
		close(started.done)
	}()
	return started
}

// guarded makes an error of a panic: what a registry sends must not end the program.
func guarded(work func() (image.Facts, error)) (facts image.Facts, err error) {
	defer func() {
		if reason := recover(); reason != nil {
			err = fmt.Errorf("reading the answer failed: %v", reason)
		}
	}()
	return work()
}

// leave gives a flight up that nobody waits for any more; the next who asks starts another one.
func (f *flights) leave(key string, left *flight) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if left.waiting--; left.waiting > 0 {
		return
	}
	left.cancel()
	if f.now[key] == left {
		delete(f.now, key)
	}
}

func (f *flights) end(key string, ended *flight) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.now[key] == ended {
		delete(f.now, key)
	}
}

// perRegistry is how many questions a registry is asked at a time.
const perRegistry = 4

// queues let no more than perRegistry questions through to one host.
type queues struct {
	mu    sync.Mutex
	hosts map[string]chan struct{}
}

// enter waits for a place; leave gives it back.
func (q *queues) enter(ctx context.Context, host string) (leave func(), err error) {
	q.mu.Lock()
	if q.hosts == nil {
		q.hosts = map[string]chan struct{}{}
	}
	if q.hosts[host] == nil {
		q.hosts[host] = make(chan struct{}, perRegistry)
	}
	places := q.hosts[host]
	q.mu.Unlock()
	select {
	case places <- struct{}{}:
		return func() { <-places }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
