package style

import (
	"fmt"
	"testing"

	"dockerfile-ls/analysis/editorconfig"
	"dockerfile-ls/analysis/format"
	"dockerfile-ls/analysis/settings"
)

// TestIndent holds who says how lines are indented, and how wide a tab is.
func TestIndent(t *testing.T) {
	tabs8, two := &Editor{TabSize: 8}, &Editor{TabSize: 2, Spaces: true}
	for _, c := range []struct {
		set     string
		project editorconfig.Properties
		editor  *Editor
		want    string
	}{
		{"", editorconfig.Properties{}, nil, "4 blanks, tab 4"},
		{"auto", editorconfig.Properties{}, two, "2 blanks, tab 2"},
		{"auto", editorconfig.Properties{}, tabs8, "tabs, tab 8"},
		{"auto", editorconfig.Properties{}, &Editor{Spaces: true}, "4 blanks, tab 4"},
		{"", editorconfig.Properties{IndentStyle: "space"}, tabs8, "8 blanks, tab 8"},
		{"", editorconfig.Properties{IndentStyle: "space", IndentSize: "3", TabWidth: "3"}, tabs8, "3 blanks, tab 3"},
		{"", editorconfig.Properties{IndentStyle: "tab", TabWidth: "6"}, two, "tabs, tab 6"},
		{"", editorconfig.Properties{IndentSize: "many"}, nil, "4 blanks, tab 4"},
		{"", editorconfig.Properties{IndentSize: "9999999"}, nil, "16 blanks, tab 4"},
		{"", editorconfig.Properties{IndentSize: "-1"}, nil, "4 blanks, tab 4"},
		{"tab", editorconfig.Properties{IndentStyle: "space", IndentSize: "3", TabWidth: "3"}, two, "tabs, tab 3"},
		{"2", editorconfig.Properties{IndentStyle: "tab", TabWidth: "8"}, tabs8, "2 blanks, tab 8"},
	} {
		o := Of(settings.Format{Indent: c.set}, c.project, c.editor)
		got := fmt.Sprintf("%d blanks, tab %d", o.Indent, o.TabWidth)
		if o.Tabs {
			got = fmt.Sprintf("tabs, tab %d", o.TabWidth)
		}
		if got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
}

func TestRest(t *testing.T) {
	if got := Of(settings.Format{}, editorconfig.Properties{}, nil); got != format.Default() {
		t.Errorf("the default is %+v", got)
	}
	set := settings.Format{KeywordCase: "lower", BlankLines: "0", Arrays: "space", Flags: "wrap"}
	got := Of(set, editorconfig.Properties{
		EndOfLine: "crlf", TrimTrailingWhitespace: "false", InsertFinalNewline: "false",
	}, nil)
	if want := (format.Options{
		Case: format.Lower, Indent: 4, TabWidth: 4, Arrays: true, Flags: true, KeepTrailing: true, NoFinalNewline: true,
		LineEnding: "\r\n",
	}); got != want {
		t.Errorf("%+v, and has to be %+v", got, want)
	}
}
