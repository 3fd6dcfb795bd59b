// Package registry knows how a registry is asked what an image reference means today: its digest, platforms and
// configuration. It must not know Dockerfiles or editors, and asks nothing by itself: whoever calls Resolve has the user's
// leave.
package registry

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"dockerfile-ls/analysis/image"
)

// Options are what a Client is made with. The zero value keeps nothing on the disk.
type Options struct {
	// Cache is a folder for what registries have said; it is made when something is kept. Empty: nothing is kept.
	Cache string
	// Agent is what the client calls itself to registries.
	Agent string
}

// Client asks registries. It is safe for concurrent use. Questions with the same answer are asked once at a time, and no
// registry is asked more than four at a time.
type Client struct {
	agent   string
	cache   cache
	flights flights
	queues  queues
	// any reaches every host, public those of public networks only.
	any, public http.RoundTripper
}

// New makes a client. It asks nothing and touches no disk.
func New(o Options) *Client {
	return &Client{
		agent: o.Agent, cache: cache{folder: o.Cache}, any: newTransport(anyHost), public: newTransport(publicHost),
	}
}

// tagLife is how long the answer for a tag is given again without asking. What a digest means never changes.
const tagLife = time.Hour

// Resolve asks what a reference means. What the registry has said within the last hour is not asked again; what it has said
// before answers where it cannot be reached, and says so by Kept. Errors are *Failure, except for that of a context
// that ends.
func (c *Client) Resolve(ctx context.Context, q image.Question) (image.Facts, error) {
	at, err := locate(q)
	if err != nil {
		return image.Facts{}, err
	}
	kept, known := c.kept(at, q)
	if known && (at.immutable() || time.Since(kept.Asked) < tagLife) {
		return kept, nil
	}
	if q.Progress != nil {
		q.Progress(at.host())
	}
	facts, err := c.flights.do(ctx, at.flight(q), func(ctx context.Context) (image.Facts, error) {
		return c.ask(ctx, at, q)
	})
	var failure *Failure
	if known && errors.As(err, &failure) && failure.Offline {
		return kept, nil
	}
	return facts, err
}

// ask takes a place in the registry's queue, asks within the question's time, and keeps the answer.
func (c *Client) ask(ctx context.Context, at location, q image.Question) (image.Facts, error) {
	ctx, done := context.WithTimeoutCause(ctx, q.Access.Patience(), &Failure{at: at, Offline: true, Message: fmt.Sprintf(
		"%s did not answer within %s for `%s`: try again, or raise "+
			"`registry.timeout`.", at.host(), q.Access.Patience(), at.image)})
	defer done()
	leave, err := c.queues.enter(ctx, at.host())
	if err != nil {
		return image.Facts{}, failureOf(ctx, at, err)
	}
	defer leave()
	facts, err := inTime(ctx, func() (image.Facts, error) { return c.fetch(ctx, at, q) })
	if err != nil {
		return image.Facts{}, failureOf(ctx, at, err)
	}
	facts.Asked = time.Now().UTC().Truncate(time.Second)
	c.cache.put(at.key(facts.Details != nil), facts)
	return facts, nil
}

// kept is what the cache has for a question, the later of two: an answer with details is one without too, and the other way
// round where the question takes that.
func (c *Client) kept(at location, q image.Question) (facts image.Facts, known bool) {
	facts, known = c.cache.get(at.key(true))
	if !q.Details || q.Anyway {
		if plain, also := c.cache.get(at.key(false)); also && (!known || plain.Asked.After(facts.Asked)) {
			facts, known = plain, true
		}
	}
	facts.Kept = true
	return facts, known
}

// inTime does not wait for work that outlives ctx: a credential helper is a program of its own, which may hang.
func inTime(ctx context.Context, work func() (image.Facts, error)) (image.Facts, error) {
	type answer struct {
		facts image.Facts
		err   error
	}
	done := make(chan answer, 1)
	go func() {
		facts, err := guarded(work)
		done <- answer{facts, err}
	}()
	select {
	case a := <-done:
		return a.facts, a.err
	case <-ctx.Done():
		return image.Facts{}, ctx.Err()
	}
}
