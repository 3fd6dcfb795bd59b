// Package registrytest knows how Debian's docker-registry is started, a real registry in a process of its own; for tests
// only. It must not know what asks the registry, nor what is in it.
package registrytest

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Options are what a registry asks of those that use it. The zero value speaks plain HTTP with everybody.
type Options struct {
	Certificate, Key []byte // of the host, as PEM
	Passwords        []byte // in the form of htpasswd
}

// Start starts a registry on a free port of 127.0.0.1, waits until it says that it listens, and stops it at the end of the
// test. Where docker-registry is not installed, the test is skipped, and fails in CI.
func Start(t *testing.T, o Options) (host string) {
	t.Helper()
	program, err := exec.LookPath("docker-registry")
	switch {
	case err != nil && os.Getenv("CI") != "":
		t.Fatal("docker-registry is not installed")
	case err != nil:
		t.Skip("SKIPPED, NOT TESTED: docker-registry is not installed")
	}
	folder, host := t.TempDir(), freePort(t)
	configuration := o.write(t, folder, host)
	command := exec.Command(program, "serve", configuration)
	// Variables that begin with REGISTRY_ are configuration to it, and podman's REGISTRY_AUTH_FILE, even if empty, another
	// kind of authorization, of which it takes either.
	command.Env = []string{"HOME=" + folder, "PATH=" + os.Getenv("PATH")}
	log, err := command.StderrPipe()
	check(t, err)
	check(t, command.Start())
	t.Cleanup(func() {
		command.Process.Kill()
		command.Wait()
	})
	await(t, log, "listening on")
	return host
}

func freePort(t *testing.T) (host string) {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	check(t, free.Close())
	return free.Addr().String()
}

// write writes the configuration, and the files that it names.
func (o Options) write(t *testing.T, folder, host string) (configuration string) {
	t.Helper()
	file := func(name string, data []byte) string {
		name = filepath.Join(folder, name)
		check(t, os.WriteFile(name, data, 0o600))
		return name
	}
	tls, auth := "", ""
	if o.Certificate != nil {
		tls = fmt.Sprintf(", tls: {certificate: %q, key: %q}", file("own.pem", o.Certificate), file("key.pem", o.Key))
	}
	if o.Passwords != nil {
		auth = fmt.Sprintf("auth: {htpasswd: {realm: test, path: %q}}\n", file("htpasswd", o.Passwords))
	}
	const form = "version: 0.1\nstorage: {filesystem: {rootdirectory: %q}}\nhttp: {addr: %q%s}\n%s"
	return file("config.yml", fmt.Appendf(nil, form, filepath.Join(folder, "data"), host, tls, auth))
}

// await reads a log until a line has some words; the rest is read too, or the program stops when the pipe is full.
func await(t *testing.T, log io.Reader, words string) {
	t.Helper()
	said := ""
	for lines := bufio.NewScanner(log); lines.Scan(); {
		said += lines.Text() + "\n"
		if strings.Contains(lines.Text(), words) {
			go io.Copy(io.Discard, log)
			return
		}
	}
	t.Fatalf("docker-registry does not listen:\n%s", said)
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
