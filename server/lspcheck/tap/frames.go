package main

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
)

// frames splits what one side says into the bodies of its frames (LSP 3.18, Base Protocol). What is no frame is told, and
// read as well as can be.
type frames struct {
	waiting []byte
	length  int  // of the body that is waited for
	inBody  bool // the header is read
	lost    bool // the header is told to be too long
}

// maxHeader is how long a header may be before it is told that there is none.
const maxHeader = 64 << 10

// add takes more bytes, and calls take for each body that is complete and broken for what is no frame.
func (f *frames) add(more []byte, take func([]byte), broken func(string)) {
	f.waiting = append(f.waiting, more...)
	for {
		if !f.inBody && !f.header(broken) {
			return
		}
		if len(f.waiting) < f.length {
			return
		}
		body := f.waiting[:f.length]
		f.waiting = append([]byte(nil), f.waiting[f.length:]...)
		f.inBody = false
		take(body)
	}
}

// end tells of a frame that has begun.
func (f *frames) end(broken func(string)) {
	switch {
	case f.inBody:
		broken(fmt.Sprintf("a frame of %d bytes ends after %d", f.length, len(f.waiting)))
	case len(f.waiting) > 0:
		broken(fmt.Sprintf("the last %d bytes are no frame", len(f.waiting)))
	}
}

// header reads headers up to one with a length; false if there is none yet.
func (f *frames) header(broken func(string)) bool {
	for {
		head, rest, found := cutHeader(f.waiting)
		if !found {
			f.limit(broken)
			return false
		}
		length := readHeader(head, broken)
		f.waiting, f.lost = rest, false
		if length >= 0 {
			f.length, f.inBody = length, true
			return true
		}
	}
}

// limit drops what is too long for a header, apart from an end that may be the start of one.
func (f *frames) limit(broken func(string)) {
	const kept = 1 << 10
	if len(f.waiting) <= maxHeader {
		return
	}
	if !f.lost {
		broken(fmt.Sprintf("%d bytes hold no header", len(f.waiting)))
	}
	f.lost = true
	f.waiting = append([]byte(nil), f.waiting[len(f.waiting)-kept:]...)
}

// cutHeader cuts behind the first empty line.
func cutHeader(data []byte) (head string, rest []byte, found bool) {
	start := 0
	for {
		n := bytes.IndexByte(data[start:], '\n')
		if n < 0 {
			return "", data, false
		}
		line := bytes.TrimSuffix(data[start:start+n], []byte("\r"))
		start += n + 1
		if len(line) == 0 {
			return string(data[:start]), data[start:], true
		}
	}
}

// readHeader returns the length that a header names, or -1.
func readHeader(head string, broken func(string)) int {
	length := -1
	for line := range strings.Lines(head) {
		text, ended := strings.CutSuffix(line, "\r\n")
		if !ended {
			text = strings.TrimSuffix(line, "\n")
			broken(fmt.Sprintf("the line %q of a header does not end with CR LF", text))
		}
		name, value, _ := strings.Cut(text, ":")
		value = strings.TrimSpace(value)
		switch strings.ToLower(name) {
		case "content-length":
			length = readLength(value, broken)
		case "content-type":
			if !strings.Contains(strings.ToLower(value), "utf-8") && !strings.Contains(strings.ToLower(value), "utf8") {
				broken(fmt.Sprintf("the content type %q is not UTF-8", value))
			}
		case "":
			if text != "" {
				broken(fmt.Sprintf("the line %q of a header has no name", text))
			}
		default:
			broken(fmt.Sprintf("the line %q does not belong into a header", text))
			length = max(length, hidden(text))
		}
	}
	if length < 0 {
		broken("a header has no Content-Length")
	}
	return length
}

func readLength(value string, broken func(string)) int {
	length, err := strconv.Atoi(value)
	if err != nil || length < 0 {
		broken(fmt.Sprintf("the length %q is none", value))
		return -1
	}
	return length
}

// hidden finds a length behind the rest of a body that was longer than announced, which stands on the line of the next
// header.
func hidden(line string) int {
	const field = "content-length:"
	at := strings.LastIndex(strings.ToLower(line), field)
	if at < 0 {
		return -1
	}
	length, err := strconv.Atoi(strings.TrimSpace(line[min(at+len(field), len(line)):]))
	if err != nil || length < 0 {
		return -1
	}
	return length
}
