package cli

import (
	"os"
	"strings"
	"testing"
)

const crooked = "from a\nRUN  b && \\\n  c  \n"

func TestFormat(t *testing.T) {
	files := map[string]string{
		"Dockerfile": crooked, "straight/Dockerfile": "FROM scratch\n",
		"crlf/Dockerfile": strings.ReplaceAll(crooked, "\n", "\r\n"),
		"two/Dockerfile":  crooked, "two/.dockerfile-ls.yaml": "format: {indent: 2, keywordCase: keep}\n",
		"tabs/Dockerfile": crooked, "tabs/.editorconfig": "[Dockerfile]\nindent_style = tab\n",
		"ignored/Dockerfile": crooked, ".dockerfile-ls.yaml": "ignore: [ignored/**]\n",
	}
	code, out, problems := run(t, files, "format", "--check")
	want := "Dockerfile: would be laid out\ncrlf/Dockerfile: would be laid out\ntabs/Dockerfile: would be laid out\n" +
		"two/Dockerfile: would be laid out\n"
	if code != 1 || out != want || problems != "" {
		t.Errorf("code %d, %q, %q", code, out, problems)
	}
	code, out, problems = run(t, files, "format")
	want = "Dockerfile: laid out\ncrlf/Dockerfile: laid out\ntabs/Dockerfile: laid out\ntwo/Dockerfile: laid out\n" +
		"4 files laid out.\n"
	if code != 0 || out != want || problems != "" {
		t.Errorf("code %d, %q, %q", code, out, problems)
	}
	const straight = "FROM a\nRUN b && \\\n    c\n"
	for name, want := range map[string]string{
		"Dockerfile": straight, "straight/Dockerfile": "FROM scratch\n", "ignored/Dockerfile": crooked,
		"crlf/Dockerfile": strings.ReplaceAll(straight, "\n", "\r\n"),
		"two/Dockerfile":  "from a\nRUN b && \\\n  c\n", "tabs/Dockerfile": "FROM a\nRUN b && \\\n\tc\n",
	} {
		got, err := os.ReadFile(name)
		if err != nil || string(got) != want {
			t.Errorf("%s: %v, %q", name, err, got)
		}
		files[name] = string(got)
	}
	for _, flag := range []string{"--check", "--diff"} {
		if code, out, problems := run(t, files, "format", flag); code != 0 || out != "" || problems != "" {
			t.Errorf("again: code %d, %q, %q", code, out, problems)
		}
	}
}

func TestFormatDiff(t *testing.T) {
	code, out, _ := run(t, map[string]string{"Dockerfile": "FROM a\nRUN  b\nRUN c\n"}, "format", "--diff", ".")
	want := "--- a/Dockerfile\n+++ b/Dockerfile\n@@ -1,3 +1,3 @@\n FROM a\n-RUN  b\n+RUN b\n RUN c\n"
	if code != 1 || out != want {
		t.Errorf("code %d\n%s", code, out)
	}
	if got, err := os.ReadFile("Dockerfile"); err != nil || string(got) != "FROM a\nRUN  b\nRUN c\n" {
		t.Errorf("it was written: %v, %q", err, got)
	}
}

// TestFormatStdin holds that stdin goes to stdout, laid out as the file that it is taken for.
func TestFormatStdin(t *testing.T) {
	files := map[string]string{"a/.editorconfig": "[*]\nindent_size = 2\n", "Dockerfile": crooked}
	stdin = crooked
	defer func() { stdin = "" }()
	code, out, problems := run(t, files, "format", "--stdin-filename", "a/Dockerfile", "-")
	if code != 0 || out != "FROM a\nRUN b && \\\n  c\n" || problems != "" {
		t.Errorf("code %d, %q, %q", code, out, problems)
	}
	code, out, _ = run(t, files, "format", "--check", "-")
	if code != 1 || out != "Dockerfile: would be laid out\n" {
		t.Errorf("code %d, %q", code, out)
	}
	if code, _, problems := run(t, files, "format", "-", "Dockerfile"); code != 2 || problems == "" {
		t.Errorf("code %d, %q", code, problems)
	}
}

func TestFormatProblems(t *testing.T) {
	for _, c := range []struct {
		files map[string]string
		args  []string
		says  string
	}{
		{nil, []string{"missing"}, "missing does not exist"},
		{map[string]string{"Dockerfile": crooked, ".dockerfile-ls.yaml": "format: {indent: 7}\n"}, nil, "`format.indent`"},
	} {
		code, out, problems := run(t, c.files, append([]string{"format"}, c.args...)...)
		if code != 2 || !strings.Contains(problems, c.says) || strings.Contains(out, ": laid out") {
			t.Errorf("%v: code %d, %q, %q", c.args, code, out, problems)
		}
	}
}
