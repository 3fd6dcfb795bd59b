package tokens

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/corpus"
	"dockerfile-ls/analysis/golden"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/text"
)

// letters stand for the kinds in golden files; a declaration is in capitals, and what is deprecated is an x.
var letters = map[Kind]rune{
	Comment: '#', Directive: 'd', Keyword: 'k', Flag: 'f', Key: 'y', Value: 'e', Stage: 's', Image: 'i', Tag: 't',
	Digest: 'g', Variable: 'v', String: '"', Number: '0', Operator: '=', Command: 'c', Option: 'o', Delimiter: '<',
}

// TestTokens reads testdata/tokens/*.txtar: a part "<name>" is a Dockerfile, and "<name>: tokens", its lines with a letter
// for each character below, is written by -update. ␍ stands for a carriage return.
func TestTokens(t *testing.T) {
	for file, archive := range golden.Archives(t, "../../testdata/tokens/*.txtar") {
		want := txtar.Archive{Comment: archive.Comment}
		for _, f := range archive.Files {
			if strings.HasSuffix(f.Name, ": tokens") {
				continue
			}
			src := strings.ReplaceAll(string(f.Data), "␍", "\r")
			for end := range len(src) + 1 {
				if broken := laws(src[:end]); broken != "" {
					t.Errorf("%s: %d bytes of %s: %s", file, end, f.Name, broken)
				}
			}
			want.Files = append(want.Files, f, txtar.File{Name: f.Name + ": tokens", Data: []byte(dump(src))})
		}
		golden.Check(t, file, txtar.Format(&want))
	}
}

func dump(src string) string {
	below := make([]rune, len(src)+1)
	for _, token := range Of(analysis.New(src, lint.Facts{}, nil).Model()) {
		letter := letters[token.Kind]
		switch {
		case token.Modifiers&Declaration != 0:
			letter += 'A' - 'a'
		case token.Modifiers&Deprecated != 0:
			letter = 'x'
		}
		for i := token.Start; i < token.End; i++ {
			below[i] = letter
		}
	}
	var out, line, marks strings.Builder
	for i, c := range src {
		if c == '\n' {
			fmt.Fprintf(&out, "%s\n%s\n", line.String(), strings.TrimRight(marks.String(), " "))
			line.Reset()
			marks.Reset()
			continue
		}
		if c == '\r' {
			c = '␍'
		}
		line.WriteRune(c)
		if below[i] == 0 {
			below[i] = ' '
		}
		marks.WriteRune(below[i])
	}
	return out.String()
}

// laws holds what is true of the tokens of every text.
func laws(src string) string {
	m := analysis.New(src, lint.Facts{}, nil).Model()
	all := Of(m)
	last := 0
	for _, token := range all {
		switch {
		case token.Start < last || token.Start >= token.End || token.End > len(src):
			return fmt.Sprintf("the token %v behind %d", token, last)
		case strings.ContainsAny(token.Of(src), "\r\n"):
			return fmt.Sprintf("the token %q is on two lines", token.Of(src))
		}
		last = token.End
	}
	for _, span := range []text.Span{{Start: len(src) / 3, End: len(src) / 2}, {Start: 0, End: len(src) / 5}, {}} {
		var want []Token
		for _, token := range all {
			if token.Start < span.End && token.End > span.Start {
				want = append(want, token)
			}
		}
		if got := Within(m, span); fmt.Sprint(got) != fmt.Sprint(want) {
			return fmt.Sprintf("in %v: %v instead of %v", span, got, want)
		}
	}
	return ""
}

// TestCorpus holds the laws for real files and what of them is typed so far.
func TestCorpus(t *testing.T) {
	for i, file := range corpus.Dockerfiles(t) {
		for end := len(file.Text); end > 0; end -= 1 + len(file.Text)/7 {
			if broken := laws(file.Text[:end]); broken != "" {
				t.Errorf("%s, %d bytes of it: %s", file.Name, end, broken)
			}
		}
		if i%5 == 0 {
			crlf := strings.ReplaceAll(strings.ReplaceAll(file.Text, "\r", ""), "\n", "\r\n")
			if broken := laws(crlf); broken != "" {
				t.Errorf("%s with CRLF: %s", file.Name, broken)
			}
		}
	}
}

// FuzzTokens holds the laws for any text.
func FuzzTokens(f *testing.F) {
	for _, archive := range golden.Archives(f, "../../testdata/tokens/*.txtar") {
		for _, part := range archive.Files {
			f.Add(string(part.Data))
		}
	}
	f.Fuzz(func(t *testing.T, src string) {
		if broken := laws(src); broken != "" {
			t.Error(broken)
		}
	})
}
