package registry

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dockerfile-ls/analysis/image"
)

func TestResolve(t *testing.T) {
	registry := serve(t, nil)
	index := registry.pushIndex(t, "acme/app:1")
	single := registry.push(t, "acme/tool:2")
	platforms := []image.Platform{{Name: "linux/arm64/v8"}, {Name: "linux/amd64"}}
	details := &image.Details{Platform: "linux/amd64", Created: created, User: "node", Env: []string{
		"NODE_VERSION=24.1.0",
	}, Labels: map[string]string{"a": "b"}}
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

// A registry hears which image is meant and which program asks, and nothing else: no name of a machine, user or file.
func TestOnlyTheReferenceIsSent(t *testing.T) {
	var mu sync.Mutex
	heard := map[string]bool{}
	listening := false
	registry := serve(t, func(_ http.ResponseWriter, r *http.Request) bool {
		mu.Lock()
		defer mu.Unlock()
		if !listening {
			return false
		}
		body, err := io.ReadAll(r.Body)
		if err != nil || len(body) > 0 || r.URL.RawQuery != "" || r.Method != http.MethodGet && r.Method != http.MethodHead {
			t.Errorf("%s %s with %q, %v", r.Method, r.URL, body, err)
		}
		if path := r.URL.Path; path != "/v2/" && !strings.HasPrefix(path, "/v2/acme/app/") {
			t.Errorf("asked for %s", path)
		}
		for name, values := range r.Header {
			heard[name] = true
			if name == "User-Agent" && !strings.HasPrefix(values[0], "reader/1 ") {
				t.Errorf("it calls itself %q", values)
			}
		}
		return false
	})
	registry.pushIndex(t, "acme/app:1")
	mu.Lock()
	listening = true
	mu.Unlock()
	q := question(t, registry.host+"/acme/app:1")
	q.Details = true
	_, err := New(Options{Agent: "reader/1"}).Resolve(t.Context(), q)
	check(t, err)
	want := map[string]bool{"Accept": true, "Accept-Encoding": true, "User-Agent": true}
	if diff := cmp.Diff(want, heard); diff != "" {
		t.Errorf("headers: %s", diff)
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
		"10.0.0.1": true, "172.16.0.1": true, "192.168.1.1": true, "127.0.0.1": true, "169.254.169.254": true,
		"100.64.0.1": true, "0.0.0.0": true,
		"::1": true, "fe80::1": true, "fd00::1": true, "::": true, "64:ff9b::a00:1": true, "2002:a00:1::": true,
		"198.18.0.1": true, "240.0.0.1": true,
		"8.8.8.8": false, "2606:4700::1111": false,
	} {
		if got := publicHost(netip.MustParseAddr(address)) != nil; got != private {
			t.Errorf("%s: private %t", address, got)
		}
	}
}
