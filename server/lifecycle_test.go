package server

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"go.lsp.dev/protocol"
)

const (
	initialize = `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"processId":null,"capabilities":{}}}`
	shutdown   = `{"jsonrpc":"2.0","id":2,"method":"shutdown"}`
	exit       = `{"jsonrpc":"2.0","method":"exit"}`
)

func TestExitCode(t *testing.T) {
	for name, test := range map[string]struct {
		messages []string
		code     int
	}{
		"shutdown and exit":          {[]string{initialize, shutdown, exit}, 0},
		"shutdown as a notification": {[]string{initialize, `{"jsonrpc":"2.0","method":"shutdown"}`, exit}, 0},
		"exit with params": {
			[]string{initialize, shutdown, `{"jsonrpc":"2.0","method":"exit","params":[1]}`}, 0,
		},
		"exit as a request":              {[]string{initialize, shutdown, `{"jsonrpc":"2.0","id":3,"method":"exit"}`}, 0},
		"shutdown and exit in one batch": {[]string{initialize, "[" + shutdown + "," + exit + "]"}, 0},
		"exit without shutdown":          {[]string{initialize, exit}, 1},
		"exit without initialize":        {[]string{exit}, 1},
		"shutdown without initialize":    {[]string{shutdown, exit}, 1},
		"end of input":                   {[]string{initialize}, 1},
		"end of input at once":           {nil, 1},
		"end of input after shutdown":    {[]string{initialize, shutdown}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(w *wire) {
				for _, body := range test.messages {
					w.send(body)
				}
				if last := len(test.messages) - 1; last < 0 || !strings.Contains(test.messages[last], "exit") {
					w.in.Close()
				}
				if code := <-w.code; code != test.code {
					t.Errorf("exit code %d instead of %d", code, test.code)
				}
			})
		})
	}
}

// TestTruncated holds that input which ends inside a frame or a header ends the server with 1, and is no crash.
func TestTruncated(t *testing.T) {
	whole := framed(shutdown)
	for cut := range len(whole) {
		bubble(t, func(w *wire) {
			w.send(initialize)
			w.raw(whole[:cut])
			w.in.Close()
			if code := <-w.code; code != 1 {
				t.Errorf("%q: exit code %d", whole[:cut], code)
			}
		})
	}
}

// The answer to shutdown must reach the client although exit follows at once.
func TestExitFlushes(t *testing.T) {
	bubble(t, func(w *wire) {
		w.send(initialize)
		w.raw(framed(shutdown) + framed(exit))
		<-w.code
		if received := w.settle(); len(received) != 2 || string(received[1].ID) != "2" {
			t.Errorf("instead of two answers: %s", received)
		}
	})
}

// What other goroutines still have to ask or to tell has no reader after shutdown; what was asked before is answered.
func TestShutdownIsTheLastWord(t *testing.T) {
	bubble(t, func(w *wire) {
		w.ask("1", "initialize", `{"processId":null,"capabilities":{}}`)
		w.ask("2", "shutdown", `null`)
		w.server.start(func(ctx context.Context) {
			_ = protocol.Call(ctx, w.server.conn, protocol.MethodWorkspaceDiagnosticRefresh, nil, nil)
		})
		w.server.showMessage(protocol.MessageTypeInfo, "late")
		w.notify("$/cancelRequest", `{"id":1}`) // as Neovim does with what it asked just before
		w.send(`{"jsonrpc":"2.0","id":3,"method":"textDocument/hover"}`)
		if received := w.settle(); len(received) != 1 || string(received[0].ID) != "3" {
			t.Errorf("instead of one answer: %s", received)
		}
		if log := w.log(); log != "" {
			t.Errorf("the server complains: %s", log)
		}
		w.send(exit)
		if code := <-w.code; code != 0 {
			t.Errorf("exit code %d", code)
		}
	})
}

func TestEndOfClientProcess(t *testing.T) {
	var alive atomic.Bool
	alive.Store(true)
	bubble(t, func(w *wire) {
		w.ask("1", "initialize", `{"processId":4321,"capabilities":{}}`)
		alive.Store(false)
		if code := <-w.code; code != 1 {
			t.Errorf("exit code %d", code)
		}
	}, func(s *server) { s.alive = func(int) bool { return alive.Load() } })
}

// In a container the client's process cannot be seen.
func TestUnseenClientProcess(t *testing.T) {
	bubble(t, func(w *wire) {
		w.ask("1", "initialize", `{"processId":4321,"capabilities":{}}`)
		w.ask("2", "shutdown", `null`)
		w.send(exit)
		if code := <-w.code; code != 0 {
			t.Errorf("exit code %d", code)
		}
	}, func(s *server) { s.alive = func(int) bool { return false } })
}

func TestProcessAlive(t *testing.T) {
	if !processAlive(os.Getpid()) {
		t.Error("this process is not alive")
	}
	ended := exec.Command(os.Args[0], "-test.run=^$")
	if err := ended.Run(); err != nil {
		t.Fatal(err)
	}
	if processAlive(ended.Process.Pid) {
		t.Error("an ended process is alive")
	}
}

func TestUnreadClient(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := connect(t, answering("test/big", strings.Repeat("x", 8<<20)))
		w.deafen()
		w.send(initialize)
		for range maxWaiting/(8<<20) + 1 {
			w.send(`{"jsonrpc":"2.0","id":5,"method":"test/big"}`)
		}
		if code := <-w.code; code != 1 {
			t.Errorf("exit code %d", code)
		}
		if log := w.log(); !strings.Contains(log, "the client does not read") {
			t.Errorf("the log does not say why: %s", log)
		}
		w.hangUp()
	})
}

func TestBrokenOutput(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := connect(t)
		w.deafen()
		w.out.Close()
		w.send(initialize)
		if code := <-w.code; code != 1 {
			t.Errorf("exit code %d", code)
		}
		w.hangUp()
	})
}
