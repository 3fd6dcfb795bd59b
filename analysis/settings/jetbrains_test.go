package settings

import (
	"encoding/json"
	"strings"
	"testing"

	"dockerfile-ls/analysis/golden"
	"dockerfile-ls/analysis/rules"
)

// jetbrainsTemplate is the template of LSP4IJ, which runs language servers in JetBrains IDEs.
const jetbrainsTemplate = "../../editors/jetbrains/dockerfile-ls/"

// TestJetBrains holds that the template for JetBrains IDEs knows the settings by the table of keys: the values that a user
// starts from, and what they may be. The server's name stands above them, as it asks for what stands below it.
func TestJetBrains(t *testing.T) {
	defaults, schema := map[string]any{}, object()
	for _, key := range Keys() {
		values, described := defaults, schema
		path := strings.Split(key.Name, ".")
		for _, name := range path[:len(path)-1] {
			values, described = inside(values, name, map[string]any{}), inside(properties(described), name, object())
		}
		property := schemaOf(key, rules.All())
		typeChoices(property)
		property["default"], property["description"] = vscodeDefault(key), key.Sentence
		values[path[len(path)-1]], properties(described)[path[len(path)-1]] = vscodeDefault(key), property
	}
	server := strings.TrimSuffix(vscodePrefix, ".")
	whole := object()
	whole["$schema"] = "http://json-schema.org/draft-07/schema#" // the latest that all IDEs know
	whole["title"] = "Settings of dockerfile-ls"
	properties(whole)[server] = schema
	for name, value := range map[string]any{
		"settings.schema.json": whole, "settings.json": map[string]any{server: defaults},
	} {
		text, err := json.MarshalIndent(value, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		golden.Check(t, jetbrainsTemplate+name, append(text, '\n'))
	}
}

func properties(schema map[string]any) map[string]any { return schema["properties"].(map[string]any) }

// inside is a member of an object, which is made if it is not there.
func inside(object map[string]any, name string, empty map[string]any) map[string]any {
	if object[name] == nil {
		object[name] = empty
	}
	return object[name].(map[string]any)
}
