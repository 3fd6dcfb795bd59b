package registry

import (
	"context"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-containerregistry/pkg/name"
	served "github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/random"
	"github.com/google/go-containerregistry/pkg/v1/remote"

	"dockerfile-ls/analysis/image"
)

// TestMain takes the credentials of whoever runs the tests out of their reach, and has the system trust the tests' authority.
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
		"HOME": home, "DOCKER_CONFIG": filepath.Join(home, ".docker"), "REGISTRY_AUTH_FILE": "", "XDG_RUNTIME_DIR": "", "XDG_CONFIG_HOME": "",
		"SSL_CERT_FILE": root, "HTTP_PROXY": "", "HTTPS_PROXY": "",
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
	for _, p := range []v1.Platform{{OS: "linux", Architecture: "arm64", Variant: "v8"}, {OS: "linux", Architecture: "amd64"}, {OS: "unknown", Architecture: "unknown"}} {
		index = mutate.AppendManifests(index, mutate.IndexAddendum{Add: imageFor(t, p), Descriptor: v1.Descriptor{Platform: &p}})
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

func TestResolve(t *testing.T) {
	registry := serve(t, nil)
	index := registry.pushIndex(t, "acme/app:1")
	single := registry.push(t, "acme/tool:2")
	platforms := []image.Platform{{Name: "linux/arm64/v8"}, {Name: "linux/amd64"}}
	details := &image.Details{Platform: "linux/amd64", Created: created, User: "node", Env: []string{"NODE_VERSION=24.1.0"}, Labels: map[string]string{"a": "b"}}
	for title, test := range map[string]struct {
		reference string
		details   bool
		want      image.Facts
	}{
		"index":             {"acme/app:1", false, image.Facts{Digest: index, Platforms: platforms}},
		"index in detail":   {"acme/app:1", true, image.Facts{Digest: index, Platforms: platforms, Details: details}},
		"manifest":          {"acme/tool:2", false, image.Facts{Digest: single}},
		"manifest details":  {"acme/tool:2", true, image.Facts{Digest: single, Details: details}},
		"by digest":         {"acme/tool@" + single, false, image.Facts{Digest: single}},
		"tag before digest": {"acme/app:1@" + single, false, image.Facts{Digest: index, Platforms: platforms}},
	} {
		t.Run(title, func(t *testing.T) {
			q := question(t, registry.host+"/"+test.reference)
			q.Details = test.details
			got, err := New(Options{}).Resolve(t.Context(), q)
			check(t, err)
			if got.Details != nil {
				if got.Details.Size == 0 {
					t.Error("the size of the layers is not known")
				}
				got.Details.Size = 0
			}
			if time.Since(got.Asked) > time.Minute {
				t.Errorf("asked at %s", got.Asked)
			}
			got.Asked = time.Time{}
			for i := range got.Platforms {
				if !strings.HasPrefix(got.Platforms[i].Digest, "sha256:") || got.Platforms[i].Digest == got.Digest {
					t.Errorf("%+v", got.Platforms[i])
				}
				got.Platforms[i].Digest = ""
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A mirror is asked in place of the host that a reference names, short names of Docker Hub included.
func TestMirror(t *testing.T) {
	registry := serve(t, nil)
	want := registry.push(t, "hub/library/node:24")
	q := question(t, "node:24")
	q.Access.Mirrors = map[string]string{"docker.io": registry.host + "/hub"}
	got, err := New(Options{}).Resolve(t.Context(), q)
	check(t, err)
	if got.Digest != want {
		t.Errorf("%s, want %s", got.Digest, want)
	}
}

func TestLocate(t *testing.T) {
	for reference, want := range map[string]string{
		"node":                    "docker.io index.docker.io/library/node:latest secure",
		"acme/app:1":              "docker.io index.docker.io/acme/app:1 secure",
		"ghcr.io/acme/app:1":      "ghcr.io ghcr.io/acme/app:1 secure",
		"registry.example.com/a":  "registry.example.com registry.example.com/a:latest secure",
		"localhost:5000/a:1":      "localhost:5000 localhost:5000/a:1",
		"127.0.0.2:5000/a:1":      "127.0.0.2:5000 127.0.0.2:5000/a:1",
		"10.1.2.3:5000/a:1":       "10.1.2.3:5000 10.1.2.3:5000/a:1 secure",
		"plain.example.com/a:1":   "plain.example.com plain.example.com/a:1",
		"mirrored.example.com/a":  "mirror.example.com mirror.example.com/b/c/a:latest secure",
		"mirrored.example.com/x/": "",
	} {
		parsed, err := image.Parse(reference)
		if err != nil {
			if want != "" {
				t.Errorf("%s: %v", reference, err)
			}
			continue
		}
		at, err := locate(image.Question{Reference: parsed, Access: image.Access{
			Insecure: []string{"plain.example.com"},
			Mirrors:  map[string]string{"mirrored.example.com": "mirror.example.com/b/c/"},
		}})
		check(t, err)
		got := at.host() + " " + at.asked.Name()
		if at.secure {
			got += " secure"
		}
		if got != want {
			t.Errorf("%s: %s, want %s", reference, got, want)
		}
	}
}

// What a registry has said within the hour is not asked again, and what it said before counts where it cannot be reached.
func TestCache(t *testing.T) {
	var down atomic.Bool
	registry := serve(t, func(w http.ResponseWriter, _ *http.Request) bool {
		if down.Load() {
			w.WriteHeader(http.StatusBadGateway)
		}
		return down.Load()
	})
	want := registry.push(t, "acme/app:1")
	folder := filepath.Join(t.TempDir(), "new", "folder")
	client := New(Options{Cache: folder})
	q := question(t, registry.host+"/acme/app:1")
	first, err := client.Resolve(t.Context(), q)
	check(t, err)
	asked := registry.requests.Load()
	down.Store(true)

	second, err := New(Options{Cache: folder}).Resolve(t.Context(), q)
	check(t, err)
	if second.Digest != want || !second.Kept || first.Kept || registry.requests.Load() != asked {
		t.Errorf("%+v behind %+v, and %d requests more", second, first, registry.requests.Load()-asked)
	}

	at, err := locate(q)
	check(t, err)
	old := first
	old.Asked = first.Asked.Add(-48 * time.Hour)
	client.cache.put(at.key(false), old)
	third, err := client.Resolve(t.Context(), q)
	check(t, err)
	if third.Digest != want || !third.Kept || !third.Asked.Equal(old.Asked) || registry.requests.Load() == asked {
		t.Errorf("%+v, and %d requests", third, registry.requests.Load()-asked)
	}

	down.Store(false)
	moved := registry.push(t, "acme/app:1")
	fourth, err := client.Resolve(t.Context(), q)
	check(t, err)
	if fourth.Digest != moved || fourth.Kept {
		t.Errorf("%+v, want %s", fourth, moved)
	}
}

// What lies in the cache is not trusted further than it can be read, and there is never too much of it.
func TestCacheBroken(t *testing.T) {
	c := cache{folder: t.TempDir()}
	c.put("a", image.Facts{Digest: "sha256:1"})
	if _, ok := c.get("a"); !ok {
		t.Fatal("nothing is kept")
	}
	for title, content := range map[string]string{
		"cut": `{"Key":"a","Facts":{"Dig`, "other": `{"Key":"b","Facts":{"Digest":"sha256:1"}}`, "empty": `{"Key":"a"}`,
		"future": `{"Key":"a","Facts":{"Digest":"sha256:1","Asked":"2999-01-01T00:00:00Z"}}`,
	} {
		check(t, os.WriteFile(c.file("a"), []byte(content), 0o600))
		if facts, ok := c.get("a"); ok {
			t.Errorf("%s: %+v", title, facts)
		}
	}
	for i := range maxKept + 20 {
		c.put(strings.Repeat("x", i), image.Facts{Digest: "sha256:1"})
	}
	list, err := os.ReadDir(c.folder)
	check(t, err)
	if len(list) > maxKept {
		t.Errorf("%d files", len(list))
	}
	for _, e := range list {
		if strings.HasPrefix(e.Name(), ".dockerfile-ls-") {
			t.Errorf("%s was left behind", e.Name())
		}
	}
}

// Who asks the same at the same time waits for one answer, and a registry is asked by four at most.
func TestFlights(t *testing.T) {
	var now, most atomic.Int64
	release := make(chan struct{})
	arrived := make(chan struct{}, 100)
	registry := serve(t, func(_ http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodGet || r.URL.Path != "/v2/" {
			return false
		}
		n := now.Add(1)
		for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
		}
		arrived <- struct{}{}
		<-release
		now.Add(-1)
		return false
	})
	client := New(Options{})
	var group sync.WaitGroup
	ask := func(reference string) {
		group.Go(func() {
			_, err := client.Resolve(context.Background(), question(t, registry.host+"/"+reference))
			var failure *Failure
			if !errors.As(err, &failure) {
				t.Errorf("%s: %v", reference, err)
			}
		})
	}
	for range 10 {
		ask("acme/a:1")
	}
	<-arrived
	if len(arrived) > 0 {
		t.Errorf("%d requests for one image", len(arrived)+1)
	}
	for _, reference := range []string{"acme/b:1", "acme/c:1", "acme/d:1"} {
		ask(reference)
		<-arrived
	}
	for _, reference := range []string{"acme/e:1", "acme/f:1", "acme/g:1"} {
		ask(reference)
	}
	close(release)
	group.Wait()
	if most.Load() != perRegistry {
		t.Errorf("%d at a time", most.Load())
	}
}

// The last who leaves ends the request; as long as somebody waits it goes on.
func TestCancel(t *testing.T) {
	arrived, gone := make(chan struct{}), make(chan struct{})
	registry := serve(t, func(_ http.ResponseWriter, r *http.Request) bool {
		arrived <- struct{}{}
		<-r.Context().Done()
		close(gone)
		return true
	})
	client := New(Options{})
	first, leaveFirst := context.WithCancel(t.Context())
	second, leaveSecond := context.WithCancel(t.Context())
	errs := make(chan error, 2)
	resolve := func(ctx context.Context) {
		_, err := client.Resolve(ctx, question(t, registry.host+"/acme/a:1"))
		errs <- err
	}
	go resolve(first)
	<-arrived
	go resolve(second)
	leaveFirst()
	if err := <-errs; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	leaveSecond()
	if err := <-errs; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	<-gone
}

// What is not asked for by a user reaches no host of a private network, whatever its name says.
func TestUnasked(t *testing.T) {
	registry := serve(t, nil)
	registry.push(t, "acme/app:1")
	before := registry.requests.Load()
	_, port, _ := strings.Cut(registry.host, ":")
	for _, host := range []string{registry.host, "localhost:" + port} {
		q := question(t, host+"/acme/app:1")
		q.Unasked = true
		_, err := New(Options{}).Resolve(t.Context(), q)
		if err == nil || !strings.Contains(err.Error(), "private network") {
			t.Errorf("%s: %v", host, err)
		}
	}
	if registry.requests.Load() != before {
		t.Error("it was asked")
	}
	for address, private := range map[string]bool{
		"10.0.0.1": true, "172.16.0.1": true, "192.168.1.1": true, "127.0.0.1": true, "169.254.169.254": true, "100.64.0.1": true, "0.0.0.0": true,
		"::1": true, "fe80::1": true, "fd00::1": true, "::": true, "64:ff9b::a00:1": true, "2002:a00:1::": true, "198.18.0.1": true, "240.0.0.1": true,
		"8.8.8.8": false, "2606:4700::1111": false,
	} {
		if got := publicHost(netip.MustParseAddr(address)) != nil; got != private {
			t.Errorf("%s: private %t", address, got)
		}
	}
}
