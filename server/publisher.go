package server

import (
	"slices"
	"sync"
)

// publisher holds the documents whose findings the client has to be told, at most one version of each. It has no timer:
// while one document is looked at, newer versions of the others replace the older ones.
type publisher struct {
	// wake has room for one, so that adding never waits and no addition is missed.
	wake    chan struct{}
	mu      sync.Mutex
	waiting []*document
}

func newPublisher() *publisher {
	return &publisher{wake: make(chan struct{}, 1)}
}

// add puts a document in the place of its older version, or at the end.
func (p *publisher) add(doc *document) {
	p.mu.Lock()
	defer p.mu.Unlock()
	older := slices.IndexFunc(p.waiting, func(d *document) bool { return d.uri == doc.uri })
	if older >= 0 {
		p.waiting[older] = doc
	} else {
		p.waiting = append(p.waiting, doc)
	}
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// next removes the document that waits longest, or returns nil.
func (p *publisher) next() *document {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.waiting) == 0 {
		return nil
	}
	doc := p.waiting[0]
	p.waiting = p.waiting[1:]
	return doc
}
