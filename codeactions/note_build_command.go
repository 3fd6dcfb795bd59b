package codeactions

import (
	"cmp"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

// noteBuildCommand offers to write above the first RUN that mounts a secret how the image is built with all of them, with
// the cursor on a secret mount; above the first one behind ONBUILD, how what starts from the image is. Source: cheat sheet,
// section 10.
func noteBuildCommand(s *analysis.Snapshot, place text.Span) []Action {
	m := s.Model()
	all, triggers := steps(m)
	at := slices.IndexFunc(all, func(inst *dockerfile.Instruction) bool { return hasSecretMount(inst, place) })
	if at < 0 {
		return nil
	}
	behind := triggers[all[at]] != nil
	first, flags := secretFlags(slices.DeleteFunc(all, func(inst *dockerfile.Instruction) bool {
		return (triggers[inst] != nil) != behind
	}))
	command := "docker build " + strings.Join(flags, " ") + " ."
	if behind {
		command = "What starts FROM this image: " + command
	}
	if first == nil || strings.Contains(m.Text, command) {
		return nil
	}
	if behind {
		first = triggers[first]
	}
	above := lint.StartWithComments(m, first) // a pragma of another tool has to stay next to it
	note := text.Edit{Span: text.Span{Start: above, End: above}, New: "# " + command + lineEndingAt(m.Text, above)}
	return []Action{{Title: "Note the build command in a comment", Kind: Rewrite, Risk: Safe, Edits: []text.Edit{note}}}
}

// hasSecretMount reports whether a range lies in a secret mount of a RUN.
func hasSecretMount(inst *dockerfile.Instruction, place text.Span) bool {
	return inst.Name == "RUN" && inst.Err == nil && slices.ContainsFunc(inst.Flags, func(flag syntax.Flag) bool {
		return flag.Touches(place) && place.Len() <= flag.Len() && isSecretMount(flag)
	})
}

// sayable are IDs, names and paths that mean the same to a shell and in a comma-separated list.
var sayable = regexp.MustCompile(`^[\w./-]+$`)

// secretFlags are the flags of docker build that give all secrets of some instructions, in order, and the first RUN that
// mounts one; none where an ID or a path is made of variables. Where a file comes from is a guess by where it goes.
func secretFlags(all []*dockerfile.Instruction) (first *dockerfile.Instruction, flags []string) {
	for _, inst := range all {
		for _, mount := range inst.Flags {
			if inst.Name != "RUN" || inst.Err != nil || !isSecretMount(mount) {
				continue
			}
			flag, ok := secretFlag(mount)
			if !ok {
				return nil, nil
			}
			if first == nil {
				first = inst
			}
			if !slices.Contains(flags, flag) {
				flags = append(flags, flag)
			}
		}
	}
	return first, flags
}

// secretFlag is the flag for a mount. Without an ID that is the base of the target.
func secretFlag(mount syntax.Flag) (flag string, ok bool) {
	target := path.Base(option(mount, "target", "dst", "destination"))
	id := cmp.Or(option(mount, "id", "source", "src"), target)
	if env := option(mount, "env"); env != "" {
		return fmt.Sprintf("--secret id=%s,env=%s", id, env), sayable.MatchString(id) && sayable.MatchString(env)
	}
	file := target
	if target == "." { // there is none
		file = id
	}
	return fmt.Sprintf("--secret id=%s,src=%s", id, file), sayable.MatchString(id) && sayable.MatchString(file)
}
