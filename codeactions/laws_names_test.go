package codeactions

import (
	"slices"
	"strings"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/image"
)

// names holds that users are named where they exist by then, and that no ENTRYPOINT comes to a stage that inherits its CMD,
// which it would clear.
func (l *laws) names(before, after *analysis.Snapshot, a Action) {
	l.Helper()
	m := after.Model()
	added := len(m.Instructions) > len(before.Model().Instructions)
	for _, stage := range m.Stages {
		for i, inst := range stage.Instructions {
			name := userNamed(inst)
			if name == "" || isNamed(before, name) || hasUser(m, stage, i, name) {
				continue
			}
			l.Errorf("%s: %s: there is no user %s by then:\n%s", l.name, a.Title, name, after.Text())
		}
		if added && has(stage, "ENTRYPOINT") && !has(stage, "CMD") &&
			!slices.ContainsFunc(before.Model().Stages, func(s *dockerfile.Stage) bool { return has(s, "ENTRYPOINT") }) {
			l.Errorf("%s: %s: the ENTRYPOINT clears a CMD:\n%s", l.name, a.Title, after.Text())
		}
	}
}

// userNamed is the user that an instruction names; empty for a number and for none.
func userNamed(inst *dockerfile.Instruction) string {
	value := ""
	if inst.Name == "USER" && len(inst.Args) == 1 {
		value = inst.Args[0].Text
	}
	for _, flag := range inst.Flags {
		if flag.Name.Text == "chown" {
			value = flag.Value.Text
		}
	}
	name, _, _ := strings.Cut(value, ":")
	if strings.Trim(name, "0123456789") == "" || strings.Contains(name, "$") || name == "root" {
		return ""
	}
	return name
}

// hasUser reports whether a user exists in front of the n-th instruction of a stage: by the image, or by a command that
// makes it.
func hasUser(m *dockerfile.Model, stage *dockerfile.Stage, n int, name string) bool {
	if ref, known := m.Image(stage); known {
		if _, node := ref.Node(); node && name == image.NodeUser {
			return true
		}
	}
	for s, end := stage, n; s != nil; s = m.Parent(s) {
		if s != stage {
			end = len(s.Instructions)
		}
		if slices.ContainsFunc(s.Instructions[:end], func(inst *dockerfile.Instruction) bool {
			made := inst.Rest.Text
			return inst.Name == "RUN" && strings.Contains(made, name) &&
				(strings.Contains(made, "useradd") || strings.Contains(made, "adduser"))
		}) {
			return true
		}
	}
	return false
}

// isNamed reports whether a file names a user itself.
func isNamed(s *analysis.Snapshot, user string) bool {
	return slices.ContainsFunc(s.Model().Instructions, func(inst *dockerfile.Instruction) bool {
		return userNamed(inst) == user
	})
}

func has(stage *dockerfile.Stage, name string) bool {
	return slices.ContainsFunc(stage.Instructions, func(inst *dockerfile.Instruction) bool { return inst.Name == name })
}
