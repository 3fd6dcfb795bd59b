package shell

import (
	"slices"
	"strings"
)

// IsPOSIX reports whether a SHELL is one whose scripts Parse reads; an empty one is Docker's default, /bin/sh -c. What
// stands in front of the shell, as in conda run -n x bash -c, does not matter.
func IsPOSIX(shell []string) bool {
	return len(shell) == 0 || slices.ContainsFunc(shell, func(word string) bool { return isShell(baseName(word)) })
}

func isShell(name string) bool {
	switch name {
	case "sh", "ash", "bash", "dash", "ksh", "mksh", "zsh":
		return true
	}
	return false
}

// baseName is the last part of the path of a program; with .exe, which Windows does not need, it is in lower case without.
func baseName(path string) string {
	name := path[strings.LastIndexAny(path, `/\`)+1:]
	if windows, ok := strings.CutSuffix(strings.ToLower(name), ".exe"); ok {
		return windows
	}
	return name
}

// IsForeign reports whether the first line of a script names a program that is no POSIX shell.
func IsForeign(script string) bool {
	name, named := shebang(script)
	return named && !isShell(name)
}

// shebang is the base name of the program that the first line of a script names; ok is false if it names none.
func shebang(script string) (name string, ok bool) {
	line, ok := strings.CutPrefix(script, "#!")
	if !ok {
		return "", false
	}
	line, _, _ = strings.Cut(line, "\n")
	words := strings.Fields(line)
	if len(words) > 0 && baseName(words[0]) == "env" {
		words = slices.DeleteFunc(words[1:], func(word string) bool { return word[0] == '-' || strings.Contains(word, "=") })
	}
	if len(words) == 0 {
		return "", true
	}
	return baseName(words[0]), true
}
