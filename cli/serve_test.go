package cli

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// TestMain is the product itself in the processes that the tests start.
func TestMain(m *testing.M) {
	if os.Getenv("DOCKERFILE_LS_TEST_MAIN") != "" {
		if most := os.Getenv("DOCKERFILE_LS_TEST_LIMIT"); most != "" {
			limitFiles(most)
		}
		os.Exit(Main(tourFiles))
	}
	os.Exit(m.Run())
}

type ended struct {
	code           int
	stdout, stderr string
}

// spawn starts the product, and leaves its stdin open until it has ended.
func spawn(t *testing.T, stdin string, args ...string) ended {
	t.Helper()
	command := exec.Command(os.Args[0], args...)
	command.Env = append(os.Environ(), "DOCKERFILE_LS_TEST_MAIN=1")
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr
	in, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(in, stdin); err != nil {
		t.Fatal(err)
	}
	if err := command.Wait(); err != nil && command.ProcessState == nil {
		t.Fatal(err)
	}
	return ended{command.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

func frames(bodies ...string) string {
	var all strings.Builder
	for _, body := range bodies {
		fmt.Fprintf(&all, "Content-Length: %d\r\n\r\n%s", len(body), body)
	}
	return all.String()
}

const (
	initialize = `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"processId":null,"capabilities":{}}}`
	shutdown   = `{"jsonrpc":"2.0","id":2,"method":"shutdown"}`
	exit       = `{"jsonrpc":"2.0","method":"exit"}`
)

func TestServe(t *testing.T) {
	for _, args := range [][]string{{"serve"}, {"serve", "--stdio"}, {"--stdio"}} {
		t.Run(strings.Join(args, " "), func(t *testing.T) {
			got := spawn(t, frames(initialize, shutdown, exit), args...)
			if got.code != 0 || got.stderr != "" {
				t.Errorf("exit code %d, stderr %q", got.code, got.stderr)
			}
			if !strings.HasPrefix(got.stdout, "Content-Length: ") ||
				!strings.HasSuffix(got.stdout, `{"jsonrpc":"2.0","id":2,"result":null}`) {
				t.Errorf("stdout %q", got.stdout)
			}
		})
	}
}

func TestServeEndsWithoutShutdown(t *testing.T) {
	if got := spawn(t, frames(initialize, exit), "serve"); got.code != 1 {
		t.Errorf("exit code %d", got.code)
	}
}

// JetBrains takes a binary for broken that prints anything to stderr here.
func TestVersion(t *testing.T) {
	got := spawn(t, "", "--version")
	if got.code != 0 || got.stderr != "" || got.stdout != "dockerfile-ls version "+version()+"\n" {
		t.Errorf("%+v", got)
	}
}

func TestHelp(t *testing.T) {
	if got := spawn(t, ""); got.code != 0 || got.stderr != "" || !strings.Contains(got.stdout, "serve") {
		t.Errorf("%+v", got)
	}
}

func TestWrongCommandLine(t *testing.T) {
	for _, args := range [][]string{{"serv"}, {"--std"}, {"serve", "x"}, {"serve", "--port=1"}} {
		if got := spawn(t, "", args...); got.code != 2 || got.stdout != "" || !strings.HasPrefix(got.stderr, "Error: ") {
			t.Errorf("%q: %+v", args, got)
		}
	}
}

func TestLog(t *testing.T) {
	file := filepath.Join(t.TempDir(), "log")
	for range 2 {
		got := spawn(t, frames(initialize, shutdown, exit), "serve", "--log-level=debug", "--log-file="+file)
		if got.code != 0 || got.stderr != "" {
			t.Errorf("exit code %d, stderr %q", got.code, got.stderr)
		}
	}
	logged, err := os.ReadFile(file)
	if err != nil || strings.Count(string(logged), "method=initialize") != 2 {
		t.Errorf("%v: logged %s", err, logged)
	}
	if info, err := os.Stat(file); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("%v: others may read it: %v", err, info.Mode())
	}
	for flag, want := range map[string]string{
		"--log-level=loud":                "--log-level loud is unknown: write debug, info, warn or error",
		"--log-file=" + file + "/nowhere": "--log-file: open " + file + "/nowhere",
	} {
		if got := spawn(t, "", "serve", flag); got.code != 2 || !strings.Contains(got.stderr, want) {
			t.Errorf("%s: %+v", flag, got)
		}
	}
}
