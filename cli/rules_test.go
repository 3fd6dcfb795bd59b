package cli

import (
	"encoding/json"
	"strings"
	"testing"

	"dockerfile-ls/analysis/rules"
)

func TestRules(t *testing.T) {
	code, out, _ := run(t, nil, "rules")
	if lines := strings.Count(out, "\n"); code != 0 || lines != len(rules.All()) || !strings.Contains(out, "untagged-base-image") {
		t.Errorf("code %d, %d lines: %s", code, lines, out)
	}
	code, out, _ = run(t, nil, "rules", "--format", "json")
	var list []map[string]any
	if err := json.Unmarshal([]byte(out), &list); err != nil || code != 0 || len(list) != len(rules.All()) {
		t.Fatalf("code %d, %v: %s", code, err, out)
	}
	for _, rule := range list {
		if rule["id"] == "" || rule["title"] == "" || !strings.HasPrefix(rule["url"].(string), "https://") || rule["aliases"] == nil {
			t.Errorf("%v", rule)
		}
	}
}

// TestExplain holds that every rule has a page, by its name and by its aliases.
func TestExplain(t *testing.T) {
	for _, rule := range rules.All() {
		for _, name := range append([]string{rule.ID}, rule.Aliases...) {
			code, out, _ := run(t, nil, "explain", name)
			if code != 0 || !strings.HasPrefix(out, "## "+rule.ID+"\n") || !strings.Contains(out, rule.Title) || strings.Count(out, "\n## ") > 0 {
				t.Errorf("%s: code %d: %s", name, code, out)
			}
		}
	}
}

func TestWrongUse(t *testing.T) {
	for args, want := range map[string]string{
		"explain untaged-base-image": "there is no rule untaged-base-image: did you mean untagged-base-image?",
		"explain xyz":                "there is no rule xyz: dockerfile-ls rules lists them",
		"explain":                    "accepts 1 arg(s), received 0",
		"rules --format xml":         "--format xml is unknown: write text or json",
		"rules x":                    "unknown command",
		"version x":                  "unknown command",
	} {
		code, out, problems := run(t, nil, strings.Fields(args)...)
		if code != 2 || out != "" || !strings.Contains(problems, want) {
			t.Errorf("%s: code %d, %q, %q", args, code, out, problems)
		}
	}
	if code, out, _ := run(t, nil, "version"); code != 0 || out != "dockerfile-ls "+version()+"\n" {
		t.Errorf("version: code %d, %q", code, out)
	}
}
