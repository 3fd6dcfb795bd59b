package server

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"dockerfile-ls/analysis/text"
)

func TestChanges(t *testing.T) {
	for name, test := range map[string]struct {
		encoding, text, changes, want string
	}{
		"insert": {
			"utf-16", "FROM a\n", `{"range":{"start":{"line":0,"character":6},"end":{"line":0,"character":6}},"text":":1"}`,
			"FROM a:1\n",
		},
		"in order": {"utf-16", "abc", `{"range":{"start":{"line":0,"character":0},"end":{"line":0,"character":1}},"text":"xyz"},
			{"range":{"start":{"line":0,"character":2},"end":{"line":0,"character":4}},"text":""}`, "xyc"},
		"partial and full mixed": {"utf-16", "abc", `{"range":{"start":{"line":0,"character":0},"end":{"line":0,"character":1}},"text":"x"},
			{"text":"new\n"},{"range":{"start":{"line":1,"character":0},"end":{"line":1,"character":0}},"rangeLength":0,"text":"end"}`, "new\nend"},
		"none":       {"utf-16", "abc", ``, "abc"},
		"null range": {"utf-16", "abc", `{"range":null,"text":"x"}`, "x"},
		"UTF-16": {
			"utf-16", "😀b", `{"range":{"start":{"line":0,"character":2},"end":{"line":0,"character":3}},"text":"c"}`, "😀c",
		},
		"UTF-8": {
			"utf-8", "😀b", `{"range":{"start":{"line":0,"character":4},"end":{"line":0,"character":5}},"text":"c"}`, "😀c",
		},
		"UTF-32": {
			"utf-32", "😀b", `{"range":{"start":{"line":0,"character":1},"end":{"line":0,"character":2}},"text":"c"}`, "😀c",
		},
		"in a character": {
			"utf-16", "😀b", `{"range":{"start":{"line":0,"character":1},"end":{"line":0,"character":2}},"text":"c"}`, "cb",
		},
		"CR LF": {
			"utf-16", "a\r\nb\r\n", `{"range":{"start":{"line":0,"character":9},"end":{"line":1,"character":0}},"text":""}`,
			"ab\r\n",
		},
		"lone CR": {
			"utf-16", "a\rb", `{"range":{"start":{"line":1,"character":0},"end":{"line":1,"character":1}},"text":"c"}`,
			"a\rc",
		},
		"behind the end": {
			"utf-16", "a\n",
			`{"range":{"start":{"line":9,"character":9},"end":{"line":4294967296,"character":1e300}},"text":"b"}`, "a\nb",
		},
		"negative": {
			"utf-16", "ab", `{"range":{"start":{"line":-1,"character":-1},"end":{"line":0,"character":1}},"text":""}`, "b",
		},
		"backwards": {
			"utf-16", "abc", `{"range":{"start":{"line":0,"character":2},"end":{"line":0,"character":1}},"text":""}`, "ac",
		},
		"odd JSON number": {
			"utf-16", "abc", `{"range":{"start":{"line":0.0,"character":1e0},"end":{"line":0,"character":2.0}},"text":""}`,
			"ac",
		},
		"more properties": {
			"utf-16", "abc",
			`{"range":{"start":{"line":0,"character":1,"x":1},"end":{"line":0,"character":2}},"text":"","x":{}}`, "ac",
		},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(w *wire) {
				w.open(fmt.Sprintf(`{"general":{"positionEncodings":[%q]}}`, test.encoding),
					"file:///w/Dockerfile", test.text)
				w.notify("textDocument/didChange",
					fmt.Sprintf(`{"textDocument":{"uri":"file:///w/Dockerfile","version":2},"contentChanges":[%s]}`,
						test.changes))
				w.settle()
				doc := w.server.documents["file:///w/Dockerfile"]
				if got := doc.snapshot.Text(); got != test.want || doc.version != 2 {
					t.Errorf("version %d is %q instead of %q", doc.version, got, test.want)
				}
			})
		})
	}
}

// A change that cannot be read leaves the document as it is: it must not become a change of the whole text.
func TestUnreadableChange(t *testing.T) {
	bubble(t, func(w *wire) {
		w.open(`{}`, "file:///w/Dockerfile", "FROM a:1")
		for _, change := range []string{
			`{"range":{"start":{"line":"0","character":0}},"text":""}`, `{"range":5,"text":""}`, `{"text":5}`, `5`,
		} {
			w.notify("textDocument/didChange",
				fmt.Sprintf(`{"textDocument":{"uri":"file:///w/Dockerfile","version":2},"contentChanges":[%s]}`, change))
			w.settle()
			if got := w.server.documents["file:///w/Dockerfile"].snapshot.Text(); got != "FROM a:1" {
				t.Errorf("%s makes %q", change, got)
			}
			if log := w.log(); !strings.Contains(log, "textDocument/didChange") {
				t.Errorf("%s: log %q", change, log)
			}
		}
	})
}

func TestIsDockerfile(t *testing.T) {
	for _, test := range []struct {
		language, uri string
		want          bool
	}{
		{"dockerfile", "file:///w/x", true},
		{"Dockerfile", "untitled:Untitled-1", true},
		{"containerfile", "untitled:Untitled-1", true},
		{"docker", "file:///w/x", true},
		{"", "file:///w/Dockerfile", true},
		{"plaintext", "file:///w/Containerfile", true},
		{"plaintext", "file:///w/Dockerfile.dev", true},
		{"plaintext", "file:///w/api.Dockerfile", true},
		{"plaintext", "vscode-remote://h/w/Docker%66ile?q=a/b#c", true},
		{"plaintext", "file:///c%3A/w/Dockerfile", true},
		{"plaintext", "untitled:Dockerfile", true},
		{"plaintext", "Dockerfile", true},
		{"plaintext", "file:///w/Dockerfile/notes.txt", false},
		{"plaintext", "file:///w/Dockerfile.dockerignore", false},
		{"plaintext", "file:///w/Dockerfiles", false},
		{"ignore", "file:///w/Dockerfile.dockerignore", false},
		// So Neovim 0.12, and JetBrains by the pattern Dockerfile.*.
		{"dockerfile", "file:///w/Dockerfile.dockerignore", false},
		{"dockerfile", "file:///w/api.Containerfile.containerignore", false},
		{"markdown", "file:///w/Dockerfile.md", false},
		{"json", "file:///w/package.json", false},
		{"", "", false},
		{"", "%zz", false},
	} {
		if got := isDockerfile(test.language, test.uri); got != test.want {
			t.Errorf("%q %q: %v", test.language, test.uri, got)
		}
	}
}

// FuzzEdit compares changes with the same changes made on UTF-16 units, as a client makes them.
func FuzzEdit(f *testing.F) {
	f.Add("FROM a\r\nRUN 😀\n", "b", 0, 5, 0, 6, "😀\r", 1, 4, 1, 6)
	f.Add("\r\r\n\n", "\n", 1, 0, 3, 9, "", 0, 0, 9, 9)
	f.Add("ä\u2028😀😀", "", 0, 2, 0, 4, "x", 0, -1, -1, 3)
	f.Fuzz(func(t *testing.T, source, new1 string, l1, c1, l2, c2 int, new2 string, l3, c3, l4, c4 int) {
		got := strings.ToValidUTF8(source, "?")
		want := utf16.Encode([]rune(got))
		for _, change := range []contentChange{
			{&textRange{
				position{float64(l1), float64(c1)}, position{float64(l2), float64(c2)},
			}, strings.ToValidUTF8(new1, "?")},
			{&textRange{
				position{float64(l3), float64(c3)}, position{float64(l4), float64(c4)},
			}, strings.ToValidUTF8(new2, "?")},
		} {
			got = change.apply(got, text.UTF16)
			want = replaceUnits(want, change)
			if got != string(utf16.Decode(want)) {
				t.Fatalf("after %+v: %q instead of %q", change, got, string(utf16.Decode(want)))
			}
		}
	})
}

// replaceUnits is contentChange.apply, written anew on UTF-16 units.
func replaceUnits(source []uint16, change contentChange) []uint16 {
	start, end := unitOf(source, change.Range.Start), unitOf(source, change.Range.End)
	if start > end {
		start, end = end, start
	}
	replaced := append([]uint16{}, source[:start]...)
	replaced = append(replaced, utf16.Encode([]rune(change.Text))...)
	return append(replaced, source[end:]...)
}

func unitOf(source []uint16, p position) int {
	if p.Line < 0 {
		return 0
	}
	at := 0
	for range int(min(p.Line, float64(len(source)+1))) {
		for at < len(source) && source[at] != '\n' && source[at] != '\r' {
			at++
		}
		switch {
		case at == len(source):
			return at
		case source[at] == '\r' && at+1 < len(source) && source[at+1] == '\n':
			at += 2
		default:
			at++
		}
	}
	for column := 0.0; column < p.Character && at < len(source) && source[at] != '\n' && source[at] != '\r'; column++ {
		at++
	}
	if at > 0 && at < len(source) && source[at] >= 0xDC00 && source[at] < 0xE000 {
		at--
	}
	return at
}
