package format_test

import (
	"strings"
	"testing"

	"dockerfile-ls/analysis/format"
	"dockerfile-ls/analysis/text"
)

// TestNewLine begins a line at | in each text, in which · is a blank and → a tab.
func TestNewLine(t *testing.T) {
	tabs := format.Options{Tabs: true, TabWidth: 4}
	for _, c := range []struct {
		name, source, want string
		o                  format.Options
	}{
		{"the second line", "RUN a && \\\n|", "RUN a && \\\n····", format.Default()},
		{"with tabs", "RUN a && \\\n|", "RUN a && \\\n→", tabs},
		{"in front of an instruction", "FROM a\nRUN a \\\n|\nRUN b\n", "FROM a\nRUN a \\\n····\nRUN b\n", format.Default()},
		{"as the line above", "RUN a \\\n··b \\\n|", "RUN a \\\n··b \\\n··", format.Default()},
		{"what the editor has put there", "RUN a \\\n··b \\\n······|", "RUN a \\\n··b \\\n··", format.Default()},
		{"behind a comment", "RUN a \\\n··# b\n|", "RUN a \\\n··# b\n··", format.Default()},
		{"the rest of a line", "RUN a \\\n|&& b\n", "RUN a \\\n····&& b\n", format.Default()},
		{"CRLF", "RUN a \\\r\n|\r\nRUN b\r\n", "RUN a \\\r\n····\r\nRUN b\r\n", format.Default()},
		{"backtick", "# escape=`\nFROM a\nRUN a `\n|", "# escape=`\nFROM a\nRUN a `\n····", format.Default()},
		{"not continued", "RUN a\n|", "", format.Default()},
		{"not the end of an instruction", "RUN a \\\n··b\n|", "", format.Default()},
		{"two escapes", "RUN a \\\\\n|", "", format.Default()},
		{"a comment", "# a \\\n|", "", format.Default()},
		{"a heredoc", "RUN <<EOF\na \\\n|\nEOF\n", "", format.Default()},
		{"a heredoc that is not finished", "RUN <<EOF\na \\\n|", "", format.Default()},
		{"quotes", "RUN a \"b \\\n|", "", format.Default()},
		{"an empty file", "|", "", format.Default()},
		{"the first line", "|RUN a", "", format.Default()},
		{"it is right", "RUN a \\\n····|", "", format.Default()},
	} {
		blanks := strings.NewReplacer("·", " ", "→", "\t")
		before, after, _ := strings.Cut(blanks.Replace(c.source), "|")
		got := ""
		if edit, ok := format.NewLine(model(before+after), len(before), c.o); ok {
			got, _ = text.Apply(before+after, []text.Edit{edit})
		}
		if got != blanks.Replace(c.want) {
			t.Errorf("%s: %q, and has to be %q", c.name, got, blanks.Replace(c.want))
		}
	}
}
