package execform

import (
	"path"
	"slices"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/shell"
	"dockerfile-ls/analysis/syntax"
)

// Shell is the array that runs a shell form of an instruction, with the script behind it: Docker's own, or that of the SHELL
// in force. It is false where that is no POSIX shell. The base image may set another one.
func Shell(m *dockerfile.Model, inst *dockerfile.Instruction) (array []string, ok bool) {
	set, stage := m.InForce(inst, "SHELL"), m.StageOf(inst)
	if stage != nil && (m.Windows(stage) || inst.Name == "HEALTHCHECK" && isSetBelow(m, stage, set)) {
		return nil, false
	}
	if set == nil || set.JSON == nil || len(set.JSON.Elements) == 0 {
		return []string{"/bin/sh", "-c"}, set == nil || set.JSON != nil
	}
	for _, e := range set.JSON.Elements {
		array = append(array, e.Text)
	}
	return array, shell.IsPOSIX(array)
}

// isSetBelow reports whether a container of a stage, or of one that is based on it, has another SHELL than an instruction of
// the stage sees. A health check is read by the shell that the container has. Source: getShell of moby/daemon.
func isSetBelow(m *dockerfile.Model, stage *dockerfile.Stage, set *dockerfile.Instruction) bool {
	return slices.ContainsFunc(m.Stages, func(s *dockerfile.Stage) bool {
		for based := s; based != nil; based = m.Parent(based) {
			if based == stage {
				return m.InForceAtEnd(s, "SHELL") != set
			}
		}
		return false
	})
}

// Shell is the program that reads the command.
func (c Command) Shell() string { return c.shell[0] }

// Startup is the variable that names a file which the shell of the command runs in front of it; empty if there is none.
func (c Command) Startup() string {
	name, _ := Startup(c.model, c.shell)
	return name
}

// Startup is the variable that names a file which a shell runs in front of a command, and whether the Dockerfile sets it
// anywhere; empty if there is none.
func Startup(m *dockerfile.Model, array []string) (name string, set bool) {
	if path.Base(array[0]) != "bash" {
		return "", false
	}
	name = "BASH_ENV"
	return name, slices.ContainsFunc(m.Instructions, func(inst *dockerfile.Instruction) bool {
		if inst.Inner != nil {
			inst = inst.Inner
		}
		if inst.Name != "ENV" && inst.Name != "ARG" {
			return false
		}
		return slices.ContainsFunc(inst.Pairs, func(pair syntax.Pair) bool { return pair.Key.Text == name })
	})
}

// isProcess reports whether the shell of an array is its process, which env makes it.
func isProcess(array []string) bool {
	if path.Base(array[0]) == "env" && len(array) > 1 {
		array = array[1:]
	}
	return shell.IsPOSIX(array[:1])
}

// onlyRuns reports whether an array is a shell that runs a command and does nothing else that anybody sees: a login shell or
// an interactive one reads files first, and -x writes what it runs.
func onlyRuns(array []string) bool {
	switch path.Base(array[0]) {
	case "sh", "ash", "bash", "dash":
	default:
		return false
	}
	last := false // the command comes next
	for i := 1; i < len(array); i++ {
		letters, isOption := strings.CutPrefix(array[i], "-")
		if !isOption || strings.Trim(letters, "ceuoCfhET") != "" {
			return false
		}
		last = strings.Contains(letters, "c")
		for range strings.Count(letters, "o") {
			if i++; i == len(array) || !isQuiet(array[i]) {
				return false
			}
		}
	}
	return last
}

// isQuiet reports whether an option of set -o is one of those that only matter to scripts.
func isQuiet(option string) bool {
	switch option {
	case "errexit", "errtrace", "functrace", "hashall", "noclobber", "noglob", "nounset", "pipefail":
		return true
	}
	return false
}
