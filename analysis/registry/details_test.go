package registry

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dockerfile-ls/analysis/image"
)

// Where the details lie on a host that does not answer, a question that can do without them has its answer, and that is
// kept; one that needs them has none. An answer with details is one for both.
func TestDetailsAnyway(t *testing.T) {
	for fault, answer := range map[string]func(http.ResponseWriter, *http.Request){
		"refuses": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) },
		"hangs":   func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
	} {
		t.Run(fault, func(t *testing.T) {
			var down atomic.Bool
			registry := serve(t, func(w http.ResponseWriter, r *http.Request) bool {
				if down.Load() && strings.Contains(r.URL.Path, "/blobs/") {
					answer(w, r)
					return true
				}
				return false
			})
			want := registry.pushIndex(t, "acme/app:1")
			down.Store(true)
			client := New(Options{Cache: t.TempDir()})
			needed, wished := question(t, registry.host+"/acme/app:1"), question(t, registry.host+"/acme/app:1")
			needed.Details, wished.Details, wished.Anyway = true, true, true
			needed.Access.Timeout, wished.Access.Timeout = 400*time.Millisecond, 400*time.Millisecond
			for _, kept := range []bool{false, true} {
				got, err := client.Resolve(t.Context(), wished)
				if err != nil || got.Digest != want || got.Details != nil || len(got.Platforms) != 2 || got.Kept != kept {
					t.Errorf("%+v, %v", got, err)
				}
			}
			if got, err := client.Resolve(t.Context(), needed); err == nil {
				t.Errorf("%+v", got)
			}
			down.Store(false)
			if got, err := client.Resolve(t.Context(), needed); err != nil || got.Details == nil || got.Kept {
				t.Errorf("%+v, %v", got, err)
			}
			asked := registry.requests.Load()
			for _, q := range []image.Question{needed, wished, question(t, registry.host+"/acme/app:1")} {
				got, err := client.Resolve(t.Context(), q)
				if err != nil || got.Digest != want || !got.Kept || registry.requests.Load() != asked {
					t.Errorf("%+v, %v", got, err)
				}
			}
		})
	}
}
