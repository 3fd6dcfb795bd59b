package main

import (
	"encoding/json"
	"io"
	"os"
	"sync"

	"dockerfile-ls/server/lspcheck"
)

// listener hears both sides and checks what they say, beside the two that pass it on.
type listener struct {
	checker *lspcheck.Checker
	trace   io.WriteCloser // nil for none
	frames  [2]frames
	done    chan struct{}

	mu    sync.Mutex
	wake  *sync.Cond
	heard []chunk
	over  bool
}

// chunk is what one side has said at once.
type chunk struct {
	from  lspcheck.Side
	bytes []byte
}

func newListener(o options) (*listener, error) {
	file, err := os.Open(o.model)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	model, err := lspcheck.Load(file)
	if err != nil {
		return nil, err
	}
	l := &listener{checker: lspcheck.New(model), done: make(chan struct{})}
	l.wake = sync.NewCond(&l.mu)
	if o.trace != "" {
		if l.trace, err = os.Create(o.trace); err != nil {
			return nil, err
		}
	}
	go l.listen()
	return l, nil
}

// hear takes a copy of what a side says, and does not wait for anything.
func (l *listener) hear(from lspcheck.Side, bytes []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.heard = append(l.heard, chunk{from, append([]byte(nil), bytes...)})
	l.wake.Signal()
}

// next returns what was heard since it was last called; nothing when the connection is over.
func (l *listener) next() []chunk {
	l.mu.Lock()
	defer l.mu.Unlock()
	for len(l.heard) == 0 && !l.over {
		l.wake.Wait()
	}
	heard := l.heard
	l.heard = nil
	return heard
}

// listen checks what is heard until the connection is over.
func (l *listener) listen() {
	defer close(l.done)
	for heard := l.next(); len(heard) > 0; heard = l.next() {
		for _, c := range heard {
			l.frames[c.from].add(c.bytes, l.take(c.from), l.broken(c.from))
		}
	}
	for from := range l.frames {
		l.frames[from].end(l.broken(lspcheck.Side(from)))
	}
	l.checker.End()
}

func (l *listener) take(from lspcheck.Side) func([]byte) {
	check := l.checker.FromClient
	if from == lspcheck.Server {
		check = l.checker.FromServer
	}
	return func(body []byte) {
		check(body)
		l.note(from, body)
	}
}

func (l *listener) broken(from lspcheck.Side) func(string) {
	return func(why string) { l.checker.Broken(from, why) }
}

// note writes a message to the trace, as a line {"from":...,"message":...}; what is no JSON as a string "broken".
func (l *listener) note(from lspcheck.Side, body []byte) {
	if l.trace == nil {
		return
	}
	line := struct {
		From    string          `json:"from"`
		Message json.RawMessage `json:"message,omitempty"`
		Broken  string          `json:"broken,omitempty"`
	}{From: from.String()}
	if json.Valid(body) {
		line.Message = body
	} else {
		line.Broken = string(body)
	}
	encoder := json.NewEncoder(l.trace)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(line) // a trace that cannot be written must not disturb the connection
}

// end waits until all that was heard is checked, and writes the report.
func (l *listener) end(report string) error {
	l.mu.Lock()
	l.over = true
	l.wake.Signal()
	l.mu.Unlock()
	<-l.done
	if l.trace != nil {
		_ = l.trace.Close()
	}
	return writeReport(report, l.checker.Problems())
}
