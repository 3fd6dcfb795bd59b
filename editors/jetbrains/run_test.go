package jetbrains

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	_ "dockerfile-ls/cli" // so that a result is not kept when the server changes
	"dockerfile-ls/server/lspclient"
)

// build makes the binary as somebody who downloads it has it.
func build(t *testing.T) (binary string) {
	t.Helper()
	binary = filepath.Join(t.TempDir(), split(readTemplate(t).command(here()))[0])
	command := exec.Command("go", "build", "-o", binary, ".")
	command.Dir = "../.."
	if output, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	return binary
}

// here is the machine that the test runs on, as far as the template tells it from others.
func here() machine {
	i := slices.IndexFunc(machines, func(m machine) bool {
		return m.system == map[string]string{"windows": "windows", "darwin": "mac"}[runtime.GOOS]
	})
	if i < 0 {
		i = len(machines) - 1
	}
	return machines[i]
}

func readTemplate(t *testing.T) (of template) {
	t.Helper()
	read(t, "template.json", &of)
	return of
}

func read(t *testing.T, name string, into any) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(folder, name))
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// session is a connection to a server that was started with the command line of the template.
type session struct {
	*testing.T
	client *lspclient.Client
	ctx    context.Context
	server *exec.Cmd
	logged bytes.Buffer
}

func start(t *testing.T, binary string) *session {
	t.Helper()
	t.Setenv("PATH", filepath.Dir(binary)+string(os.PathListSeparator)+os.Getenv("PATH"))
	args := split(readTemplate(t).command(here()))
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	s := &session{T: t, ctx: ctx, server: exec.CommandContext(ctx, args[0], args[1:]...)}
	s.server.Stderr = &s.logged
	in, err := s.server.StdinPipe()
	must(t, err)
	out, err := s.server.StdoutPipe()
	must(t, err)
	must(t, s.server.Start())
	t.Cleanup(stop)
	s.client = lspclient.Dial(ctx, stream{out, in})
	return s
}

func (s *session) call(method string, params, result any) {
	s.Helper()
	must(s.T, s.client.Call(s.ctx, method, params, result))
}

func (s *session) notify(method string, params any) {
	s.Helper()
	must(s.T, s.client.Notify(s.ctx, method, params))
}

// open begins as LSP4IJ does: it pushes the settings at once (server/definition/launching/UserDefinedLanguageClient.java).
// The capabilities are those of internal/capabilities/ClientCapabilitiesFactory.java, as far as a server of diagnostics
// and code actions looks at them.
func (s *session) open(text string) (document object) {
	s.Helper()
	var capabilities, settings json.RawMessage
	read(s.T, "../testdata/capabilities.json", &capabilities)
	read(s.T, "settings.json", &settings)
	project := "file://" + filepath.ToSlash(s.TempDir())
	document = object{"uri": project + "/Dockerfile"}
	var offered struct{ Capabilities map[string]any }
	s.call("initialize", object{
		"processId": os.Getpid(), "rootUri": project, "capabilities": capabilities,
		"clientInfo":            object{"name": "IntelliJ IDEA"},
		"initializationOptions": object{}, "trace": "off", "workspaceFolders": []object{{"uri": project, "name": "project"}},
	}, &offered)
	for _, want := range []string{"codeActionProvider", "diagnosticProvider", "executeCommandProvider", "textDocumentSync"} {
		if offered.Capabilities[want] == nil {
			s.Errorf("%s is not offered", want)
		}
	}
	s.notify("initialized", object{})
	s.notify("workspace/didChangeConfiguration", object{"settings": settings})
	s.notify("textDocument/didOpen", object{"textDocument": object{
		"uri": document["uri"], "languageId": readTemplate(s.T).FileTypeMappings[0].LanguageID, "version": 0, "text": text,
	}})
	return document
}

// TestServer runs the binary, as it is checked and as it is started.
func TestServer(t *testing.T) {
	binary := build(t)
	t.Run("check", func(t *testing.T) { testCheck(t, binary) })
	t.Run("session", func(t *testing.T) { testSession(t, binary) })
}

// testSession talks to the server as LSP4IJ does, from its start to its end.
func testSession(t *testing.T, binary string) {
	s := start(t, binary)
	document := s.open("FROM node\nCMD npm start\n")
	var report struct{ Items []struct{ Code string } }
	s.call("textDocument/diagnostic", object{"textDocument": document}, &report)
	for _, want := range []string{"untagged-base-image", "shell-form-command"} {
		if !slices.ContainsFunc(report.Items, func(d struct{ Code string }) bool { return d.Code == want }) {
			t.Errorf("%s is not found: %v", want, report.Items)
		}
	}
	place := object{"line": 1, "character": 5}
	var actions []json.RawMessage
	s.call("textDocument/codeAction", object{
		"textDocument": document, "range": object{"start": place, "end": place},
		"context": object{"diagnostics": []object{}},
	}, &actions)
	var first struct {
		Title string
		Edit  json.RawMessage
	}
	s.call("codeAction/resolve", actions[0], &first)
	if first.Title != "Rewrite to exec form" || !strings.Contains(string(first.Edit), `"newText":"[\"npm\","`) {
		t.Errorf("%s makes %s", first.Title, first.Edit)
	}
	s.call("shutdown", nil, nil)
	s.notify("exit", nil)
	if err := s.server.Wait(); err != nil || s.logged.Len() > 0 {
		t.Errorf("%v, logged %q", err, s.logged.String())
	}
}

// testCheck holds that what is checked before a download finds the server on the PATH, or where an earlier download has
// put it, and nowhere else.
func testCheck(t *testing.T, binary string) {
	var steps installer
	read(t, "installer.json", &steps)
	downloaded := filepath.Join(t.TempDir(), "Jane Doe")
	place := filepath.Join(downloaded, ".lsp4ij/lsp/dockerfile-ls")
	must(t, os.MkdirAll(place, 0o777))
	must(t, os.Link(binary, filepath.Join(place, filepath.Base(binary))))
	as := "dockerfile-ls serve --stdio"
	for _, test := range []struct {
		path, home string
		passes     bool
		command    string
	}{
		{filepath.Dir(binary), t.TempDir(), true, as},
		{t.TempDir(), downloaded, true, `"` + downloaded + `/.lsp4ij/lsp/dockerfile-ls/dockerfile-ls" serve --stdio`},
		{t.TempDir(), t.TempDir(), false, as},
	} {
		t.Setenv("PATH", test.path)
		command := as
		if passes := steps.Check.passes(here(), test.home, &command); passes != test.passes || command != test.command {
			t.Errorf("passes: %v, with the command %s", passes, command)
		}
	}
}

// passes runs a step and what follows it (installation/definition/InstallerTask.java). A command passes with 0 and without
// a word on stderr (tasks/ExecTask.java); one that runs for too long passes too, which a version does not.
func (t *task) passes(m machine, at string, command *string) bool {
	next := following{}
	passed := true
	switch {
	case t == nil:
		return true
	case t.Exec != nil:
		next = t.Exec.following
		args := commandOf(t.Exec.Command, m)
		process := exec.Command(strings.ReplaceAll(args[0], home, at), args[1:]...)
		var complaint bytes.Buffer
		process.Stderr = &complaint
		passed = process.Run() == nil && complaint.Len() == 0
	case t.ConfigureServer != nil:
		next = t.ConfigureServer.following
		*command = t.ConfigureServer.command(new(complaints), m, nil, at)
	}
	if passed {
		return next.OnSuccess.passes(m, at, command)
	}
	return next.OnFail != nil && next.OnFail.passes(m, at, command)
}

type object = map[string]any

// stream are the ends of a process that the test has.
type stream struct {
	io.Reader
	io.WriteCloser
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
