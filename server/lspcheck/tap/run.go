package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"dockerfile-ls/server/lspcheck"
)

// failed is the exit code for what goes wrong in the tap itself, as the shell has it for commands that it cannot run.
const failed = 127

// run runs the server between in and out until it ends, and returns its exit code. Signals are passed on to it.
func run(o options, in io.Reader, out, errOut io.Writer, signals <-chan os.Signal) int {
	l, err := newListener(o)
	if err != nil {
		fmt.Fprintln(errOut, "tap:", err)
		return failed
	}
	code, err := l.between(o.server, in, out, errOut, signals)
	if err != nil {
		fmt.Fprintln(errOut, "tap:", err)
		code = failed
	}
	if err := l.end(o.report); err != nil {
		fmt.Fprintln(errOut, "tap:", err)
	}
	return code
}

// between starts the server and waits for its end.
func (l *listener) between(server []string, in io.Reader, out, errOut io.Writer, signals <-chan os.Signal) (int, error) {
	const grace = 2 * time.Second // for what the server leaves behind and still holds its output
	command := exec.Command(server[0], server[1:]...)
	command.Stdout = tee{l, lspcheck.Server, out}
	command.Stderr = errOut
	command.WaitDelay = grace
	serverIn, err := command.StdinPipe()
	if err != nil {
		return 0, err
	}
	if err := command.Start(); err != nil {
		return 0, err
	}
	// The editor may never close its end: nobody waits for this.
	go func() {
		_, _ = io.Copy(tee{l, lspcheck.Client, serverIn}, in)
		_ = serverIn.Close()
	}()
	ended := make(chan struct{})
	defer close(ended)
	go func() {
		for {
			select {
			case s := <-signals:
				if command.Process.Signal(s) != nil {
					_ = command.Process.Kill()
				}
			case <-ended:
				return
			}
		}
	}()
	_ = command.Wait() // the exit code says it
	if code := command.ProcessState.ExitCode(); code >= 0 {
		return code, nil
	}
	return 255, nil // by a signal
}

// tee passes on what one side says, and lets it be heard. It is heard first, so that an answer is never heard before its
// request; hearing takes a copy and nothing else.
type tee struct {
	heard *listener
	from  lspcheck.Side
	to    io.Writer
}

func (t tee) Write(chunk []byte) (int, error) {
	t.heard.hear(t.from, chunk)
	return t.to.Write(chunk)
}

// writeReport writes the problems, the server's first, and puts the file in its place when it is complete.
func writeReport(path string, problems []lspcheck.Problem) error {
	var lines strings.Builder
	for _, p := range lspcheck.ServersFirst(problems) {
		lines.WriteString(p.String() + "\n")
	}
	file, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	_, err = file.WriteString(lines.String())
	if closed := file.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		_ = os.Remove(file.Name())
	}
	return err
}
