package rules

import (
	"strings"
	"testing"
)

// TestPragmas tells which rules are left of a file with pragmas.
func TestPragmas(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{"none", "FROM node\nCMD npm start\n", "untagged-base-image shell-form-command"},
		{"hadolint, next line", "# hadolint ignore=DL3006,SC1000\nFROM node\nCMD npm start\n", "shell-form-command"},
		{"hadolint, not the next line", "# hadolint ignore=DL3006\n# why\nFROM node\n", "untagged-base-image"},
		{"hadolint, the whole file", "# hadolint global ignore=DL3006\nFROM node\nFROM alpine\n", ""},
		{
			"hadolint, too late for the whole file", "FROM node\n# hadolint global ignore=DL3006\nFROM alpine\n",
			"untagged-base-image untagged-base-image",
		},
		{
			"BuildKit, directive", "# check=skip=JSONArgsRecommended;error=true\nFROM node\nCMD npm start\n",
			"untagged-base-image",
		},
		{"BuildKit, directive for all", "# check=error=true;skip=all\nFROM node\nCMD npm start\n", "untagged-base-image"},
		{"BuildKit, above an instruction", "FROM node:20\n# check=skip=JSONArgsRecommended\n# why\n\nCMD npm start\n", ""},
		{"BuildKit, above another one", "# check=skip=JSONArgsRecommended\n# why\nFROM node:20\nCMD npm start\n", ""},
		{"BuildKit, late", "# why\n# check=skip=JSONArgsRecommended\nFROM node:20\nCMD npm start\n", "shell-form-command"},
		{
			"ours, next instruction", "# dockerfile-ls ignore=untagged-base-image\n\n# why\nFROM node\nFROM node\n",
			"untagged-base-image",
		},
		{"ours, whole file", "# dockerfile-ls ignore-file=untagged-base-image,DL3025\nFROM node\nCMD npm start\n", ""},
		{
			"a warning of BuildKit's group goes", "# dockerfile-ls ignore=invalid-instruction\nARG TAG=\nFROM node:$TAG\n",
			"unused-pragma",
		},
		{
			"what BuildKit rejects stays", "# dockerfile-ls ignore-file=unknown-instruction\nFROM node:20\nRUNN x\n",
			"unused-pragma unknown-instruction",
		},
	} {
		var got []string
		for _, f := range find(c.src) {
			switch f.Rule {
			case untaggedBaseImage, shellFormCommand, unknownInstruction, unusedPragma:
				got = append(got, f.Rule.ID)
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %v, want %s", c.name, got, c.want)
		}
	}
}
