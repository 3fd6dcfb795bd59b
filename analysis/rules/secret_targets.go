package rules

import (
	"strings"

	"dockerfile-ls/analysis/shell"
)

// target is the file that the output of a command goes to: by its own redirection, by that of its group, or through a pipe.
func (l *leaks) target(i int) string {
	if file := writesTo(l.script.Commands[i]); file != "" {
		return file
	}
	inside := l.script.Commands[i].Inside
	for _, c := range l.script.Commands[i+1:] {
		if len(c.Words) == 0 && inside.Has(shell.InGroup|shell.InSubshell) && !c.Inside.Has(shell.InGroup|shell.InSubshell) {
			return writesTo(c)
		}
		if c.After.Operator != shell.Pipe {
			if inside.Has(shell.InGroup | shell.InSubshell) {
				continue
			}
			return ""
		}
		if program := c.Program(); program.Name() == "tee" {
			if args := program.Arguments(); len(args.Operands) > 0 {
				return args.Operands[0].Value
			}
		}
		if file := writesTo(c); file != "" {
			return file
		}
	}
	return ""
}

// writesTo is the file that a redirection of a command writes; empty if it is none that stays.
func writesTo(c shell.Command) string {
	for _, r := range c.Redirects {
		if !strings.HasPrefix(strings.TrimPrefix(r.Operator, "&"), ">") || r.FD != "" && r.FD != "1" || r.Operator == ">&" {
			continue
		}
		if file := r.Target.Value; !isPassing(file) {
			return file
		}
	}
	return ""
}

// isPassing reports whether a path is in no layer.
func isPassing(file string) bool {
	return strings.HasPrefix(file, "/dev/") || strings.HasPrefix(file, "/proc/") || strings.HasPrefix(file, "/run/")
}

// configures reports whether a program writes to its own configuration.
func configures(program shell.Program) bool {
	operands := program.Arguments("-C", "--location").Operands
	if len(operands) < 2 {
		return false
	}
	switch operands[1].Value {
	case "get", "delete", "rm":
		return false
	}
	return operands[0].Value == "config" || operands[0].Value == "set"
}

// configFile is the file that a program keeps its configuration in.
func configFile(program string) string {
	switch program {
	case "npm", "pnpm":
		return "~/.npmrc"
	case "yarn":
		return "~/.yarnrc.yml"
	case "git":
		return "~/.gitconfig"
	case "pip", "pip3":
		return "~/.config/pip/pip.conf"
	case "composer":
		return "~/.composer/auth.json"
	case "poetry":
		return "~/.config/pypoetry/auth.toml"
	}
	return "~/.bundle/config"
}
