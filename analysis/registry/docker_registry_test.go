package registry

import (
	"bufio"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/crypto/bcrypt"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/v1/remote"
)

// TestDockerRegistry asks Debian's docker-registry, a process of its own, over TLS and with a password.
func TestDockerRegistry(t *testing.T) {
	program, err := exec.LookPath("docker-registry")
	switch {
	case err != nil && os.Getenv("CI") != "":
		t.Fatal("docker-registry is not installed")
	case err != nil:
		t.Skip("SKIPPED, NOT TESTED: docker-registry is not installed")
	}
	host := startRegistry(t, program)
	account := &authn.Basic{Username: "ann", Password: "secret"}
	pushed := &loopback{host: host, options: []remote.Option{remote.WithAuth(account)}}
	index, single := pushed.pushIndex(t, "acme/app:1"), pushed.push(t, "acme/tool:2")

	client := New(Options{})
	_, err = client.Resolve(t.Context(), question(t, host+"/acme/app:1"))
	if want := fmt.Sprintf("%s does not let you see `%[1]s/acme/app:1`: check that it exists, and sign in with `docker login %[1]s`.", host); err == nil || err.Error() != want {
		t.Errorf("without a password: %v\nwant %s", err, want)
	}
	signIn(t, host)
	for reference, want := range map[string]string{"acme/app:1": index, "acme/tool:2": single, "acme/app@" + index: index} {
		q := question(t, host+"/"+reference)
		q.Details = true
		got, err := client.Resolve(t.Context(), q)
		check(t, err)
		if got.Digest != want || got.Details == nil || got.Details.Platform != "linux/amd64" {
			t.Errorf("%s: %+v", reference, got)
		}
	}
	expect(t, question(t, host+"/acme/app:9"), fmt.Sprintf("%s has no `%[1]s/acme/app:9`: check the name and the tag.", host), false)
}

func signIn(t *testing.T, host string) {
	t.Helper()
	folder := t.TempDir()
	check(t, os.WriteFile(filepath.Join(folder, "config.json"), []byte(account(host)), 0o600))
	t.Setenv("DOCKER_CONFIG", folder)
}

// startRegistry starts the program on a free port, and waits until it says that it listens.
func startRegistry(t *testing.T, program string) (host string) {
	t.Helper()
	folder := t.TempDir()
	write := func(name string, data []byte) { check(t, os.WriteFile(filepath.Join(folder, name), data, 0o600)) }
	key, err := x509.MarshalPKCS8PrivateKey(authority.own.PrivateKey)
	check(t, err)
	write("key.pem", pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key}))
	write("own.pem", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: authority.own.Certificate[0]}))
	hash, err := bcrypt.GenerateFromPassword([]byte("secret"), bcrypt.MinCost)
	check(t, err)
	write("htpasswd", append([]byte("ann:"), hash...))
	free, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	host = free.Addr().String()
	check(t, free.Close())
	write("config.yml", []byte(strings.NewReplacer("FOLDER", folder, "HOST", host).Replace(`version: 0.1
storage: {filesystem: {rootdirectory: FOLDER/data}}
http: {addr: HOST, tls: {certificate: FOLDER/own.pem, key: FOLDER/key.pem}}
auth: {htpasswd: {realm: test, path: FOLDER/htpasswd}}
`)))
	command := exec.Command(program, "serve", filepath.Join(folder, "config.yml"))
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
	lines := bufio.NewScanner(log)
	said := ""
	for lines.Scan() {
		said += lines.Text() + "\n"
		if strings.Contains(lines.Text(), "listening on") {
			go func() {
				for lines.Scan() { // or it stops when the pipe is full
				}
			}()
			return host
		}
	}
	t.Fatalf("docker-registry does not listen:\n%s", said)
	return ""
}
