package server

import (
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"unicode/utf16"

	"dockerfile-ls/analysis/corpus"
	"dockerfile-ls/analysis/project/complete"
)

// soakSteps is how many edits TestSoak makes; the long run is described in CONTRIBUTING.md.
var soakSteps = flag.Int("soak", 400, "edits of TestSoak")

// TestSoak edits some files in one session, with requests of every kind under way that are answered late, cancelled or
// wrong, while the files around them change, and holds that each is answered once, that the server keeps no more of it than
// before, and that it tells at the end what a fresh one tells. It is done for a client that is told, and for one that asks.
func TestSoak(t *testing.T) {
	for name, capabilities := range map[string]string{
		"told": `"publishDiagnostics":{"relatedInformation":true}`,
		"asks": `"diagnostic":{"relatedDocumentSupport":false}`,
	} {
		t.Run(name, func(t *testing.T) {
			folder := soakFolder(t)
			synctest.Test(t, func(t *testing.T) {
				s := &soaking{
					t: t, random: rand.New(rand.NewPCG(3, 9)), folder: folder, capabilities: capabilities,
					others: corpus.Dockerfiles(t), asked: map[string]bool{},
				}
				s.wire = s.connect()
				defer s.wire.hangUp()
				s.run(*soakSteps / 2)
			})
		})
	}
}

// soakFolder is a repository of the corpus, completed, on a real disk.
func soakFolder(t *testing.T) string {
	t.Helper()
	root := os.DirFS(corpus.Shared(t, "corpus/dev"))
	folder := t.TempDir()
	files := corpus.Dockerfiles(t)
	for i := 0; i < len(files); i += 40 { // some that lie upon each other
		around, _, err := complete.FromCorpus(root, files[i].Name)
		if err != nil {
			t.Fatal(err)
		}
		for name, file := range around.Files {
			target := filepath.Join(folder, filepath.FromSlash(name))
			_ = os.MkdirAll(filepath.Dir(target), 0o777)
			_ = os.WriteFile(target, file.Data, 0o666) // a folder of the other one may stand there
		}
	}
	return folder
}

// soaking is a session that goes on for long.
type soaking struct {
	t            *testing.T
	random       *rand.Rand
	folder       string
	capabilities string
	others       []corpus.File
	wire         *wire
	documents    []*editing
	id           int
	asked        map[string]bool   // requests that are not answered yet, by ID
	offered      []string          // some actions that were offered lately
	published    map[string]string // the last diagnostics, by document
	refreshed    int               // how often the server has said that diagnostics are other ones now
	last         json.RawMessage   // of the answers
	answers      int
	failed       int
	cancelled    int
}

func (s *soaking) connect() *wire {
	w := connect(s.t, func(srv *server) {
		srv.gatherer.disk = func(root string) fs.FS {
			return os.DirFS(filepath.Join(s.folder, strings.TrimPrefix(root, "/w")))
		}
	})
	if *soakSteps > 10_000 {
		w.deafen() // the checker remembers every message
	}
	go w.receive()
	w.ask("0", "initialize", `{"processId":null,"capabilities":{
		"window":{"workDoneProgress":true,"showMessage":{}},
		"textDocument":{`+s.capabilities+`,"hover":{},"documentSymbol":{},"foldingRange":{},
			"definition":{},"references":{},"documentHighlight":{},"rename":{"prepareSupport":true},"linkedEditingRange":{},
			"documentLink":{},"inlayHint":{},"codeLens":{},
			"semanticTokens":{"requests":{"full":{"delta":true}},"formats":["relative"],"tokenTypes":["keyword","variable"]},
			"codeAction":{"dataSupport":true,"disabledSupport":true,
			"resolveSupport":{"properties":["edit"]},"codeActionLiteralSupport":{"codeActionKind":{"valueSet":[]}}}},
		"workspace":{"applyEdit":true,"executeCommand":{},"configuration":true,
			"diagnostics":{"refreshSupport":true},"didChangeWatchedFiles":{"dynamicRegistration":true},
			"workspaceEdit":{"documentChanges":true,"resourceOperations":["create"]}}},`+inFolder+`}`)
	w.notify("initialized", "{}")
	return w
}

// footprint is what a server costs when nothing is under way.
type footprint struct {
	heap                    uint64
	goroutines, descriptors int
}

func (s *soaking) footprint() footprint {
	s.settle()
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	entries, _ := os.ReadDir("/proc/self/fd") // none elsewhere
	return footprint{m.HeapAlloc, runtime.NumGoroutine(), len(entries)}
}

// run makes edits, in batches at whose ends everything must be answered.
func (s *soaking) run(steps int) {
	for i, name := range []string{"Dockerfile", "web.Dockerfile", "sub/Dockerfile"} {
		e := &editing{t: s.t, random: s.random, name: name, others: s.others, edited: s.wire}
		e.text = utf16.Encode([]rune(s.others[i].Text))
		s.documents = append(s.documents, e)
		s.open(e)
	}
	s.settle()
	const batch = 20
	warm := max(batch, steps/5)
	var before footprint
	for done := 0; done < steps && !s.t.Failed(); done += batch {
		for range batch {
			s.step()
		}
		s.settle()
		if done < warm && done+batch >= warm {
			before = s.footprint()
			s.t.Logf("%7d edits: %+v", done+batch, before)
		}
		if (done/batch)%50 == 49 {
			s.compare()
		}
		if now := (done / batch) % max(1, steps/batch/10); now == 0 && steps > 10_000 {
			s.t.Logf("%7d edits: %+v, %d answers, %d errors, %d cancelled", done+batch, s.footprint(), s.answers, s.failed,
				s.cancelled)
		}
	}
	s.compare()
	after := s.footprint()
	s.t.Logf("%7d edits: %+v, %d answers, %d errors, %d cancelled", steps, after, s.answers, s.failed, s.cancelled)
	if after.goroutines > before.goroutines || after.descriptors > before.descriptors {
		s.t.Errorf("goroutines or descriptors are left: %+v, and %+v before", after, before)
	}
	if most := before.heap + before.heap/4 + 8<<20; after.heap > most {
		s.t.Errorf("the heap has grown to %d bytes, from %d", after.heap, before.heap)
	}
	if s.answers == 0 || s.failed == 0 || s.cancelled == 0 {
		s.t.Error("not all kinds of answers came")
	}
	s.isIdle()
}

// isIdle holds that the server remembers nothing of what is over.
func (s *soaking) isIdle() {
	srv := s.wire.server
	if n := len(srv.requests.cancel) + len(srv.shown.cancel); n > 0 {
		s.t.Errorf("%d requests and progresses are not over", n)
	}
	if len(srv.documents) > len(s.documents) || len(srv.gatherer.known) > len(s.documents) ||
		len(srv.gatherer.waiting)+len(srv.gatherer.busy)+len(srv.turns.tasks)+len(srv.publisher.waiting) > 0 {
		s.t.Error("documents that are closed or done are remembered")
	}
}

// step makes one edit, and sends what else happens about then.
func (s *soaking) step() {
	e := s.documents[s.random.IntN(len(s.documents))]
	e.version++
	if s.random.IntN(100) == 0 { // edits take more away than they bring
		e.text = utf16.Encode([]rune(s.others[s.random.IntN(len(s.others))].Text))
		s.change(e, `{"text":`+quoted(e.whole())+`}`)
	} else {
		_, changes := e.edit()
		s.change(e, changes)
	}
	for s.random.IntN(3) > 0 {
		s.request(e)
	}
	switch s.random.IntN(40) {
	case 0:
		s.wire.notify("textDocument/didSave", fmt.Sprintf(`{"textDocument":{"uri":%q}}`, e.uri()))
	case 1:
		s.wire.notify("textDocument/didClose", fmt.Sprintf(`{"textDocument":{"uri":%q}}`, e.uri()))
		s.open(e)
	case 2:
		s.write()
	case 3:
		s.settle() // what is under way may still be told of
		s.wire.notify("$/setTrace", `{"value":"`+s.one("off", "messages", "verbose")+`"}`)
	case 4:
		s.wire.notify("window/workDoneProgress/cancel", fmt.Sprintf(`{"token":"dockerfile-ls/%d"}`, s.random.IntN(99)))
	case 5:
		s.wire.notify("workspace/didChangeConfiguration", `{"settings":null}`)
	}
}

func (s *soaking) one(of ...string) string { return of[s.random.IntN(len(of))] }

func (s *soaking) open(e *editing) {
	s.wire.notify("textDocument/didOpen", fmt.Sprintf(
		`{"textDocument":{"uri":%q,"languageId":"dockerfile","version":%d,"text":%s}}`, e.uri(), e.version,
		quoted(e.whole())))
}

func (s *soaking) change(e *editing, changes string) {
	s.wire.notify("textDocument/didChange", fmt.Sprintf(
		`{"textDocument":{"uri":%q,"version":%d},"contentChanges":[%s]}`, e.uri(), e.version, changes))
}

// write changes a file around the documents, or takes it away, and says so.
func (s *soaking) write() {
	texts := map[string][]string{
		"package.json":        {`{}`, `{"name":"a","scripts":{"start":"node a.js"},"dependencies":{"b":"1"}}`, "{", ""},
		".dockerignore":       {"node_modules\n", "*\n!src\n", "[", "**/.env\n", ""},
		".dockerfile-ls.yaml": {"rules: {}\n", "rules: {shell-form-command: off}\n", "ignore: [web.*]\n", "x: [", ""},
		".env":                {"TOKEN=1\n", ""},
	}
	name := s.one("package.json", ".dockerignore", ".dockerfile-ls.yaml", ".env")
	text := s.one(texts[name]...)
	file := filepath.Join(s.folder, name)
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		s.t.Fatal(err)
	}
	if text == "" {
		if err := os.Remove(file); err != nil {
			s.t.Fatal(err)
		}
	}
	s.wire.notify("workspace/didChangeWatchedFiles", fmt.Sprintf(`{"changes":[{"uri":"file:///w/%s","type":2}]}`, name))
}

// request sends a request, and gives some of them up.
func (s *soaking) request(e *editing) {
	s.id++
	from, to := e.place(), e.place()
	place := fmt.Sprintf(`"position":{"line":%v,"character":%v},"range":{"start":{"line":%[1]v,"character":%v},"end":{"line":%v,"character":%v}}`,
		from.Line, from.Character, to.Line, to.Character)
	document := fmt.Sprintf(`"textDocument":{"uri":%q}`, e.uri())
	method, params := "textDocument/hover", `{`+document+`,`+place+`}`
	switch kind := s.random.IntN(100); {
	case kind < 15:
	case kind < 25:
		method = "textDocument/" + s.one("documentSymbol", "foldingRange", "semanticTokens/full", "semanticTokens/range",
			"semanticTokens/full/delta", "selectionRange", "definition", "references", "documentHighlight", "prepareRename",
			"rename", "linkedEditingRange", "documentLink", "inlayHint", "codeLens")
		params = `{` + document + `,` + place + `,"positions":[],"context":{"includeDeclaration":true},"newName":"other",` +
			`"previousResultId":"` + fmt.Sprint(s.random.IntN(9)) + `"}`
	case kind < 55:
		method, params = "textDocument/codeAction", `{`+document+`,`+place+`,"context":{"diagnostics":[]}}`
	case kind < 70:
		method, params = "textDocument/diagnostic", `{`+document+`}`
	case kind < 84 && len(s.offered) > 0:
		method, params = "codeAction/resolve", s.one(s.offered...)
	case kind < 86:
		method, params = "workspace/diagnostic", `{"previousResultIds":[]}`
	case kind < 88:
		method, params = "workspace/executeCommand", fmt.Sprintf(
			`{"command":"dockerfile-ls.harden","arguments":[{"uri":%q}]}`, e.uri())
	case kind < 92:
		method, params = "workspace/executeCommand", fmt.Sprintf(
			`{"command":"dockerfile-ls.scan","arguments":[{"uri":%q,"image":"node:24"}]}`, e.uri())
	case kind < 95:
		method, params = "workspace/executeCommand", fmt.Sprintf(
			`{"command":"dockerfile-ls.apply","arguments":[{"uri":%q,"version":%d,"range":{"start":{"line":0,"character":0},"end":{"line":9,"character":0}},"title":"Change CMD to exec form"}]}`,
			e.uri(), e.version)
	case kind < 97:
		method, params = s.one("textDocument/hover", "workspace/executeCommand", "codeAction/resolve"), `{}`
	default:
		method, params = "unheard/of", `{}`
	}
	s.asked[fmt.Sprint(s.id)] = true
	s.wire.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":%q,"params":%s}`, s.id, method, params))
	if s.random.IntN(3) == 0 {
		s.wire.notify("$/cancelRequest", fmt.Sprintf(`{"id":%d}`, s.id-s.random.IntN(min(4, s.id))))
	}
}

// settle answers what the server asks until it asks no more, and holds that every request was answered once.
func (s *soaking) settle() {
	s.t.Helper()
	if s.published == nil {
		s.published = map[string]string{}
	}
	for asks := true; asks; {
		asks = false
		for _, m := range s.wire.settle() {
			switch {
			case m.Method == "textDocument/publishDiagnostics":
				s.published[uriOf.FindString(string(m.Params))] = string(m.Params)
			case m.Method != "" && m.ID != nil:
				asks = true
				if m.Method == "workspace/diagnostic/refresh" {
					s.refreshed++
				}
				s.wire.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,%s}`, m.ID, s.answer(m)))
			case m.Method == "":
				s.take(m)
			}
		}
	}
	for id := range s.asked {
		s.t.Fatalf("request %s is not answered", id)
	}
	s.wire.mu.Lock()
	s.wire.told = nil
	s.wire.mu.Unlock()
	if log := s.wire.log(); strings.Contains(log, "panic") {
		s.t.Fatal(log)
	}
}

var (
	uriOf      = regexp.MustCompile(`"uri":"[^"]*"`)
	resultIDOf = regexp.MustCompile(`"resultId":"[^"]*"`)
)

// answer is what the user and the editor say to the server.
func (s *soaking) answer(m message) string {
	switch m.Method {
	case "workspace/applyEdit":
		return `"result":{"applied":` + s.one("true", "false") + `}`
	case "window/showMessageRequest":
		if _, title, found := strings.Cut(string(m.Params), `"actions":[`); found && s.random.IntN(3) > 0 {
			title, _, _ = strings.Cut(title, "}")
			return `"result":` + title + `}`
		}
	case "workspace/configuration":
		return `"result":[` + s.one("null", `{"registry":{"lookups":"off"}}`, `{"rules":{"untagged-base-image":"off"}}`) + `]`
	}
	return `"result":null`
}

// take takes an answer, and some of the actions in it.
func (s *soaking) take(m message) {
	id := string(m.ID)
	if _, waits := s.asked[id]; !waits {
		s.t.Fatalf("an answer that nobody waits for: %s", m)
	}
	delete(s.asked, id)
	s.last = m.Result
	s.answers++
	switch {
	case m.failed(-32800):
		s.cancelled++
	case m.failed(-32603):
		s.t.Fatalf("a mistake of the server: %s", m)
	case m.Error != nil:
		s.failed++
	}
	for _, action := range strings.Split(string(m.Result), `{"title":`)[1:] {
		action = `{"title":` + strings.TrimRight(action, ",]")
		if strings.Contains(action, `"data":{`) && strings.Count(action, "{") == strings.Count(action, "}") {
			s.offered = append(s.offered, action)
			s.offered = s.offered[max(0, len(s.offered)-20):]
		}
	}
}

// compare has a fresh server look at the same texts, with what registries and scanners have said.
func (s *soaking) compare() {
	s.t.Helper()
	s.settle()
	fresh := *s
	fresh.asked, fresh.published = map[string]bool{}, nil
	fresh.wire = fresh.connect()
	defer fresh.wire.hangUp()
	fresh.settle()
	old, srv := s.wire.server, fresh.wire.server
	srv.onLoop(func() {
		srv.images, srv.scans, srv.editor = old.images, old.scans, old.editor
		srv.moved()
	})
	fresh.settle()
	for _, e := range s.documents {
		fresh.open(e)
	}
	fresh.settle()
	for _, e := range s.documents {
		got, want := s.found(e), fresh.found(e)
		if got != want {
			s.t.Fatalf("%s, version %d:\n%s\ninstead of\n%s\nof\n%s", e.name, e.version, got, want, e.whole())
		}
		key := fmt.Sprintf(`"uri":%q`, e.uri())
		if got, want := s.published[key], fresh.published[key]; got != want {
			s.t.Fatalf("%s, version %d: told\n%s\ninstead of\n%s", e.name, e.version, got, want)
		}
	}
}

// found are the diagnostics of a document, asked for until the server does not say that they are other ones now: the first
// time shows it what the text wants to know of the files around it.
func (s *soaking) found(e *editing) string {
	s.t.Helper()
	for {
		before := s.refreshed
		s.asked[`"found"`] = true
		s.wire.send(fmt.Sprintf(
			`{"jsonrpc":"2.0","id":"found","method":"textDocument/diagnostic","params":{"textDocument":{"uri":%q}}}`, e.uri()))
		s.settle()
		if s.refreshed == before {
			return resultIDOf.ReplaceAllString(string(s.last), "")
		}
	}
}
