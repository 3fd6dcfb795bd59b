package registry

import (
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/name"
	served "github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/random"
	"github.com/google/go-containerregistry/pkg/v1/remote"

	"dockerfile-ls/analysis/image"
)

// TestMain takes the credentials of whoever runs the tests out of their reach, and has the system trust the tests'
// authority.
func TestMain(m *testing.M) {
	home, err := os.MkdirTemp("", "registry-test")
	if err != nil {
		log.Fatal(err)
	}
	authority = newAuthority()
	root := filepath.Join(home, "authority.pem")
	if err := os.WriteFile(root, authority.root, 0o600); err != nil {
		log.Fatal(err)
	}
	for name, value := range map[string]string{
		"HOME": home, "DOCKER_CONFIG": filepath.Join(home, ".docker"), "REGISTRY_AUTH_FILE": "", "XDG_RUNTIME_DIR": "",
		"XDG_CONFIG_HOME": "",
		"SSL_CERT_FILE":   root, "HTTP_PROXY": "", "HTTPS_PROXY": "",
	} {
		os.Setenv(name, value)
	}
	code := m.Run()
	os.RemoveAll(home)
	os.Exit(code)
}

// loopback is a registry of go-containerregistry in this process, with what stands in front of it.
type loopback struct {
	host     string
	requests atomic.Int64
	options  []remote.Option // for pushing
}

// serve starts a registry on loopback. In front of it, before may answer a request itself; then it returns true.
func serve(t *testing.T, before func(http.ResponseWriter, *http.Request) bool) *loopback {
	t.Helper()
	l := &loopback{}
	inner := served.New(served.Logger(log.New(io.Discard, "", 0)))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		l.requests.Add(1)
		if before == nil || !before(w, r) {
			inner.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(server.Close)
	l.host = strings.TrimPrefix(server.URL, "http://")
	return l
}

// created is when the images of the tests were made.
var created = time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)

// push puts an image on the registry, and returns its digest.
func (l *loopback) push(t *testing.T, reference string) string {
	t.Helper()
	made := imageFor(t, v1.Platform{OS: "linux", Architecture: "amd64"})
	check(t, remote.Write(l.tag(t, reference), made, l.options...))
	digest, err := made.Digest()
	check(t, err)
	return digest.String()
}

// pushIndex puts an image for two platforms on the registry, and returns the digest of the index.
func (l *loopback) pushIndex(t *testing.T, reference string) string {
	t.Helper()
	var index v1.ImageIndex = empty.Index
	for _, p := range []v1.Platform{
		{OS: "linux", Architecture: "arm64", Variant: "v8"}, {OS: "linux", Architecture: "amd64"},
		{OS: "unknown", Architecture: "unknown"},
	} {
		index = mutate.AppendManifests(index, mutate.IndexAddendum{
			Add: imageFor(t, p), Descriptor: v1.Descriptor{Platform: &p},
		})
	}
	check(t, remote.WriteIndex(l.tag(t, reference), index, l.options...))
	digest, err := index.Digest()
	check(t, err)
	return digest.String()
}

func (l *loopback) tag(t *testing.T, reference string) name.Tag {
	t.Helper()
	tag, err := name.NewTag(l.host+"/"+reference, name.Insecure)
	check(t, err)
	return tag
}

func imageFor(t *testing.T, p v1.Platform) v1.Image {
	t.Helper()
	made, err := random.Image(100, 2)
	check(t, err)
	config, err := made.ConfigFile()
	check(t, err)
	config = config.DeepCopy()
	config.OS, config.Architecture, config.Variant, config.Created = p.OS, p.Architecture, p.Variant, v1.Time{Time: created}
	config.Config = v1.Config{User: "node", Env: []string{"NODE_VERSION=24.1.0"}, Labels: map[string]string{"a": "b"}}
	made, err = mutate.ConfigFile(made, config)
	check(t, err)
	return made
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func parse(t *testing.T, reference string) image.Reference {
	t.Helper()
	parsed, err := image.Parse(reference)
	check(t, err)
	return parsed
}

func question(t *testing.T, reference string) image.Question {
	return image.Question{Reference: parse(t, reference)}
}
