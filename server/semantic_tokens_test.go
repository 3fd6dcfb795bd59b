package server

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"github.com/moby/buildkit/frontend/dockerfile/parser"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/corpus"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/text"
	"dockerfile-ls/analysis/tokens"
)

// paints are capabilities of a client that takes all kinds of requests.
const paints = `{"capabilities":{"textDocument":{"semanticTokens":{"requests":{"range":true,"full":{"delta":true}},
	"formats":["relative"],"tokenModifiers":["declaration"],"tokenTypes":["namespace","class","enumMember","parameter",
	"property","variable","keyword","string","comment","number","operator","function","decorator","label"]}}}}`

// tokenMessage is an answer with tokens, or with what has changed.
type tokenMessage struct {
	ResultID string
	Data     []uint32
	Edits    []struct {
		Start, DeleteCount int
		Data               []uint32
	}
}

// apply makes the edits, of which the places count in what was before.
func (m *tokenMessage) apply(before []uint32) []uint32 {
	if m.Data != nil {
		return m.Data
	}
	now := slices.Clone(before)
	for _, e := range slices.Backward(m.Edits) {
		now = slices.Replace(now, e.Start, e.Start+e.DeleteCount, e.Data...)
	}
	return now
}

func askTokens(w *wire, method, params string) (answer tokenMessage) {
	w.t.Helper()
	w.settle() // diagnostics come when they come
	m := w.ask("1", "textDocument/semanticTokens/"+method, params)
	if err := json.Unmarshal(m.Result, &answer); err != nil || answer.Data == nil && answer.Edits == nil {
		w.t.Fatalf("%v: %s", err, m)
	}
	return answer
}

// TestTokenDeltas edits files of the corpus at random, and holds that what was told, with what has changed, is what is told
// of the same text anew; that it lies in the lines of the text and does not overlap; and that a part is a part of the whole.
func TestTokenDeltas(t *testing.T) {
	files := corpus.Dockerfiles(t)
	random := rand.New(rand.NewPCG(3, 7))
	deltas := 0
	for range 12 {
		file := files[random.IntN(len(files))]
		synctest.Test(t, func(t *testing.T) {
			e := &editing{t: t, random: random, name: file.Name, others: files}
			w := connect(t, func(*server) {})
			go w.receive()
			defer w.hangUp()
			w.ask("0", "initialize", paints)
			e.text = utf16.Encode([]rune(file.Text))
			e.open(w)
			told := askTokens(w, "full", fmt.Sprintf(`{"textDocument":{"uri":%q}}`, e.uri()))
			for range 40 {
				e.version++
				what, changes := e.edit()
				w.notify("textDocument/didChange", fmt.Sprintf(
					`{"textDocument":{"uri":%q,"version":%d},"contentChanges":[%s]}`, e.uri(), e.version, changes))
				next := askTokens(w, "full/delta", fmt.Sprintf(
					`{"textDocument":{"uri":%q},"previousResultId":%q}`, e.uri(), told.ResultID))
				if next.Edits != nil {
					deltas++
				}
				told = tokenMessage{ResultID: next.ResultID, Data: next.apply(told.Data)}
				anew := e.tokensAnew(w)
				if diff := cmp.Diff(anew.Data, told.Data); diff != "" {
					t.Fatalf("%s, after %s:\n%s", e.name, what, diff)
				}
				e.checkTokens(w, anew.Data)
			}
			w.notify("textDocument/didClose", fmt.Sprintf(`{"textDocument":{"uri":%q}}`, e.uri()))
			if w.settle(); len(w.server.tokens) != 0 {
				t.Errorf("remembered of what is closed: %v", w.server.tokens)
			}
		})
	}
	if deltas < 400 {
		t.Errorf("only %d deltas", deltas)
	}
}

// tokensAnew opens the text under another name.
func (e *editing) tokensAnew(w *wire) tokenMessage {
	const other = `{"textDocument":{"uri":"untitled:other"}}`
	w.notify("textDocument/didOpen", fmt.Sprintf(
		`{"textDocument":{"uri":"untitled:other","languageId":"dockerfile","version":1,"text":%s}}`, quoted(e.whole())))
	answer := askTokens(w, "full", other)
	w.notify("textDocument/didClose", other)
	return answer
}

func (e *editing) checkTokens(w *wire, data []uint32) {
	lines := text.NewLines(e.whole())
	whole := absolute(data)
	end := [2]uint32{}
	for _, token := range whole {
		line := lines.Line(int(token[0])).Of(e.whole())
		if columns := len(utf16.Encode([]rune(line))); token[2] == 0 || int(token[1]+token[2]) > columns {
			e.t.Fatalf("%v in a line of %d columns", token, columns)
		}
		if token[0] == end[0] && token[1] < end[1] {
			e.t.Fatalf("%v behind %v", token, end)
		}
		end = [2]uint32{token[0], token[1] + token[2]}
	}
	from, to := e.place(), e.place()
	if to.Line < from.Line {
		from, to = to, from
	}
	from.Character, to.Character = 0, 0
	part := askTokens(w, "range", fmt.Sprintf(
		`{"textDocument":{"uri":%q},"range":{"start":{"line":%v,"character":0},"end":{"line":%v,"character":0}}}`,
		e.uri(), from.Line, to.Line))
	var want [][5]uint32
	for _, token := range whole {
		if line := float64(token[0]); line >= from.Line && line < to.Line {
			want = append(want, token)
		}
	}
	if diff := cmp.Diff(want, absolute(part.Data)); diff != "" {
		e.t.Fatalf("lines %v to %v:\n%s", from.Line, to.Line, diff)
	}
}

// absolute are tokens with their lines and columns.
func absolute(data []uint32) (all [][5]uint32) {
	var last [5]uint32
	for token := range slices.Chunk(data, 5) {
		now := [5]uint32(token)
		if now[0] == 0 {
			now[1] += last[1]
		}
		now[0] += last[0]
		all = append(all, now)
		last = now
	}
	return all
}

// TestTokensForClients holds for each of ten real clients that it is offered the requests that it makes, with types and
// modifiers that it knows.
func TestTokensForClients(t *testing.T) {
	takers := 0
	for name, params := range clientParams(t) {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(w *wire) {
				var client able
				var result struct {
					Capabilities struct {
						SemanticTokensProvider *struct {
							Legend struct{ TokenTypes, TokenModifiers []string }
							Range  bool
							Full   struct{ Delta bool }
						}
					}
				}
				if err := json.Unmarshal(params, &client.params); err != nil {
					t.Fatal(err)
				}
				answer := w.ask("0", "initialize", string(params))
				if err := json.Unmarshal(answer.Result, &result); err != nil {
					t.Fatal(err)
				}
				got, takes := result.Capabilities.SemanticTokensProvider, client.to("textDocument.semanticTokens") != nil
				if (got != nil) != takes {
					t.Fatalf("offered %v", got)
				}
				if !takes {
					return
				}
				takers++
				const tokens = "textDocument.semanticTokens."
				if got.Range != client.says(tokens+"requests.range") ||
					got.Full.Delta != client.says(tokens+"requests.full.delta") {
					t.Errorf("requests %+v", got)
				}
				checkLegend(t, client.to(tokens+"tokenTypes"), got.Legend.TokenTypes, 10)
				checkLegend(t, client.to(tokens+"tokenModifiers"), got.Legend.TokenModifiers, 0)
			})
		})
	}
	if takers < 3 {
		t.Errorf("only %d clients take tokens", takers)
	}
}

func checkLegend(t *testing.T, known any, offered []string, least int) {
	t.Helper()
	for _, name := range offered {
		if !slices.Contains(known.([]any), any(name)) {
			t.Errorf("%s is not in %v", name, known)
		}
	}
	if len(offered) < least {
		t.Errorf("only %v are offered", offered)
	}
}

// BenchmarkTokens makes the numbers of all tokens for a client, beside BuildKit's bare parse of the same text.
func BenchmarkTokens(b *testing.B) {
	types := "namespace class enumMember property variable keyword string comment number operator function"
	client := &tokenCapabilities{Types: strings.Fields(types), Formats: []string{"relative"}}
	client.Requests.Full = []byte("true")
	l := client.legend()
	for _, lines := range []int{300, 5_000} {
		src := corpus.Generated(lines)
		b.Run(fmt.Sprint(lines), func(b *testing.B) {
			s := analysis.New(src, lint.Facts{}, nil)
			s.Model()
			s.Lines()
			start, count := time.Now(), 0
			for b.Loop() {
				converter{s.Lines(), text.UTF16}.encoded(tokens.Of(s.Model()), l)
				count++
			}
			spent := time.Since(start)
			start = time.Now()
			for range count {
				if _, err := parser.Parse(strings.NewReader(src)); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(spent)/float64(time.Since(start)), "x-bare-parse")
		})
	}
}
