package text

import (
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"
)

func TestApply(t *testing.T) {
	src := "abcdef"
	for _, c := range []struct {
		name  string
		edits []Edit
		want  string
	}{
		{"none", nil, "abcdef"},
		{"any order", []Edit{{Span{4, 5}, "E"}, {Span{0, 2}, "X"}}, "XcdEf"},
		{"insertions at one place keep their order", []Edit{{Span{3, 3}, "1"}, {Span{3, 3}, "2"}}, "abc12def"},
		{"an insertion in front of a replacement", []Edit{{Span{3, 4}, "D"}, {Span{3, 3}, "+"}}, "abc+Def"},
		{"adjacent", []Edit{{Span{0, 3}, ""}, {Span{3, 6}, ""}}, ""},
	} {
		if got, err := Apply(src, c.edits); err != nil || got != c.want {
			t.Errorf("%s: %q, %v; want %q", c.name, got, err, c.want)
		}
	}
	for _, edits := range [][]Edit{
		{{Span{0, 3}, ""}, {Span{2, 4}, ""}},
		{{Span{5, 7}, ""}},
		{{Span{-1, 0}, ""}},
		{{Span{3, 2}, ""}},
	} {
		if got, err := Apply(src, edits); err == nil || got != src {
			t.Errorf("%v: %q, %v; want an error and the text untouched", edits, got, err)
		}
	}
}

func TestLines(t *testing.T) {
	l := NewLines("a\nb\r\nc\rd\r\r\n")
	var lines []string
	for i := range l.Count() {
		lines = append(lines, l.Line(i).Of(l.src))
	}
	if got := strings.Join(lines, "|"); got != "a|b|c|d||" {
		t.Errorf("lines are %q", got)
	}
}

func TestPositions(t *testing.T) {
	src := "x\n\u00e9🐳e\u0301\xffz\r\n"
	l := NewLines(src)
	for _, c := range []struct {
		at     string // the text from the offset on
		enc    Encoding
		column int
	}{
		{"\u00e9🐳", UTF8, 0}, {"🐳e", UTF8, 2}, {"🐳e", UTF16, 1}, {"🐳e", UTF32, 1},
		{"e\u0301", UTF8, 6}, {"e\u0301", UTF16, 3}, {"e\u0301", UTF32, 2},
		{"\xffz", UTF8, 9}, {"\xffz", UTF16, 5}, {"\xffz", UTF32, 4},
		{"z\r\n", UTF8, 12}, {"z\r\n", UTF16, 6}, {"z\r\n", UTF32, 5},
		{"\r\n", UTF16, 7},
	} {
		offset := strings.Index(src, c.at)
		if got := l.Position(offset, c.enc); got != (Position{1, c.column}) {
			t.Errorf("%q in encoding %d is at %v, want column %d", c.at, c.enc, got, c.column)
		}
		if got := l.Offset(Position{1, c.column}, c.enc); got != offset {
			t.Errorf("column %d in encoding %d is offset %d, want %d", c.column, c.enc, got, offset)
		}
	}
	for _, c := range []struct {
		p    Position
		want string // the text from the offset on
	}{
		{Position{-1, 5}, src}, {Position{0, 99}, "\n"}, {Position{0, -1}, "x"}, {Position{9, 0}, ""},
		{Position{1, 2}, "🐳e"}, // between the halves of a surrogate pair
	} {
		if got := src[l.Offset(c.p, UTF16):]; !strings.HasPrefix(got, c.want) || c.want == "" && got != "" {
			t.Errorf("%v clamps to %q, want %q", c.p, got, c.want)
		}
	}
	if got := l.Position(len(src)-1, UTF16); got != (Position{1, 7}) {
		t.Errorf("inside \\r\\n: %v, want the end of the line", got)
	}
}

// walkLaws holds that a walk says the same as the table, whatever offsets are left out.
func walkLaws(t *testing.T, l *Lines) {
	t.Helper()
	for _, enc := range []Encoding{UTF8, UTF16, UTF32} {
		for step := 1; step <= 7; step += 2 {
			w := l.Walk(enc)
			for offset := 0; offset <= len(l.src)+step; offset += step {
				if got, want := w.Position(offset), l.Position(offset, enc); got != want {
					t.Fatalf("%q: offset %d is %v on a walk in steps of %d instead of %v", l.src, offset, got, step, want)
				}
			}
			if got, want := w.Position(1), l.Position(1, enc); got != want {
				t.Fatalf("%q: back at %v instead of %v", l.src, got, want)
			}
		}
	}
}

// FuzzPositions holds that positions lead back to their offset, and that UTF-16 columns are what unicode/utf16 counts.
func FuzzPositions(f *testing.F) {
	for _, seed := range []string{"", "a\nb\r\nc\rd", "\u00e9🐳\u0301\xff\r\r\n\U0010ffff", "\uFEFFFROM a\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, src string) {
		l := NewLines(src)
		walkLaws(t, l)
		line, start := 0, 0
		for offset := 0; offset <= len(src); {
			for _, enc := range []Encoding{UTF8, UTF16, UTF32} {
				p := l.Position(offset, enc)
				back := l.Offset(p, enc)
				if back != offset && !(back < offset && strings.Trim(src[back:offset], "\r") == "") {
					t.Fatalf("%q: offset %d is %v in encoding %d, and that is offset %d", src, offset, p, enc, back)
				}
				if enc == UTF16 && back == offset {
					want := Position{line, len(utf16.Encode([]rune(src[start:offset])))}
					if p != want {
						t.Fatalf("%q: offset %d is %v, want %v", src, offset, p, want)
					}
				}
			}
			if offset == len(src) {
				return
			}
			_, width := utf8.DecodeRuneInString(src[offset:])
			if c := src[offset]; c == '\n' || c == '\r' && !strings.HasPrefix(src[offset+1:], "\n") {
				line, start = line+1, offset+1
			}
			offset += width
		}
	})
}
