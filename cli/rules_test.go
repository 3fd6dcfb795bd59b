package cli

import (
	"encoding/json"
	"strings"
	"testing"

	"dockerfile-ls/analysis/rules"
)

func TestRules(t *testing.T) {
	code, out, _ := run(t, nil, "rules")
	if lines := strings.Count(out, "\n"); code != 0 || lines != len(rules.All()) ||
		!strings.Contains(out, "untagged-base-image") {
		t.Errorf("code %d, %d lines: %s", code, lines, out)
	}
	code, out, _ = run(t, nil, "rules", "--format", "json")
	var list []map[string]any
	if err := json.Unmarshal([]byte(out), &list); err != nil || code != 0 || len(list) != len(rules.All()) {
		t.Fatalf("code %d, %v: %s", code, err, out)
	}
	for _, rule := range list {
		if rule["id"] == "" || rule["title"] == "" || !strings.HasPrefix(rule["url"].(string), "https://") ||
			rule["aliases"] == nil {
			t.Errorf("%v", rule)
		}
	}
}

// TestExplain holds that every rule has a page, by its name and by its aliases.
func TestExplain(t *testing.T) {
	for _, rule := range rules.All() {
		for _, name := range append([]string{rule.ID}, rule.Aliases...) {
			code, out, _ := run(t, nil, "explain", name)
			if code != 0 || !strings.HasPrefix(out, "## "+rule.ID+"\n") || !strings.Contains(out, rule.Title) ||
				strings.Count(out, "\n## ") > 0 {
				t.Errorf("%s: code %d: %s", name, code, out)
			}
		}
	}
}
