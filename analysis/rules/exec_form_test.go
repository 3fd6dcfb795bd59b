package rules

import (
	"encoding/json"
	"math/rand/v2"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

// TestExecFormAgainstShell holds that the array has the words that a real shell makes of the command.
func TestExecFormAgainstShell(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("SKIPPED, NOT TESTED: there is no sh")
	}
	random := rand.New(rand.NewPCG(3, 4))
	pieces := []string{"node", "server.js", "--port=80", "a b", "é", `"x y"`, `'it''s'`, `"it's"`, `'a\b'`, `"a$b"`, `"a\"b"`, "*", "~", "$X", "a=b", `""`, "!x", `"a!b"`, "{a,b}", "#c", "a#b", "\\n", "100%", "@x", "x:y", "ulimit"}
	offered := 0
	for range 2_000 {
		words := []string{"run"}
		for range 1 + random.IntN(4) {
			words = append(words, pieces[random.IntN(len(pieces))])
		}
		command := strings.Join(words, strings.Repeat(" ", 1+random.IntN(2)))
		src := "FROM node:20\nCMD " + command + "\n"
		findings := findBy(src, "shell-form-command")
		if len(findings) != 1 || len(findings[0].Fixes) == 0 {
			continue
		}
		offered++
		fixed, err := text.Apply(src, findings[0].Fixes[0].Edits)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, e := range syntax.Parse(fixed).Instructions[1].Args {
			got = append(got, e.Text)
		}
		if diff := cmp.Diff(shellWords(t, sh, command), got); diff != "" {
			t.Errorf("%s: sh -, array +\n%s", command, diff)
		}
	}
	if offered < 100 {
		t.Errorf("only %d commands were offered an array", offered)
	}
}

// shellWords are the words that a shell makes of a command whose name is run.
func shellWords(t *testing.T, sh, command string) []string {
	script := `run() { printf '%s\0' run "$@"; }` + "\n" + command
	out, err := exec.Command(sh, "-c", script).Output()
	if err != nil {
		t.Fatalf("%s: %v", command, err)
	}
	return strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
}

// TestNeedsAShell holds that a command is left alone whose first word only a shell knows, or is none.
func TestNeedsAShell(t *testing.T) {
	for _, command := range []string{"ulimit -n 100", `"" x`, "cd /app", ". ./env", "A=b node x", "exec -a x node", "chdir /"} {
		for _, f := range findBy("FROM node:20\nCMD "+command+"\n", "shell-form-command") {
			if len(f.Fixes) > 0 {
				t.Errorf("%s: offered %s", command, f.Fixes[0].Title)
			}
		}
	}
}

// TestManyMistakes holds that one line does not fill a document with findings.
func TestManyMistakes(t *testing.T) {
	src := "FROM node:20\nEXPOSE " + strings.Repeat("x ", 30_000) + "\n" + strings.Repeat("EXPOSE y\n", 10)
	if n := len(findBy(src, "invalid-instruction")); n != 110 {
		t.Errorf("%d findings, want 100 of the line and 10 of the others", n)
	}
}

// TestDeepNesting holds that no nesting ends the process.
func TestDeepNesting(t *testing.T) {
	deep := strings.Repeat("${a:-", 200_000)
	arrays, _ := json.Marshal(strings.Repeat("[", 1000))
	for _, src := range []string{
		"FROM a\nENV x=" + deep + "\n",
		"FROM a\nRUN << " + deep + "\n",
		"ARG x=" + deep + "\nFROM $x\nCOPY " + deep + " /\n",
		"FROM a\nENV x=" + strings.ReplaceAll(deep, "}", "}\\\n") + strings.Repeat("}", 200_000) + "\n",
		"FROM a\nCMD " + strings.Repeat("[", 100_000) + "\n",
		"FROM a\nCMD [" + string(arrays) + "]\n",
	} {
		find(src)
	}
}
