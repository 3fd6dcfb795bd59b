package codeactions

import (
	"slices"
	"strings"

	"dockerfile-ls/analysis/shell"
)

// readers are the programs that read a file of a name by themselves; none if nobody knows.
func readers(base string) []string {
	managers := []string{"npm", "npx", "pnpm", "pnpx", "yarn", "yarnpkg", "bun", "bunx"}
	switch base {
	case ".npmrc", "npmrc", ".yarnrc", ".yarnrc.yml", "bunfig.toml":
		return managers
	case ".gitconfig", ".git-credentials":
		return append(managers, "git", "go", "pip", "pip3", "cargo", "composer", "bundle", "poetry", "uv")
	case ".netrc":
		return append(managers, "git", "go", "pip", "pip3", "curl", "wget", "poetry", "uv")
	case "pip.conf":
		return []string{"pip", "pip3", "python", "python3", "pipenv", "uv"}
	case ".pypirc":
		return []string{"twine", "python", "python3"}
	}
	if strings.HasPrefix(base, "id_") {
		return append(managers, "git", "ssh", "scp", "rsync", "go", "pip", "pip3", "composer", "bundle")
	}
	return nil
}

// installing are the commands of package managers that ask a registry.
var installing = []string{
	"add", "audit", "ci", "clean-install", "create", "deploy", "dlx", "exec", "fetch", "global", "i", "in", "info", "init",
	"install", "install-clean", "link", "outdated", "pack", "publish", "rebuild", "remove", "show", "up", "update",
	"upgrade", "view", "whoami", "workspaces", "x",
}

// isReader reports whether a command most likely reads a file: its program does, or it is a script that may run one.
func isReader(c shell.Command, base string) bool {
	program := c.Program()
	name := program.Name()
	if !slices.Contains(readers(base), name) {
		return runsScript(program)
	}
	switch name {
	case "npm", "pnpm", "yarn", "yarnpkg", "bun":
		args := program.Arguments("--prefix", "-C", "--dir", "--cwd", "--filter", "-F", "--workspace", "-w")
		if len(args.Operands) == 0 {
			return name == "yarn" || name == "yarnpkg"
		}
		return slices.Contains(installing, args.Operands[0].Value)
	}
	return true
}

// runsScript reports whether a program is a script of the project, or make.
func runsScript(p shell.Program) bool {
	if len(p.Words) == 0 || !p.Words[0].Literal {
		return false
	}
	switch name := p.Name(); name {
	case "make":
		return true
	case "sh", "bash", "ash":
		args := p.Arguments("-o")
		return len(args.Operands) > 0 && strings.HasSuffix(args.Operands[0].Value, ".sh")
	}
	return strings.HasPrefix(p.Words[0].Value, "./") || strings.HasSuffix(p.Words[0].Value, ".sh")
}
