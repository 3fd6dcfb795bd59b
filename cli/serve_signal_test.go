//go:build unix

package cli

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"syscall"
	"testing"
)

// TestServeIsSignalled holds that a server ends with 1 by a signal, however many more there are while it ends: Vim's ALE
// signals the server and then its whole group.
func TestServeIsSignalled(t *testing.T) {
	for range 20 {
		command := exec.Command(os.Args[0], "serve")
		command.Env = append(os.Environ(), "DOCKERFILE_LS_TEST_MAIN=1")
		in, err := command.StdinPipe()
		check(t, err)
		out, err := command.StdoutPipe()
		check(t, err)
		check(t, command.Start())
		_, err = io.WriteString(in, frames(initialize))
		check(t, err)
		_, err = bufio.NewReader(out).ReadString('\n') // it serves
		check(t, err)
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			_ = command.Wait()
		}()
		for command.Process.Signal(syscall.SIGTERM) == nil {
		}
		<-ended
		if code := command.ProcessState.ExitCode(); code != 1 {
			t.Fatalf("exit code %d: %v", code, command.ProcessState)
		}
	}
}
