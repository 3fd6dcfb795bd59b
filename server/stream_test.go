package server

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"

	"go.lsp.dev/jsonrpc2"
)

// Every test sends odd bytes, and then a request that must be answered as if nothing had been.
func TestFrames(t *testing.T) {
	const ask = `{"jsonrpc":"2.0","id":9,"method":"test/echo"}`
	const junk = -32700
	for name, test := range map[string]struct {
		bytes string
		codes []int // of the errors that come before the answer
		log   string
		id    string // of those errors, where it can be read
	}{
		"nothing":           {"", nil, "", ""},
		"lower-case header": {strings.ToLower(framed(`{"jsonrpc":"2.0","method":"$/x"}`)), nil, "", ""},
		"more header fields": {"Content-Type: application/vscode-jsonrpc; charset=utf-8\r\nX: y\r\n" +
			framed(`{"jsonrpc":"2.0","method":"$/x"}`), nil, "", ""},
		"line feeds only": {"Content-Length:4\n\nnull", []int{junk}, "", ""},
		"broken JSON":     {framed(`{"jsonrpc":"2.0","id":1,`), []int{junk}, `{\"jsonrpc\":\"2.0\",\"id\":1,`, ""},
		"broken params": {
			framed(`{"jsonrpc":"2.0","id":1,"method":"test/echo","params":{"a":1,,}}`), []int{junk}, "skipped", "",
		},
		"no JSON at all":      {framed("\x00\xff\xfe"), []int{junk}, "skipped", ""},
		"no object":           {framed("5"), []int{junk}, "skipped", ""},
		"no version":          {framed(`{"id":1,"method":"test/echo"}`), []int{-32600}, "skipped", "1"},
		"fraction as id":      {framed(`{"jsonrpc":"2.0","id":1.5,"method":"test/echo"}`), []int{-32600}, "skipped", ""},
		"answer to nothing":   {framed(`{"jsonrpc":"2.0","id":77,"result":{}}`), nil, "", ""},
		"empty batch":         {framed(`[]`), []int{-32600}, "", ""},
		"batch of junk":       {framed(`[1, {"jsonrpc":"2.0","method":"$/x"}, "x"]`), []int{junk, junk}, "", ""},
		"empty body":          {framed(""), []int{junk}, "skipped", ""},
		"no length":           {"Content-Type: x\r\n\r\n", nil, "without Content-Length", ""},
		"length of letters":   {"Content-Length: abc\r\n\r\n", nil, "without Content-Length", ""},
		"negative length":     {"Content-Length: -5\r\n\r\n", nil, "without Content-Length", ""},
		"endless length":      {"Content-Length: 99999999999999999999\r\n\r\n", nil, "without Content-Length", ""},
		"length too short":    {"Content-Length: 5\r\n\r\n[1,2] and the rest", []int{junk, junk}, "", ""},
		"stray lines":         {"hello\r\n\xff\xfe:\x00\n", nil, "", ""},
		"line without an end": {strings.Repeat("x", 300<<10), nil, "", ""},
		"two blank lines after": {
			framed(`{"jsonrpc":"2.0","method":"$/x"}`) + "\r\n\r\n", nil, "without Content-Length", "",
		},
		"oversized frame": {
			fmt.Sprintf("Content-Length: %d\r\n\r\n", maxFrame+1) + strings.Repeat("[", maxFrame+1), nil, "too long", "",
		},
		"deep nesting": {framed(strings.Repeat("[", 1<<20) + strings.Repeat("]", 1<<20)), []int{junk}, "skipped", ""},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(w *wire) {
				w.send(initialize)
				w.settle()
				w.raw(test.bytes + framed(ask))
				received := w.settle()
				if len(received) != len(test.codes)+1 {
					t.Fatalf("%d messages: %s", len(received), received)
				}
				for i, code := range test.codes {
					if m := received[i]; string(m.ID) != cmp.Or(test.id, "null") || !m.failed(code) {
						t.Errorf("instead of error %d: %s", code, m)
					}
				}
				if answer := received[len(test.codes)]; string(answer.ID) != "9" || string(answer.Result) != `"here"` {
					t.Errorf("answer %s", answer)
				}
				if log := w.log(); !strings.Contains(log, test.log) {
					t.Errorf("the log does not say %q: %s", test.log, log)
				}
			}, answering("test/echo", "here"))
		})
	}
}

// FuzzFrames looks for bytes at which reading panics, or lets a message through that jsonrpc2 ends the connection at.
func FuzzFrames(f *testing.F) {
	f.Add([]byte(framed(`{"jsonrpc":"2.0","method":"x"}`) + framed(`{"id":1}`) + framed(`[1]`)))
	f.Add([]byte("content-length:3\n\n[]]Content-Length: 2\r\n\r\n{}"))
	f.Fuzz(func(t *testing.T, input []byte) {
		ended := 0
		s := newStream(bytes.NewReader(input), io.Discard, slog.New(slog.DiscardHandler), func(error) { ended++ }, func() {})
		go s.read(t.Context())
		for {
			body, _, err := s.ReadFrame(t.Context())
			if err != nil {
				break
			}
			if _, err := jsonrpc2.ParseRequests(body); err != nil {
				t.Errorf("%v: %q", err, body)
			}
		}
		if ended != 1 {
			t.Errorf("%d ends", ended)
		}
	})
}

func TestBatch(t *testing.T) {
	bubble(t, func(w *wire) {
		w.send(initialize)
		w.settle()
		w.send(`[{"jsonrpc":"2.0","id":"a","method":"test/echo"},
			{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":"untitled:1","text":"x"}}},
			{"jsonrpc":"2.0","id":5,"method":"textDocument/codeAction","params":{"textDocument":{"uri":"untitled:1"}}},
			{"jsonrpc":"2.0","id":6,"method":"unheard/of"}]`)
		var ids []string
		for _, m := range w.settle() {
			ids = append(ids, string(m.ID))
		}
		if got := strings.Join(ids, " "); got != `"a" 5 6` && got != `"a" 6 5` {
			t.Errorf("answers to %s", got)
		}
	}, answering("test/echo", "here"))
}

// An id must come back as it was, and text that is no UTF-8 must not end the connection.
func TestOddMessages(t *testing.T) {
	bubble(t, func(w *wire) {
		w.send(initialize)
		w.settle()
		for _, id := range []string{"0", "-1", "9223372036854775807", `"ä\"\n"`, `""`} {
			if answer := w.ask(id, "test/echo", "{}"); string(answer.ID) != id || answer.Error != nil {
				t.Errorf("answer to %s: %s", id, answer)
			}
		}
		w.notify("textDocument/didOpen",
			"{\"textDocument\":{\"uri\":\"untitled:1\",\"languageId\":\"dockerfile\",\"text\":\"FROM \xff\\ud800\"}}")
		w.one()
		if got := w.server.documents["untitled:1"].snapshot.Text(); got != "FROM \ufffd\ufffd" {
			t.Errorf("text %q", got)
		}
	}, answering("test/echo", "here"))
}
