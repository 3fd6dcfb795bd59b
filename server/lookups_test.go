package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/name"
	served "github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"

	"dockerfile-ls/analysis/image"
	"dockerfile-ls/analysis/registry"
	"dockerfile-ls/analysis/settings"
	"dockerfile-ls/server/lspclient"
)

// asking is a session with one Dockerfile, whose base image lies on a registry of this machine.
type asking struct {
	t      *testing.T
	client *lspclient.Client
	host   string
}

// askRegistry starts a registry, what stands in front of it, and a session with a client that resolves actions.
func askRegistry(t *testing.T, before func(http.ResponseWriter, *http.Request) bool, options string) *asking {
	t.Helper()
	forgetChannels()
	t.Setenv("HOME", t.TempDir())
	store := served.New(served.Logger(log.New(io.Discard, "", 0)))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if before == nil || !before(w, r) {
			store.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(server.Close)
	t.Cleanup(server.CloseClientConnections)
	editor, end := net.Pipe()
	go Run(t.Context(), end, end, Options{
		Log: slog.New(slog.DiscardHandler), Resolver: registry.New(registry.Options{Cache: t.TempDir()}),
	})
	a := &asking{t, lspclient.Dial(t.Context(), editor), strings.TrimPrefix(server.URL, "http://")}
	a.call("initialize", fmt.Sprintf(`{"processId":null,"initializationOptions":%s,"capabilities":{
		"textDocument":{"hover":{},"diagnostic":{},"codeAction":{"dataSupport":true,"resolveSupport":{"properties":["edit"]},
			"codeActionLiteralSupport":{"codeActionKind":{"valueSet":["quickfix"]}}}},
		"workspace":{"diagnostics":{"refreshSupport":true}}}}`, options))
	a.notify("textDocument/didOpen", fmt.Sprintf(
		`{"textDocument":{"uri":"untitled:Dockerfile","languageId":"dockerfile","version":1,"text":"FROM %s/app:1\nRUN true\n"}}`, a.host))
	return a
}

func (a *asking) call(method, params string) string {
	a.t.Helper()
	var answer json.RawMessage
	if err := a.client.Call(a.t.Context(), method, json.RawMessage(params), &answer); err != nil {
		a.t.Fatal(err)
	}
	return string(answer)
}

func (a *asking) notify(method, params string) {
	a.t.Helper()
	if err := a.client.Notify(a.t.Context(), method, json.RawMessage(params)); err != nil {
		a.t.Fatal(err)
	}
}

// pin resolves the action that asks.
func (a *asking) pin(ctx context.Context) (string, error) {
	return a.resolve(ctx, 1, 6, "Insert digest of "+a.host+"/app:1")
}

// resolve resolves the action that is offered at a column of the first line.
func (a *asking) resolve(ctx context.Context, version, column int, title string) (string, error) {
	var answer json.RawMessage
	place := fmt.Sprintf(`{"start":{"line":0,"character":%d},"end":{"line":0,"character":%[1]d}}`, column)
	err := a.client.Call(ctx, "codeAction/resolve", json.RawMessage(fmt.Sprintf(
		`{"title":%q,"data":{"uri":"untitled:Dockerfile","version":%d,"range":%s,"title":%[1]q}}`, title, version, place)), &answer)
	return string(answer), err
}

func (a *asking) push() (digest string) { return a.pushAs("1", v1.Config{}) }

// pushAs puts an image on the registry that is the same for the same configuration.
func (a *asking) pushAs(tagged string, config v1.Config) (digest string) {
	return a.pushImage("app:"+tagged, config)
}

func (a *asking) pushNamed(reference string) { a.pushImage(reference, v1.Config{}) }

func (a *asking) pushImage(reference string, config v1.Config) (digest string) {
	a.t.Helper()
	made, err := mutate.Config(empty.Image, config)
	if err != nil {
		a.t.Fatal(err)
	}
	tag, err := name.NewTag(a.host+"/"+reference, name.Insecure)
	if err != nil {
		a.t.Fatal(err)
	}
	if err := remote.Write(tag, made); err != nil {
		a.t.Fatal(err)
	}
	hash, err := made.Digest()
	if err != nil {
		a.t.Fatal(err)
	}
	return hash.String()
}

func TestInsertDigest(t *testing.T) {
	var down atomic.Bool
	a := askRegistry(t, func(w http.ResponseWriter, _ *http.Request) bool {
		if down.Load() {
			w.WriteHeader(http.StatusBadGateway)
		}
		return down.Load()
	}, `{}`)
	digest := a.push()
	for range 2 { // the second one needs no registry
		answer, err := a.pin(t.Context())
		if err != nil || !strings.Contains(answer, `"newText":"@`+digest+`"`) {
			t.Fatalf("%v: %s", err, answer)
		}
		down.Store(true)
	}
}

// The tag in front of a digest is looked for among what the image itself names.
func TestInsertTag(t *testing.T) {
	a := askRegistry(t, nil, `{}`)
	digest := a.pushAs("v1.2.3", v1.Config{Env: []string{"APP_VERSION=1.2.3"}})
	a.pushAs("latest", v1.Config{})
	a.pushAs("1.2.3", v1.Config{Env: []string{"APP_VERSION=1.2.3"}})
	text := fmt.Sprintf("FROM %s/app@%s\n", a.host, digest)
	a.notify("textDocument/didChange",
		fmt.Sprintf(`{"textDocument":{"uri":"untitled:Dockerfile","version":2},"contentChanges":[{"text":%q}]}`, text))
	column := strings.Index(text, "@")
	answer, err := a.resolve(t.Context(), 2, column+1, "Insert tag of "+a.host+"/app")
	want := fmt.Sprintf(`"range":{"start":{"line":0,"character":%d},"end":{"line":0,"character":%[1]d}},"newText":":1.2.3"`,
		column)
	if err != nil || !strings.Contains(answer, want) {
		t.Errorf("%v: %s\nwant %s", err, answer, want)
	}
}

// A session that only opens, edits, saves and looks asks nobody, by its default settings.
func TestEditingAsksNobody(t *testing.T) {
	a := askRegistry(t, func(_ http.ResponseWriter, r *http.Request) bool {
		t.Errorf("asked: %s %s", r.Method, r.URL)
		return false
	}, `{}`)
	place := `{"uri":"untitled:Dockerfile"}`
	for version := range 5 {
		a.notify("textDocument/didChange", fmt.Sprintf(
			`{"textDocument":{"uri":"untitled:Dockerfile","version":%d},"contentChanges":[{"text":"FROM %s/app:%[1]d\nRUN true\n"}]}`, version+2, a.host))
		a.notify("textDocument/didSave", `{"textDocument":`+place+`}`)
		a.call("textDocument/diagnostic", `{"textDocument":`+place+`}`)
		a.call("textDocument/hover", `{"textDocument":`+place+`,"position":{"line":0,"character":6}}`)
		offered := a.call("textDocument/codeAction", `{"textDocument":`+place+`,
			"range":{"start":{"line":0,"character":6},"end":{"line":0,"character":6}},"context":{"diagnostics":[]}}`)
		if !strings.Contains(offered, "Insert digest") {
			t.Fatalf("not offered: %s", offered)
		}
	}
}

// While a registry does wrong, everything else goes on; the action ends with a message when its time is over, or when
// the client gives up.
func TestRegistryFails(t *testing.T) {
	for _, fault := range faults() {
		t.Run(fault.name, func(t *testing.T) {
			asked := make(chan struct{}, 1)
			a := askRegistry(t, func(w http.ResponseWriter, r *http.Request) bool {
				select {
				case asked <- struct{}{}:
				default:
				}
				fault.answer(w, r)
				return true
			}, `{"registry":{"timeout":"1s"}}`)
			ended := make(chan error, 1)
			go func() {
				_, err := a.pin(t.Context())
				ended <- err
			}()
			<-asked
			a.notify("textDocument/didChange",
				`{"textDocument":{"uri":"untitled:Dockerfile","version":2},"contentChanges":[{"text":"FORM x\n"}]}`)
			found := a.call("textDocument/diagnostic", `{"textDocument":{"uri":"untitled:Dockerfile"}}`)
			if !strings.Contains(found, "unknown-instruction") {
				t.Errorf("findings while it is asked: %s", found)
			}
			if err := <-ended; err == nil || !strings.Contains(err.Error(), a.host) {
				t.Errorf("the action ends with %v", err)
			}
		})
	}
}

const resolving = `{"window":{"workDoneProgress":true},"textDocument":{"codeAction":{"dataSupport":true,"resolveSupport":{"properties":["edit"]},"codeActionLiteralSupport":{"codeActionKind":{"valueSet":["quickfix"]}}}}}`

// What is asked in the background is bounded, and nobody asks for what no registry is asked for.
func TestBackgroundIsBounded(t *testing.T) {
	var text strings.Builder
	for i := range 60 {
		fmt.Fprintf(&text, "FROM image%d:1 AS s%[1]d\n", i)
	}
	counted := &counter{}
	bubble(t, func(w *wire) {
		w.open(`{}`, "untitled:Dockerfile", text.String())
		w.server.onLoop(func() {
			w.server.trusted = new(true)
			w.server.editor.Registry.Lookups = settings.InBackground
		})
		w.settle()
		w.notify("textDocument/didSave", `{"textDocument":{"uri":"untitled:Dockerfile"}}`)
		w.settle()
		if n := counted.n.Load(); n != perDocument {
			t.Errorf("%d questions", n)
		}
	}, func(s *server) { s.resolver = counted })
}

// counter counts questions, and knows nothing.
type counter struct{ n atomic.Int64 }

func (c *counter) Resolve(context.Context, image.Question) (image.Facts, error) {
	c.n.Add(1)
	return image.Facts{}, errors.New("nothing is known")
}

// An image that is not there today may be there tomorrow.
func TestMissingImageComes(t *testing.T) {
	a := askRegistry(t, nil, `{}`)
	if answer, err := a.pin(t.Context()); err == nil || !strings.Contains(err.Error(), "check the name and the tag") {
		t.Fatalf("%v: %s", err, answer)
	}
	digest := a.push()
	if answer, err := a.pin(t.Context()); err != nil || !strings.Contains(answer, digest) {
		t.Errorf("%v: %s", err, answer)
	}
}

// What was said an hour ago is asked again.
func TestAnswersAge(t *testing.T) {
	bubble(t, func(w *wire) {
		w.open(`{"textDocument":{"hover":{},"codeAction":{"codeActionLiteralSupport":{"codeActionKind":{"valueSet":["quickfix"]}}}}}`, "untitled:Dockerfile", "FROM node:24-alpine\n")
		w.server.onLoop(func() {
			w.server.learn(image.Known{"node:24-alpine": {Digest: "sha256:1", Asked: time.Now()}})
		})
		w.settle()
		offers := func() bool {
			answer := w.ask("1", "textDocument/codeAction", `{"textDocument":{"uri":"untitled:Dockerfile"},"range":{"start":{"line":0,"character":6},"end":{"line":0,"character":6}},"context":{"diagnostics":[]}}`)
			return strings.Contains(string(answer.Result), "sha256:1")
		}
		if !offers() {
			t.Error("not offered when it is known")
		}
		pass(2 * time.Hour)
		w.settle()
		w.send(`{"jsonrpc":"2.0","id":2,"method":"textDocument/codeAction","params":{"textDocument":{"uri":"untitled:Dockerfile"},"range":{"start":{"line":0,"character":6},"end":{"line":0,"character":6}},"context":{"diagnostics":[]}}}`)
		for _, m := range w.settle() {
			if strings.Contains(string(m.Result), "sha256:1") {
				t.Errorf("offered two hours later: %s", m)
			}
		}
	})
}

// On hover the mirror that the user has named is asked, wherever it stands; what cannot be asked is said in the hover.
func TestHoverAsksTheMirror(t *testing.T) {
	a := askRegistry(t, nil, `{}`)
	a.pushNamed("library/node:24")
	a.notify("workspace/didChangeConfiguration",
		fmt.Sprintf(`{"settings":{"registry":{"lookups":"hover","mirrors":{"docker.io":%q}}}}`, a.host))
	a.notify("textDocument/didChange",
		`{"textDocument":{"uri":"untitled:Dockerfile","version":2},"contentChanges":[{"text":"FROM node:24\n"}]}`)
	place := `{"textDocument":{"uri":"untitled:Dockerfile"},"position":{"line":0,"character":6}}`
	if card := a.call("textDocument/hover", place); !strings.Contains(card, "digest: sha256:") {
		t.Error(card)
	}
	a.notify("textDocument/didChange", fmt.Sprintf(
		`{"textDocument":{"uri":"untitled:Dockerfile","version":3},"contentChanges":[{"text":"FROM %s/app:1\n"}]}`, a.host,
	))
	if card := a.call("textDocument/hover", place); !strings.Contains(card, "private network") {
		t.Error(card)
	}
}
