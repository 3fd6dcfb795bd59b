package shell

import (
	"os/exec"
	"slices"
	"strings"
	"testing"

	"dockerfile-ls/analysis/corpus"
	"dockerfile-ls/analysis/golden"
	"dockerfile-ls/analysis/syntax"
)

// TestAgainstShells holds that real shells give a program the values that literal words are said to have.
func TestAgainstShells(t *testing.T) {
	words := literalWords(t)
	var script strings.Builder
	for _, w := range words {
		script.WriteString("printf '%s\\0' " + w.Text + "\n")
	}
	for _, shell := range []string{"dash", "bash", "busybox"} {
		path, err := exec.LookPath(shell)
		if err != nil {
			t.Logf("NOT TESTED: no %s", shell)
			continue
		}
		cmd := exec.Command(path)
		if shell == "busybox" {
			cmd.Args = append(cmd.Args, "sh")
		}
		cmd.Dir, cmd.Env = t.TempDir(), []string{"LC_ALL=C.UTF-8"}
		cmd.Stdin = strings.NewReader(script.String())
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%s: %v", shell, err)
		}
		values := strings.Split(string(out), "\x00")
		if len(values) != len(words)+1 {
			t.Fatalf("%s has %d values of %d words", shell, len(values)-1, len(words))
		}
		for i, w := range words {
			if values[i] != w.Value {
				t.Errorf("%s gives %q for %q, which is said to be %q", shell, values[i], w.Text, w.Value)
			}
		}
		t.Logf("%s agrees on the values of %d words", shell, len(words))
	}
}

// literalWords are all different words of the corpus and of the cases that are said to be literal. Should that be wrong,
// none of them would run anything.
func literalWords(t *testing.T) []Word {
	var sources []string
	for _, file := range corpus.Dockerfiles(t) {
		sources = append(sources, file.Text)
	}
	for _, archive := range golden.Archives(t, "../../testdata/shell/*.txtar") {
		for _, part := range archive.Files {
			sources = append(sources, string(part.Data))
		}
	}
	found := map[string]Word{}
	for _, src := range sources {
		for _, s := range scripts(syntax.Parse(src)) {
			for _, c := range s.Commands {
				for _, w := range c.Words {
					if w.Literal && !c.Inside.Has(InExec) && !runs(w.Text) {
						found[w.Text] = w
					}
				}
			}
		}
	}
	var words []Word
	for _, w := range found {
		words = append(words, w)
	}
	slices.SortFunc(words, func(a, b Word) int { return strings.Compare(a.Text, b.Text) })
	return words
}

func runs(word string) bool {
	return slices.ContainsFunc([]string{"`", "$(", "<(", ">("}, func(s string) bool { return strings.Contains(word, s) })
}
