package lint

import (
	"testing"

	"github.com/moby/buildkit/frontend/dockerfile/linter"
)

func TestPage(t *testing.T) {
	for section, want := range map[int]string{
		0:  "https://docs.docker.com/reference/dockerfile/",
		1:  "https://cheatsheetseries.owasp.org/cheatsheets/NodeJS_Docker_Cheat_Sheet.html#1-use-explicit-and-deterministic-docker-base-image-tags",
		4:  "https://cheatsheetseries.owasp.org/cheatsheets/NodeJS_Docker_Cheat_Sheet.html#4-dont-run-containers-as-root",
		8:  "https://cheatsheetseries.owasp.org/cheatsheets/NodeJS_Docker_Cheat_Sheet.html#8-use-multi-stage-builds",
		10: "https://cheatsheetseries.owasp.org/cheatsheets/NodeJS_Docker_Cheat_Sheet.html#10-mounting-secrets-into-the-docker-build-image",
	} {
		if got := (&Rule{Section: section}).Page(); got != want {
			t.Errorf("section %d: %s, want %s", section, got, want)
		}
	}
}

func TestPageOfBuildCheck(t *testing.T) {
	for name, want := range map[string]string{
		linter.RuleNoEmptyContinuation.Name:   linter.RuleNoEmptyContinuation.URL,
		linter.RuleJSONArgsRecommended.Name:   linter.RuleJSONArgsRecommended.URL,
		linter.RuleCopyIgnoredFile.Name:       linter.RuleCopyIgnoredFile.URL,
		linter.RuleSecretsUsedInArgOrEnv.Name: linter.RuleSecretsUsedInArgOrEnv.URL,
	} {
		if got := (&Rule{Aliases: []string{"DL1234", name}}).Page(); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}
