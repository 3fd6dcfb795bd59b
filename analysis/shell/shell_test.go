package shell

import (
	"sort"
	"strings"
	"testing"
	"time"

	"dockerfile-ls/analysis/corpus"
	"dockerfile-ls/analysis/golden"
	"dockerfile-ls/analysis/syntax"
)

func TestLawsOnCorpus(t *testing.T) {
	instructions, commands := 0, 0
	givenUp, files := map[string]int{}, map[string]bool{}
	for _, file := range corpus.Dockerfiles(t) {
		for name, src := range variants(file.Text) {
			if broken := checkFile(src); broken != "" {
				t.Errorf("%s (%s): %s", file.Name, name, broken)
			}
		}
		f := syntax.Parse(file.Text)
		for _, s := range scripts(f) {
			if len(s.Commands)+len(s.Unknowns) == 0 {
				continue
			}
			instructions++
			commands += len(s.Commands)
			for _, u := range s.Unknowns {
				givenUp[u.Message]++
				files[file.Name] = true
				t.Logf("%s: reason %d: %s: %.120q", file.Name, u.Reason, u.Message, u.Of(f.Text))
			}
		}
	}
	t.Logf("%d instructions with %d commands; something is not known in %d files", instructions, commands, len(files))
	var reasons []string
	for reason := range givenUp {
		reasons = append(reasons, reason)
	}
	sort.Strings(reasons)
	for _, reason := range reasons {
		t.Logf("%d times: %s", givenUp[reason], reason)
	}
}

func variants(src string) map[string]string {
	return map[string]string{
		"as it is": src,
		"CRLF":     strings.ReplaceAll(src, "\n", "\r\n"),
		"backtick": "# escape=`\n" + strings.ReplaceAll(src, "\\\n", "`\n"),
		"tabs":     strings.ReplaceAll(src, "    ", "\t"),
	}
}

// TestPrefixes holds the laws for every case as it is being typed.
func TestPrefixes(t *testing.T) {
	for file, archive := range golden.Archives(t, "../../testdata/shell/*.txtar") {
		for _, f := range archive.Files {
			if strings.Contains(f.Name, ":") {
				continue
			}
			src := strings.ReplaceAll(string(f.Data), "␍", "\r")
			for end := range len(src) + 1 {
				if broken := checkFile(src[:end]); broken != "" {
					t.Errorf("%s: %s: %s", file, f.Name, broken)
				}
				if broken := checkScript(src[:end]); broken != "" {
					t.Errorf("%s: %s: as a script: %s", file, f.Name, broken)
				}
			}
		}
	}
}

// oddities are what the fuzz test found: places where the parser says something else than what stands there.
var oddities = []string{
	",\\\\\\\n",                              // a continuation behind an escaped backslash
	"\x1c$$\\\n",                             // a variable that ends inside a continuation
	"i && a\\\r\n=\r\nC",                     // a continued name without a value
	"2& a\\\r\n=\x17\\\r\n=",                 // and with one
	"U[U88188818888]=",                       // an index that reads a variable
	"R\\=Y=[; a-b=[x] c=1 d; export e-f=[g]", // no assignments
	"(@(=))",                                 // a pattern with a =
	"export A=b D=\"$; a=(N 2=1\"",           // two = in a word
	"RUN cat <<A; cat <<-B&$x\nA\n\tB\nRU",   // an operator in a delimiter that is not there
	"RUN cat <<A;'>a ' cat <<-B&$x\nA\n\ty\n\t'$z\n\tB",    // and in one with quotes
	"RUN <<-\"E\"\n\tnpm ci\n\tfi",                         // a failure behind a tab that was taken off
	"RUN a\\\nb \\\n\n# c\n c=\"d\\\n e\"",                 // continuations in words
	"RUN <<E\necho a\\\nb \"c\\\nd\" 'e\\\nf' $g\\\n\nE\n", // and those of the shell
}

func TestOddities(t *testing.T) {
	for _, src := range oddities {
		if broken := checkFile(src); broken != "" {
			t.Errorf("%q: %s", src, broken)
		}
		if broken := checkScript(src); broken != "" {
			t.Errorf("%q as a script: %s", src, broken)
		}
	}
}

func FuzzShell(f *testing.F) {
	for _, archive := range golden.Archives(f, "../../testdata/shell/*.txtar") {
		for _, part := range archive.Files {
			if !strings.Contains(part.Name, ":") {
				f.Add(strings.ReplaceAll(string(part.Data), "␍", "\r"))
			}
		}
	}
	for _, src := range oddities {
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src string) {
		if broken := checkFile(src); broken != "" {
			t.Errorf("%s of %q", broken, src)
		}
		if broken := checkScript(src); broken != "" {
			t.Errorf("%s of the script %q", broken, src)
		}
	})
}

// TestBounds holds that no script is too much: nothing overflows, and nothing takes long.
func TestBounds(t *testing.T) {
	for _, c := range []struct {
		name, script string
		known        bool
	}{
		{"brackets", strings.Repeat("(", 10_000), false},
		{"brackets to the limit", strings.Repeat("(", maxScript), false},
		{"few brackets", strings.Repeat("( ", 200) + "a" + strings.Repeat(" )", 200), true},
		{"defaults", "echo " + strings.Repeat("${a:-", 3000) + strings.Repeat("}", 3000), false},
		{"few defaults", "echo " + strings.Repeat("${a:-", 200) + strings.Repeat("}", 200), true},
		{"substitutions", strings.Repeat("$(", 100_000), false},
		{"quotes in defaults", strings.Repeat(`"${a:-`, 30_000), false},
		{"conditions", strings.Repeat("if ", 80_000), false},
		{"functions", strings.Repeat("f() ", 60_000), false},
		{"times", strings.Repeat("time ", 50_000), false},
		{"cases", strings.Repeat("case a in a) ", 20_000), false},
		{"negated tests", "[[ " + strings.Repeat("! ", 100_000), false},
		{"comments", strings.Repeat("#\n", 100_000), false},
		{"minus", "echo $((" + strings.Repeat("- ", 100_000), false},
		{"questions", "echo $((1" + strings.Repeat("?1:1", 50_000) + "))", false},
		{"sum", "echo $((1" + strings.Repeat("+1", 100_000) + "))", true},
		{"list", "a" + strings.Repeat("&& a", 60_000), true},
		{"pipeline", "a" + strings.Repeat("|a", 100_000), true},
		{"lines", strings.Repeat("echo \"hello\" 'world' $x\n", 10_000), true},
		{"heredocs", strings.Repeat("cat <<a\nx\na\n", 20_000), true},
		{"open heredocs", strings.Repeat("<<a ", 60_000), false},
		{"scripts in scripts", nested(12), false},
		{"few scripts in scripts", nested(4), true},
		{"1 MB", strings.Repeat("echo hello world\n", 60_000), false},
		{"NUL", "a\x00b", false},
		{"invalid UTF-8", "echo \xff", false},
		{"carriage return", "echo a\rb", false},
		{"CRLF", "echo a\r\necho b\r\n", true},
		{"nothing", "", true},
	} {
		start := time.Now()
		s := ParseFile(c.script)
		spent := time.Since(start)
		if s.Known() != c.known {
			t.Errorf("%s: known is %v: %v", c.name, s.Known(), s.Unknowns)
		}
		if spent > 3*time.Second {
			t.Errorf("%s takes %v", c.name, spent)
		}
		t.Logf("%s: %d bytes, %d commands, %v, %v", c.name, len(c.script), len(s.Commands), spent, s.Unknowns)
	}
}

// nested is a script inside a script, and so on.
func nested(depth int) string {
	script := "npm ci\n"
	for i := range depth {
		end := "E" + strings.Repeat("E", i)
		script = "sh <<'" + end + "'\n" + script + end + "\n"
	}
	return script
}

func BenchmarkCorpus(b *testing.B) {
	var files []*syntax.File
	for _, file := range corpus.Dockerfiles(b) {
		files = append(files, syntax.Parse(file.Text))
	}
	for b.Loop() {
		for _, f := range files {
			scripts(f)
		}
	}
}
