package server

import (
	"flag"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"unicode/utf16"

	"dockerfile-ls/analysis/corpus"
	"dockerfile-ls/analysis/project/complete"
)

// equalitySteps is how many edits TestEquality makes; the long run is described in CONTRIBUTING.md.
var equalitySteps = flag.Int("steps", 1_500, "edits of TestEquality")

// TestEquality edits files of the corpus at random, in the project around each, and holds that after each edit the client
// has been told exactly what it is told of the same text when it opens it.
func TestEquality(t *testing.T) {
	files := corpus.Dockerfiles(t)
	root := os.DirFS(corpus.Shared(t, "corpus/dev"))
	random := rand.New(rand.NewPCG(5, 11))
	const stepsPerFile = 50
	for done := 0; done < *equalitySteps; done += stepsPerFile {
		file := files[random.IntN(len(files))]
		around, name, err := complete.FromCorpus(root, file.Name)
		if err != nil {
			t.Fatal(err)
		}
		synctest.Test(t, func(t *testing.T) {
			e := &editing{t: t, random: random, name: name, others: files}
			e.edited, e.fresh = e.connect(around.Files), e.connect(around.Files)
			defer e.edited.hangUp()
			defer e.fresh.hangUp()
			e.run(file.Text, stepsPerFile)
		})
		if t.Failed() {
			return
		}
	}
}

// editing is a document that is edited in one server and opened after each edit in another.
type editing struct {
	t             *testing.T
	random        *rand.Rand
	name          string
	others        []corpus.File
	edited, fresh *wire
	text          []uint16
	before        [][]uint16 // for undo
	version       int
}

func (e *editing) connect(around fstest.MapFS) *wire {
	w := connect(e.t, func(s *server) { s.gatherer.disk = func(string) fs.FS { return around } })
	go w.receive()
	w.ask("0", "initialize",
		`{"capabilities":{"textDocument":{"publishDiagnostics":{"relatedInformation":true}}},`+inFolder+`}`)
	return w
}

func (e *editing) run(source string, steps int) {
	e.text = utf16.Encode([]rune(source))
	e.open(e.edited)
	e.compare("opened")
	for range steps {
		e.version++
		what, changes := e.edit()
		e.edited.notify("textDocument/didChange", fmt.Sprintf(
			`{"textDocument":{"uri":%q,"version":%d},"contentChanges":[%s]}`, e.uri(), e.version, changes))
		if !e.compare(what) {
			return
		}
	}
}

func (e *editing) uri() string { return "file:///w/" + e.name }

func (e *editing) open(w *wire) {
	w.notify("textDocument/didOpen", fmt.Sprintf(
		`{"textDocument":{"uri":%q,"languageId":"dockerfile","version":1,"text":%s}}`, e.uri(), quoted(e.whole())))
}

func (e *editing) whole() string { return string(utf16.Decode(e.text)) }

// compare opens the text anew, and compares what both servers have said of it last.
func (e *editing) compare(what string) bool {
	e.t.Helper()
	e.open(e.fresh)
	got, want := lastDiagnostics(e.edited, ""), lastDiagnostics(e.fresh, "")
	e.fresh.notify("textDocument/didClose", fmt.Sprintf(`{"textDocument":{"uri":%q}}`, e.uri()))
	e.fresh.settle()
	if got != want {
		e.t.Errorf("%s, version %d, after %s:\n%s\ninstead of\n%s\nof\n%s", e.name, e.version, what, got, want, e.whole())
	}
	return got == want
}

// lastDiagnostics are those that were published last; a text whose facts stay as they are is published once.
func lastDiagnostics(w *wire, last string) string {
	for _, m := range w.settle() {
		if m.Method == "textDocument/publishDiagnostics" {
			last = string(m.Params)
		}
	}
	return last
}

// edit changes the text, and returns what it did with the change as a client sends it.
func (e *editing) edit() (what, changes string) {
	e.before = append(e.before, append([]uint16{}, e.text...))
	e.before = e.before[max(0, len(e.before)-5):]
	switch kind := e.random.IntN(12); {
	case kind == 0 && len(e.before) > 1:
		at := len(e.before) - 1 - e.random.IntN(min(5, len(e.before)))
		e.text = append([]uint16{}, e.before[at]...)
		return "undo", `{"text":` + quoted(e.whole()) + `}`
	case kind == 1:
		e.text = utf16.Encode([]rune(flipLineEndings(e.whole())))
		return "line endings", `{"text":` + quoted(e.whole()) + `}`
	case kind == 2:
		return "two changes", e.replace(e.place(), e.place(), "") + "," + e.replace(e.place(), e.place(), e.pasted())
	case kind < 5:
		return "delete", e.replace(e.place(), e.place(), "")
	case kind < 7:
		at := e.place()
		return "paste", e.replace(at, at, e.pasted())
	}
	at := e.place()
	const keys = "\n \\\"'[]#$<{}=-RUNFOMabc😀\r\t`,:/"
	runes := []rune(keys)
	return "type", e.replace(at, at, string(runes[e.random.IntN(len(runes))]))
}

func flipLineEndings(s string) string {
	if strings.Contains(s, "\r\n") {
		return strings.ReplaceAll(s, "\r\n", "\n")
	}
	return strings.ReplaceAll(s, "\n", "\r\n")
}

// pasted is a line of another file.
func (e *editing) pasted() string {
	lines := strings.SplitAfter(e.others[e.random.IntN(len(e.others))].Text, "\n")
	return lines[e.random.IntN(len(lines))]
}

// place is a position in the text; two of them make a short range more often than a long one.
func (e *editing) place() position {
	at := e.random.IntN(len(e.text) + 1)
	line, start := 0, 0
	for i := 0; i < at; i++ {
		if e.text[i] == '\n' || e.text[i] == '\r' && (i+1 == len(e.text) || e.text[i+1] != '\n') {
			line, start = line+1, i+1
		}
	}
	return position{float64(line), float64(at - start)}
}

// replace makes a change of at most three lines.
func (e *editing) replace(from, to position, text string) string {
	if to.Line < from.Line {
		from, to = to, from
	}
	to.Line = min(to.Line, from.Line+2)
	change := contentChange{&textRange{from, to}, text}
	e.text = replaceUnits(e.text, change)
	return fmt.Sprintf(`{"range":{"start":{"line":%v,"character":%v},"end":{"line":%v,"character":%v}},"text":%s}`,
		from.Line, from.Character, to.Line, to.Character, quoted(text))
}
