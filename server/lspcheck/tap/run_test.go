package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"dockerfile-ls/analysis/corpus"
)

// TestMain lets the test's own program be the server that the tap runs, and the tap itself.
func TestMain(m *testing.M) {
	if os.Getenv("TAP_TEST_TAP") != "" {
		os.Unsetenv("TAP_TEST_TAP")
		main()
	}
	switch os.Getenv("TAP_TEST_SERVER") {
	case "":
		os.Exit(m.Run())
	case "echo":
		fmt.Fprint(os.Stderr, "log")
		_, _ = io.Copy(os.Stdout, os.Stdin)
		os.Exit(3)
	case "publish":
		fmt.Print(framed(`{"jsonrpc":"2.0","method":"textDocument/publishDiagnostics","params":{"uri":"file:///x"}}`))
	case "wait":
		fmt.Print("x")
		_, _ = io.Copy(io.Discard, os.Stdin)
	}
}

func framed(body string) string { return fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(body), body) }

// started is a tap that runs.
type started struct {
	in      *io.PipeWriter
	out     *bufio.Reader
	log     *bytes.Buffer
	signals chan os.Signal
	code    chan int
	options options
}

func start(t *testing.T, server string) *started {
	t.Helper()
	t.Setenv("TAP_TEST_SERVER", server)
	folder := t.TempDir()
	s := &started{log: &bytes.Buffer{}, signals: make(chan os.Signal), code: make(chan int, 1), options: options{
		model:  corpus.Shared(t, "lsp/metaModel.json"),
		report: filepath.Join(folder, "report"),
		trace:  filepath.Join(folder, "trace"),
		server: []string{os.Args[0]},
	}}
	in, editor := io.Pipe()
	reader, out := io.Pipe()
	s.in, s.out = editor, bufio.NewReader(reader)
	go func() {
		s.code <- run(s.options, in, out, s.log, s.signals)
		out.Close()
	}()
	return s
}

func (s *started) file(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(entries) != 2 {
		t.Errorf("beside the report and the trace: %v, %v", entries, err)
	}
	return string(content)
}

// TestPassesOn holds that every byte goes through both ways before the next one is sent, frames or not.
func TestPassesOn(t *testing.T) {
	s := start(t, "echo")
	for _, piece := range []string{
		"Content-Le", "ngth: 4\r\n\r", "\n", "{\x00", "}\xff", "no frame\n\n", "Content-Length: 9\r\n\r\n{}",
	} {
		if _, err := io.WriteString(s.in, piece); err != nil {
			t.Fatal(err)
		}
		back := make([]byte, len(piece))
		if _, err := io.ReadFull(s.out, back); err != nil || string(back) != piece {
			t.Fatalf("%q came back as %q, %v", piece, back, err)
		}
	}
	s.in.Close()
	if rest, err := io.ReadAll(s.out); err != nil || len(rest) > 0 {
		t.Errorf("%q is left, %v", rest, err)
	}
	if code := <-s.code; code != 3 {
		t.Errorf("exit code %d", code)
	}
	if got := s.log.String(); got != "log" {
		t.Errorf("log %q", got)
	}
	want := ""
	for _, side := range []string{"server", "client"} {
		want += side + ": has bytes that are no UTF-8\n" +
			side + ": is no JSON: invalid character '\\x00' looking for beginning of object key string\n" +
			side + ": the line \"no frame\" of a header does not end with CR LF\n" +
			side + ": the line \"no frame\" does not belong into a header\n" +
			side + ": the line \"\" of a header does not end with CR LF\n" +
			side + ": a header has no Content-Length\n" +
			side + ": a frame of 9 bytes ends after 2\n"
	}
	if got := s.file(t, s.options.report); got != want {
		t.Errorf("report:\n%s\ninstead of\n%s", got, want)
	}
	if got := s.file(t, s.options.trace); strings.Count(got, `"broken":"{\u0000}`) != 2 {
		t.Errorf("trace %q", got)
	}
}

// TestReports holds that the server's problems come first, and that messages are traced.
func TestReports(t *testing.T) {
	s := start(t, "publish")
	go func() { _, _ = io.WriteString(s.in, framed("{\n\"jsonrpc\": \"2.0\",\"method\":\"exit\"}")) }()
	if _, err := io.ReadAll(s.out); err != nil {
		t.Error(err)
	}
	if code := <-s.code; code != 0 {
		t.Errorf("exit code %d", code)
	}
	want := "server textDocument/publishDiagnostics: is sent before initialize was answered\n" +
		"server textDocument/publishDiagnostics params.diagnostics: is missing\n"
	if got := s.file(t, s.options.report); !strings.HasPrefix(got, want) {
		t.Errorf("report:\n%s\ninstead of\n%s", got, want)
	}
	published := `{"from":"server","message":{"jsonrpc":"2.0","method":"textDocument/publishDiagnostics","params":{"uri":"file:///x"}}}` + "\n"
	if got := s.file(t, s.options.trace); !strings.Contains(got, published) {
		t.Errorf("trace %q", got)
	}
}

// TestSignals holds that the report is written when an editor kills the server.
func TestSignals(t *testing.T) {
	s := start(t, "wait")
	if b, err := s.out.ReadByte(); err != nil || b != 'x' {
		t.Fatalf("%q, %v", b, err)
	}
	s.signals <- syscall.SIGTERM
	if code := <-s.code; code != 255 {
		t.Errorf("exit code %d", code)
	}
	if got := s.file(t, s.options.report); got != "server: the last 1 bytes are no frame\n" {
		t.Errorf("report %q", got)
	}
}

// TestEditorGone holds that the report is written when an editor does not read the last answer, as Helix 25.07 ends.
func TestEditorGone(t *testing.T) {
	report := filepath.Join(t.TempDir(), "report")
	tap := exec.Command(os.Args[0], "-model", corpus.Shared(t, "lsp/metaModel.json"), "-report", report, "--", os.Args[0])
	tap.Env = append(os.Environ(), "TAP_TEST_TAP=1", "TAP_TEST_SERVER=publish")
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer writer.Close()
	reader.Close()
	tap.Stdout = writer
	if err := tap.Run(); err != nil {
		t.Error(err)
	}
	if got, err := os.ReadFile(report); err != nil || !strings.HasPrefix(string(got), "server ") {
		t.Errorf("report %q, %v", got, err)
	}
}

func TestFails(t *testing.T) {
	model := corpus.Shared(t, "lsp/metaModel.json")
	report := filepath.Join(t.TempDir(), "report")
	for _, c := range []struct {
		o    options
		want string
	}{
		{options{model: report, report: report, server: []string{"x"}}, "no such file"},
		{options{model: os.Args[0], report: report, server: []string{"x"}}, "the meta model: "},
		{options{model: model, report: report, server: []string{report}}, "no such file"},
		{options{model: model, report: report + "/x", server: []string{report}}, "report"},
		{options{model: model, report: report, trace: report + "/x", server: []string{report}}, "report"},
	} {
		var log bytes.Buffer
		if code := run(c.o, strings.NewReader(""), io.Discard, &log, nil); code != failed ||
			!strings.Contains(log.String(), c.want) {
			t.Errorf("%v: exit code %d, log %q", c.o, code, log.String())
		}
	}
}
