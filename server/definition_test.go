package server

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
)

// TestDefinitionOfSources holds that a source of COPY or ADD leads to the file in the build context, by a pattern to all,
// and that nothing is said of what is not there, what is a folder, and what comes from elsewhere.
func TestDefinitionOfSources(t *testing.T) {
	bubble(t, func(w *wire) {
		w.ask("0", "initialize", `{"capabilities":{"textDocument":{"definition":{"linkSupport":false}}},`+inFolder+`}`)
		open(w, "file:///w/docker/Dockerfile", "FROM scratch AS a\\nARG F=package\\nCOPY $F.json *.md src absent /a/\\n"+
			"COPY --from=a package.json /b\\nADD https://a.example/package.json ./src/a.js /c/\\nCOPY é.txt /d\\n")
		w.settle()
		for place, want := range map[[2]int][]string{
			{2, 8}:  {"file:///w/package.json"},
			{2, 14}: {"file:///w/README.md", "file:///w/TODO.md"},
			{2, 19}: nil,
			{2, 24}: nil,
			{3, 16}: nil,
			{4, 8}:  nil,
			{4, 36}: {"file:///w/src/a.js"},
			{5, 6}:  {"file:///w/%C3%A9.txt"},
			{5, 11}: nil,
		} {
			answer := w.ask("1", "textDocument/definition", fmt.Sprintf(
				`{"textDocument":{"uri":"file:///w/docker/Dockerfile"},"position":{"line":%d,"character":%d}}`, place[0], place[1]))
			var found []struct{ URI string }
			if err := json.Unmarshal(answer.Result, &found); err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range found {
				got = append(got, f.URI)
			}
			if !slices.Equal(got, want) {
				t.Errorf("%v leads to %v instead of %v", place, got, want)
			}
		}
	}, folder(map[string]string{
		"package.json": "{}", "README.md": "", "TODO.md": "", "src/a.js": "", "é.txt": "", ".dockerignore": "x",
		"docker-compose.yml": "services:\n  a:\n    build: {context: ., dockerfile: docker/Dockerfile}\n",
	}))
}
