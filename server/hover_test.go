package server

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestHoverForClients holds that each real client gets a hover in a form that it shows, at the place in its own units.
func TestHoverForClients(t *testing.T) {
	for name, params := range clientParams(t) {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(w *wire) {
				var client able
				if err := json.Unmarshal(params, &client.params); err != nil {
					t.Fatal(err)
				}
				encoding := checkInitialize(w, client, params)
				const before = "LABEL a=😀 b="
				open(w, "file:///w/Dockerfile", "FROM scratch\\nENV A='<b>'\\n"+before+"${A}\\n")
				w.settle()
				start := units(before+"${", encoding)
				answer := w.ask("1", "textDocument/hover", fmt.Sprintf(
					`{"textDocument":{"uri":"file:///w/Dockerfile"},"position":{"line":2,"character":%d}}`, start))
				var shown struct {
					Contents struct{ Kind, Value string }
					Range    struct{ Start, End struct{ Line, Character int } }
				}
				if err := json.Unmarshal(answer.Result, &shown); err != nil {
					t.Fatalf("%v: %s", err, answer)
				}
				formats, _ := client.to("textDocument.hover.contentFormat").([]any)
				if !slices.Contains(formats, any(shown.Contents.Kind)) {
					t.Errorf("%s for a client that shows %v", shown.Contents.Kind, formats)
				}
				value, code := shown.Contents.Value, "`<b>`"
				if !strings.Contains(value, "<b>") || strings.Contains(value, code) != (shown.Contents.Kind == "markdown") {
					t.Errorf("the value is not shown as text: %s", value)
				}
				if shown.Range.Start.Character != start || shown.Range.End.Character != start+1 {
					t.Errorf("the range is %+v instead of one from %d", shown.Range, start)
				}
			})
		})
	}
}
