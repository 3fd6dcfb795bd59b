package server

import (
	"encoding/json"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"testing/synctest"
)

// FuzzMessages holds that no message makes the server panic, or leaves it without an answer to the next request. Each line
// is one message.
func FuzzMessages(f *testing.F) {
	const document = `"textDocument":{"uri":"file:///w/Dockerfile"}`
	const opened = `{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":"file:///w/Dockerfile","languageId":"dockerfile","version":1,"text":"FROM node:24\nCOPY . .\nRUN npm install\nCMD npm start\n"}}}` + "\n"
	const place = `"position":{"line":3,"character":5},"range":{"start":{"line":0,"character":0},"end":{"line":9,"character":0}}`
	for _, lines := range []string{
		`{"jsonrpc":"2.0","method":"textDocument/didChange","params":{` + document[:len(document)-1] + `,"version":2},"contentChanges":[{"range":{"start":{"line":1,"character":2},"end":{"line":2,"character":0}},"text":"x"},{"text":"FROM a"}]}}` + "\n" +
			`{"jsonrpc":"2.0","id":1,"method":"textDocument/diagnostic","params":{` + document + `,"previousResultId":"x"}}`,
		`{"jsonrpc":"2.0","id":"a","method":"textDocument/hover","params":{` + document + `,` + place + `}}` + "\n" +
			`{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":"a"}}`,
		`{"jsonrpc":"2.0","id":2,"method":"textDocument/codeAction","params":{` + document + `,` + place + `,"context":{"diagnostics":[],"only":["quickfix"]}}}`,
		`{"jsonrpc":"2.0","id":3,"method":"codeAction/resolve","params":{"title":"Insert digest of node:24","kind":"quickfix","data":{"uri":"file:///w/Dockerfile","version":1,"range":{"start":{"line":0,"character":6},"end":{"line":0,"character":6}},"title":"Insert digest of node:24"}}}`,
		`{"jsonrpc":"2.0","id":4,"method":"workspace/executeCommand","params":{"command":"dockerfile-ls.harden","arguments":[{"uri":"file:///w/Dockerfile"}]}}`,
		`{"jsonrpc":"2.0","id":5,"method":"workspace/executeCommand","params":{"command":"dockerfile-ls.apply","arguments":[{"uri":"file:///w/Dockerfile","version":1,"range":{"start":{"line":3,"character":0},"end":{"line":3,"character":5}},"title":"Change CMD to exec form"}]}}`,
		`{"jsonrpc":"2.0","id":6,"method":"workspace/executeCommand","params":{"command":"dockerfile-ls.scan","arguments":[{"uri":"file:///w/Dockerfile","image":"node:24"}],"workDoneToken":7}}`,
		`{"jsonrpc":"2.0","id":7,"method":"workspace/diagnostic","params":{"previousResultIds":[{"uri":"file:///w/Dockerfile","value":"x"}]}}`,
		`{"jsonrpc":"2.0","id":10,"method":"textDocument/documentSymbol","params":{` + document + `}}` + "\n" +
			`{"jsonrpc":"2.0","id":11,"method":"textDocument/foldingRange","params":{` + document + `}}` + "\n" +
			`{"jsonrpc":"2.0","id":12,"method":"textDocument/selectionRange","params":{` + document + `,"positions":[{"line":1,"character":5},{"line":-1,"character":1e99}]}}` + "\n" +
			`{"jsonrpc":"2.0","id":13,"method":"workspace/symbol","params":{"query":"a"}}`,
		`{"jsonrpc":"2.0","id":14,"method":"textDocument/semanticTokens/full","params":{` + document + `}}` + "\n" +
			`{"jsonrpc":"2.0","id":15,"method":"textDocument/semanticTokens/full/delta","params":{` + document + `,"previousResultId":"1"}}` + "\n" +
			`{"jsonrpc":"2.0","id":16,"method":"textDocument/semanticTokens/range","params":{` + document + `,` + place + `}}`,
		`{"jsonrpc":"2.0","method":"workspace/didChangeConfiguration","params":{"settings":{"rules":{"shell-form-command":"off"},"registry":{"lookups":"background","timeout":"1s"}}}}` + "\n" +
			`{"jsonrpc":"2.0","method":"workspace/didChangeWatchedFiles","params":{"changes":[{"uri":"file:///w/package.json","type":3}]}}`,
		`{"jsonrpc":"2.0","method":"workspace/didChangeWorkspaceFolders","params":{"event":{"added":[{"uri":"file:///v","name":"v"}],"removed":[{"uri":"file:///w","name":"w"}]}}}` + "\n" +
			`{"jsonrpc":"2.0","method":"textDocument/didSave","params":{` + document + `}}`,
		`{"jsonrpc":"2.0","id":10,"method":"textDocument/rename","params":{` + document + `,` + place + `,"newName":"a"}}` + "\n" +
			`{"jsonrpc":"2.0","id":11,"method":"textDocument/definition","params":{` + document + `,` + place + `}}` + "\n" +
			`{"jsonrpc":"2.0","id":12,"method":"textDocument/references","params":{` + document + `,` + place + `,"context":{}}}`,
		`{"jsonrpc":"2.0","id":13,"method":"textDocument/documentLink","params":{` + document + `}}` + "\n" +
			`{"jsonrpc":"2.0","id":14,"method":"textDocument/inlayHint","params":{` + document + `,` + place + `}}` + "\n" +
			`{"jsonrpc":"2.0","id":15,"method":"textDocument/codeLens","params":{` + document + `}}`,
		`{"jsonrpc":"2.0","id":16,"method":"textDocument/formatting","params":{` + document + `,"options":{"tabSize":1e99}}}` + "\n" +
			`{"jsonrpc":"2.0","id":17,"method":"textDocument/rangesFormatting","params":{` + document + `,"ranges":[{},null]}}` + "\n" +
			`{"jsonrpc":"2.0","id":18,"method":"textDocument/onTypeFormatting","params":{` + document + `,` + place + `,"ch":"\n"}}`,
		`[{"jsonrpc":"2.0","id":8,"method":"unheard/of"},{"jsonrpc":"2.0","method":"$/setTrace","params":{"value":"verbose"}},{"jsonrpc":"2.0","id":9,"result":null}]`,
		`{"jsonrpc":"2.0","method":"textDocument/didClose","params":{` + document + `}}` + "\n" + `{"jsonrpc":"2.0","method":"window/workDoneProgress/cancel","params":{"token":"dockerfile-ls/1"}}`,
		`{"jsonrpc":"2.0","id":null,"method":"textDocument/hover","params":[]}` + "\n" + `{"id":1e99,"method":""}` + "\n" + `[]` + "\n" + `null`,
	} {
		f.Add(opened + lines)
	}
	f.Fuzz(func(t *testing.T, lines string) {
		synctest.Test(t, func(t *testing.T) {
			w := connect(t, func(s *server) { s.gatherer.disk = anyFolder })
			w.deafen()
			go w.receive()
			defer w.hangUp()
			w.ask("0", "initialize", `{"capabilities":{"textDocument":{"documentSymbol":{},"foldingRange":{"rangeLimit":3},"semanticTokens":{"requests":{"full":{"delta":true}},"formats":["relative"],"tokenTypes":["keyword"]},
				"codeAction":{"dataSupport":true,"resolveSupport":{"properties":["edit"]},"codeActionLiteralSupport":{"codeActionKind":{"valueSet":[]}}}},
				"workspace":{"applyEdit":true,"executeCommand":{},"workspaceEdit":{"documentChanges":true,"resourceOperations":["create"]}}},`+inFolder+`}`)
			for line := range strings.Lines(lines) {
				if line = strings.TrimSpace(line); line != "" && !endsSession(line) {
					w.raw(framed(line))
				}
			}
			w.settle()
			w.send(`{"jsonrpc":"2.0","id":"the end","method":"shutdown"}`)
			if got := w.settle(); len(got) == 0 || string(got[len(got)-1].ID) != `"the end"` {
				t.Errorf("no answer behind %q: %s", lines, got)
			}
		})
	})
}

// anyFolder is the same project, whatever folder is meant.
func anyFolder(string) fs.FS {
	return fstest.MapFS{
		"package.json": {Data: []byte("{}")}, "package-lock.json": {Data: []byte(`{"lockfileVersion":3}`)},
		".env": {Data: []byte("TOKEN=1\n")}, "Dockerfile": {}, "sub/Dockerfile": {Data: []byte("FROM a\n")},
	}
}

// endsSession reports whether a message may end the session, be it in a batch.
func endsSession(line string) bool {
	var plain any
	if json.Unmarshal([]byte(line), &plain) == nil {
		raw, _ := json.Marshal(plain) // without escapes in names
		line = string(raw)
	}
	return strings.Contains(line, "shutdown") || strings.Contains(line, "exit")
}
