package server

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"dockerfile-ls/analysis/golden"
)

// TestSessions plays testdata/server/*.txtar. In the part "session", a line "> #1 method {...}" is a message of the
// client: #1 makes it a request, and #1 without a method an answer, null if nothing else stands there. What the server sends
// before it falls silent stands below, in lines "<", and is written by -update. JSON goes on in indented lines.
func TestSessions(t *testing.T) {
	for file, archive := range golden.Archives(t, "../testdata/server/*.txtar") {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			for i, part := range archive.Files {
				bubble(t, func(w *wire) { archive.Files[i].Data = []byte(play(w, string(part.Data))) })
			}
			golden.Check(t, file, txtar.Format(archive))
		})
	}
}

// TestSessionsOfClients plays the sessions with what each of ten real clients has said in initialize in place of what
// stands there. What the server answers is not compared, but must be right by the protocol and by what that client can do.
func TestSessionsOfClients(t *testing.T) {
	if _, err := loadModel(); errors.Is(err, fs.ErrNotExist) {
		t.Skip("SKIPPED, NOT TESTED: no meta model; set DOCKERFILE_LS_SHARED")
	}
	for client, params := range clientParams(t) {
		for file, archive := range golden.Archives(t, "../testdata/server/*.txtar") {
			t.Run(client+"/"+strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
				for _, part := range archive.Files {
					bubble(t, func(w *wire) { playAs(w, string(part.Data), params) })
				}
			})
		}
	}
}

// playAs plays a script with other params of initialize, and answers what the server asks with null.
func playAs(w *wire, script string, params []byte) {
	for _, step := range steps(script) {
		var m message
		sent := parseStep(w, step)
		if err := json.Unmarshal([]byte(sent), &m); err != nil {
			w.t.Fatal(err)
		}
		switch {
		case m.Method == "initialize":
			sent = fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"method":"initialize","params":%s}`, m.ID, params)
		case m.Method == "":
			continue // an answer; this client is asked other things
		}
		w.send(sent)
		for came := w.settle(); len(came) > 0; came = w.settle() {
			for _, asked := range came {
				if asked.Method != "" && asked.ID != nil {
					w.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"result":null}`, asked.ID))
				}
			}
		}
	}
}

// play sends the client's messages of a script, and returns the script with the server's as they came.
func play(w *wire, script string) string {
	var out strings.Builder
	for _, step := range steps(script) {
		out.WriteString(step)
		w.send(parseStep(w, step))
		for _, m := range inOrder(w.settle()) {
			out.WriteString(formatStep(m))
		}
	}
	return out.String()
}

// inOrder puts findings behind everything else that the server sends at a time, and of those the last ones only: they come
// from a goroutine of their own, which leaves out what is out of date when it comes to it.
func inOrder(came []message) []message {
	var last, all []message
	for _, m := range came {
		if m.Method != "textDocument/publishDiagnostics" {
			all = append(all, m)
			continue
		}
		last = slices.DeleteFunc(last, func(older message) bool { return older.document() == m.document() })
		last = append(last, m)
	}
	return append(all, last...)
}

// document is the one that a message is about.
func (m message) document() string {
	var params documentID
	_ = json.Unmarshal(m.Params, &params)
	return params.URI
}

// steps are the client's messages of a script, each with its indented lines and the comment before it.
func steps(script string) []string {
	var steps []string
	comment, keep := "", false
	for line := range strings.Lines(script) {
		switch {
		case strings.HasPrefix(line, ">"):
			steps, comment, keep = append(steps, comment+line), "", true
		case strings.HasPrefix(line, "<"):
			keep = false
		case strings.HasPrefix(line, " "):
			if keep {
				steps[len(steps)-1] += line
			}
		default:
			comment += line
		}
	}
	return steps
}

// parseStep makes the message of a step.
func parseStep(w *wire, step string) string {
	_, line, _ := strings.Cut("\n"+step, "\n> ")
	head, body := line, ""
	if at := strings.IndexAny(line, "{["); at >= 0 {
		head, body = line[:at], line[at:]
	}
	m := map[string]any{"jsonrpc": "2.0"}
	payload := "result"
	for word := range strings.FieldsSeq(head) {
		if id, found := strings.CutPrefix(word, "#"); found {
			m["id"] = json.RawMessage(id)
			continue
		}
		m["method"] = word
		payload = "params"
	}
	if body == "" && payload == "result" {
		body = "null"
	}
	if body != "" {
		m[payload] = json.RawMessage(body)
	}
	raw, err := json.Marshal(m)
	if err != nil {
		w.t.Fatalf("%v in %q", err, step)
	}
	return string(raw)
}

func formatStep(m message) string {
	head := "<"
	if m.ID != nil {
		head += " #" + string(m.ID)
	}
	if m.Method != "" {
		head += " " + m.Method
	}
	body := m.Params
	if m.Result != nil {
		body = m.Result
	}
	if len(body) == 0 && m.Error == nil {
		return head + "\n" // a request without params
	}
	if m.Error != nil {
		return fmt.Sprintf("%s error %d %s\n", head, m.Error.Code, m.Error.Message)
	}
	return head + " " + layout(body, len(head)+1, "  ") + "\n"
}

// layout writes a JSON value on one line if it fits behind the column, and with one member on each line if not. It keeps
// the order of members.
func layout(value json.RawMessage, column int, indent string) string {
	const width = 120
	flat := spaced(value)
	if column+len(flat) <= width || flat[0] != '{' && flat[0] != '[' {
		return flat
	}
	var lines []string
	inner := indent + "  "
	if numbers := strings.Split(strings.Trim(flat, "[]"), ", "); !strings.ContainsAny(flat, `"{`) {
		for row := range slices.Chunk(numbers, 5) { // as those of a semantic token
			lines = append(lines, inner+strings.Join(row, ", "))
		}
		return "[\n" + strings.Join(lines, ",\n") + "\n" + indent + "]"
	}
	decoder := json.NewDecoder(bytes.NewReader(value))
	open, _ := decoder.Token()
	for decoder.More() {
		line := ""
		if open == json.Delim('{') {
			key, _ := decoder.Token()
			line = fmt.Sprintf("%q: ", key)
		}
		var member json.RawMessage
		if err := decoder.Decode(&member); err != nil {
			panic(err)
		}
		lines = append(lines, inner+line+layout(member, len(inner+line), inner))
	}
	return flat[:1] + "\n" + strings.Join(lines, ",\n") + "\n" + indent + flat[len(flat)-1:]
}

// spaced is the value on one line, with a space behind each comma and colon.
func spaced(value json.RawMessage) string {
	var indented bytes.Buffer
	if err := json.Indent(&indented, value, "", ""); err != nil {
		panic(err)
	}
	flat := indented.String()
	flat = strings.ReplaceAll(flat, ",\n", ", ")
	return strings.ReplaceAll(flat, "\n", "")
}
