package lspcheck

import (
	"bytes"
	"strings"
	"testing"

	"dockerfile-ls/analysis/golden"
)

// FuzzChecker holds that no bytes make the checker panic. Lines are messages, in turn of the client and of the server;
// the first byte of a line that is no JSON says otherwise.
func FuzzChecker(f *testing.F) {
	model := loadModel(f)
	for _, archive := range golden.Archives(f, "testdata/*.txtar") {
		for _, part := range archive.Files {
			f.Add([]byte(conversation(string(part.Data))))
		}
	}
	deep := strings.Repeat("[", 20000)
	f.Add([]byte(">" + deep + "\n<" + strings.Repeat(`{"parent":`, 9000)))
	f.Fuzz(func(t *testing.T, data []byte) {
		c := New(model)
		for line := range bytes.Lines(data) {
			switch line[0] {
			case '<':
				c.FromServer(line[1:])
			case '>':
				c.FromClient(line[1:])
			}
		}
		c.End()
		for _, p := range ServersFirst(c.Problems()) {
			_ = p.String()
		}
	})
}

// conversation is the messages of a script of TestCases, one a line.
func conversation(script string) string {
	var out strings.Builder
	for line := range strings.Lines(script) {
		line = strings.TrimSpace(line)
		direction, rest, _ := strings.Cut(line, " ")
		switch direction {
		case "client":
			out.WriteString(`>{"jsonrpc":"2.0","id":"init","method":"initialize","params":{"processId":null,"rootUri":null,"capabilities":` + rest + "}}\n")
		case "server":
			out.WriteString(`<{"jsonrpc":"2.0","id":"init","result":{"capabilities":` + rest + "}}\n")
		case "open":
			out.WriteString(`>{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":"file:///d","languageId":"x","version":1,"text":` + rest + "}}}\n")
		case ">", "<":
			out.WriteString(direction + message(rest) + "\n")
		}
	}
	return out.String()
}
