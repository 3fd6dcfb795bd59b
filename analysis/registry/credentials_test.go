package registry

import (
	"encoding/base64"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	served "github.com/google/go-containerregistry/pkg/registry"
)

// account is a docker configuration with a password for a host.
func account(host string) string {
	auth := base64.StdEncoding.EncodeToString([]byte("ann:secret"))
	return fmt.Sprintf(`{"auths":{%q:{"auth":%q}}}`, host, auth)
}

// isAnn reports whether a request has the account's password.
func isAnn(r *http.Request) bool {
	user, password, ok := r.BasicAuth()
	return ok && user == "ann" && password == "secret"
}

// private is a registry that only the account may read.
func private(t *testing.T) *loopback {
	return serve(t, func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodGet || isAnn(r) || !strings.Contains(r.Header.Get("User-Agent"), "reader") {
			return false
		}
		w.Header().Set("WWW-Authenticate", `Basic realm="x"`)
		w.WriteHeader(http.StatusUnauthorized)
		return true
	})
}

// The files that docker and podman keep passwords in, and the helpers that they name.
func TestCredentials(t *testing.T) {
	for title, prepare := range map[string]func(t *testing.T, host string){
		"docker's configuration": func(t *testing.T, host string) {
			folder := t.TempDir()
			check(t, os.WriteFile(filepath.Join(folder, "config.json"), []byte(account(host)), 0o600))
			t.Setenv("DOCKER_CONFIG", folder)
		},
		"podman's file": func(t *testing.T, host string) {
			file := filepath.Join(t.TempDir(), "auth.json")
			check(t, os.WriteFile(file, []byte(account(host)), 0o600))
			t.Setenv("REGISTRY_AUTH_FILE", file)
		},
		"a helper": func(t *testing.T, host string) {
			folder := t.TempDir()
			helper := "#!/bin/sh\nread host\necho '{\"ServerURL\":\"'$host'\",\"Username\":\"ann\",\"Secret\":\"secret\"}'\n"
			check(t, os.WriteFile(filepath.Join(folder, "docker-credential-test"), []byte(helper), 0o700))
			check(t, os.WriteFile(filepath.Join(folder, "config.json"),
				[]byte(fmt.Sprintf(`{"credHelpers":{%q:"test"}}`, host)), 0o600))
			t.Setenv("DOCKER_CONFIG", folder)
			t.Setenv("PATH", folder+":"+os.Getenv("PATH"))
		},
	} {
		t.Run(title, func(t *testing.T) {
			registry := private(t)
			want := registry.push(t, "acme/app:1")
			client := New(Options{Agent: "reader"})
			_, err := client.Resolve(t.Context(), question(t, registry.host+"/acme/app:1"))
			if err == nil || !strings.Contains(err.Error(), "docker login") {
				t.Fatalf("without a password: %v", err)
			}
			prepare(t, registry.host)
			got, err := client.Resolve(t.Context(), question(t, registry.host+"/acme/app:1"))
			check(t, err)
			if got.Digest != want {
				t.Errorf("%s, want %s", got.Digest, want)
			}
		})
	}
}

// A helper that hangs does not hold up the answer for longer than the registry may take. What it has started is gone when
// the test ends: it waits for its input, which is closed then.
func TestCredentialHelperHangs(t *testing.T) {
	registry := serve(t, nil)
	folder := t.TempDir()
	pipe := filepath.Join(folder, "never")
	helper := fmt.Sprintf("#!/bin/sh\nexec 3<>%q 0<&3\nread line\n", pipe)
	check(t, os.WriteFile(filepath.Join(folder, "docker-credential-test"), []byte(helper), 0o700))
	check(t, os.WriteFile(filepath.Join(folder, "config.json"),
		[]byte(fmt.Sprintf(`{"credHelpers":{%q:"test"}}`, registry.host)), 0o600))
	makePipe(t, pipe)
	t.Setenv("DOCKER_CONFIG", folder)
	t.Setenv("PATH", folder+":"+os.Getenv("PATH"))
	q := question(t, registry.host+"/acme/app:1")
	q.Access.Timeout = 300e6
	expect(t, q, fmt.Sprintf(
		"%s did not answer within 300ms for `%[1]s/acme/app:1`: try again, or raise `registry.timeout`.", registry.host,
	), true)
	release, err := os.OpenFile(pipe, os.O_WRONLY, 0)
	check(t, err)
	_, err = io.WriteString(release, "end\n")
	check(t, err)
	check(t, release.Close())
}

// A password goes to the registry and to the realm that it names over https, and to nobody else: not where layers and
// configurations are redirected to, and not where the realm sends it on.
func TestCredentialsStay(t *testing.T) {
	var (
		mu    sync.Mutex
		heard = map[string]bool{} // by host, whether credentials came
	)
	listen := func(who string, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		heard[who] = heard[who] || r.Header.Get("Authorization") != "" || r.Method == http.MethodPost && who == "elsewhere"
	}
	store := served.New(served.Logger(log.New(io.Discard, "", 0)))
	blobs := serveTLS(t, func(w http.ResponseWriter, r *http.Request) {
		listen("blobs", r)
		r.Header.Del("Authorization")
		store.ServeHTTP(w, r)
	})
	elsewhere := serveTLS(t, func(w http.ResponseWriter, r *http.Request) {
		listen("elsewhere", r)
		io.WriteString(w, `{"token":"t"}`)
	})
	var redirects bool
	realm := serveTLS(t, func(w http.ResponseWriter, r *http.Request) {
		listen("realm", r)
		if redirects {
			http.Redirect(w, r, localhost(elsewhere.URL)+"/token", http.StatusTemporaryRedirect)
			return
		}
		io.WriteString(w, `{"token":"t"}`)
	})
	realmURL := localhost(realm.URL) + "/token"
	registry := serveTLS(t, func(w http.ResponseWriter, r *http.Request) {
		listen("registry", r)
		switch {
		case r.Header.Get("Authorization") != "Bearer t":
			w.Header().Set("WWW-Authenticate", fmt.Sprintf("Bearer realm=%q,service=\"x\"", realmURL))
			w.WriteHeader(http.StatusUnauthorized)
		case strings.Contains(r.URL.Path, "/blobs/"):
			http.Redirect(w, r, localhost(blobs.URL)+r.URL.Path, http.StatusTemporaryRedirect)
		default:
			r.Header.Del("Authorization")
			store.ServeHTTP(w, r)
		}
	})
	host := strings.TrimPrefix(registry.URL, "https://")
	pushed := &loopback{host: strings.TrimPrefix(blobs.URL, "https://")}
	want := pushed.push(t, "acme/app:1")
	heard = map[string]bool{}

	folder := t.TempDir()
	config := func(text string) { check(t, os.WriteFile(filepath.Join(folder, "config.json"), []byte(text), 0o600)) }
	config(account(host))
	t.Setenv("DOCKER_CONFIG", folder)
	q := question(t, host+"/acme/app:1")
	q.Details = true
	got, err := New(Options{}).Resolve(t.Context(), q)
	check(t, err)
	if got.Digest != want || got.Details == nil {
		t.Errorf("%+v", got)
	}
	if !heard["realm"] || !heard["registry"] || heard["blobs"] {
		t.Errorf("credentials came to %v", heard)
	}

	redirects = true
	for title, text := range map[string]string{
		"a password": account(host),
		"a token":    fmt.Sprintf(`{"auths":{%q:{"identitytoken":"refresh"}}}`, host),
	} {
		config(text)
		_, _ = New(Options{}).Resolve(t.Context(), q)
		if heard["elsewhere"] {
			t.Errorf("%s was sent on by the realm", title)
		}
	}

	redirects, heard = false, map[string]bool{}
	realmURL = "http://" + strings.TrimPrefix(localhost(realm.URL), "https://") + "/token"
	config(account(host))
	if _, err := New(Options{}).Resolve(t.Context(), q); err == nil || heard["realm"] {
		t.Errorf("a realm over http: %v", err)
	}
}

// localhost is the address of a server by name: go-containerregistry goes to no realm by the number of a private network.
func localhost(url string) string { return strings.Replace(url, "127.0.0.1", "localhost", 1) }

// Nobody is asked for a password for a host that will not be asked.
func TestNoPasswordForPrivateHosts(t *testing.T) {
	registry := serve(t, nil)
	folder := t.TempDir()
	helper := fmt.Sprintf("#!/bin/sh\ntouch %q\n", filepath.Join(folder, "asked"))
	check(t, os.WriteFile(filepath.Join(folder, "docker-credential-test"), []byte(helper), 0o700))
	check(t, os.WriteFile(filepath.Join(folder, "config.json"), []byte(`{"credsStore":"test"}`), 0o600))
	t.Setenv("DOCKER_CONFIG", folder)
	t.Setenv("PATH", folder+":"+os.Getenv("PATH"))
	for _, host := range []string{registry.host, localhost(registry.host), "10.1.2.3:5000"} {
		q := question(t, host+"/acme/app:1")
		q.Unasked = true
		if _, err := New(Options{}).Resolve(t.Context(), q); err == nil ||
			!strings.Contains(err.Error(), "private network") {
			t.Errorf("%s: %v", host, err)
		}
	}
	if _, err := os.Stat(filepath.Join(folder, "asked")); err == nil {
		t.Error("a helper was asked")
	}
}
