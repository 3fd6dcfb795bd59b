package server

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/textproto"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"dockerfile-ls/analysis/corpus"
	"dockerfile-ls/analysis/image"
	"dockerfile-ls/analysis/registry"
	"dockerfile-ls/server/lspcheck"
)

// wire is the client's end of one connection, in raw frames. It lives in a synctest bubble: settle waits until nothing in
// the server has anything left to do, so no test waits for a time.
type wire struct {
	t      *testing.T
	server *server
	in     *io.PipeWriter
	out    *io.PipeReader
	code   chan int

	mu sync.Mutex
	// checker hears every message; nil without the shared folder, and from the first bytes of the client on that are no
	// frame, since then it cannot tell what the server takes for one.
	checker  *lspcheck.Checker
	received []message
	told     []string // messages of the log that the client was told
	logged   bytes.Buffer
}

// message is any message of JSON-RPC, of either direction.
type message struct {
	ID     json.RawMessage `json:"id"`
	Method string          `json:"method"`
	Params json.RawMessage `json:"params"`
	Result json.RawMessage `json:"result"`
	Error  *struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
	} `json:"error"`
}

// bubble runs a test against a server of its own, which prepare may change before it starts. A panic in the server fails
// the test unless it is looked for by log.
func bubble(t *testing.T, test func(*wire), prepare ...func(*server)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := connect(t, prepare...)
		go w.receive()
		defer w.hangUp()
		test(w)
	})
}

// connect starts a server whose messages nobody reads.
func connect(t *testing.T, prepare ...func(*server)) *wire {
	forgetChannels()
	w := &wire{t: t, code: make(chan int, 1), checker: newChecker(t)}
	serverIn, clientOut := io.Pipe()
	clientIn, serverOut := io.Pipe()
	w.in, w.out = clientOut, clientIn
	w.server = newServer(Options{
		Log: slog.New(slog.NewTextHandler(w, nil)), Version: "1.2.3", Resolver: recorded(t), Scanner: recordedScan{},
	})
	for _, change := range prepare {
		change(w.server)
	}
	go func() {
		w.code <- w.server.run(context.Background(), serverIn, serverOut)
		// From here on a real process would be gone, and its ends of the pipes with it.
		serverIn.Close()
		serverOut.Close()
	}()
	return w
}

// recorded answers in place of registries: no connection can be waited for in a bubble. Real registries are asked in
// lookups_test.go.
func recorded(t *testing.T) registry.Recorded {
	t.Helper()
	source, err := os.ReadFile("../testdata/server/registry.json")
	if err != nil {
		t.Fatal(err)
	}
	var record registry.Recorded
	if err := json.Unmarshal(source, &record); err != nil {
		t.Fatal(err)
	}
	return record
}

// recordedScan stands for a scanner: no child process can be waited for in a bubble. Programs are run in scan_test.go.
type recordedScan struct{}

func (recordedScan) Scan(_ context.Context, path, reference string) (image.Scan, error) {
	if path != "" {
		return image.Scan{}, fmt.Errorf("%s cannot be run", path)
	}
	return image.Scan{Scanner: "trivy", Image: reference, Vulnerabilities: []image.Vulnerability{
		{
			ID: "CVE-2026-0002", Harm: "critical", Package: "openssl", Version: "3.0.1", Fixed: "3.0.2",
			URL: "https://cve.example.com/2",
		},
		{ID: "CVE-2026-0001", Harm: "low", Package: "zlib1g", Version: "1:1.2.13"},
	}}, nil
}

// forgetChannels empties the pool in which jsonrpc2 keeps the channels of its calls: those of an earlier bubble must be used
// neither in another one nor outside. A pool is empty after the second collection.
func forgetChannels() {
	runtime.GC()
	runtime.GC()
}

// newChecker makes a checker of the protocol, or nil without the meta model.
func newChecker(t *testing.T) *lspcheck.Checker {
	model, err := loadModel()
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		t.Fatal(err)
	}
	return lspcheck.New(model)
}

var loadModel = sync.OnceValues(func() (*lspcheck.Model, error) {
	path, _ := corpus.Find("lsp/metaModel.json")
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return lspcheck.Load(file)
})

// overhear gives the client's frames to the checker.
func (w *wire) overhear(bytes string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for bytes != "" && w.checker != nil {
		header, rest, _ := strings.Cut(bytes, "\r\n\r\n")
		length, err := strconv.Atoi(strings.TrimPrefix(header, "Content-Length: "))
		if err != nil || length < 0 || length > len(rest) {
			w.checker = nil
			return
		}
		w.checker.FromClient([]byte(rest[:length]))
		bytes = rest[length:]
	}
}

// deafen is for clients that do not hear what the server says, and so must not complain of it.
func (w *wire) deafen() { w.checker = nil }

// checked reports what the server did wrong by the protocol, when the connection is over.
func (w *wire) checked() {
	if w.checker == nil {
		return
	}
	w.checker.End()
	for _, p := range w.checker.Problems() {
		if p.From == lspcheck.Server {
			w.t.Errorf("against the protocol: %s", p)
		}
	}
}

func (w *wire) hangUp() {
	w.in.Close()
	synctest.Wait()
	w.out.Close()
	synctest.Wait()
	w.checked()
	if log := w.log(); strings.Contains(log, "panic") {
		w.t.Errorf("the server panicked:\n%s", log)
	}
}

// Write takes the log.
func (w *wire) Write(line []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.logged.Write(line)
}

// log returns what was logged since it was last asked for.
func (w *wire) log() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	defer w.logged.Reset()
	return w.logged.String()
}

func (w *wire) receive() {
	in := bufio.NewReader(w.out)
	for {
		header, err := textproto.NewReader(in).ReadMIMEHeader()
		if err != nil {
			return
		}
		length, err := strconv.Atoi(header.Get("Content-Length"))
		if err != nil {
			w.t.Errorf("header without a length: %v", header)
			return
		}
		body := make([]byte, length)
		if _, err := io.ReadFull(in, body); err != nil {
			w.t.Errorf("frame of %d bytes ends early: %v", length, err)
			return
		}
		w.take(body)
	}
}

// take takes a message or a batch.
func (w *wire) take(body []byte) {
	var batch []message
	if body[0] != '[' {
		batch = make([]message, 1)
		if err := json.Unmarshal(body, &batch[0]); err != nil {
			w.t.Errorf("%v: %s", err, body)
		}
	} else if err := json.Unmarshal(body, &batch); err != nil {
		w.t.Errorf("%v: %s", err, body)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.checker != nil {
		w.checker.FromServer(body)
	}
	for _, m := range batch {
		if m.Method == "window/logMessage" {
			w.told = append(w.told, string(m.Params))
			continue
		}
		w.received = append(w.received, m)
	}
}

// raw sends bytes as they are.
func (w *wire) raw(bytes string) {
	w.t.Helper()
	w.overhear(bytes)
	if _, err := io.WriteString(w.in, bytes); err != nil {
		w.t.Fatalf("the server does not read: %v", err)
	}
}

// send sends a message or a batch, without waiting for anything.
func (w *wire) send(body string) {
	w.t.Helper()
	w.raw(framed(body))
}

func framed(body string) string {
	return fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(body), body)
}

// settle waits until the server is done, and returns what it has sent since it was last asked for.
func (w *wire) settle() []message {
	synctest.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	received := w.received
	w.received = nil
	return received
}

// pass lets time go by on the clock of the bubble, which stands still while anything runs: nobody waits for it.
func pass(d time.Duration) { <-time.After(d) }

func (w *wire) notify(method, params string) {
	w.t.Helper()
	w.send(fmt.Sprintf(`{"jsonrpc":"2.0","method":%q,"params":%s}`, method, params))
}

// ask sends a request and returns its answer, which must be all that the server sends.
func (w *wire) ask(id, method, params string) message {
	w.t.Helper()
	w.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"method":%q,"params":%s}`, id, method, params))
	return w.one()
}

// one returns the only message that the server has sent.
func (w *wire) one() message {
	w.t.Helper()
	received := w.settle()
	if len(received) != 1 {
		w.t.Fatalf("%d messages instead of one: %s", len(received), received)
	}
	return received[0]
}

// open initializes and opens a document, and returns the publication for it.
func (w *wire) open(capabilities, uri, text string) message {
	w.t.Helper()
	w.ask("0", "initialize", fmt.Sprintf(`{"processId":null,"capabilities":%s}`, capabilities))
	w.notify("textDocument/didOpen", fmt.Sprintf(
		`{"textDocument":{"uri":%q,"languageId":"dockerfile","version":1,"text":%s}}`, uri, quoted(text)))
	return w.one()
}

func quoted(text string) string {
	raw, err := json.Marshal(text)
	if err != nil {
		panic(err)
	}
	return string(raw)
}

func (m message) String() string {
	raw, err := json.Marshal(m)
	if err != nil {
		panic(err)
	}
	return string(raw)
}

// failed reports whether the message is an error with the code.
func (m message) failed(code int) bool { return m.Error != nil && m.Error.Code == code }
