// Package jetbrains holds that the template for JetBrains IDEs means to LSP4IJ what it seems to mean. No IDE runs here:
// what LSP4IJ does with a template is restated from its source, redhat-developer/lsp4ij at d21cff9 of June 2026, and the
// file is named.
package jetbrains

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"dockerfile-ls/analysis"
)

const folder = "dockerfile-ls"

// template is template.json (templates/ServerTemplateJsonDeserializer.java, and LanguageServerTemplateDeserializer.java in
// launching/templates).
type template struct {
	ID                  string            `json:"id"`
	Name                string            `json:"name"`
	URL                 string            `json:"url"`
	Dev                 bool              `json:"dev"`
	ProgramArgs         map[string]string `json:"programArgs"`
	WorkingDir          string            `json:"workingDir"`
	ExpandConfiguration bool              `json:"expandConfiguration"`
	DisablePromotionFor []string          `json:"disablePromotionFor"`
	LanguageMappings    []struct {
		Language   string `json:"language"`
		LanguageID string `json:"languageId"`
	} `json:"languageMappings"`
	FileTypeMappings []struct {
		FileType struct {
			Name     string   `json:"name"`
			Patterns []string `json:"patterns"`
		} `json:"fileType"`
		LanguageID string `json:"languageId"`
	} `json:"fileTypeMappings"`
}

// clientSettings is clientSettings.json, as far as it is about text (server/definition/launching/
// ClientConfigurationSettings.java).
type clientSettings struct {
	CaseSensitive                 bool   `json:"caseSensitive"`
	LineCommentPrefix             string `json:"lineCommentPrefix"`
	BlockCommentPrefix            string `json:"blockCommentPrefix"`
	BlockCommentSuffix            string `json:"blockCommentSuffix"`
	StatementTerminatorCharacters string `json:"statementTerminatorCharacters"`
}

func TestTemplate(t *testing.T) {
	for _, problem := range problems(os.DirFS(folder)) {
		t.Error(problem)
	}
}

// problems are what is wrong with a template folder (launching/templates/LanguageServerTemplateManager.java,
// createLsTemplate).
func problems(files fs.FS) []string {
	var found complaints
	entries, err := fs.ReadDir(files, ".")
	if err != nil {
		return []string{err.Error()}
	}
	read := []string{
		"README.md", "clientSettings.json", "experimental.json", "initializationOptions.json", "installer.json",
		"settings.json", "settings.schema.json", "template.json", "workspaceFolderSettings.json",
	}
	for _, entry := range entries {
		if !slices.Contains(read, entry.Name()) {
			found.add("%s is not read", entry.Name())
		}
	}
	var of template
	found.decode(files, "template.json", &of)
	found.template(of)
	var client clientSettings
	found.decode(files, "clientSettings.json", &client)
	var steps installer
	found.decode(files, "installer.json", &steps)
	found.installer(steps, of)
	return found
}

type complaints []string

func (c *complaints) add(format string, values ...any) {
	*c = append(*c, fmt.Sprintf(format, values...))
}

// decode reads a file, and complains about what LSP4IJ would overlook.
func (c *complaints) decode(files fs.FS, name string, into any) {
	text, err := fs.ReadFile(files, name)
	if err != nil {
		c.add("%v", err)
		return
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		c.add("%s: %v", name, err)
		return
	}
	// Go reads languageID as languageId, and LSP4IJ does not.
	again, err := json.Marshal(into)
	var written, kept any
	if err != nil || json.Unmarshal(text, &written) != nil || json.Unmarshal(again, &kept) != nil {
		c.add("%s cannot be compared: %v", name, err)
	}
	c.sameKeys(name, written, kept)
}

func (c *complaints) sameKeys(at string, written, kept any) {
	switch written := written.(type) {
	case map[string]any:
		kept, _ := kept.(map[string]any)
		for key, value := range written {
			if _, known := kept[key]; !known {
				c.add("%s: %s is not read", at, key)
			}
			c.sameKeys(at+"."+key, value, kept[key])
		}
	case []any:
		kept, _ := kept.([]any)
		for i, value := range written {
			c.sameKeys(at, value, kept[i])
		}
	}
}

func (c *complaints) template(of template) {
	if of.ID != folder || of.Name == "" {
		c.add("template.json: id %q, name %q", of.ID, of.Name)
	}
	if of.ExpandConfiguration {
		c.add("template.json: expandConfiguration makes levels of the names of registries")
	}
	for system := range of.ProgramArgs {
		if !slices.Contains(systems, system) {
			c.add("template.json: %s is no system", system)
		}
	}
	for _, m := range machines {
		if args := split(of.command(m)); len(args) < 2 || strings.ContainsAny(of.command(m), `'\`) {
			c.add("template.json: on %s %q is started", m.system, args)
		}
	}
	for _, mapping := range of.LanguageMappings {
		if mapping.Language != "Dockerfile" || mapping.LanguageID != "dockerfile" {
			c.add("template.json: language %q is %q", mapping.Language, mapping.LanguageID)
		}
	}
	var patterns []string
	for _, mapping := range of.FileTypeMappings {
		if mapping.LanguageID != "dockerfile" {
			c.add("template.json: %q are %q", mapping.FileType.Patterns, mapping.LanguageID)
		}
		if mapping.FileType.Name != "" {
			c.add("template.json: the type %q exists where its plugin is installed", mapping.FileType.Name)
		}
		patterns = append(patterns, mapping.FileType.Patterns...)
	}
	c.patterns(patterns)
}

// command is what is started on a system (templates/ServerTemplate.java, getOSProgramArgs).
func (t template) command(m machine) string {
	if command, ok := t.ProgramArgs[m.system]; ok {
		return command
	}
	return t.ProgramArgs["default"]
}

// split is how LSP4IJ takes a command apart: at spaces that are not inside of double quotes (server/definition/launching/
// CommandUtils.java, createCommands).
func split(command string) []string {
	var args []string
	for i, part := range strings.Split(command, `"`) {
		if i%2 == 0 {
			part = strings.ReplaceAll(part, " ", "\x00")
		}
		args = append(args, part)
	}
	return strings.FieldsFunc(strings.Join(args, ""), func(r rune) bool { return r == 0 })
}

// patterns complains where the patterns and the server do not agree on what is a Dockerfile. An ignore file may be taken for
// one: the server knows better.
func (c *complaints) patterns(patterns []string) {
	for i, pattern := range patterns {
		if slices.Contains(patterns[:i], pattern) {
			c.add("template.json: %s stands there twice", pattern)
		}
	}
	for _, name := range []string{
		"Dockerfile", "dockerfile", "Dockerfile.dev", "api.Dockerfile", "api.dockerfile", "api.v2.dockerfile",
		"Containerfile", "containerfile", "Containerfile.dev", "api.containerfile",
		"Dockerfiles", "MyDockerfile", "dockerfile.go", "compose.yaml", "docker-bake.hcl", ".dockerignore", "Dockerfile-dev",
	} {
		accepted := slices.ContainsFunc(patterns, func(pattern string) bool { return accepts(pattern, name) })
		if accepted != analysis.IsDockerfileName(name) {
			c.add("template.json: that %s is a Dockerfile is %v", name, accepted)
		}
	}
}

// accepts reports whether a pattern is that of a name: what stands behind *. is an extension in whatever case, and besides
// * and ? nothing is special (IntelliJ's FileNameMatcherFactoryImpl.java, asked by
// server/definition/ServerFileNamePatternMapping.java).
func accepts(pattern, name string) bool {
	extension, short := strings.CutPrefix(pattern, "*.")
	if short && !strings.ContainsAny(extension, "*.?") {
		return strings.HasSuffix(strings.ToLower(name), "."+strings.ToLower(extension))
	}
	return wildcard(pattern, name)
}

func wildcard(pattern, name string) bool {
	switch {
	case pattern == "":
		return name == ""
	case pattern[0] == '*':
		return wildcard(pattern[1:], name) || name != "" && wildcard(pattern, name[1:])
	}
	return name != "" && (pattern[0] == '?' || pattern[0] == name[0]) && wildcard(pattern[1:], name[1:])
}

// TestSettings holds that the IDE accepts the settings that a user starts from, and marks one that does not exist.
func TestSettings(t *testing.T) {
	schema, err := jsonschema.NewCompiler().Compile(folder + "/settings.schema.json")
	must(t, err)
	var settings any
	read(t, "settings.json", &settings)
	must(t, schema.Validate(settings))
	for _, wrong := range []string{
		`{"rules": {}}`, `{"dockerfile-ls": {"level": 1}}`, `{"dockerfile-ls": {"rules": {"runs-as-root": "fatal"}}}`,
	} {
		var value any
		must(t, json.Unmarshal([]byte(wrong), &value))
		if schema.Validate(value) == nil {
			t.Errorf("accepts %s", wrong)
		}
	}
}
