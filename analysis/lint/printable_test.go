package lint

import (
	"testing"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

// TestPrintable holds what a terminal gets to see of characters that it would obey.
func TestPrintable(t *testing.T) {
	for s, want := range map[string]string{
		"":                                   "",
		"a\tb ü 名 🐳 \uFFFD":                  "a\tb ü 名 🐳 \uFFFD",
		"\x1b[31mred\x1b[0m":                 `\x1b[31mred\x1b[0m`,
		"\x1b]0;title\a\x1b]8;;http://a\x07": `\x1b]0;title\x07\x1b]8;;http://a\x07`,
		"a\r\nb\x00\b\x7f":                   `a\r\nb\x00\x08\x7f`,
		"\u009b2J":                           `\u009b2J`,
		"\u202egpj.exe\u202c \u2066x\u2069":  `\u202egpj.exe\u202c \u2066x\u2069`,
		"\u200e\u200f\u061c":                 `\u200e\u200f\u061c`,
		"zero\u200bwidth\ufeff\u2060\u00ad":  `zero\u200bwidth\ufeff\u2060\u00ad`,
		"\u2028\u2029\U000e0041":             `\u2028\u2029\U000e0041`,
		"\xff\xc0a":                          `\xff\xc0a`,
		"👩\u200d💻 می\u200cخواهم":             "👩\u200d💻 می\u200cخواهم",
	} {
		if got := Printable(s); got != want {
			t.Errorf("%q is shown as %q, want %q", s, got, want)
		}
	}
}

// TestRenderEscapes holds that carets stand below what is meant, also where escapes take more room than what they stand for.
func TestRenderEscapes(t *testing.T) {
	const src = "RUN \x1b[2J\t\u202e x\u202c\n"
	rule := &Rule{ID: "some", Severity: Warning, Check: func(p *Pass) {
		p.Tell(text.Span{Start: len("RUN \x1b[2J\t"), End: len(src) - 1}, "Not `\u202e`.")
	}}
	m := dockerfile.New(syntax.Parse(src), nil)
	findings, _, failures := Run(m, []*Rule{rule}, Facts{}, nil)
	if len(failures) > 0 {
		t.Fatal(failures)
	}
	const want = "\\x1b]0;a\\x07/Dockerfile:1:10: warning: Not `\\u202e`. [some]\n" +
		"  RUN \\x1b[2J\t\\u202e x\\u202c\n" +
		"             \t^^^^^^^^^^^^^^\n"
	if got := Render("\x1b]0;a\a/Dockerfile", text.NewLines(src), src, findings); got != want {
		t.Errorf("%q\ninstead of\n%q", got, want)
	}
}
