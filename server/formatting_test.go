package server

import (
	"fmt"
	"regexp"
	"testing"
)

// TestFormattingFollows holds who says how a document is laid out, and that it is what they say now: the configuration,
// .editorconfig, be it open or saved, and then the editor.
func TestFormattingFollows(t *testing.T) {
	files := map[string]string{
		"a/Dockerfile": "", "a/.editorconfig": "[Docker*]\nindent_style = space\nindent_size = 2\n",
		"b/Dockerfile": "", "b/.editorconfig": "[*]\nindent_size = 2\n", "b/.dockerfile-ls.yaml": "format: {indent: tab}\n",
		"c/Dockerfile": "", "c/.dockerfile-ls.yaml": "ignore: [Dockerfile]\n",
		"d/Dockerfile": "",
	}
	bubble(t, func(w *wire) {
		w.ask("0", "initialize", `{"capabilities":{"textDocument":{"formatting":{}}},`+inFolder+`}`)
		laidOut := func(folder string) string {
			answer := w.ask(`"f"`, "textDocument/formatting", fmt.Sprintf(
				`{"textDocument":{"uri":"file:///w/%s/Dockerfile"},"options":{"tabSize":3,"insertSpaces":true}}`, folder))
			var all string
			for _, text := range regexp.MustCompile(`"newText":("[^"]*")`).FindAllStringSubmatch(string(answer.Result), -1) {
				all += text[1]
			}
			return all
		}
		// One blank is there.
		for folder, want := range map[string]string{"a": `" "`, "b": `"\t"`, "c": "", "d": `"  "`} {
			open(w, "file:///w/"+folder+"/Dockerfile", `FROM scratch\nENV a=b \\\n c=d\n`)
			w.settle()
			if got := laidOut(folder); got != want {
				t.Errorf("%s: %s instead of %s", folder, got, want)
			}
		}
		w.notify("textDocument/didOpen", `{"textDocument":{"uri":"file:///w/a/.editorconfig","languageId":"ini","version":1,`+
			`"text":"[*]\nindent_style = tab\n"}}`)
		w.settle()
		if got := laidOut("a"); got != `"\t"` {
			t.Errorf("with an open .editorconfig: %s", got)
		}
	}, folder(files))
}
