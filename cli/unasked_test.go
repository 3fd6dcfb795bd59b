//go:build unix

package cli

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"dockerfile-ls/server/lspclient"
)

// machine is a folder with all that a process may write to, and programs that leave a trace when they are run. All that goes
// over the network goes to one listener of ours, be it through the proxy.
type machine struct {
	t        *testing.T
	root     string
	host     string // of the listener
	answer   http.HandlerFunc
	limit    int // how many bytes the product may write into a file; 0: as many as it likes
	mu       sync.Mutex
	requests []string // that came to the listener
}

// The one account that the machine has, for the listener.
const (
	account  = "ann"
	password = "SENTINEL-of-ann"
)

// newMachine makes a machine with a project in its folder work. A registry that answers nothing else says 404.
func newMachine(t *testing.T, answer http.HandlerFunc, files map[string]string) *machine {
	t.Helper()
	m := &machine{t: t, root: t.TempDir(), answer: answer}
	if answer == nil {
		m.answer = http.NotFound
	}
	listener := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		m.mu.Lock()
		m.requests = append(m.requests, r.Method+" "+r.URL.String())
		m.mu.Unlock()
		m.answer(w, r)
	}))
	t.Cleanup(listener.Close)
	m.host = strings.TrimPrefix(listener.URL, "http://")
	for _, name := range []string{
		"trivy", "grype", "docker", "podman", "git", "node", "npm", "hadolint", "sh", "bash", "xdg-open",
	} {
		m.program(name, "exit 1")
	}
	m.program("docker-credential-test", fmt.Sprintf(
		`echo '{"ServerURL":"%s","Username":"%s","Secret":"%s"}'`, m.host, account, password))
	m.put("home/.docker/config.json", `{"credsStore":"test"}`)
	for name, text := range files {
		m.put("work/"+name, strings.ReplaceAll(text, "HOST", m.host))
	}
	for _, name := range []string{"tmp", "ran", "run"} {
		check(t, os.MkdirAll(filepath.Join(m.root, name), 0o700))
	}
	return m
}

func (m *machine) put(name, text string) {
	m.t.Helper()
	file := filepath.Join(m.root, name)
	check(m.t, os.MkdirAll(filepath.Dir(file), 0o755))
	check(m.t, os.WriteFile(file, []byte(text), 0o644))
}

// program is one that says that it was run.
func (m *machine) program(name, script string) {
	m.t.Helper()
	m.put("bin/"+name, fmt.Sprintf("#!/bin/sh\n: >%q\n%s\n", filepath.Join(m.root, "ran", name), script))
	check(m.t, os.Chmod(filepath.Join(m.root, "bin", name), 0o755))
}

// command is the product on this machine.
func (m *machine) command(args ...string) *exec.Cmd {
	command := exec.Command(os.Args[0], args...)
	command.Dir = filepath.Join(m.root, "work")
	home := filepath.Join(m.root, "home")
	command.Env = []string{
		"DOCKERFILE_LS_TEST_MAIN=1", "PATH=" + filepath.Join(m.root, "bin"), "HOME=" + home,
		"TMPDIR=" + filepath.Join(m.root, "tmp"), "XDG_RUNTIME_DIR=" + filepath.Join(m.root, "run"),
		"HTTP_PROXY=http://" + m.host, "HTTPS_PROXY=http://" + m.host,
	}
	if m.limit > 0 {
		command.Env = append(command.Env, fmt.Sprint("DOCKERFILE_LS_TEST_LIMIT=", m.limit))
	}
	return command
}

// run runs the product to its end.
func (m *machine) run(args ...string) ended {
	m.t.Helper()
	command := m.command(args...)
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr
	if err := command.Run(); err != nil && command.ProcessState == nil {
		m.t.Fatal(err)
	}
	return ended{command.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

// state is all that lies on the machine, by its path, with mode and content.
func (m *machine) state() map[string]string {
	m.t.Helper()
	all := map[string]string{}
	check(m.t, filepath.WalkDir(m.root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		relative, _ := filepath.Rel(m.root, name)
		all[relative] = info.Mode().String()
		if entry.Type().IsRegular() {
			content, err := os.ReadFile(name)
			all[relative] += fmt.Sprintf(" %x", sha256.Sum256(content))
			return err
		}
		return nil
	}))
	return all
}

// changed are the files that are other ones than before, sorted. Folders do not count, and a file of the cache for what
// registries have said is `cache`.
func (m *machine) changed(before map[string]string) (list []string) {
	m.t.Helper()
	after := m.state()
	for name := range maps.Keys(after) {
		if _, there := before[name]; !there && strings.HasPrefix(after[name], "d") || after[name] == before[name] {
			continue
		}
		if ok, _ := path.Match("home/.cache/dockerfile-ls/registry/*.json", name); ok {
			name = "cache"
		}
		list = append(list, name)
	}
	for name := range before {
		if _, there := after[name]; !there {
			list = append(list, "without "+name)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// asked are the requests that came to the listener since the last call.
func (m *machine) asked() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	defer func() { m.requests = nil }()
	return m.requests
}

// machineSession is the product serving one editor on a machine.
type machineSession struct {
	*machine
	client *lspclient.Client
	heard  *heard        // all that it has sent
	errors *bytes.Buffer // its stderr
	uri    string
	end    func()
}

// heard notes what is read from the product.
type heard struct {
	stdio
	mu    sync.Mutex
	bytes bytes.Buffer
}

func (h *heard) Read(p []byte) (int, error) {
	n, err := h.stdio.Read(p)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.bytes.Write(p[:n])
	return n, err
}

func (h *heard) String() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.bytes.String()
}

func (m *machine) serve(options object, args ...string) *machineSession {
	m.t.Helper()
	command := m.command(append([]string{"serve"}, args...)...)
	s := &machineSession{machine: m, errors: &bytes.Buffer{}}
	command.Stderr = s.errors
	in, err := command.StdinPipe()
	check(m.t, err)
	out, err := command.StdoutPipe()
	check(m.t, err)
	check(m.t, command.Start())
	s.heard = &heard{stdio: stdio{out, in}}
	s.client = lspclient.Dial(m.t.Context(), s.heard)
	work := "file://" + filepath.Join(m.root, "work")
	s.uri = work + "/Dockerfile"
	s.call("initialize", object{
		"processId": nil, "initializationOptions": options, "trace": "verbose",
		"workspaceFolders": []object{{"uri": work, "name": "work"}},
		"capabilities": object{
			"window": object{"workDoneProgress": true},
			"textDocument": object{
				"diagnostic": object{}, "hover": object{},
				"codeAction": object{
					"codeActionLiteralSupport": object{"codeActionKind": object{"valueSet": []string{}}},
					"dataSupport":              true, "resolveSupport": object{"properties": []string{"edit"}},
				},
			},
			"workspace": object{
				"executeCommand": object{}, "applyEdit": true, "diagnostics": object{"refreshSupport": true},
				"workspaceEdit": object{"documentChanges": true, "resourceOperations": []string{"create"}},
			},
		},
	})
	s.notify("initialized", object{})
	s.end = sync.OnceFunc(func() {
		s.call("shutdown", nil)
		s.notify("exit", nil)
		in.Close()
		_ = command.Wait()
	})
	m.t.Cleanup(s.end)
	return s
}

func (s *machineSession) call(method string, params any) (answer []object) {
	s.t.Helper()
	var one any
	if err := s.client.Call(s.t.Context(), method, params, &one); err != nil {
		s.t.Fatal(err)
	}
	list, _ := one.([]any)
	for _, o := range list {
		answer = append(answer, o.(object))
	}
	return answer
}

func (s *machineSession) notify(method string, params any) {
	s.t.Helper()
	check(s.t, s.client.Notify(s.t.Context(), method, params))
}

// open opens the Dockerfile, and waits until the files around it are read.
func (s *machineSession) open() {
	s.t.Helper()
	text, err := os.ReadFile(filepath.Join(s.root, "work", "Dockerfile"))
	check(s.t, err)
	s.notify("textDocument/didOpen", object{"textDocument": object{
		"uri": s.uri, "languageId": "dockerfile", "version": 1, "text": string(text),
	}})
	<-s.client.Refreshed
}

func (s *machineSession) document() object { return object{"uri": s.uri} }

// actions are those that are offered anywhere.
func (s *machineSession) actions() []object {
	s.t.Helper()
	return s.call("textDocument/codeAction", object{
		"textDocument": s.document(), "context": object{"diagnostics": []any{}},
		"range": object{"start": object{"line": 0, "character": 0}, "end": object{"line": 99, "character": 0}},
	})
}

// choose resolves the action whose title begins so, and returns what went wrong.
func (s *machineSession) choose(title string) error {
	s.t.Helper()
	actions := s.actions()
	i := slices.IndexFunc(actions, func(a object) bool { return strings.HasPrefix(a["title"].(string), title) })
	if i < 0 {
		s.t.Fatalf("%s is not offered: %v", title, actions)
	}
	return s.client.Call(s.t.Context(), "codeAction/resolve", actions[i], nil)
}

// TestNothingHappensUnasked holds that a session in which a user opens, edits, saves, looks at and closes files writes
// nothing, runs no program, reads no password and reaches no host; and that all of it would be seen.
func TestNothingHappensUnasked(t *testing.T) {
	files := unhardened()
	files["Dockerfile"] = strings.Replace(files["Dockerfile"], "node:24-alpine", "HOST/app:1 AS b\nFROM node:20", 1)
	files[".dockerfile-ls.yaml"] = "registry: {lookups: background, insecure: [HOST]}\nscanner: {path: trivy}\n"
	m := newMachine(t, nil, files)
	before := m.state()
	s := m.serve(object{})
	s.open()
	for version := 2; version < 6; version++ {
		s.notify("textDocument/didChange", object{
			"textDocument": object{"uri": s.uri, "version": version}, "contentChanges": []object{{
				"text": fmt.Sprintf(
					"FROM %s/app:%d AS b\nFROM node:20\nCOPY . .\nRUN npm install\nCMD npm start\n", m.host, version),
			}},
		})
		s.notify("textDocument/didSave", object{"textDocument": s.document()})
		s.notify("workspace/didChangeWatchedFiles", object{"changes": []object{{"uri": s.uri, "type": 2}}})
		check(t, s.client.Call(t.Context(), "textDocument/diagnostic", object{"textDocument": s.document()}, nil))
		check(t, s.client.Call(t.Context(), "workspace/diagnostic", object{"previousResultIds": []any{}}, nil))
		for line := range 5 {
			check(t, s.client.Call(t.Context(), "textDocument/hover", object{
				"textDocument": s.document(), "position": object{"line": line, "character": 6},
			}, nil))
		}
		if len(s.actions()) < 10 {
			t.Fatalf("offered: %v", s.actions())
		}
	}
	if got, asked := m.changed(before), m.asked(); got != nil || asked != nil {
		t.Errorf("while editing: changed %q, asked %q", got, asked)
	}
	if err := s.choose("Insert digest of " + m.host); err == nil {
		t.Error("the listener has given a digest")
	}
	want := []string{"ran/docker-credential-test"}
	if got, asked := m.changed(before), m.asked(); !slices.Equal(got, want) || asked == nil {
		t.Errorf("when the user asked: changed %q, asked %q", got, asked)
	}
	check(t, s.client.Notify(t.Context(), "textDocument/didClose", object{"textDocument": s.document()}))
	s.end()
	if got := m.changed(before); len(got) != 1 {
		t.Errorf("at the end: changed %q", got)
	}
}

// TestCommandsWriteWhatTheySay holds for each command which files it writes, which programs it runs, and whether it asks a
// registry.
func TestCommandsWriteWhatTheySay(t *testing.T) {
	for _, test := range []struct{ args, changed, asked string }{
		{"check", "", ""},
		{"check --format=sarif --fail-on=never .", "", ""},
		{"fix --diff", "", ""},
		{"rules", "", ""},
		{"explain runs-as-root", "", ""},
		{"version", "", ""},
		{"harden --config=settings.yaml --diff Dockerfile", "", ""},
		{"format --check", "", ""},
		{"format --diff", "", ""},
		{"format", "work/Dockerfile", ""},
		{"fix", "work/Dockerfile", ""},
		{"fix --config=settings.yaml --rule=base-image-without-digest", "", ""}, // ends with 2: nobody may be asked
		{"harden --config=settings.yaml Dockerfile", "work/.dockerignore work/Dockerfile work/server.js", ""},
		{"fix --rule=base-image-without-digest", "cache ran/docker-credential-test work/Dockerfile", "asked"},
		{"fix --diff --rule=base-image-without-digest", "cache ran/docker-credential-test", "asked"},
	} {
		files := unhardened()
		files["Dockerfile"] = strings.Replace(files["Dockerfile"], "node:24-alpine", " HOST/node:24", 1)
		m := newMachine(t, withOneImage, files)
		before := m.state()
		got := m.run(strings.Fields(test.args)...)
		changed := strings.Join(m.changed(before), " ")
		if asked := m.asked(); changed != test.changed || (asked != nil) != (test.asked != "") ||
			got.code > 1 && !strings.Contains(got.stderr, "`registry.lookups` is off") {
			t.Errorf("%s: changed %q, asked %q: %+v", test.args, changed, asked, got)
		}
	}
}

// withOneImage is a registry that has every image, and it is the same one.
func withOneImage(w http.ResponseWriter, r *http.Request) {
	if strings.Contains(r.URL.Path, "/manifests/") {
		const manifest = `{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","size":2,"digest":"sha256:` +
			`1111111111111111111111111111111111111111111111111111111111111111","platform":{"os":"linux","architecture":"amd64"}}]}`
		w.Header().Set("Content-Type", "application/vnd.oci.image.index.v1+json")
		w.Header().Set("Docker-Content-Digest", fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(manifest))))
		fmt.Fprint(w, manifest)
	}
}

// TestCredentialsAreNotLogged holds that no password stands in what the server logs at its most talkative, prints, sends to
// the editor or keeps, also where a registry gives it back in what it answers.
func TestCredentialsAreNotLogged(t *testing.T) {
	encoded := base64.StdEncoding.EncodeToString([]byte(account + ":" + password))
	for title, answer := range map[string]http.HandlerFunc{
		"let in": withOneImage,
		"refused": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("WWW-Authenticate", fmt.Sprintf("Basic realm=%q", r.Header.Get("Authorization")+password))
			w.WriteHeader(http.StatusUnauthorized)
			echo(w, r)
		},
		"forbidden": func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusForbidden)
			echo(w, r)
		},
		"broken": func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusInternalServerError)
			echo(w, r)
		},
		"busy": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Retry-After", password)
			w.WriteHeader(http.StatusTooManyRequests)
			echo(w, r)
		},
		"no JSON": echo,
		"sent on": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://"+account+":"+password+"@"+r.Host+"/x", http.StatusFound)
		},
		"hung up": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"realm": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("WWW-Authenticate",
				fmt.Sprintf(`Bearer realm="https://%s:%s@localhost/token",service=%[2]q`, account, password))
			w.WriteHeader(http.StatusUnauthorized)
		},
	} {
		t.Run(title, func(t *testing.T) {
			var knows atomic.Bool
			m := newMachine(t, func(w http.ResponseWriter, r *http.Request) {
				user, given, _ := r.BasicAuth()
				if user == account && given == password {
					knows.Store(true)
				}
				if !knows.Load() {
					w.Header().Set("WWW-Authenticate", `Basic realm="x"`)
					w.WriteHeader(http.StatusUnauthorized)
					return
				}
				answer(w, r)
			}, map[string]string{
				"Dockerfile": "FROM HOST/app:1\nCOPY . .\n", "package.json": "{}",
				".dockerfile-ls.yaml": "registry: {mirrors: {docker.io: \"https://ann:" + password + "@mirror.example.com\"}}\n",
			})
			log := filepath.Join(m.root, "log")
			s := m.serve(object{"registry": object{"timeout": "2s", "mirrors": object{
				"docker.io": "https://ann:" + password + "@mirror.example.com",
			}}}, "--log-level=debug", "--log-file="+log)
			s.open()
			_ = s.choose("Insert digest of " + m.host)
			fixed := m.run("fix", "--rule=base-image-without-digest")
			s.end()
			if !knows.Load() {
				t.Fatal("the password was not used")
			}
			logged, err := os.ReadFile(log)
			check(t, err)
			if !strings.Contains(string(logged), "method=codeAction/resolve") {
				t.Errorf("not logged: %s", logged)
			}
			kept := ""
			files, _ := filepath.Glob(filepath.Join(m.root, "home/.cache/dockerfile-ls/registry/*"))
			for _, name := range files {
				text, err := os.ReadFile(name)
				check(t, err)
				kept += string(text)
			}
			if title == "let in" && kept == "" {
				t.Error("nothing is kept")
			}
			for where, text := range map[string]string{
				"the log": string(logged), "stderr": s.errors.String(), "what the editor is sent": s.heard.String(),
				"the cache": kept, "what fix prints": fixed.stdout + fixed.stderr,
			} {
				if strings.Contains(text, password) || strings.Contains(text, encoded) {
					t.Errorf("the password stands in %s: %s", where, text)
				}
			}
		})
	}
}

// echo gives back what it has got, as JSON of a registry's error.
func echo(w http.ResponseWriter, r *http.Request) {
	fmt.Fprintf(w, `{"errors":[{"code":"DENIED","message":"%s %s","detail":%[2]q}]}`, r.Header.Get("Authorization"), password)
}
