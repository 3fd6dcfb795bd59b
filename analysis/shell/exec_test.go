package shell

import "testing"

// TestExecPlace holds where exec goes, at <|>, and that it goes nowhere else.
func TestExecPlace(t *testing.T) {
	for _, c := range []struct{ before, after string }{
		{"", "node a.js"},
		{"a && ", "b"},
		{"a; b || c; ", "d"},
		{"a\n\n# why\n", "b # c\n"},
		{"a & ", "b"},
		{"A=b C='d' ", "e"},
		{"> log ", "a 2>&1"},
		{"cd / && A=b ", `"node" "$(cat x)"`},
		{"", "sh -c 'a && b'"},
		{"a | b\n", "c <<EOF\n$(d)\nEOF\n"},
		{"umask 077\n", `"$@"`},
		{"f() { a; }; f; ", "/bin/cd x"},
		{"", "a\ng() { b; }"},
		{"if a; then b; fi\n", "c"},
	} {
		s := ParseFile(c.before + c.after)
		if at, ok := s.ExecPlace(); !ok || at != len(c.before) {
			t.Errorf("%s<|>%s: at %d, %v", c.before, c.after, at, ok)
		}
	}
	for _, src := range []string{
		"", "# a", "A=b", "> log", "a | b", "a || b", "a && b || c", "a &", "! a", "(a)", "{ a; }", "if a; then b; fi",
		"while a; do b; done", "cd /", "a; exit 1", "exec a", "exec > log", "[[ a ]]", "((a))", "export A=b", "time a",
		"test -f a", "echo a", `"" a`, "$A b", "\"$A\"", "f() { a; }; f", "function f { a; }; f b", "trap 'a' EXIT; b",
		"alias a=b\na", "a; 'b", "a; if b", "A+=b c", "A[0]=b c", "A=(b) c", "coproc a", "(a) > log", "a; ( b ) 2>&1",
		"case a in b) c;; esac",
	} {
		s := ParseFile(src)
		if at, ok := s.ExecPlace(); ok {
			t.Errorf("%s: at %d", src, at)
		}
	}
}

// TestGivesWay holds which scripts end with exec.
func TestGivesWay(t *testing.T) {
	for src, want := range map[string]bool{
		"exec a": true, "a; exec b": true, "A=b exec c": true, "exec > log": false, "exec a; b": false, "(exec a)": false,
		"": false, "exec": false,
	} {
		if s := ParseFile(src); s.GivesWay() != want {
			t.Errorf("%s: %v", src, !want)
		}
	}
}
