package registry

import (
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"dockerfile-ls/analysis/image"
)

// isManifest reports whether a request is for the manifest, and not the first one, which only says hello.
func isManifest(r *http.Request) bool { return strings.Contains(r.URL.Path, "/manifests/") }

func TestFailures(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, "{}")
	}))
	t.Cleanup(elsewhere.Close)
	status := func(code int) func(http.ResponseWriter, *http.Request) bool {
		return func(w http.ResponseWriter, r *http.Request) bool {
			if isManifest(r) {
				w.WriteHeader(code)
			}
			return isManifest(r)
		}
	}
	sends := func(kind, body string) func(http.ResponseWriter, *http.Request) bool {
		return func(w http.ResponseWriter, r *http.Request) bool {
			if isManifest(r) {
				w.Header().Set("Content-Type", kind)
				io.WriteString(w, body)
			}
			return isManifest(r)
		}
	}
	for title, test := range map[string]struct {
		before  func(http.ResponseWriter, *http.Request) bool
		want    string // HOST stands for the registry
		offline bool
	}{
		"401": {before: status(401), want: "HOST does not let you see `HOST/acme/app:1`: check that it exists, and sign " +
			"in with `docker login HOST`."},
		"403": {
			before: status(403),
			want:   "HOST refuses you `HOST/acme/app:1`: sign in with `docker login HOST` as somebody who may read it.",
		},
		"404": {before: status(404), want: "HOST has no `HOST/acme/app:1`: check the name and the tag."},
		"500": {
			before: status(500), offline: true,
			want: "HOST answers 500 Internal Server Error when it is asked for `HOST/acme/app:1`: try again later.",
		},
		"429": {
			before: func(w http.ResponseWriter, _ *http.Request) bool {
				w.Header().Set("Retry-After", "90")
				w.WriteHeader(429)
				return true
			},
			want: "HOST was asked too often, and does not tell what `HOST/acme/app:1` is: try again in 1m30s, or sign in " +
				"with `docker login HOST`.",
		},
		"a loop of 401": {
			before: func(w http.ResponseWriter, r *http.Request) bool {
				w.Header().Set("WWW-Authenticate", fmt.Sprintf(`Bearer realm="http://%s/token",service="x"`, r.Host))
				if r.URL.Path == "/token" {
					w.Header().Set("WWW-Authenticate", "Basic")
				}
				w.WriteHeader(401)
				return true
			},
			want: "HOST does not let you see `HOST/acme/app:1`: check that it exists, and sign in with `docker login HOST`.",
		},
		"a portal's page": {before: sends("text/html", "<html>Welcome</html>"), want: noImage},
		"no JSON":         {before: sends("application/vnd.oci.image.index.v1+json", "{"), want: noImage},
		"empty index":     {before: sends("application/vnd.oci.image.index.v1+json", "{}"), want: noImage},
		"empty manifest":  {before: sends("application/vnd.oci.image.manifest.v1+json", "{}"), want: noImage},
		"a wrong digest": {
			before: func(w http.ResponseWriter, r *http.Request) bool {
				if isManifest(r) {
					w.Header().Set("Docker-Content-Digest", "sha256:"+strings.Repeat("0", 64))
					w.Header().Set("Content-Type", "application/vnd.oci.image.index.v1+json")
					io.WriteString(w, `{"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json"}]}`)
				}
				return isManifest(r)
			},
			want: "HOST names another digest for `HOST/acme/app:1` than what it sends has: do not use it, and tell who " +
				"runs it.",
		},
		"a redirect to another host over http": {
			before: func(w http.ResponseWriter, r *http.Request) bool {
				if isManifest(r) {
					http.Redirect(w, r, elsewhere.URL+r.URL.Path, http.StatusTemporaryRedirect)
				}
				return isManifest(r)
			},
			want: "HOST would be asked for `HOST/acme/app:1` over http: list it in `registry.insecure` if you want that.",
		},
		"a dropped connection": {
			before: func(http.ResponseWriter, *http.Request) bool { panic(http.ErrAbortHandler) },
			want:   "HOST cannot be reached for `HOST/acme/app:1`: check the network and the proxy.", offline: true,
		},
		"silence": {
			before:  func(_ http.ResponseWriter, r *http.Request) bool { <-r.Context().Done(); return true },
			want:    "HOST did not answer within 300ms for `HOST/acme/app:1`: try again, or raise `registry.timeout`.",
			offline: true,
		},
		"one byte after the other": {
			before: func(w http.ResponseWriter, r *http.Request) bool {
				for r.Context().Err() == nil && isManifest(r) {
					io.WriteString(w, " ")
					w.(http.Flusher).Flush()
				}
				return isManifest(r)
			},
			want:    "HOST did not answer within 300ms for `HOST/acme/app:1`: try again, or raise `registry.timeout`.",
			offline: true,
		},
	} {
		t.Run(title, func(t *testing.T) {
			registry := serve(t, test.before)
			q := question(t, registry.host+"/acme/app:1")
			if strings.Contains(test.want, "300ms") {
				q.Access.Timeout = 300 * time.Millisecond
			}
			expect(t, q, strings.ReplaceAll(test.want, "HOST", registry.host), test.offline)
		})
	}
}

const noImage = "What HOST sends for `HOST/acme/app:1` is no image: check the reference, and whether a proxy answers in " +
	"its place."

// expect asks, and compares the failure.
func expect(t *testing.T, q image.Question, want string, offline bool) {
	t.Helper()
	facts, err := New(Options{}).Resolve(t.Context(), q)
	var failure *Failure
	if !errors.As(err, &failure) {
		t.Fatalf("%+v, %v", facts, err)
	}
	if failure.Message != want || failure.Offline != offline {
		t.Errorf("offline %t: %s\nwant %t: %s", failure.Offline, failure.Message, offline, want)
	}
}

// An answer without end is read up to what an image can need.
func TestTooLong(t *testing.T) {
	const whole = 100 << 20
	sent := make(chan int, 1)
	registry := serve(t, func(w http.ResponseWriter, r *http.Request) bool {
		if !isManifest(r) {
			return false
		}
		w.Header().Set("Content-Type", "application/vnd.oci.image.index.v1+json")
		n, block := 0, []byte(strings.Repeat(`{"manifests":[`, 1<<14))
		for n < whole {
			if _, err := w.Write(block); err != nil {
				break
			}
			n += len(block)
		}
		sent <- n
		return true
	})
	expect(t, question(t, registry.host+"/acme/app:1"), strings.ReplaceAll(noImage, "HOST", registry.host), false)
	if n := <-sent; n >= whole {
		t.Errorf("all %d bytes were read", n)
	}
}

func TestUnreachable(t *testing.T) {
	closed := httptest.NewServer(nil)
	closed.Close()
	host := strings.TrimPrefix(closed.URL, "http://")
	expect(t, question(t, host+"/acme/app:1"), fmt.Sprintf(
		"%s cannot be reached for `%[1]s/acme/app:1` (connect: connection refused): check the network and the proxy.", host,
	), true)
	expect(t, question(t, "registry.invalid/app:1"), "registry.invalid was not found on the network, so that it was not "+
		"asked for `registry.invalid/app:1`: check its name, the network and the proxy.", true)
}

// A certificate that nobody has signed is told as such, and not got round by http.
func TestCertificate(t *testing.T) {
	server := httptest.NewUnstartedServer(nil)
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	host := strings.TrimPrefix(server.URL, "https://")
	expect(t, question(t, host+"/acme/app:1"), fmt.Sprintf("The certificate of %s is not trusted, so that it was not "+
		"asked for `%[1]s/acme/app:1`: add its authority to those of the system.", host), true)
}
