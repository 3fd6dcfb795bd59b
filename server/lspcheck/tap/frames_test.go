package main

import (
	"strings"
	"testing"
)

func TestFrames(t *testing.T) {
	for _, c := range []struct{ name, said, bodies, broken string }{
		{"two", "Content-Length: 1\r\n\r\naContent-Length: 2\r\n\r\nbc", "a|bc", ""},
		{
			"any case, and a type", "content-length:1\r\nContent-Type: application/vscode-jsonrpc; charset=utf-8\r\n\r\na",
			"a", "",
		},
		{"empty", "Content-Length: 0\r\n\r\nContent-Length: 1\r\n\r\na", "|a", ""},
		{"bare newlines", "Content-Length: 1\n\na", "a", `the line "Content-Length: 1" of a header does not end with CR LF|the line "" of a header does not end with CR LF`},
		{
			"another charset", "Content-Length: 1\r\nContent-Type: x; charset=latin1\r\n\r\na", "a",
			`the content type "x; charset=latin1" is not UTF-8`,
		},
		{"another field", "X: y\r\nContent-Length: 1\r\n\r\na", "a", `the line "X: y" does not belong into a header`},
		{"a log line", "hello\r\nContent-Length: 1\r\n\r\na", "a", `the line "hello" does not belong into a header`},
		{"no name", ": y\r\nContent-Length: 1\r\n\r\na", "a", `the line ": y" of a header has no name`},
		{"no length", "Content-Type: utf-8\r\n\r\nContent-Length: 1\r\n\r\na", "a", "a header has no Content-Length"},
		{
			"a negative length", "Content-Length: -1\r\n\r\nContent-Length: 1\r\n\r\na", "a",
			`the length "-1" is none|a header has no Content-Length`,
		},
		{
			"a body that is longer than announced", "Content-Length: 1\r\n\r\nabcContent-Length: 1\r\n\r\nd", "a|d",
			`the line "bcContent-Length: 1" does not belong into a header`,
		},
		{"a body that is cut", "Content-Length: 3\r\n\r\na", "", "a frame of 3 bytes ends after 1"},
		{"a header that is cut", "Content-Le", "", "the last 10 bytes are no frame"},
	} {
		for _, size := range []int{1, 7, len(c.said)} {
			var f frames
			var bodies, broken []string
			take := func(body []byte) { bodies = append(bodies, string(body)) }
			tell := func(why string) { broken = append(broken, why) }
			for rest := c.said; rest != ""; rest = rest[min(size, len(rest)):] {
				f.add([]byte(rest[:min(size, len(rest))]), take, tell)
			}
			f.end(tell)
			if got := strings.Join(bodies, "|"); got != c.bodies {
				t.Errorf("%s by %d: bodies %q instead of %q", c.name, size, got, c.bodies)
			}
			if got := strings.Join(broken, "|"); got != c.broken {
				t.Errorf("%s by %d: broken %q instead of %q", c.name, size, got, c.broken)
			}
		}
	}
}

// TestNoHeader holds that noise without end is told once and takes little room.
func TestNoHeader(t *testing.T) {
	var f frames
	var bodies, broken []string
	take := func(body []byte) { bodies = append(bodies, string(body)) }
	tell := func(why string) { broken = append(broken, why) }
	for range 100 {
		f.add([]byte(strings.Repeat("x", maxHeader)), take, tell)
	}
	if len(broken) != 1 || len(f.waiting) > maxHeader {
		t.Errorf("told %d times, %d bytes kept", len(broken), len(f.waiting))
	}
	f.add([]byte("\r\nContent-Length: 1\r\n\r\na"), take, tell)
	if len(bodies) != 1 || bodies[0] != "a" {
		t.Errorf("bodies %q", bodies)
	}
}
