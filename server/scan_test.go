package server

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dockerfile-ls/analysis/scanner"
	"dockerfile-ls/server/lspclient"
)

// A program is run from the action to the finding. It prints what a scanner would: none can be had here.
func TestScan(t *testing.T) {
	output, err := filepath.Abs("../testdata/scanner/trivy.json")
	if err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(t.TempDir(), "trivy")
	if err := os.WriteFile(program, []byte(fmt.Sprintf("#!/bin/sh\ncat %q\n", output)), 0o700); err != nil {
		t.Fatal(err)
	}
	forgetChannels()
	editor, end := net.Pipe()
	go Run(t.Context(), end, end, Options{Log: slog.New(slog.DiscardHandler), Scanner: scanner.Runner{}})
	a := &asking{t: t, client: lspclient.Dial(t.Context(), editor)}
	a.call("initialize", fmt.Sprintf(`{"processId":null,"initializationOptions":{"scanner":{"path":%q}},"capabilities":{
		"textDocument":{"diagnostic":{},"codeAction":{"codeActionLiteralSupport":{"codeActionKind":{"valueSet":["quickfix"]}}}},
		"workspace":{"executeCommand":{},"diagnostics":{"refreshSupport":true}}}}`, program))
	a.notify("textDocument/didOpen", `{"textDocument":{"uri":"untitled:Dockerfile","languageId":"dockerfile","version":1,"text":"FROM node:24\nRUN true\n"}}`)
	var offered []struct {
		Title   string
		Command struct {
			Command   string
			Arguments json.RawMessage
		}
	}
	answer := a.call("textDocument/codeAction", `{"textDocument":{"uri":"untitled:Dockerfile"},"range":{"start":{"line":0,"character":0},"end":{"line":0,"character":0}},"context":{"diagnostics":[]}}`)
	if err := json.Unmarshal([]byte(answer), &offered); err != nil || len(offered) != 1 ||
		offered[0].Title != "Scan base image node:24" {
		t.Fatalf("%v: %s", err, answer)
	}
	a.call("workspace/executeCommand",
		fmt.Sprintf(`{"command":%q,"arguments":%s}`, offered[0].Command.Command, offered[0].Command.Arguments))
	<-a.client.Refreshed
	found := a.call("textDocument/diagnostic", `{"textDocument":{"uri":"untitled:Dockerfile"}}`)
	if !strings.Contains(found, "trivy has found 2 critical, 1 high and 1 low vulnerabilities in `node:24`") {
		t.Error(found)
	}
}
