package server

import (
	"io"
	"net/http"
	"strings"
	"time"
)

// fault is a registry that does something wrong.
type fault struct {
	name   string
	answer http.HandlerFunc
}

func faults() []fault {
	return []fault{
		{"silence", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }},
		{"one byte after the other", trickle},
		{"dropped", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }},
		{"redirects in a circle", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, r.URL.Path, http.StatusFound)
		}},
		{"redirects to another host", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://registry.invalid"+r.URL.Path, http.StatusTemporaryRedirect)
		}},
		{"a wrong digest", lie},
		{"100 MB of JSON", flood},
		{"a loop of 401", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("WWW-Authenticate", `Bearer realm="http://`+r.Host+`/token",service="x"`)
			w.WriteHeader(http.StatusUnauthorized)
		}},
		{"429", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTooManyRequests) }},
	}
}

// trickle is a manifest that never ends, a byte each millisecond: as many as come would measure the processor that they come
// from.
func trickle(w http.ResponseWriter, r *http.Request) {
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for isForManifest(r) {
		io.WriteString(w, " ")
		w.(http.Flusher).Flush()
		select {
		case <-tick.C:
		case <-r.Context().Done():
			return
		}
	}
}

func lie(w http.ResponseWriter, r *http.Request) {
	if isForManifest(r) {
		w.Header().Set("Docker-Content-Digest", "sha256:"+strings.Repeat("0", 64))
		w.Header().Set("Content-Type", "application/vnd.oci.image.index.v1+json")
		io.WriteString(w, `{"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json"}]}`)
	}
}

func flood(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/vnd.oci.image.index.v1+json")
	block := []byte(strings.Repeat(`{"manifests":[`, 1<<14))
	for n := 0; n < 100<<20 && isForManifest(r); n += len(block) {
		if _, err := w.Write(block); err != nil {
			return
		}
	}
}

// isForManifest reports whether a request is not the first one, which only says hello.
func isForManifest(r *http.Request) bool { return strings.Contains(r.URL.Path, "/manifests/") }
