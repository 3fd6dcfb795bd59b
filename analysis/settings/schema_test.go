package settings

import (
	"encoding/json"
	"strconv"
	"strings"

	"dockerfile-ls/analysis/lint"
)

// schema is the JSON schema of the configuration file, for editors that complete and check YAML.
func schema(rules []*lint.Rule) ([]byte, error) {
	root := object()
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["title"] = FileName
	for _, key := range Keys() {
		at := root["properties"].(map[string]any)
		path := strings.Split(key.Name, ".")
		for _, name := range path[:len(path)-1] {
			if at[name] == nil {
				at[name] = object()
			}
			at = at[name].(map[string]any)["properties"].(map[string]any)
		}
		property := schemaOf(key, rules)
		if key.Type == Choice {
			property["enum"] = withNumbers(key.Choices)
		}
		property["description"] = key.Sentence
		at[path[len(path)-1]] = property
	}
	return json.MarshalIndent(root, "", "  ")
}

// withNumbers adds numbers to choices that are some: YAML needs no quotes around them.
func withNumbers(choices []string) []any {
	var all []any
	for _, choice := range choices {
		all = append(all, choice)
		if n, err := strconv.Atoi(choice); err == nil {
			all = append(all, n)
		}
	}
	return all
}

func object() map[string]any {
	return map[string]any{"type": "object", "additionalProperties": false, "properties": map[string]any{}}
}

func schemaOf(key Key, rules []*lint.Rule) map[string]any {
	text := map[string]any{"type": "string"}
	switch key.Type {
	case Levels:
		return levelsSchema(rules)
	case Overrides:
		override := object()
		override["properties"] = map[string]any{
			"paths": map[string]any{"type": "array", "items": text}, "rules": levelsSchema(rules),
		}
		return map[string]any{"type": "array", "items": override}
	case Texts:
		return map[string]any{"type": "array", "items": text}
	case TextMap:
		return map[string]any{"type": "object", "additionalProperties": text}
	case Choice:
		return map[string]any{"enum": key.Choices}
	}
	return text
}

// levelsSchema names the rules whose level can be set, by ID and alias.
func levelsSchema(rules []*lint.Rule) map[string]any {
	levels := object()
	properties := levels["properties"].(map[string]any)
	for _, rule := range rules {
		if rule.Syntax {
			continue
		}
		for _, name := range append([]string{rule.ID}, rule.Aliases...) {
			properties[name] = map[string]any{
				"enum": []string{"error", "warning", "information", "hint", "off"}, "description": rule.Title,
			}
		}
	}
	return levels
}
