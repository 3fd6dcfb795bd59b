package server

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/moby/buildkit/frontend/dockerfile/parser"

	"dockerfile-ls/analysis/corpus"
	"dockerfile-ls/analysis/registry"
)

// BenchmarkKeystroke types one letter into a RUN in the middle of a file and waits for the diagnostics, beside BuildKit's
// bare parse of the same text in the same run: over pipes in one process, and through the binary.
func BenchmarkKeystroke(b *testing.B) {
	sizes := []int{30, 300, 5_000, 100_000}
	for _, lines := range sizes {
		b.Run(fmt.Sprintf("process/%d", lines), func(b *testing.B) { typeLetters(b, dial(b), lines) })
	}
	binary := build(b)
	for _, lines := range sizes {
		b.Run(fmt.Sprintf("binary/%d", lines), func(b *testing.B) {
			c := spawn(b, binary)
			typeLetters(b, c, lines)
			if resident, ok := memory(c.process); ok {
				b.ReportMetric(resident, "MB-resident")
			}
		})
	}
}

// BenchmarkStart starts the binary, opens a file of 30 lines and waits for its diagnostics.
func BenchmarkStart(b *testing.B) {
	binary := build(b)
	for b.Loop() {
		c := spawn(b, binary)
		c.open(corpus.Generated(30))
		b.StopTimer()
		c.end()
		b.StartTimer()
	}
}

// memory is how many megabytes of a process are in memory, where the system tells.
func memory(p *os.Process) (float64, bool) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.Pid))
	if err != nil {
		return 0, false
	}
	_, resident, found := strings.Cut(string(status), "VmRSS:")
	var kilobytes float64
	_, err = fmt.Sscan(resident, &kilobytes)
	return kilobytes / 1000, found && err == nil
}

// BenchmarkKeystrokeWhileAsking is BenchmarkKeystroke while a registry is asked that does each of the wrong things, beside
// one where nobody asks. A question that has ended is asked again with each 500th letter, some four times a second.
func BenchmarkKeystrokeWhileAsking(b *testing.B) {
	b.Run("nothing", func(b *testing.B) { typeLetters(b, dial(b), 300) })
	for _, fault := range faults() {
		b.Run(fault.name, func(b *testing.B) {
			var asked atomic.Int64
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				asked.Add(1)
				fault.answer(w, r)
			}))
			b.Cleanup(server.CloseClientConnections)
			c := dial(b)
			c.prepareToAsk(strings.TrimPrefix(server.URL, "http://") + "/app:1")
			typeLetters(b, c, 300)
			if asked.Load() == 0 {
				b.Error("the registry was not asked")
			}
		})
	}
}

// prepareToAsk opens a document whose base image a registry is asked about between letters.
func (c *dialled) prepareToAsk(reference string) {
	c.notify("workspace/didChangeConfiguration", `{"settings":{"registry":{"timeout":"24h"}}}`)
	c.notify("textDocument/didOpen", fmt.Sprintf(
		`{"textDocument":{"uri":"untitled:a","languageId":"dockerfile","version":0,"text":"FROM %s\n"}}`, reference,
	))
	c.diagnostics()
	place := `{"start":{"line":0,"character":6},"end":{"line":0,"character":6}}`
	title := "Insert digest of " + reference
	c.question = fmt.Sprintf(`{"jsonrpc":"2.0","id":2,"method":"codeAction/resolve","params":{"title":%q,"data":{"uri":"untitled:a","version":0,"range":%s,"title":%[1]q}}}`, title, place)
}

// askAgain has the server ask the registry, unless it still does, and does not wait for it.
func (c *dialled) askAgain() {
	if c.question != "" && !c.asking {
		c.asking = true
		c.send(c.question)
	}
}

func typeLetters(b *testing.B, c *dialled, lines int) {
	src := corpus.Generated(lines)
	c.open(src)
	at := strings.Index(src[len(src)/3:], "npm run build") + len(src)/3
	line := strings.Count(src[:at], "\n")
	column := at - strings.LastIndexByte(src[:at], '\n') - 1
	version := 0
	start := time.Now()
	for b.Loop() {
		if version%500 == 0 {
			c.askAgain()
		}
		version++
		end, typed := column, "x"
		if version%2 == 0 {
			end, typed = column+1, ""
		}
		c.notify("textDocument/didChange", fmt.Sprintf(
			`{"textDocument":{"uri":"file:///Dockerfile","version":%d},"contentChanges":[{"range":{"start":{"line":%d,"character":%d},"end":{"line":%d,"character":%d}},"text":%q}]}`,
			version, line, column, line, end, typed))
		c.diagnostics()
	}
	spent := time.Since(start)
	start = time.Now()
	for range version {
		if _, err := parser.Parse(strings.NewReader(src)); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(spent)/float64(time.Since(start)), "x-bare-parse")
}

// dialled is a client's end of a connection that asks for no more than diagnostics.
type dialled struct {
	b   *testing.B
	out io.Writer
	in  *bufio.Reader

	process *os.Process // nil in the same process
	end     func()      // ends the process

	question string // to a registry, with the id 2; empty for none
	asking   bool   // whether its answer is still to come
}

func dial(b *testing.B) *dialled {
	serverIn, clientOut := io.Pipe()
	clientIn, serverOut := io.Pipe()
	ctx, cancel := context.WithCancel(context.Background())
	b.Cleanup(func() {
		cancel()
		clientOut.Close()
		clientIn.Close()
	})
	go newServer(Options{
		Log: slog.New(slog.DiscardHandler), Resolver: registry.New(registry.Options{}),
	}).run(ctx, serverIn, serverOut)
	return meetServer(b, clientOut, clientIn)
}

// build builds the product as a release is built, and returns the path of its binary.
func build(b *testing.B) string {
	binary := filepath.Join(b.TempDir(), "dockerfile-ls")
	if out, err := exec.Command("bash", "../.ci/build", binary).CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	return binary
}

func spawn(b *testing.B, binary string) *dialled {
	command := exec.Command(binary, "serve")
	in, err := command.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := command.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := command.Start(); err != nil {
		b.Fatal(err)
	}
	end := sync.OnceFunc(func() {
		in.Close() // ends the server
		command.Wait()
	})
	b.Cleanup(end)
	c := meetServer(b, in, out)
	c.process, c.end = command.Process, end
	return c
}

func meetServer(b *testing.B, out io.Writer, in io.Reader) *dialled {
	c := &dialled{b: b, out: out, in: bufio.NewReader(in)}
	c.send(`{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"processId":null,"capabilities":{}}}`)
	c.receive()
	return c
}

// open opens a document and waits for its diagnostics.
func (c *dialled) open(src string) {
	c.notify("textDocument/didOpen",
		fmt.Sprintf(`{"textDocument":{"uri":"file:///Dockerfile","languageId":"dockerfile","version":0,"text":%q}}`, src))
	c.diagnostics()
}

func (c *dialled) notify(method, params string) {
	c.send(fmt.Sprintf(`{"jsonrpc":"2.0","method":%q,"params":%s}`, method, params))
}

func (c *dialled) send(body string) {
	if _, err := fmt.Fprintf(c.out, "Content-Length: %d\r\n\r\n%s", len(body), body); err != nil {
		c.b.Fatal(err)
	}
}

func (c *dialled) diagnostics() {
	for {
		body := c.receive()
		switch {
		case strings.Contains(body, "textDocument/publishDiagnostics"):
			return
		case strings.Contains(body, `"id":2,`):
			c.asking = false
		case !strings.Contains(body, "window/showMessage"):
			c.b.Fatalf("no diagnostics: %s", body)
		}
	}
}

func (c *dialled) receive() string {
	header, err := textproto.NewReader(c.in).ReadMIMEHeader()
	if err != nil {
		c.b.Fatal(err)
	}
	length, err := strconv.Atoi(header.Get("Content-Length"))
	if err != nil {
		c.b.Fatal(err)
	}
	body := make([]byte, length)
	if _, err := io.ReadFull(c.in, body); err != nil {
		c.b.Fatal(err)
	}
	return string(body)
}
