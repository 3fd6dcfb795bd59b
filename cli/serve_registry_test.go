package cli

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/random"
	"github.com/google/go-containerregistry/pkg/v1/remote"

	"dockerfile-ls/analysis/registry/registrytest"
	"dockerfile-ls/analysis/text"
	"dockerfile-ls/server/lspclient"
)

// TestInsertDigestFromDockerRegistry plays a session with the product in a process of its own, against Debian's
// docker-registry in another: what the actions write is what the registry reports by plain HTTP.
func TestInsertDigestFromDockerRegistry(t *testing.T) {
	host := registrytest.Start(t, registrytest.Options{})
	pushAll(t, host)
	app, tool := reported(t, host, "acme/app", "1"), reported(t, host, "acme/tool", "2")
	base, stale := reported(t, host, "acme/base", "latest"), "sha256:"+strings.Repeat("1", 64)
	lines := []string{
		"ARG TOOL=" + host + "/acme/tool:2",
		"FROM --platform=linux/amd64 " + host + "/acme/app:1 AS a",
		"from ${TOOL} AS b",
		"FROM " + host + "/acme/base AS c",
		"FROM " + host + "/acme/app:1@" + stale + " AS d",
		"COPY --from=" + host + "/acme/tool:2 --chown=1:1 /x /y",
		"RUN --mount=type=bind,from=" + host + "/acme/app:1,target=/z true # kept",
	}
	with := func(changes map[int]string) string {
		all := slices.Clone(lines)
		for n, now := range changes {
			all[n] = now
		}
		return strings.Join(all, "\r\n") + "\r\n"
	}
	versioned := strings.Replace(lines[3], "base", "base:1.2.3@"+base, 1)
	updated := strings.Replace(lines[4], stale, app, 1)
	pinned := map[int]string{
		0: lines[0] + "@" + tool,
		1: strings.Replace(lines[1], "app:1", "app:1@"+app, 1),
		5: strings.Replace(lines[5], "tool:2", "tool:2@"+tool, 1),
		6: strings.Replace(lines[6], "app:1", "app:1@"+app, 1),
	}
	p := play(t, with(nil))
	for _, step := range []struct {
		line  int
		title string
		want  string
	}{
		{1, "Insert digest of " + host + "/acme/app:1", with(map[int]string{1: pinned[1]})},
		{2, "Insert digest of " + host + "/acme/tool:2", with(map[int]string{0: pinned[0]})},
		{3, "Insert today's version and digest of " + host + "/acme/base", with(map[int]string{3: versioned})},
		{4, "Update digest of " + host + "/acme/app:1 (it is another image)", with(map[int]string{4: updated})},
		{5, "Insert digest of " + host + "/acme/tool:2", with(map[int]string{5: pinned[5]})},
		{6, "Insert digest of " + host + "/acme/app:1", with(map[int]string{6: pinned[6]})},
		{1, "Insert digests of all 4 images", with(pinned)},
	} {
		if got := p.made(step.line, strings.Index(lines[step.line], "acme"), step.title); got != step.want {
			t.Errorf("%s makes\n%s\nwant\n%s", step.title, got, step.want)
		}
	}
}

// playing is a session with one open file.
type playing struct {
	t      *testing.T
	client *lspclient.Client
	text   string
}

// stdio are the ends of a process that the test has.
type stdio struct {
	io.Reader
	io.WriteCloser
}

// play starts the product, and opens a text in it.
func play(t *testing.T, text string) *playing {
	t.Helper()
	command := exec.Command(os.Args[0], "serve")
	home := t.TempDir()
	command.Env = append(os.Environ(), "DOCKERFILE_LS_TEST_MAIN=1", "HOME="+home, "XDG_CACHE_HOME="+home,
		"DOCKER_CONFIG="+home)
	in, err := command.StdinPipe()
	check(t, err)
	out, err := command.StdoutPipe()
	check(t, err)
	check(t, command.Start())
	t.Cleanup(func() {
		in.Close()
		command.Wait()
	})
	p := &playing{t, lspclient.Dial(t.Context(), stdio{out, in}), text}
	check(t, p.client.Call(t.Context(), "initialize", object{"processId": nil, "capabilities": object{
		"window": object{"workDoneProgress": true},
		"textDocument": object{"codeAction": object{
			"codeActionLiteralSupport": object{"codeActionKind": object{"valueSet": []string{}}},
			"dataSupport":              true, "resolveSupport": object{"properties": []string{"edit"}},
		}},
		"workspace": object{"workspaceEdit": object{"documentChanges": true}},
	}}, nil))
	check(t, p.client.Notify(t.Context(), "textDocument/didOpen", object{"textDocument": object{
		"uri": "untitled:Dockerfile", "languageId": "dockerfile", "version": 1, "text": text,
	}}))
	return p
}

// made is the text behind the action with a title that is offered at a place.
func (p *playing) made(line, column int, title string) string {
	p.t.Helper()
	place := lspPosition{line, max(column, len("from $"))}
	var actions []lspAction
	check(p.t, p.client.Call(p.t.Context(), "textDocument/codeAction", object{
		"textDocument": object{"uri": "untitled:Dockerfile"}, "range": lspRange{place, place},
		"context": object{"diagnostics": []any{}},
	}, &actions))
	i := slices.IndexFunc(actions, func(a lspAction) bool { return a.Title == title })
	if i < 0 {
		p.t.Fatalf("%s is not offered: %+v", title, actions)
	}
	action := actions[i]
	if action.Edit == nil { // what is known already has its edit at once
		check(p.t, p.client.Call(p.t.Context(), "codeAction/resolve", action, &action))
	}
	lines := text.NewLines(p.text)
	var edits []text.Edit
	for _, e := range action.Edit.DocumentChanges[0].Edits {
		edits = append(edits, text.Edit{Span: spanOf(lines, e.Range), New: e.NewText})
	}
	after, err := text.Apply(p.text, edits)
	check(p.t, err)
	return after
}

// pushAll puts three images on a registry: one for two platforms, and one that latest means besides its version.
func pushAll(t *testing.T, host string) {
	t.Helper()
	tag := func(reference string) name.Tag {
		tag, err := name.NewTag(host+"/acme/"+reference, name.Insecure)
		check(t, err)
		return tag
	}
	imageFor := func(p v1.Platform, env string) v1.Image {
		made, err := random.Image(100, 2)
		check(t, err)
		made, err = mutate.ConfigFile(made, &v1.ConfigFile{
			OS: p.OS, Architecture: p.Architecture, Created: v1.Time{Time: time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)},
			Config: v1.Config{Env: []string{env}},
		})
		check(t, err)
		return made
	}
	var index v1.ImageIndex = empty.Index
	for _, p := range []v1.Platform{{OS: "linux", Architecture: "arm64"}, {OS: "linux", Architecture: "amd64"}} {
		one := mutate.IndexAddendum{Add: imageFor(p, "A=b"), Descriptor: v1.Descriptor{Platform: &p}}
		index = mutate.AppendManifests(index, one)
	}
	check(t, remote.WriteIndex(tag("app:1"), index))
	check(t, remote.Write(tag("tool:2"), imageFor(v1.Platform{OS: "linux", Architecture: "amd64"}, "A=b")))
	versioned := imageFor(v1.Platform{OS: "linux", Architecture: "amd64"}, "BASE_VERSION=1.2.3")
	check(t, remote.Write(tag("base:latest"), versioned))
	check(t, remote.Write(tag("base:1.2.3"), versioned))
}

// reported is the digest that a registry itself reports of a tag.
func reported(t *testing.T, host, repository, tag string) string {
	t.Helper()
	url := fmt.Sprintf("http://%s/v2/%s/manifests/%s", host, repository, tag)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodHead, url, nil)
	check(t, err)
	request.Header.Set("Accept", "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, "+
		"application/vnd.docker.distribution.manifest.v2+json, application/vnd.docker.distribution.manifest.list.v2+json")
	answer, err := http.DefaultClient.Do(request)
	check(t, err)
	answer.Body.Close()
	digest := answer.Header.Get("Docker-Content-Digest")
	if answer.StatusCode != http.StatusOK || !strings.HasPrefix(digest, "sha256:") {
		t.Fatalf("%s:%s: %s, digest %q", repository, tag, answer.Status, digest)
	}
	return digest
}
