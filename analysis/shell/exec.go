package shell

import (
	"slices"
	"strings"
)

// ExecPlace is where exec, put into the file, gives the process of the shell to the last command of the script: in front of
// its name, behind assignments. It is false where the shell has to stay: for a builtin, a function, a pipeline, what stands
// behind ||, in the background or inside another command, where a trap waits, and where the script is not known.
// A variable may hold a builtin; only "$@" is what it is in entry scripts, a program.
func (s *Script) ExecPlace() (at int, ok bool) {
	last := s.Last()
	if last == nil || last.Inside != 0 || last.After.Operator == Or || len(last.Words) == 0 || last.Words[0].Decoded {
		return 0, false
	}
	if slices.ContainsFunc(last.Assigns, func(a Assign) bool { return a.Append || a.Element }) {
		return 0, false // to some shells it is the name of a program
	}
	name := last.Words[0]
	if strings.HasPrefix(name.Value, "-") {
		return 0, false // it would be an option of exec
	}
	if own := IsBuiltin(name.Value) ||
		slices.Contains(s.Functions, name.Value); name.Literal && own || !name.Literal && name.Text != `"$@"` {
		return 0, false
	}
	return name.Start, !s.keepsShell()
}

// GivesWay reports whether the last command of the script is exec itself.
func (s *Script) GivesWay() bool {
	last := s.Last()
	return last != nil && last.Inside == 0 && last.Name() == "exec" && len(last.Words) > 1
}

// Last is the last command that the shell of the script itself runs; nil if there is none.
func (s *Script) Last() *Command {
	for i := range slices.Backward(s.Commands) {
		if !s.Commands[i].Inside.Has(InSubstitution | InScript | InFunction) {
			return &s.Commands[i]
		}
	}
	return nil
}

// keepsShell reports whether the shell has more to do, or may have: traps, aliases, and what was not read.
func (s *Script) keepsShell() bool {
	if slices.ContainsFunc(s.Unknowns, func(u Unknown) bool { return u.Reason != ComputedScript }) {
		return true
	}
	return slices.ContainsFunc(s.Commands, func(c Command) bool {
		return !c.Inside.Has(InScript) && (c.Name() == "trap" || c.Name() == "alias")
	})
}

// IsBuiltin reports whether a POSIX shell or Bash runs a command of this name itself, or takes it for a word of its grammar.
func IsBuiltin(name string) bool {
	switch name {
	case "", "!", ".", ":", "((", "[[", "]]", "alias", "bg", "bind", "break", "builtin", "caller", "case", "cd", "chdir",
		"command", "compgen", "complete", "compopt", "continue", "coproc", "declare", "dirs", "disown", "do", "done",
		"elif", "else", "enable", "esac", "eval", "exec", "exit", "export", "fc", "fg", "fi", "for", "function", "getopts",
		"hash", "help", "history", "if", "in", "jobs", "let", "local", "logout", "mapfile", "nameref", "popd", "pushd",
		"read", "readarray", "readonly", "return", "select", "set", "shift", "shopt", "source", "suspend", "then", "time",
		"times", "trap", "type", "typeset", "ulimit", "umask", "unalias", "unset", "until", "wait", "while", "{", "}":
		return true
	}
	return HasTwin(name)
}

// HasTwin names the builtins that are programs of nearly every image too.
func HasTwin(name string) bool {
	switch name {
	case "echo", "false", "kill", "printf", "pwd", "test", "true", "[":
		return true
	}
	return false
}
