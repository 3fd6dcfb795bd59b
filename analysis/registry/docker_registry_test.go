package registry

import (
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/crypto/bcrypt"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/v1/remote"

	"dockerfile-ls/analysis/registry/registrytest"
)

// TestDockerRegistry asks Debian's docker-registry, a process of its own, over TLS and with a password.
func TestDockerRegistry(t *testing.T) {
	host := withPassword(t)
	account := &authn.Basic{Username: "ann", Password: "secret"}
	pushed := &loopback{host: host, options: []remote.Option{remote.WithAuth(account)}}
	index, single := pushed.pushIndex(t, "acme/app:1"), pushed.push(t, "acme/tool:2")

	client := New(Options{})
	_, err := client.Resolve(t.Context(), question(t, host+"/acme/app:1"))
	if want := fmt.Sprintf("%s does not let you see `%[1]s/acme/app:1`: check that it exists, and sign in with `docker "+
		"login %[1]s`.", host); err == nil || err.Error() != want {
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
	expect(t, question(t, host+"/acme/app:9"),
		fmt.Sprintf("%s has no `%[1]s/acme/app:9`: check the name and the tag.", host), false)
}

func signIn(t *testing.T, host string) {
	t.Helper()
	folder := t.TempDir()
	check(t, os.WriteFile(filepath.Join(folder, "config.json"), []byte(account(host)), 0o600))
	t.Setenv("DOCKER_CONFIG", folder)
}

// withPassword starts a registry that speaks TLS and lets ann alone in.
func withPassword(t *testing.T) (host string) {
	t.Helper()
	key, err := x509.MarshalPKCS8PrivateKey(authority.own.PrivateKey)
	check(t, err)
	hash, err := bcrypt.GenerateFromPassword([]byte("secret"), bcrypt.MinCost)
	check(t, err)
	return registrytest.Start(t, registrytest.Options{
		Certificate: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: authority.own.Certificate[0]}),
		Key:         pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key}),
		Passwords:   append([]byte("ann:"), hash...),
	})
}
