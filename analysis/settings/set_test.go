package settings

import (
	"testing"

	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/text"
)

func TestSetLevel(t *testing.T) {
	rule := &lint.Rule{ID: "runs-as-root", Aliases: []string{"DL1"}}
	for source, want := range map[string]string{
		"":                                   "rules:\n  runs-as-root: off\n",
		"# ours":                             "# ours\nrules:\n  runs-as-root: off\n",
		"context: app\n":                     "context: app\nrules:\n  runs-as-root: off\n",
		"rules:\ncontext: app\n":             "rules:\n  runs-as-root: off\ncontext: app\n",
		"rules:":                             "rules:\n  runs-as-root: off\n",
		"rules: # none\n":                    "rules: # none\n  runs-as-root: off\n",
		"rules: {}\n":                        "rules: {runs-as-root: off}\n",
		"rules: {a: off}\n":                  "rules: {runs-as-root: off, a: off}\n",
		"rules:\n  # é why\n  a: off # b\n":  "rules:\n  # é why\n  runs-as-root: off\n  a: off # b\n",
		"rules:\r\n    a: off\r\n":           "rules:\r\n    runs-as-root: off\r\n    a: off\r\n",
		"rules:\n  DL1: error # é\n":         "rules:\n  DL1: off # é\n",
		"rules:\n  runs-as-root: \"hint\"\n": "rules:\n  runs-as-root: off\n",
		"rules: {runs-as-root: hint}\n":      "rules: {runs-as-root: off}\n",
		`{"rules": {}}`:                      "",
		"- a\n":                              "",
		"rules: [a]\n":                       "",
		"rules: {a":                          "",
		"a: 1\n---\nb: 2\n":                  "",
	} {
		edit, ok := SetLevel(source, rule, lint.Off)
		got := ""
		if ok {
			got, _ = text.Apply(source, []text.Edit{edit})
		}
		if got != want {
			t.Errorf("%q:\n got %q\nwant %q", source, got, want)
		}
	}
}
