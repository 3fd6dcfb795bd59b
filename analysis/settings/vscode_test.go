package settings

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"testing"

	"dockerfile-ls/analysis/golden"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/rules"
)

// vscodeManifest is the manifest of the extension for VS Code. Its last section of settings is made of the table of keys;
// those before it are about the extension itself.
const vscodeManifest = "../../editors/vscode/package.json"

// TestVSCode holds that VS Code knows the settings by the table of keys. Nothing else of the manifest is rewritten.
func TestVSCode(t *testing.T) {
	manifest, err := os.ReadFile(vscodeManifest)
	if err != nil {
		t.Fatal(err)
	}
	start, end := sectionOfServer(t, manifest)
	section, err := json.MarshalIndent(vscodeSection(rules.All()), "      ", "  ")
	if err != nil {
		t.Fatal(err)
	}
	golden.Check(t, vscodeManifest, slices.Concat(manifest[:start], section, manifest[end:]))
}

// TestVSCodeRestricted holds that a workspace that is not trusted sets nothing that names what is run or asked.
func TestVSCodeRestricted(t *testing.T) {
	source, err := os.ReadFile(vscodeManifest)
	if err != nil {
		t.Fatal(err)
	}
	var manifest struct {
		Capabilities struct {
			UntrustedWorkspaces struct{ RestrictedConfigurations []string }
		}
	}
	if err := json.Unmarshal(source, &manifest); err != nil {
		t.Fatal(err)
	}
	want := []string{vscodePrefix + "path"}
	for _, key := range Keys() {
		if key.Scope == Machine {
			want = append(want, vscodePrefix+key.Name)
		}
	}
	if got := manifest.Capabilities.UntrustedWorkspaces.RestrictedConfigurations; !slices.Equal(got, want) {
		t.Errorf("restricted are %q, and have to be %q", got, want)
	}
}

// vscodePrefix stands in front of each key; the server asks for what stands below it.
const vscodePrefix = "dockerfile-ls."

// sectionOfServer is where the last section of settings stands in the manifest.
func sectionOfServer(t *testing.T, manifest []byte) (start, end int) {
	t.Helper()
	var sections []json.RawMessage
	contributes := member(t, manifest, "contributes")
	configuration := member(t, contributes, "configuration")
	if err := json.Unmarshal(configuration, &sections); err != nil || len(sections) == 0 {
		t.Fatalf("no sections of settings in %s: %v", vscodeManifest, err)
	}
	last := sections[len(sections)-1]
	if n := bytes.Count(manifest, last); n != 1 {
		t.Fatalf("the last section of settings stands %d times in %s", n, vscodeManifest)
	}
	start = bytes.Index(manifest, last)
	return start, start + len(last)
}

// member is a member of an object, with its bytes as they are.
func member(t *testing.T, object []byte, name string) json.RawMessage {
	t.Helper()
	var members map[string]json.RawMessage
	if err := json.Unmarshal(object, &members); err != nil || members[name] == nil {
		t.Fatalf("no %s: %v", name, err)
	}
	return members[name]
}

// vscodeProperty is one setting as VS Code has it (contribution points, contributes.configuration).
type vscodeProperty struct {
	Order       int    `json:"order"`
	Scope       string `json:"scope"`
	Default     any    `json:"default"`
	Description string `json:"markdownDescription"`
	schema      map[string]any
}

// MarshalJSON adds the type.
func (p vscodeProperty) MarshalJSON() ([]byte, error) {
	type plain vscodeProperty
	own, err := json.Marshal(plain(p))
	if err != nil {
		return nil, err
	}
	typed, err := json.Marshal(p.schema)
	if err != nil {
		return nil, err
	}
	return slices.Concat(own[:len(own)-1], []byte(","), typed[1:]), nil
}

// vscodeSection is the section of settings that the server reads.
func vscodeSection(all []*lint.Rule) any {
	properties := map[string]vscodeProperty{}
	for i, key := range Keys() {
		properties[vscodePrefix+key.Name] = vscodeProperty{
			Order: i, Scope: vscodeScope(key), Default: vscodeDefault(key), Description: key.Sentence,
			schema: vscodeSchema(key, all),
		}
	}
	return struct {
		ID         string                    `json:"id"`
		Title      string                    `json:"title"`
		Properties map[string]vscodeProperty `json:"properties"`
	}{"dockerfile-ls.findings", "Findings", properties}
}

// vscodeScope is window and not resource, since the server asks once for all folders.
func vscodeScope(key Key) string {
	if key.Scope == Machine {
		return "machine"
	}
	return "window"
}

func vscodeDefault(key Key) any {
	switch key.Type {
	case Levels, TextMap:
		return map[string]any{}
	case Overrides, Texts:
		return []any{}
	case Text:
		return ""
	}
	return key.Default
}

// vscodeSchema is the type of a setting.
func vscodeSchema(key Key, all []*lint.Rule) map[string]any {
	schema := schemaOf(key, all)
	typeChoices(schema)
	if key.Type == Duration {
		schema["pattern"] = `^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$`
		schema["patternErrorMessage"] = fmt.Sprintf("Write it like %s.", key.Default)
	}
	return schema
}

// typeChoices says that what is chosen from a list is a text: the editor's page of settings offers no choice without that.
func typeChoices(schema map[string]any) {
	if schema["enum"] != nil {
		schema["type"] = "string"
	}
	for _, inner := range schema {
		if inner, ok := inner.(map[string]any); ok {
			typeChoices(inner)
		}
	}
}
