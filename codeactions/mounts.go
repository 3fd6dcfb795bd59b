package codeactions

import (
	"slices"
	"strings"

	"dockerfile-ls/analysis/syntax"
)

// option is the value of an option of a mount; empty if it has none.
func option(mount syntax.Flag, names ...string) string {
	for _, o := range mount.Options {
		if slices.Contains(names, strings.ToLower(o.Key.Text)) {
			return o.Value.Text
		}
	}
	return ""
}

func isSecretMount(flag syntax.Flag) bool {
	return flag.Name.Text == "mount" && strings.EqualFold(option(flag, "type"), "secret")
}
