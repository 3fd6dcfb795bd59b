package server

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"strconv"
	"strings"

	"go.lsp.dev/jsonrpc2"
)

// maxFrame is how long a message of a client may be, in bytes.
const maxFrame = 64 << 20

// stream reads and writes messages in LSP's framing. It survives every frame that the library's own stream ends at. Its
// methods ReadFrame and WriteFrame are what jsonrpc2 looks for to take batches.
type stream struct {
	*writer
	input  *bufio.Reader
	in     chan incoming
	nudges chan string // has room for one: who looks finds everything that has come
	log    *slog.Logger
	ended  func(error)
}

// newStream calls ended once when in ends, and broken once when out breaks or is not read.
func newStream(in io.Reader, out io.Writer, log *slog.Logger, ended func(error), broken func()) *stream {
	return &stream{
		writer: newWriter(out, log, broken),
		input:  bufio.NewReaderSize(in, 64<<10),
		in:     make(chan incoming),
		nudges: make(chan string, 1),
		log:    log,
		ended:  ended,
	}
}

// incoming is a message of the client, or the error at which its input ends.
type incoming struct {
	body []byte
	err  error
}

// read reads the client's messages until its input or ctx ends. Those that are none are answered, as the library would
// close the connection.
func (s *stream) read(ctx context.Context) {
	for {
		body, err := s.next()
		if err == nil {
			if reason := check(body); reason != nil {
				s.log.Warn("message skipped", "error", reason, "message", excerpt(body))
				s.send(jsonrpc2.AppendResponse(nil, idIn(body), nil, reason))
				continue
			}
		}
		select {
		case s.in <- incoming{body, err}:
		case <-ctx.Done():
			return
		}
		if err != nil {
			return
		}
	}
}

// nudge puts a notification without params among the client's messages. One that still waits stands for both.
func (s *stream) nudge(method string) {
	select {
	case s.nudges <- method:
	default:
	}
}

// ReadFrame returns the next message of the client, or a nudge.
func (s *stream) ReadFrame(ctx context.Context) ([]byte, int64, error) {
	select {
	case m := <-s.in:
		if m.err != nil {
			s.ended(m.err)
			return nil, 0, m.err
		}
		return m.body, int64(len(m.body)), nil
	case method := <-s.nudges:
		body := jsonrpc2.AppendNotification(nil, method, nil)
		return body, int64(len(body)), nil
	case <-ctx.Done():
		return nil, 0, ctx.Err()
	}
}

// Read is the way of jsonrpc2 for streams without ReadFrame.
func (s *stream) Read(ctx context.Context) (jsonrpc2.Message, int64, error) {
	body, n, err := s.ReadFrame(ctx)
	if err != nil {
		return nil, 0, err
	}
	message, err := jsonrpc2.DecodeMessage(body)
	return message, n, err
}

// check returns why a body is no message, or nil. Of a batch it knows only that it is JSON: jsonrpc2 answers each of its
// members by itself.
func check(body []byte) error {
	if !json.Valid(body) {
		return jsonrpc2.ErrParse
	}
	if bytes.HasPrefix(bytes.TrimLeft(body, " \t\r\n"), []byte("[")) {
		return nil
	}
	_, err := jsonrpc2.DecodeMessage(body)
	return err
}

// idIn is the id of a body that is no message, or the id null.
func idIn(body []byte) jsonrpc2.ID {
	var message struct {
		ID *requestID `json:"id"`
	}
	if json.Unmarshal(body, &message) != nil || message.ID == nil {
		return jsonrpc2.ID{}
	}
	return message.ID.ID
}

func excerpt(body []byte) string {
	const most = 80
	if len(body) <= most {
		return string(body)
	}
	return fmt.Sprintf("%s... (%d bytes)", body[:most], len(body))
}

// next returns the body of the next frame that is not too long.
func (s *stream) next() ([]byte, error) {
	for {
		length, err := s.header()
		if err != nil {
			return nil, err
		}
		if length > maxFrame {
			s.log.Error("message skipped: too long", "bytes", length, "limit", maxFrame)
			if _, err := io.CopyN(io.Discard, s.input, length); err != nil {
				return nil, err
			}
			continue
		}
		body := make([]byte, length)
		_, err = io.ReadFull(s.input, body)
		return body, err
	}
}

// header reads up to the end of the next header that has a length, which it returns.
func (s *stream) header() (int64, error) {
	length := int64(-1)
	for {
		line, err := s.input.ReadSlice('\n')
		if err == bufio.ErrBufferFull {
			continue
		}
		if err != nil {
			return 0, err
		}
		if n, found := contentLength(string(line)); found {
			length = n
		}
		if len(bytes.TrimSpace(line)) > 0 {
			continue
		}
		if length >= 0 {
			return length, nil
		}
		s.log.Warn("header without Content-Length")
	}
}

// contentLength looks for the field anywhere in the line: after a body that is longer than announced, its rest stands
// before the next header on one line.
func contentLength(line string) (int64, bool) {
	const field = "content-length:"
	for at := len(line) - len(field); at >= 0; at-- {
		if strings.EqualFold(line[at:at+len(field)], field) {
			length, err := strconv.ParseInt(strings.TrimSpace(line[at+len(field):]), 10, 64)
			return length, err == nil && length >= 0
		}
	}
	return 0, false
}

// Close does nothing: whoever made the stream owns its ends.
func (s *stream) Close() error { return nil }
