package server

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"go.lsp.dev/jsonrpc2"
)

// maxWaiting is how much may wait for a client that does not read, in bytes.
const maxWaiting = 64 << 20

// writer writes messages on a goroutine of its own, so that nobody who sends one waits for the client.
type writer struct {
	out    io.Writer
	log    *slog.Logger
	broken func()
	// wake has room for one, so that sending never waits and no message is missed.
	wake chan struct{}

	mu     sync.Mutex
	queue  []frame
	bytes  int // in the queue and in the hands of the goroutine
	failed bool
	// answersOnly says that the client has asked for shutdown: it takes answers, and nothing that it did not ask for.
	answersOnly bool
}

type frame struct {
	data    []byte
	written chan struct{}
}

func newWriter(out io.Writer, log *slog.Logger, broken func()) *writer {
	return &writer{out: out, log: log, broken: broken, wake: make(chan struct{}, 1)}
}

// send queues a message and returns at once. The channel is closed when the message is written, and never if that fails.
// Without a body nothing is written, but all that was sent before.
func (w *writer) send(body []byte) (written <-chan struct{}) {
	f := frame{written: make(chan struct{})}
	if len(body) > 0 {
		f.data = fmt.Appendf(nil, "Content-Length: %d\r\n\r\n%s", len(body), body)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.failed || w.answersOnly && hasMethod(body) {
		return f.written
	}
	w.queue = append(w.queue, f)
	w.bytes += len(f.data)
	if w.bytes > maxWaiting {
		w.fail("the client does not read", "waiting bytes", w.bytes)
	}
	select {
	case w.wake <- struct{}{}:
	default:
	}
	return f.written
}

// answerOnly drops from now on what is no answer: other goroutines may still be about to ask the client.
func (w *writer) answerOnly() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.answersOnly = true
}

// hasMethod reports whether a message is a request or a notification.
func hasMethod(body []byte) bool {
	var message struct {
		Method *string `json:"method"`
	}
	return json.Unmarshal(body, &message) == nil && message.Method != nil
}

// fail gives up the client. The caller holds mu.
func (w *writer) fail(reason string, args ...any) {
	w.log.Error(reason, args...)
	w.failed = true
	w.queue = nil
	w.broken()
}

// write writes until ctx ends or a write fails.
func (w *writer) write(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-w.wake:
		}
		for f, some := w.pop(); some; f, some = w.pop() {
			if !w.writeFrame(f) {
				return
			}
		}
	}
}

func (w *writer) writeFrame(f frame) bool {
	var err error
	if len(f.data) > 0 {
		_, err = w.out.Write(f.data)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if err != nil {
		w.fail("writing to the client failed", "error", err)
		return false
	}
	w.bytes -= len(f.data)
	close(f.written)
	return true
}

func (w *writer) pop() (frame, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.queue) == 0 {
		return frame{}, false
	}
	f := w.queue[0]
	w.queue = w.queue[1:]
	return f, true
}

// flush waits until everything sent so far is written, but no longer than patience.
func (w *writer) flush(patience time.Duration) {
	select {
	case <-w.send(nil):
	case <-time.After(patience):
	}
}

// Write sends one message of jsonrpc2.
func (w *writer) Write(ctx context.Context, message jsonrpc2.Message) (int64, error) {
	body, err := jsonrpc2.EncodeMessage(message)
	if err != nil {
		return 0, err
	}
	return w.WriteFrame(ctx, body)
}

// WriteFrame sends a message, or a batch of them, that is already encoded.
func (w *writer) WriteFrame(_ context.Context, body []byte) (int64, error) {
	w.send(body)
	return int64(len(body)), nil
}
