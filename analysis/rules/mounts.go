package rules

import (
	"slices"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/syntax"
)

// mountsSecret reports whether a RUN gets a secret from a mount.
func mountsSecret(inst *dockerfile.Instruction) bool {
	return slices.ContainsFunc(inst.Flags, isSecretMount)
}

func isSecretMount(f syntax.Flag) bool {
	return f.Name.Text == "mount" && strings.EqualFold(mountOption(f, "type").Text, "secret")
}

// mountOption is the value of the first option of --mount with one of the names, whatever their casing.
func mountOption(mount syntax.Flag, names ...string) syntax.Word {
	for _, o := range mount.Options {
		if slices.Contains(names, strings.ToLower(o.Key.Text)) {
			return o.Value
		}
	}
	return syntax.Word{}
}
