package rules

import (
	"path"
	"slices"
	"strings"

	"dockerfile-ls/analysis/shell"
)

// removes reports whether a command takes a file away, or what a program has written into it.
func removes(c shell.Command, file string) bool {
	program := c.Program()
	args := program.Arguments()
	switch name := program.Name(); name {
	case "rm", "shred", "unlink":
		return slices.ContainsFunc(args.Operands, func(w shell.Word) bool { return isSameFile(w.Value, file) })
	case "npm", "pnpm":
		if path.Base(file) != ".npmrc" || len(args.Operands) < 2 || args.Operands[0].Value != "config" {
			return false
		}
		return args.Operands[1].Value == "delete" || args.Operands[1].Value == "rm"
	case "git":
		_, unset := args.Option("--unset", "--unset-all", "--remove-section")
		return path.Base(file) == ".gitconfig" && unset
	}
	return false
}

// isSameFile compares two paths of which either may count from a folder that is not known.
func isSameFile(a, b string) bool {
	a, b = strings.TrimRight(a, "*"), strings.TrimRight(b, "*")
	if strings.HasPrefix(a, "/") && strings.HasPrefix(b, "/") {
		return path.Clean(a) == path.Clean(b)
	}
	return a != "" && b != "" && path.Base(a) == path.Base(b)
}
