package rules

import (
	"fmt"
	"slices"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/image"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/text"
)

var rootUser = &lint.Rule{
	ID:       "root-user",
	Aliases:  []string{"DL3002"},
	Severity: lint.Warning,
	Section:  4,
	Title:    "The last USER of the final stage is root.",
	Why: "The process of the container runs as root. Whoever breaks into it owns everything in the container, and is one " +
		"bug of the kernel away from the host. Switch back to an unprivileged user when what needs root is done.",
	Check: func(p *lint.Pass) {
		final := p.Final()
		if final == nil || p.Windows(final) {
			return
		}
		user := p.InForceAtEnd(final, "USER")
		if user == nil || len(user.Args) == 0 || !isRoot(p.Expand(user, user.Args[0].Text)) {
			return
		}
		p.Tell(user.Args[0].Span, fmt.Sprintf("The container runs as `%s`: end the stage with an unprivileged USER.",
			user.Args[0].Text),
			useNode(p, final, user)...)
	},
}

// isRoot reports whether the value of a USER is the superuser.
func isRoot(v dockerfile.Value) bool {
	user, _, _ := strings.Cut(v.Text, ":")
	return v.State == dockerfile.Known && (user == "root" || user == "0")
}

// useNode offers the user that the official node image has: in place of root, or in front of the command where something is
// built as root behind the USER.
func useNode(p *lint.Pass, stage *dockerfile.Stage, user *dockerfile.Instruction) []lint.Fix {
	ref, known := p.Image(stage)
	if _, official := ref.Node(); !known || !official {
		return nil
	}
	if p.StageOf(user) != stage || buildsBehind(stage, user) {
		return newUser(p, stage, ref)
	}
	return []lint.Fix{{
		Title: "Change the user to " + image.NodeUser,
		Edits: []text.Edit{{Span: user.Args[0].Span, New: image.NodeUser}},
		Risk:  "it may not write where root could",
	}}
}

// buildsBehind reports whether an instruction that may need root's rights stands behind another one in the stage.
func buildsBehind(stage *dockerfile.Stage, inst *dockerfile.Instruction) bool {
	i := slices.Index(stage.Instructions, inst)
	return slices.ContainsFunc(stage.Instructions[i+1:], needsRights)
}
