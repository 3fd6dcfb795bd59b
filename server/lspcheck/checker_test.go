package lspcheck

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"dockerfile-ls/analysis/corpus"
	"dockerfile-ls/analysis/golden"
)

func loadModel(tb testing.TB) *Model {
	tb.Helper()
	file, err := os.Open(corpus.Shared(tb, "lsp/metaModel.json"))
	if err != nil {
		tb.Fatal(err)
	}
	defer file.Close()
	m, err := Load(file)
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

// TestCases plays testdata/*.txtar. A part "bad/..." has problems and "good/..." has none. Its lines are
//
//	client {...}             the client sends initialize with these capabilities
//	server {...}             the server answers with these and textDocumentSync, and the client sends initialized
//	open "text"              the client opens file:///d with version 1
//	> #1 method {...}        the client sends a request; without #1 a notification
//	< #1 {...}               the server answers; #1 error {...} is an error
//	> raw ...                this text
//	> bytes "..."            these bytes, as Go writes them
//	end                      the connection is over
//
// What follows in lines "!" is found by the line above, and is written by -update. In JSON, $d is the text document
// file:///d and @1:2-3:4 a range, @1:2 a position.
func TestCases(t *testing.T) {
	model := loadModel(t)
	for file, archive := range golden.Archives(t, "testdata/*.txtar") {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			for i, part := range archive.Files {
				played, found := play(t, New(model), string(part.Data))
				if bad := strings.HasPrefix(part.Name, "bad/"); bad != found {
					t.Errorf("%s: problems found: %v\n%s", part.Name, found, played)
				}
				archive.Files[i].Data = []byte(played)
			}
			golden.Check(t, file, txtar.Format(archive))
		})
	}
}

func play(t *testing.T, c *Checker, script string) (played string, found bool) {
	var out strings.Builder
	for line := range strings.Lines(script) {
		if strings.HasPrefix(line, "!") {
			continue
		}
		out.WriteString(line)
		before := len(c.Problems())
		step(t, c, strings.TrimSpace(line))
		for _, p := range c.Problems()[before:] {
			found = true
			fmt.Fprintf(&out, "! %s\n", p)
		}
	}
	return out.String(), found
}

func step(t *testing.T, c *Checker, line string) {
	word, rest, _ := strings.Cut(line, " ")
	switch word {
	case "", "#":
	case "client":
		c.FromClient([]byte(`{"jsonrpc":"2.0","id":"init","method":"initialize","params":{"processId":null,"rootUri":null,"capabilities":` + rest + `}}`))
	case "server":
		if !strings.Contains(rest, "textDocumentSync") {
			rest = strings.Replace(rest, "{", `{"textDocumentSync":2,`, 1)
			rest = strings.Replace(rest, ",}", "}", 1)
		}
		c.FromServer([]byte(`{"jsonrpc":"2.0","id":"init","result":{"capabilities":` + rest + `}}`))
		c.FromClient([]byte(`{"jsonrpc":"2.0","method":"initialized","params":{}}`))
	case "open":
		c.FromClient([]byte(`{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":"file:///d","languageId":"x","version":1,"text":` + rest + `}}}`))
	case ">":
		c.FromClient([]byte(message(rest)))
	case "<":
		c.FromServer([]byte(message(rest)))
	case "end":
		c.End()
	default:
		t.Fatalf("unknown line %q", line)
	}
}

var (
	rangePattern    = regexp.MustCompile(`@(-?\d+):(-?\d+)-(\d+):(\d+)`)
	positionPattern = regexp.MustCompile(`@(-?\d+):(-?\d+)`)
	methodPattern   = regexp.MustCompile(`^[$a-zA-Z][\w$/]*$`)
)

// message makes the body that a line stands for.
func message(line string) string {
	if raw, found := strings.CutPrefix(line, "raw "); found {
		return raw
	}
	if quoted, found := strings.CutPrefix(line, "bytes "); found {
		raw, err := strconv.Unquote(quoted)
		if err != nil {
			panic(err)
		}
		return raw
	}
	line = rangePattern.ReplaceAllString(line, `{"start":{"line":$1,"character":$2},"end":{"line":$3,"character":$4}}`)
	line = positionPattern.ReplaceAllString(line, `{"line":$1,"character":$2}`)
	line = strings.ReplaceAll(line, "$d", `"textDocument":{"uri":"file:///d"}`)
	members := `{"jsonrpc":"2.0"`
	payload := "result"
	for line != "" {
		word, rest, _ := strings.Cut(line, " ")
		switch {
		case strings.HasPrefix(word, "#"):
			members += `,"id":` + word[1:]
		case word == "error":
			payload = "error"
		case methodPattern.MatchString(word) && word != "null":
			members += `,"method":"` + word + `"`
			payload = "params"
		default:
			return members + `,"` + payload + `":` + line + "}"
		}
		line = rest
	}
	return members + "}"
}
