package lspcheck

import (
	"strings"
	"sync"
	"testing"
)

func TestLoadErrors(t *testing.T) {
	for _, c := range []struct{ model, want string }{
		{`{`, "unexpected EOF"},
		{
			`{"structures":[{"name":"A","properties":[{"name":"p","type":{"kind":"reference","name":"B"}}]}]}`,
			`A.p: unknown type "B"`,
		},
		{`{"structures":[{"name":"A","extends":[{"kind":"reference","name":"B"}]}]}`, `A extends "B"`},
		{`{"requests":[{"method":"m","params":{"kind":"array","element":{"kind":"what"}}}]}`, `m: unknown kind "what"`},
		{
			`{"notifications":[{"method":"m","params":{"kind":"or","items":[{"kind":"reference","name":"B"}]}}]}`,
			`m: unknown type "B"`,
		},
		{`{"typeAliases":[{"name":"A","type":{"kind":"map","value":{"kind":"reference","name":"B"}}}]}`, `unknown type "B"`},
	} {
		if _, err := Load(strings.NewReader(c.model)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v instead of %s", c.model, err, c.want)
		}
	}
}

func TestConcurrent(t *testing.T) {
	c := New(loadModel(t))
	var both sync.WaitGroup
	both.Go(func() {
		for range 100 {
			c.FromClient([]byte(`{`))
		}
	})
	both.Go(func() {
		for range 100 {
			c.FromServer([]byte(`{`))
			c.Problems()
		}
	})
	both.Wait()
	c.End()
	if got := len(c.Problems()); got != 200 {
		t.Errorf("%d problems", got)
	}
}

func TestProblemsAreKept(t *testing.T) {
	c := New(loadModel(t))
	for range maxProblems + 10 {
		c.FromClient([]byte(`{`))
	}
	c.Broken(Server, "x")
	c.FromClient([]byte(`{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"x"}}`)) // is allowed
	got := c.Problems()
	if len(got) != maxProblems+1 || ServersFirst(got)[0].String() != "server: x" {
		t.Errorf("%d problems, the first is %v", len(got), ServersFirst(got)[0])
	}
}

// TestTextsAreKept holds that what was dropped is not missed.
func TestTextsAreKept(t *testing.T) {
	c := New(loadModel(t))
	step(t, c, "client {}")
	step(t, c, "server {}")
	step(t, c, `open "abcdef"`)
	change := `> textDocument/didChange {"textDocument":{"uri":"file:///d","version":2},"contentChanges":[{"text":"a"}]}`
	publish := `< textDocument/publishDiagnostics {"uri":"file:///d","diagnostics":[{"range":@0:0-0:%,"message":"m"}]}`
	for range maxTexts - 1 {
		step(t, c, change)
	}
	problems := func() int { return len(serverProblems(c)) }
	if step(t, c, strings.Replace(publish, "%", "7", 1)); problems() != 1 {
		t.Error("nothing dropped, nothing found")
	}
	if step(t, c, strings.Replace(publish, "%", "6", 1)); problems() != 1 {
		t.Error("the oldest text is gone")
	}
	step(t, c, change)
	if step(t, c, strings.Replace(publish, "%", "7", 1)); problems() != 1 {
		t.Error("found about a text that may be dropped")
	}
	if kept := len(c.documents.byURI["file:///d"].texts); kept != maxTexts {
		t.Errorf("%d texts are kept", kept)
	}
}
