package settings

import (
	"fmt"
	"strings"
	"testing"

	"dockerfile-ls/analysis/golden"
	"dockerfile-ls/analysis/rules"
)

// TestPages holds that the reference and the schema are made of the table of keys.
func TestPages(t *testing.T) {
	var page strings.Builder
	page.WriteString("# Settings\n\nThis page is written by `go test ./analysis/settings -update` from the table in " +
		"`keys.go`, and so is `schema.json`.\n" +
		"They stand in `" + FileName + "`, and an editor sends the same keys. A key of\nthe machine is set in the " +
		"editor, or in a file that `--config` names, and not by a file that is found in a workspace.\n\n" +
		"| key | type | default | scope | |\n| --- | --- | --- | --- | --- |\n")
	for _, k := range Keys() {
		fmt.Fprintf(&page, "| `%s` | %s | `%s` | %s | %s |\n", k.Name, typeOf(k), k.Default, k.Scope, k.Sentence)
	}
	golden.Check(t, "README.md", []byte(page.String()))
	made, err := schema(rules.All())
	if err != nil {
		t.Fatal(err)
	}
	golden.Check(t, "schema.json", append(made, '\n'))
}

// TestDefaults holds that the default of each key reads as what is in force without it.
func TestDefaults(t *testing.T) {
	for _, k := range Keys() {
		lines := strings.Split(k.Name, ".")
		source := lines[len(lines)-1] + ": " + k.Default
		if len(lines) == 2 {
			source = lines[0] + ": {" + source + "}"
		}
		got, problems := Read(source, rules.All())
		if len(problems) > 0 || len(got.Rules) > 0 || got.Context != "" || len(got.Registry.Mirrors) > 0 {
			t.Errorf("%s: %+v, %v", source, got, problems)
		}
	}
}

// typeOf is the type of a key as the reference names it.
func typeOf(k Key) string {
	if k.Type == Choice {
		return strings.Join(k.Choices, ", ")
	}
	return string(k.Type)
}
