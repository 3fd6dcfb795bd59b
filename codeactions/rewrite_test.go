package codeactions

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/moby/buildkit/frontend/dockerfile/instructions"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/execform"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/text"
)

// rewrittenTo is a file behind the rewriting of its last instruction to a form; ok is false if it is not offered.
func rewrittenTo(t *testing.T, src, form string) (result string, ok bool) {
	t.Helper()
	s := analysis.New(src, lint.Facts{}, nil)
	if len(s.Model().Instructions) < 2 {
		return "", false
	}
	inst := s.Model().Instructions[len(s.Model().Instructions)-1]
	for _, a := range rewrite(s, text.Span{Start: inst.Start, End: inst.Start}) {
		if strings.Contains(a.Title, form) {
			result, err := text.Apply(src, a.Edits)
			if err != nil {
				t.Fatal(err)
			}
			return result, true
		}
	}
	return "", false
}

// argv is what BuildKit runs for the RUN that a file ends with, by its default shell.
func argv(t *testing.T, src string) []string {
	t.Helper()
	all := analysis.New(src, lint.Facts{}, nil).Model().Instructions
	inst := all[len(all)-1]
	run, ok := inst.Command.(*instructions.RunCommand)
	switch {
	case !ok:
		t.Fatalf("BuildKit rejects %q: %v", src, inst.Err)
	case len(run.Files) > 0:
		return []string{"/bin/sh", "-c", run.Files[0].Data}
	case run.PrependShell:
		return append([]string{"/bin/sh", "-c"}, run.CmdLine...)
	}
	return run.CmdLine
}

// printed is what a command prints, and how it ends.
func printed(dir string, argv []string) string {
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Dir, cmd.Env = dir, []string{"PATH=" + os.Getenv("PATH"), "X=c  d"}
	out, err := cmd.Output() // the shell has numbers of lines in its errors
	return fmt.Sprintf("%q %v", out, err)
}

// TestListsAgainstShell holds that a real shell does the same with a list and with a here-document, whatever fails where.
func TestListsAgainstShell(t *testing.T) {
	if _, err := os.Stat("/bin/sh"); err != nil {
		t.Skip("SKIPPED, NOT TESTED: there is no /bin/sh")
	}
	random := rand.New(rand.NewPCG(7, 8))
	of := func(list ...string) string { return list[random.IntN(len(list))] }
	command := func() string {
		return of("echo a", "echo \"$X\" '$X'", "echo a \\\n  # why\n  b  \\\n\tc", "true", "true", "false", "X=b",
			"x=$(false)", "echo $(echo a && false)", "echo a | cat", "false | cat", "cat nothing 2>&1", "exit 3", "cd /",
			"pwd", "(echo a; echo b)", "test -n \"$X\"", "[ -e /nothing ]", "set -x", "echo 'a \\\n b'", "export X=$(false)",
			"! false", "echo \\\\\\\\", "echo a || echo b", "if true; then false; fi", "f() { false; echo f; }", "f",
			"echo $(false; echo a)", "umask 077", "read y </dev/null", "printf '%s' a\\", "X=c env | grep ^X=",
			"eval 'false; echo e'", "{ false; echo b; }", "set -e", "set +e", "exec echo a")
	}
	dir, made := t.TempDir(), map[string]int{}
	for range 3_000 {
		joint := of(" && ", " && ", " && ", " && \\\n  ", " \\\n# why\n  && ", "; ", " || ")
		src := "FROM node:20\nRUN " + of("", "", "set -e; ", "set -ex && ") + command()
		for range 1 + random.IntN(4) {
			src += joint + command()
		}
		if random.IntN(3) == 0 {
			src = "FROM node:20\nRUN <<EOF\n" + of("set -e\n", "") + strings.ReplaceAll(strings.TrimPrefix(src,
				"FROM node:20\nRUN "), joint, "\n") + "\nEOF"
		}
		for _, form := range []string{"to a here-document", "to a list"} {
			result, ok := rewrittenTo(t, src+"\n", form)
			if !ok {
				continue
			}
			made[form]++
			if diff := cmp.Diff(printed(dir, argv(t, src+"\n")), printed(dir, argv(t, result))); diff != "" {
				t.Errorf("%s\n→\n%s\nbefore -, after +\n%s", src, result, diff)
			}
		}
	}
	t.Log(made)
	if made["to a here-document"] < 300 || made["to a list"] < 50 {
		t.Error("too few")
	}
}

// TestShellFormAgainstShell holds that a real shell makes the words of an array of the shell form that it is rewritten to.
func TestShellFormAgainstShell(t *testing.T) {
	for program, set := range map[string]string{
		"/bin/sh": "", "/bin/bash": `SHELL ["/bin/bash", "-eo", "pipefail", "-c"]` + "\n",
	} {
		t.Run(program, func(t *testing.T) {
			if _, err := os.Stat(program); err != nil {
				t.Skip("SKIPPED, NOT TESTED: there is no", program)
			}
			shellFormAgainst(t, program, set)
		})
	}
}

func shellFormAgainst(t *testing.T, program, set string) {
	random := rand.New(rand.NewPCG(9, 10))
	of := func(list ...string) string { return list[random.IntN(len(list))] }
	var script strings.Builder
	script.WriteString("run() { printf '%s\\0' run \"$@\"; printf '\\1\\0'; }\n")
	var arrays [][]string
	for range 3_000 {
		words := []string{"run"}
		for range random.IntN(5) {
			word := ""
			for range random.IntN(4) {
				word += of("a", "é", "🐳", " ", "\t", "'", `"`, `\`, "$X", "`", "*", "~", "#", "&&", "<<EOF", "{a,b}", "=",
					"!", "[", "]", ",", "\u00a0", "e\u0301", "\x7f", "%", "(", ")")
			}
			words = append(words, word)
		}
		src := "FROM node:20\n" + set + "RUN [" + of("", " ")
		for i, word := range words {
			if i > 0 {
				src += of(",", ", ", " , ", ", \\\n  ", ",\\\n", ", \\\n# why, \"so\"\n")
			}
			src += execform.Quote(word)
		}
		result, ok := rewrittenTo(t, src+of("", " ", " \\\n")+"]\n", "to shell form")
		if !ok {
			t.Fatalf("%q: not offered", src)
		}
		arrays = append(arrays, words)
		script.WriteString("eval '" + strings.ReplaceAll(argv(t, result)[2], "'", `'\''`) + "'\n")
	}
	cmd := exec.Command(program)
	cmd.Stdin = strings.NewReader(script.String())
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(out), "\x01\x00")
	if len(lines) != len(arrays)+1 {
		t.Fatalf("%s ran %d of %d", program, len(lines)-1, len(arrays))
	}
	for i, words := range arrays {
		if diff := cmp.Diff(words, strings.Split(strings.TrimSuffix(lines[i], "\x00"), "\x00")); diff != "" {
			t.Errorf("array -, shell +\n%s", diff)
		}
	}
}
