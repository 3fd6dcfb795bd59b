package rules

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/moby/buildkit/frontend/dockerfile/instructions"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

// rewritten is a command before and after the fix, as BuildKit reads it.
type rewritten struct {
	written, script string
	array           []string
	risk            string
}

// reader is a shell that reads commands: its program, the SHELL that names it, and what that has in front of the command.
type reader struct {
	program, set string
	array        []string
}

// readers are the shells that are tried: Docker's own, and Bash where there is one.
func readers(t *testing.T) []reader {
	t.Helper()
	var list []reader
	for _, r := range []reader{
		{"/bin/sh", "", []string{"/bin/sh", "-c"}},
		// Not pipefail, by which the end of a pipeline hangs on which of its ends is faster.
		{"/bin/bash", `SHELL ["/bin/bash", "-euo", "errtrace", "-c"]` +
			"\n", []string{"/bin/bash", "-euo", "errtrace", "-c"}},
	} {
		if _, err := os.Stat(r.program); err != nil {
			t.Log("NOT TESTED: there is no", r.program)
			continue
		}
		list = append(list, r)
	}
	if len(list) == 0 {
		t.Skip("SKIPPED, NOT TESTED: there is no shell")
	}
	return list
}

// rewrite writes a command behind CMD and applies the fix; ok is false where the text is no single command or there is no
// fix.
func (by reader) rewrite(t *testing.T, command string) (r rewritten, ok bool) {
	t.Helper()
	src := "FROM node:20\n" + by.set + "CMD " + command + "\n"
	model := dockerfile.New(syntax.ParseAsBuildKit(src), nil)
	last := 1 + strings.Count(by.set, "\n")
	if len(model.Instructions) != last+1 || model.Instructions[last].Err != nil {
		return r, false
	}
	shellForm, _ := model.Instructions[last].Command.(*instructions.CmdCommand)
	fix, reason, ok := ExecForm(model, nil, model.Instructions[last])
	if !ok || reason != "" || !shellForm.PrependShell {
		return r, false
	}
	fixed, err := text.Apply(src, fix.Edits)
	if err != nil {
		t.Fatalf("%q: %v", src, err)
	}
	if strings.Count(src, "# why") != strings.Count(fixed, "# why") {
		t.Errorf("%q: comments are lost in %q", src, fixed)
	}
	after := dockerfile.New(syntax.ParseAsBuildKit(fixed), nil)
	if len(after.Instructions) != last+1 || after.Instructions[last].Err != nil {
		t.Fatalf("%q becomes %q, which BuildKit rejects", src, fixed)
	}
	made := after.Instructions[last].Command.(*instructions.CmdCommand)
	if made.PrependShell {
		t.Fatalf("%q becomes %q, which is no array to BuildKit", src, fixed)
	}
	return rewritten{command, shellForm.CmdLine[0], made.CmdLine, fix.Risk}, true
}

// throughShell reports whether the array starts a shell.
func (r rewritten) throughShell() bool { return strings.Contains(r.risk, "through /bin/") }

// generator makes commands of words of all kinds, with all kinds of space between them.
type generator struct{ *rand.Rand }

func (g generator) of(list ...string) string { return list[g.IntN(len(list))] }

func (g generator) command() string {
	var out strings.Builder
	out.WriteString(g.of("run", "run", "exec run", "'run'", `r"u"n`, `r\un`))
	for range 1 + g.IntN(5) {
		out.WriteString(g.of(" ", " ", "  ", "\t", " \\\n  ", "\\\n\t ", " \\ \n# why\n  ", " \\\n  # why \\\n# more\n"))
		for range 1 + g.IntN(3) {
			out.WriteString(g.piece())
		}
	}
	return out.String() + g.of("", "", "", " ", "\t")
}

func (g generator) piece() string {
	plain := g.of("node", "server.js", "--port=80", "é", "🐳", "e\u0301", "\u00a0x", "日本", "100%", "a#b", "@x",
		"x:y", "a=b", "k=", "k=a:", "!x", "^", "]", "+,-", "{", "}", "[")
	switch g.IntN(10) {
	case 0, 1, 2, 3:
		return plain
	case 4:
		return "'" + g.of("a b", "", `\`, `"`, "$X", "a\tb", "#", "`", "\u2028", "*~", `\n`, "<&>") + "'"
	case 5:
		return `"` + g.of("a b", "", `\"`, `\\`, `\$X`, "'", "a\tb", "#", "\\`", "\\n", "!", "*?[a]",
			"\x01\x7f", "é 🐳") + `"`
	case 6:
		return `\` + g.of(" ", "'", `"`, `\`, "$", "#", "*", "~", "n", "\t", "&", ";", "é", "(")
	case 7:
		return "x\\\ny" // continued
	case 8:
		return g.of("'a \\\n b'", "\"a\\\n\tb\"", "x\\\n# why\ny")
	}
	return g.of(plain, plain, plain, "*", "~", "$X", "{a,b}", "#c", "${X:-a}", ";", "'open")
}

// TestExecFormAgainstShell holds that the array has the words that a real shell makes of the command.
func TestExecFormAgainstShell(t *testing.T) {
	for _, by := range readers(t) {
		t.Run(by.program, by.splitsAlike)
	}
}

func (by reader) splitsAlike(t *testing.T) {
	g := generator{rand.New(rand.NewPCG(3, 4))}
	var script strings.Builder
	script.WriteString("run() { printf '%s\\0' run \"$@\"; printf '\\1\\0'; }\n")
	var offered []rewritten
	for tries := 0; len(offered) < 10_000; tries++ {
		if tries > 60_000 {
			t.Fatalf("only %d commands of %d were offered an array of their words", len(offered), tries)
		}
		r, ok := by.rewrite(t, g.command())
		if !ok || r.throughShell() {
			continue
		}
		offered = append(offered, r)
		command := strings.TrimPrefix(r.script, "exec ") // which does not run functions
		script.WriteString("eval '" + strings.ReplaceAll(command, "'", `'\''`) + "'\n")
	}
	cmd := exec.Command(by.program)
	cmd.Stdin = strings.NewReader(script.String())
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	printed := strings.Split(string(out), "\x01\x00")
	if len(printed) != len(offered)+1 {
		t.Fatalf("%s ran %d of %d commands", by.program, len(printed)-1, len(offered))
	}
	for i, r := range offered {
		if diff := cmp.Diff(strings.Split(strings.TrimSuffix(printed[i], "\x00"), "\x00"), r.array); diff != "" {
			t.Errorf("%q: shell -, array +\n%s", r.written, diff)
		}
	}
}

// TestThroughShell holds that a command that needs a shell does the same behind the fix, with exec put in.
func TestThroughShell(t *testing.T) {
	dir := programs(t)
	for _, by := range readers(t) {
		t.Run(by.program, func(t *testing.T) { by.doesAlike(t, dir) })
	}
}

func (by reader) doesAlike(t *testing.T, dir string) {
	g := generator{rand.New(rand.NewPCG(5, 6))}
	part := func() string {
		command := strings.TrimRight(strings.TrimPrefix(g.command(), "exec "), " \t")
		return g.of("", "", "", "A=b ", "A=$X ", "! ", "cd / && ", "umask 077; ", ">&2 ", "echo a | ",
			"set -- x y; ", "f() { run f; }; ") + command +
			g.of("", "", "", " >&2", " 2>&1", " $X", ` "$X"`, " *", " | cat", " `echo a b`", ` "$(run y)"`, " < /dev/null")
	}
	tested, execs := 0, 0
	for range 1_500 {
		command := part()
		for range g.IntN(3) {
			command += g.of(" && ", " && \\\n  ", "; ", " || ", " \\\n# why\n&& ", " & wait; ") + part()
		}
		command = g.of("", "", "", "", "( ", "{ ", "if true; then ") + command
		for open, end := range map[string]string{"( ": " )", "{ ": "; }", "if true": "; fi"} {
			if strings.HasPrefix(command, open) {
				command += end
			}
		}
		r, ok := by.rewrite(t, command)
		if !ok || !r.throughShell() {
			continue
		}
		last := len(r.array) - 1
		put := strings.Count(r.array[last], "exec ") - strings.Count(r.script, "exec ")
		if !slices.Equal(r.array[:last], by.array) || strings.Replace(r.array[last], "exec ", "", put) != r.script {
			t.Fatalf("%q becomes %q", r.script, r.array)
		}
		if r.array[last] != r.script {
			execs++
		} else if tested > 300 && g.IntN(8) > 0 {
			continue // the same script does the same
		}
		tested++
		before, after := output(dir, append(slices.Clip(by.array), r.script)), output(dir, r.array)
		if strings.Contains(r.script, "&") && strings.Contains(r.script, "wait") {
			continue // the order is another one each time
		}
		if diff := cmp.Diff(before, after); diff != "" {
			t.Errorf("%q, and %q: sh -, array +\n%s", r.script, r.array, diff)
		}
	}
	t.Logf("%d tested, %d with exec", tested, execs)
	if execs < 300 || tested < 500 {
		t.Error("too few")
	}
}

// programs is a folder with run, which prints its arguments and the variable A, and serve, which is TestServe.
func programs(t *testing.T) string {
	t.Helper()
	if _, err := os.Stat("/bin/sh"); err != nil {
		t.Skip("SKIPPED, NOT TESTED: there is no /bin/sh")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, program := range map[string]string{
		"run":   "#!/bin/sh\nprintf '%s\\0' run \"$A\" \"$@\"\n",
		"serve": "#!/bin/sh\nSERVE=1 exec '" + self + "' -test.run '^TestServe$'\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(program), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
	return dir
}

func start(dir string, argv []string) *exec.Cmd {
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Dir = dir
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "X=c  d", "HOME=/root"}
	return cmd
}

var noProgram = regexp.MustCompile(`(line \d+): .*: (command )?not found`)

// output is what a process prints, and how it ends.
func output(dir string, argv []string) string {
	cmd := start(dir, argv)
	var out, errors bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errors
	err := cmd.Run()
	// Where there is no such program, Bash words it otherwise behind exec.
	said := noProgram.ReplaceAllString(strings.ReplaceAll(errors.String(), ": exec: ", ": "), "$1: not found")
	return fmt.Sprintf("%q\n%q\n%v", out.String(), said, err)
}

// TestServe is the program serve: it says when it hears signals, and which it heard, and ends with its input at the latest.
func TestServe(t *testing.T) {
	if os.Getenv("SERVE") == "" {
		t.Skip("it is run by TestSignalReachesProgram")
	}
	signals, ended := make(chan os.Signal, 1), make(chan struct{})
	signal.Notify(signals, syscall.SIGTERM)
	fmt.Println("ready")
	go func() {
		io.Copy(io.Discard, os.Stdin)
		close(ended)
	}()
	select {
	case heard := <-signals:
		fmt.Println(heard)
	case <-ended:
		fmt.Println("nothing heard")
	}
	os.Exit(0)
}

// TestSignalReachesProgram holds that SIGTERM, sent to the process that the array starts, reaches the program.
func TestSignalReachesProgram(t *testing.T) {
	dir := programs(t)
	for _, by := range readers(t) {
		t.Run(by.program, func(t *testing.T) { by.passesSignals(t, dir) })
	}
}

func (by reader) passesSignals(t *testing.T, dir string) {
	for command, reaches := range map[string]bool{
		"serve":                              true,
		"serve 'a b' \\\n  c":                true,
		"serve $X":                           true,
		"exec serve $X":                      true,
		"A=b serve":                          true,
		"run a && serve":                     true,
		"cd /; A=b \\\n  # why\n  serve x":   true,
		"false || true; serve > /dev/stdout": true,
		"serve || run a":                     false,
		"trap 'run a' EXIT; serve":           false,
	} {
		r, ok := by.rewrite(t, command)
		if !ok {
			t.Errorf("%q: no array", command)
			continue
		}
		if gives := !strings.Contains(r.risk, "which still"); gives != reaches {
			t.Errorf("%q becomes %q: %s", command, r.array, r.risk)
		}
		if got := hears(t, start(dir, r.array)); reaches != (got == "terminated\n") {
			t.Errorf("%q becomes %q, and the program says %q", command, r.array, got)
		}
	}
}

// hears is what serve prints when SIGTERM is sent to a process.
func hears(t *testing.T, cmd *exec.Cmd) string {
	t.Helper()
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	cmd.Stdout = write
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	write.Close()
	var before []byte
	for one := make([]byte, 1); !bytes.HasSuffix(before, []byte("ready\n")); before = append(before, one[0]) {
		if _, err := read.Read(one); err != nil {
			t.Fatalf("%q, and then %v", before, err)
		}
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	cmd.Process.Wait()
	in.Close() // a program that has heard nothing ends now
	after, _ := io.ReadAll(read)
	return string(after)
}

// TestNeedsAShell holds that a command keeps its shell, and the shell its process, if its first word only a shell knows or
// is none.
func TestNeedsAShell(t *testing.T) {
	for _, command := range []string{
		"ulimit -n 100", `"" x`, "cd /app", ". ./env", "exec -a x node", "chdir /", "! node", "[[ a ]]",
	} {
		for _, by := range readers(t) {
			r, ok := by.rewrite(t, command)
			if !ok || !slices.Equal(r.array, append(slices.Clip(by.array), command)) {
				t.Errorf("%s: %s becomes %q", by.program, command, r.array)
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
