package editorconfig

import "testing"

func TestMatches(t *testing.T) {
	for _, c := range []struct {
		glob, file string
		want       bool
	}{
		{"*", "Dockerfile", true},
		{"*", "a/b/Dockerfile", true},
		{"Dockerfile", "a/Dockerfile", true},
		{"Dockerfile", "a/Dockerfile.dev", false},
		{"Dockerfile*", "Dockerfile.dev", true},
		{"*.Dockerfile", "a.Dockerfile", true},
		{"/Dockerfile", "Dockerfile", true},
		{"/Dockerfile", "a/Dockerfile", false},
		{"a/*", "a/Dockerfile", true},
		{"a/*", "a/b/Dockerfile", false},
		{"a/**", "a/b/Dockerfile", true},
		{"a/**/c", "a/c", true},
		{"a/**/c", "a/b/d/c", true},
		{"**/c", "c", true},
		{"a**c", "abbc", true},
		{"{Dockerfile,Containerfile}", "a/Containerfile", true},
		{"{Dockerfile,Containerfile}", "Makefile", false},
		{"*.{js,{ts,tsx}}", "a.tsx", true},
		{"{Dockerfile}", "Dockerfile", false},
		{"{Dockerfile}", "{Dockerfile}", true},
		{"{Dockerfile", "{Dockerfile", true},
		{"{a,}b", "b", true},
		{"Dockerfile.{1..3}", "Dockerfile.2", true},
		{"Dockerfile.{1..3}", "Dockerfile.4", false},
		{"Dockerfile.{3..-1}", "Dockerfile.-1", true},
		{"Dockerfile.{1..999999999999}", "Dockerfile.7", true},
		{"[Dd]ockerfile", "dockerfile", true},
		{"[!D]ockerfile", "Dockerfile", false},
		{"[!D]ockerfile", "dockerfile", true},
		{"[a-c]x", "bx", true},
		{"[z-a]x", "bx", false},
		{"[abx", "[abx", true},
		{"a?c", "abc", true},
		{"a?c", "a/c", false},
		{`a\*c`, "a*c", true},
		{`a\*c`, "abc", false},
		{"a.c", "abc", false},
		{"ä*", "äb", true},
		{"***a*a*a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false},
	} {
		if got := matches(c.glob, c.file); got != c.want {
			t.Errorf("%s matches %s: %t", c.glob, c.file, got)
		}
	}
}

func TestOf(t *testing.T) {
	files := map[string]string{
		".editorconfig": "\uFEFFroot = true\r\n[*]\r\nindent_style = TAB\r\nend_of_line=lf\r\n" +
			"insert_final_newline = false\r\ntab_width = 8\n",
		"a/.editorconfig": "; comment\n[Dockerfile]\nindent_size = 2\nIndent_Style = space # no comment\n" +
			"[*]\nend_of_line = unset\nnonsense\n",
		"a/b/.editorconfig": "root = true\n[b.Dockerfile]\nindent_size = tab\ntab_width = 3\n" +
			"trim_trailing_whitespace = false\n",
	}
	for file, want := range map[string]Properties{
		"Dockerfile":       {IndentStyle: "tab", EndOfLine: "lf", InsertFinalNewline: "false", TabWidth: "8"},
		"a/Dockerfile":     {IndentStyle: "space # no comment", IndentSize: "2", InsertFinalNewline: "false", TabWidth: "8"},
		"a/b/b.Dockerfile": {IndentSize: "3", TabWidth: "3", TrimTrailingWhitespace: "false"},
		"a/b/c/Dockerfile": {},
	} {
		got := Of(file, func(path string) (string, bool) { text, ok := files[path]; return text, ok })
		if got != want {
			t.Errorf("%s: %+v, and has to be %+v", file, got, want)
		}
	}
}

// FuzzMatches holds that no glob brings it down.
func FuzzMatches(f *testing.F) {
	f.Add("{a,[b]}*.{1..2}", "a1")
	f.Fuzz(func(_ *testing.T, glob, file string) {
		matches(glob, file)
		parse(glob, file)
	})
}
