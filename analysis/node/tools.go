package node

import (
	"slices"
	"strings"

	"dockerfile-ls/analysis/shell"
)

// GlobalPackages are the packages that a manager of Node.js installs for the whole image.
func GlobalPackages(program shell.Program) []shell.Word {
	if program.Name() == "yarn" {
		if args := arguments(program); len(args.Operands) > 2 && args.Operands[0].Value == "global" &&
			args.Operands[1].Value == "add" {
			return args.Operands[2:]
		}
		return nil
	}
	if program.Name() != "npm" && program.Name() != "pnpm" && program.Name() != "bun" {
		return nil
	}
	install, ok := ReadInstall(program)
	if !ok || !install.Global || len(install.Args.Operands) == 0 {
		return nil
	}
	return install.Args.Operands[1:]
}

// WithoutVersion is the name of a package of npm.
func WithoutVersion(name string) string {
	if at := strings.LastIndexByte(name, '@'); at > 0 {
		return name[:at]
	}
	return name
}

// devTools are packages of npm that make code of code, check it, or start it anew when it changes.
var devTools = []string{
	"@angular/cli", "@nestjs/cli", "@vue/cli", "bower", "eslint", "grunt", "grunt-cli", "gulp", "gulp-cli", "jest", "lerna",
	"mocha", "node-gyp", "nodemon", "parcel", "rollup", "ts-node", "typescript", "vite", "webpack", "webpack-cli",
}

// IsDevTool reports whether a package of npm, named without its version, is one of those.
func IsDevTool(name string) bool { return slices.Contains(devTools, name) }
