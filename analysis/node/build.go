package node

import (
	"slices"
	"strings"

	"dockerfile-ls/analysis/shell"
)

// BuildCommand are the words of a command that builds the application, up to what it builds; none if it does not.
func BuildCommand(program shell.Program) []shell.Word {
	words := program.Words
	switch program.Name() {
	case "npx", "bunx":
		if len(words) > 1 {
			inner := BuildCommand(shell.Program{Words: words[1:]})
			return words[:min(len(words), len(inner)+min(1, len(inner)))]
		}
	case "npm", "yarn", "pnpm", "bun":
		operands := arguments(program).Operands
		if len(operands) > 1 && (operands[0].Value == "run" || operands[0].Value == "run-script") {
			return upTo(words, operands[1], isBuildScript(operands[1].Value))
		}
		if len(operands) > 0 && program.Name() != "npm" {
			return upTo(words, operands[0], isBuildScript(operands[0].Value))
		}
	case "tsc", "webpack", "rollup", "esbuild":
		return words[:1]
	case "next", "nuxt", "vite", "ng", "nest", "turbo", "nx", "parcel", "react-scripts":
		if len(words) > 1 && words[1].Value == "build" {
			return words[:2]
		}
	}
	return nil
}

// upTo are the words of a command up to one of them, if it is a build.
func upTo(words []shell.Word, last shell.Word, builds bool) []shell.Word {
	if !builds {
		return nil
	}
	return words[:1+slices.IndexFunc(words, func(w shell.Word) bool { return w.Span == last.Span })]
}

// isBuildScript reports whether a script of package.json is called as one that builds.
func isBuildScript(name string) bool {
	first, _, _ := strings.Cut(strings.ReplaceAll(name, "-", ":"), ":")
	return first == "build" || first == "compile" || strings.HasSuffix(name, ":build")
}
