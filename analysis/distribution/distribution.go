// Package distribution knows the package managers of Linux distributions: what a command of theirs installs and removes,
// which packages are there for a build and which for what runs, and where a distribution keeps its own files.
// It must not know Dockerfiles, stages or Node.js.
package distribution

import (
	"path"
	"slices"
	"strings"

	"dockerfile-ls/analysis/shell"
)

// Verb is the verb that a package manager of a distribution is called with, with the packages behind it; empty if there is
// none.
func Verb(program shell.Program) (verb string, packages []shell.Word) {
	args := arguments(program)
	if len(args.Operands) == 0 {
		return "", nil
	}
	return args.Operands[0].Value, args.Operands[1:]
}

// Installed are the packages that a package manager of a distribution installs.
func Installed(program shell.Program) []shell.Word {
	verb := "install"
	switch program.Name() {
	case "apk":
		verb = "add"
	case "apt", "apt-get", "aptitude", "dnf", "microdnf", "yum":
	default:
		return nil
	}
	called, packages := Verb(program)
	if called != verb {
		return nil
	}
	return packages
}

func arguments(program shell.Program) shell.Arguments {
	return program.Arguments("-t", "--virtual", "-o", "--option", "--repository", "-X")
}

// IsRemoved reports whether a later command of the script removes a package, or may: by its name, by that of the group that
// it was installed with, or by a variable.
func IsRemoved(installed shell.Program, name string, later []shell.Command) bool {
	args := arguments(installed)
	group, _ := args.Option("-t", "--virtual")
	return slices.ContainsFunc(later, func(c shell.Command) bool {
		program := c.Program()
		args := program.Arguments("-o", "--option")
		if program.Name() != installed.Name() &&
			!(strings.HasPrefix(program.Name(), "apt") && strings.HasPrefix(installed.Name(), "apt")) {
			return false
		}
		if len(args.Operands) < 2 || !slices.Contains([]string{
			"del", "purge", "remove", "erase", "autoremove",
		}, args.Operands[0].Value) {
			return false
		}
		return slices.ContainsFunc(args.Operands[1:], func(w shell.Word) bool {
			return !w.Literal || w.Value == name || group.Value.Value != "" && w.Value == group.Value.Value
		})
	})
}

// IsSystemPath reports whether a path is where a distribution keeps programs and configuration.
func IsSystemPath(p string) bool {
	clean := path.Clean(p) + "/"
	for _, root := range []string{
		"/bin/", "/etc/", "/lib/", "/run/", "/sbin/", "/usr/bin/", "/usr/lib/", "/usr/local/", "/usr/sbin/", "/usr/share/",
	} {
		if strings.HasPrefix(clean, root) {
			return true
		}
	}
	return false
}
