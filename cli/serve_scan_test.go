package cli

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

// TestServeEndsItsScanner holds that a scanner that runs, and the folder that it runs in, are gone when the server is: when
// the client closes its end, and when the process is told to end.
func TestServeEndsItsScanner(t *testing.T) {
	for title, end := range map[string]func(*exec.Cmd, io.Closer) error{
		"end of input": func(_ *exec.Cmd, in io.Closer) error { return in.Close() },
		"SIGTERM":      func(command *exec.Cmd, _ io.Closer) error { return command.Process.Signal(syscall.SIGTERM) },
	} {
		t.Run(title, func(t *testing.T) {
			folder := t.TempDir()
			program, pipe := filepath.Join(folder, "trivy"), filepath.Join(folder, "pipe")
			for _, name := range []string{pipe, pipe + ".never"} {
				check(t, syscall.Mkfifo(name, 0o600))
			}
			check(t, os.WriteFile(program,
				[]byte(fmt.Sprintf("#!/bin/sh\nexec 4>%q; echo started >&4; read -r never <%[1]q.never\n", pipe)), 0o700))
			command := exec.Command(os.Args[0], "serve")
			command.Env = append(os.Environ(), "DOCKERFILE_LS_TEST_MAIN=1", "TMPDIR="+folder)
			in, err := command.StdinPipe()
			check(t, err)
			check(t, command.Start())
			_, err = io.WriteString(in, frames(
				fmt.Sprintf(`{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"processId":null,"initializationOptions":{"scanner":{"path":%q}},"capabilities":{}}}`, program),
				`{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":"untitled:a","languageId":"dockerfile","version":1,"text":"FROM node:24\n"}}}`,
				`{"jsonrpc":"2.0","id":2,"method":"workspace/executeCommand","params":{"command":"dockerfile-ls.scan","arguments":[{"uri":"untitled:a","image":"node:24"}]}}`,
			))
			check(t, err)
			started, err := os.Open(pipe)
			check(t, err)
			defer started.Close()
			lines := bufio.NewReader(started)
			_, err = lines.ReadString('\n')
			check(t, err)
			check(t, end(command, in))
			_ = command.Wait()
			if _, err := lines.ReadByte(); err != io.EOF {
				t.Errorf("the scanner has not ended: %v", err)
			}
			if left, _ := filepath.Glob(filepath.Join(folder, "dockerfile-ls-scan-*")); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}
