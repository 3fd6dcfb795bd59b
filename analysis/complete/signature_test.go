package complete_test

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/complete"
	"dockerfile-ls/analysis/corpus"
	"dockerfile-ls/analysis/golden"
	"dockerfile-ls/analysis/lint"
)

// TestSignatures shows the forms at each <|> of testdata/complete/signatures/*.txtar, one below the other: * marks the one
// that is written, and ^ what its parameter is. The last line says so where nothing comes up unless it is asked for.
func TestSignatures(t *testing.T) {
	for file, archive := range golden.Archives(t, "../../testdata/complete/signatures/*.txtar") {
		out := &txtar.Archive{Comment: archive.Comment}
		for _, part := range archive.Files {
			if strings.HasSuffix(part.Name, ": forms") {
				continue
			}
			shown := signaturesOf(t, part)
			out.Files = append(out.Files, part, txtar.File{Name: part.Name + ": forms", Data: []byte(shown)})
		}
		golden.Check(t, file, txtar.Format(out))
	}
}

func signaturesOf(t *testing.T, part txtar.File) string {
	pieces := strings.Split(string(part.Data), "<|>")
	source := strings.Join(pieces, "")
	if strings.Contains(part.Name, "crlf") {
		source = strings.ReplaceAll(source, "\n", "\r\n")
	}
	m := analysis.New(source, lint.Facts{}, nil).Model()
	var out strings.Builder
	at := 0
	for _, piece := range pieces[:len(pieces)-1] {
		if strings.Contains(part.Name, "crlf") {
			piece = strings.ReplaceAll(piece, "\n", "\r\n")
		}
		at += len(piece)
		line := source[strings.LastIndexByte(source[:at], '\n')+1 : at]
		fmt.Fprintf(&out, "%s<|>\n", line)
		out.WriteString(formsAt(t, complete.Facts{Model: m}, at))
	}
	return out.String()
}

func formsAt(t *testing.T, f complete.Facts, at int) string {
	list, active := complete.SignaturesAt(f, at, false)
	if len(list) == 0 {
		return "  nothing\n"
	}
	checkSignatures(t, list, active)
	var out strings.Builder
	for i, s := range list {
		mark := "  "
		if i == active {
			mark = "* "
		}
		fmt.Fprintf(&out, "  %s%s\n", mark, s.Label)
		if s.Active >= 0 && i == active {
			p := s.Parameters[s.Active]
			column := len([]rune(s.Label[:p.Start]))
			fmt.Fprintf(&out, "    %s%s\n", strings.Repeat(" ", column), strings.Repeat("^", len([]rune(p.Of(s.Label)))))
		}
	}
	if typed, _ := complete.SignaturesAt(f, at, true); typed == nil {
		out.WriteString("  only if asked for\n")
	}
	return out.String()
}

func checkSignatures(t *testing.T, list []complete.Signature, active int) {
	t.Helper()
	if active < 0 || active >= len(list) {
		t.Fatalf("form %d of %d is active", active, len(list))
	}
	for _, s := range list {
		end := 0
		for _, p := range s.Parameters {
			if p.Start < end || p.End > len(s.Label) || p.Empty() {
				t.Fatalf("%q has a parameter at %v behind %d", s.Label, p.Span, end)
			}
			end = p.End
		}
		if s.Active < -1 || s.Active >= len(s.Parameters) || s.Text == "" || strings.ContainsAny(s.Label, "‹›") {
			t.Errorf("%+v", s)
		}
	}
}

// TestSignatureLaws asks at places of real files, whole and cut off: what is given is well formed.
func TestSignatureLaws(t *testing.T) {
	found := 0
	for i, file := range corpus.Dockerfiles(t) {
		if i%*everyNth != 0 {
			continue
		}
		whole := complete.Facts{Model: analysis.New(file.Text, lint.Facts{}, nil).Model()}
		for at := i % 5; at <= len(file.Text); at += 5 {
			list, active := complete.SignaturesAt(whole, at, false)
			if len(list) > 0 {
				checkSignatures(t, list, active)
				found++
			}
		}
		for at := i % 53; at <= len(file.Text); at += 53 {
			cut := complete.Facts{Model: analysis.New(file.Text[:at], lint.Facts{}, nil).Model()}
			list, active := complete.SignaturesAt(cut, at, true)
			if len(list) > 0 {
				checkSignatures(t, list, active)
			}
		}
	}
	if t.Logf("%d places", found); found < 500 {
		t.Error("too few places")
	}
}
