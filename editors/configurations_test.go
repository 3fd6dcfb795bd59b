// Package editors has the configurations of editors that need no more than a file or two. Its tests read them as the editors
// do; e2e/ drives the editors that can be had.
package editors

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
	"github.com/google/go-cmp/cmp"
)

// configurations are all files but READMEs of the folders of clients, and how their command is found.
var configurations = map[string]func(t *testing.T, content []byte) []string{
	"emacs/dockerfile-ls-eglot.el":    script(";", '"', `'eglot-server-programs .*\("(dockerfile-ls)" "([^"]+)"\)`),
	"emacs/dockerfile-ls-lsp-mode.el": script(";", '"', `-language-server-command '\("(dockerfile-ls)" "([^"]+)"\)`),
	"helix/languages.toml":            helix,
	"kate/settings.json":              kate,
	"sublime/LSP.sublime-settings":    sublime,
	"vim/ale.vim":                     script(`"`, '\'', `'executable': '([^']+)',\n\\ 'command': '%e ([^']+)'`),
	"vim/coc-settings.json":           coc,
	"vim/vim-lsp.vim":                 script(`"`, '\'', `\['(dockerfile-ls)', '([^']+)'\]`),
	"zed/settings.json":               zed,
}

// clients are the folders of clients.
var clients = []string{"emacs", "helix", "kate", "sublime", "vim", "zed"}

// TestConfigurations holds that each file can be read, has nothing unknown in it, and starts the server.
func TestConfigurations(t *testing.T) {
	want := []string{"dockerfile-ls", "serve"}
	for name, command := range configurations {
		t.Run(name, func(t *testing.T) {
			if got := command(t, read(t, name)); !slices.Equal(got, want) {
				t.Errorf("%q starts the server, and not %q", got, want)
			}
		})
	}
}

// TestConfigurationsListed holds that no file is left out, and that the README of its folder names it.
func TestConfigurationsListed(t *testing.T) {
	var files, listed []string
	for _, client := range clients {
		names, err := filepath.Glob(client + "/*")
		if err != nil {
			t.Fatal(err)
		}
		readme := read(t, client+"/README.md")
		for _, name := range names {
			if filepath.Base(name) == "README.md" {
				continue
			}
			files = append(files, filepath.ToSlash(name))
			if !bytes.Contains(readme, []byte("]("+filepath.Base(name)+")")) {
				t.Errorf("%s/README.md does not name %s", client, name)
			}
		}
	}
	for name := range configurations {
		listed = append(listed, name)
	}
	slices.Sort(files)
	slices.Sort(listed)
	if diff := cmp.Diff(files, listed); diff != "" {
		t.Error(diff)
	}
}

// TestREADMEs holds that they are short, link to files that are there, and say what was run: a suite, a person, or nobody.
func TestREADMEs(t *testing.T) {
	const most = 30
	run := map[string][]string{
		"emacs":   {"../e2e/emacs.sh"},
		"helix":   {"../e2e/helix.sh"},
		"kate":    {"was run by hand"},
		"sublime": {"Sublime Text was not run: from its documentation"},
		"vim":     {"../e2e/vim.sh", "was run by hand", "coc.nvim was not run: from its documentation"},
		"zed":     {"Zed was not run: from its documentation"},
	}
	for _, client := range clients {
		readme := string(read(t, client+"/README.md"))
		if lines := strings.Count(readme, "\n"); lines > most {
			t.Errorf("%s/README.md has %d lines, of at most %d", client, lines, most)
		}
		for _, words := range run[client] {
			if !strings.Contains(readme, words) {
				t.Errorf("%s/README.md does not say %q", client, words)
			}
		}
		for _, part := range strings.Split(readme, "](")[1:] {
			target, _, _ := strings.Cut(part, ")")
			if _, err := os.Stat(filepath.Join(client, target)); err != nil {
				t.Error(err)
			}
		}
	}
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.FromSlash(name))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// parse reads JSON that has nothing but what a value has a place for.
func parse(t *testing.T, content []byte, value any) {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(value); err != nil {
		t.Fatal(err)
	}
	if decoder.More() {
		t.Fatal("there is more than one value")
	}
}

func helix(t *testing.T, content []byte) []string {
	var file struct {
		Servers map[string]struct {
			Command string
			Args    []string
		} `toml:"language-server"`
		Languages []struct {
			Name    string
			Servers []string `toml:"language-servers"`
		} `toml:"language"`
	}
	meta, err := toml.Decode(string(content), &file)
	if err != nil || len(meta.Undecoded()) > 0 {
		t.Fatalf("%v, and not known: %v", err, meta.Undecoded())
	}
	if len(file.Languages) != 1 || file.Languages[0].Name != "dockerfile" || len(file.Languages[0].Servers) != 1 {
		t.Fatalf("languages %v", file.Languages)
	}
	server := file.Servers[file.Languages[0].Servers[0]]
	return append([]string{server.Command}, server.Args...)
}

func kate(t *testing.T, content []byte) []string {
	var file struct {
		Servers struct {
			Docker struct{ Command []string } // Kate's own name: another entry loses to it
		}
	}
	parse(t, content, &file)
	return file.Servers.Docker.Command
}

func sublime(t *testing.T, content []byte) []string {
	var file struct {
		Clients map[string]struct {
			Enabled  bool
			Command  []string
			Selector string
		}
	}
	parse(t, content, &file)
	client := file.Clients["dockerfile-ls"]
	if !client.Enabled || !strings.Contains(client.Selector, "source.dockerfile") {
		t.Errorf("client %v", client)
	}
	return client.Command
}

func coc(t *testing.T, content []byte) []string {
	var file struct {
		Servers map[string]struct {
			Command   string
			Args      []string
			FileTypes []string
		} `json:"languageserver"`
	}
	parse(t, content, &file)
	server := file.Servers["dockerfile-ls"]
	if !slices.Equal(server.FileTypes, []string{"dockerfile"}) {
		t.Errorf("file types %v", server.FileTypes)
	}
	return append([]string{server.Command}, server.Args...)
}

func zed(t *testing.T, content []byte) []string {
	var file struct {
		Languages map[string]struct {
			Servers []string `json:"language_servers"`
		}
		LSP map[string]struct {
			Binary struct {
				Path      string
				Arguments []string
			}
		}
	}
	parse(t, content, &file)
	servers := file.Languages["Dockerfile"].Servers
	if len(servers) == 0 {
		t.Fatal("no language server for Dockerfile")
	}
	binary := file.LSP[servers[0]].Binary
	if !strings.HasPrefix(binary.Path, "/") {
		t.Errorf("%s is looked for in the folder of the extension", binary.Path)
	}
	return append([]string{filepath.Base(binary.Path)}, binary.Arguments...)
}

// script reads a script with such comments and strings, in which a pattern finds the words of the command.
func script(comment string, quote rune, pattern string) func(*testing.T, []byte) []string {
	words := regexp.MustCompile(pattern)
	return func(t *testing.T, content []byte) []string {
		var text strings.Builder
		for line := range strings.Lines(string(content)) {
			if !strings.HasPrefix(line, comment) {
				text.WriteString(line)
			}
		}
		balanced(t, text.String(), quote)
		found := words.FindAllStringSubmatch(text.String(), -1)
		if len(found) != 1 {
			t.Fatalf("%d commands", len(found))
		}
		return found[0][1:]
	}
}

// balanced holds that brackets outside of strings are closed in order.
func balanced(t *testing.T, text string, quote rune) {
	t.Helper()
	closing := map[rune]rune{'(': ')', '[': ']', '{': '}'}
	var open []rune
	inString := false
	for _, r := range text {
		switch {
		case r == quote:
			inString = !inString
		case inString:
		case closing[r] != 0:
			open = append(open, closing[r])
		case strings.ContainsRune(")]}", r):
			if len(open) == 0 || open[len(open)-1] != r {
				t.Fatalf("%c closes nothing", r)
			}
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 || inString {
		t.Errorf("left open: %q, a string: %v", open, inString)
	}
}
