package registry

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dockerfile-ls/analysis/image"
)

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
