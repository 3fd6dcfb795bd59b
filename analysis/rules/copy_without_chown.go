package rules

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"dockerfile-ls/analysis/distribution"
	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/image"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

var copyWithoutChown = &lint.Rule{
	ID:       CopyWithoutChown,
	Severity: lint.Information,
	Section:  4,
	Title:    "Files of the application belong to root, and the process is not root.",
	Why: "COPY and ADD make files of root, whatever USER says. The process can read them, but not write what it has to, " +
		"such as caches and uploads. `--chown` gives them to the user that the container runs as.",
	Check: func(p *lint.Pass) {
		final := p.Final()
		if final == nil || p.Windows(final) || !isNodeStage(p, final) {
			return
		}
		user := p.InForceAtEnd(final, "USER")
		if user == nil || len(user.Args) == 0 || strings.Contains(user.Args[0].Text, "$") {
			return
		}
		owner := p.Expand(user, user.Args[0].Text)
		if owner.State != dockerfile.Known || isRoot(owner) {
			return
		}
		var copies []*dockerfile.Instruction
		gifts := giftsOf(p, final)
		for _, inst := range final.Instructions {
			if leavesToRoot(inst) && !isGivenLater(p, gifts, inst) {
				copies = append(copies, inst)
			}
		}
		if len(copies) > 0 {
			tellOwner(p, final, copies, owner.Text)
		}
	},
}

func tellOwner(p *lint.Pass, stage *dockerfile.Stage, copies []*dockerfile.Instruction, user string) {
	owner := ownerOf(p.Model, stage, user)
	f := lint.Finding{
		Span:    sourcesOf(copies[0]),
		Message: fmt.Sprintf("The files belong to root, and the container runs as `%s`: write `--chown=%s`.", user, owner),
	}
	if hasFlag(copies[0], "link") && namesOwner(owner) {
		f.Message = fmt.Sprintf("The files belong to root, and the container runs as `%s`: write `--chown=` with its "+
			"number, since --link cannot look names up.", user)
	}
	var all []text.Edit
	for i, inst := range copies {
		if i > 0 {
			f.Related = append(f.Related, lint.Related{Span: sourcesOf(inst), Message: "so do these"})
		}
		if !UserExists(p.Model, stage, inst, owner) {
			continue
		}
		all = append(all, text.Edit{
			Span: text.Span{Start: inst.Keyword.End, End: inst.Keyword.End}, New: " --chown=" + owner,
		})
		if i == 0 {
			f.Fixes = append(f.Fixes, lint.Fix{Title: "Add --chown=" + owner, Edits: all[:1:1], Safe: true})
		}
	}
	if len(all) > 1 && len(f.Fixes) > 0 {
		f.Fixes = append(f.Fixes, lint.Fix{
			Title: fmt.Sprintf("Add --chown=%s to all %d of the stage", owner, len(all)), Edits: all, Safe: true,
		})
	}
	p.Report(f)
}

// sourcesOf is where a COPY or ADD with a destination names what it copies.
func sourcesOf(inst *dockerfile.Instruction) text.Span {
	return text.Span{Start: inst.Args[0].Start, End: inst.Args[len(inst.Args)-2].End}
}

// leavesToRoot reports whether a COPY or ADD makes application files of root: without an owner or mode of its own, to a
// destination that is known and not the system's. An entry script is better left to root, and so is what is downloaded: a
// program such as tini.
func leavesToRoot(inst *dockerfile.Instruction) bool {
	if inst.Name != "COPY" && inst.Name != "ADD" || len(inst.Args) < 2 || inst.Err != nil {
		return false
	}
	for _, flag := range inst.Flags {
		if flag.Name.Text == "chown" || flag.Name.Text == "chmod" {
			return false
		}
	}
	destination := inst.Args[len(inst.Args)-1].Text
	if strings.Contains(destination, "$") || distribution.IsSystemPath(destination) ||
		!inst.FromContext() && path.Clean(destination) == "/" {
		return false
	}
	for _, source := range inst.Args[:len(inst.Args)-1] {
		if !isEntryScript(source) && !isDownloaded(source) {
			return true
		}
	}
	return false
}

// gift is a folder that a RUN gives to somebody, with all that is in it.
type gift struct {
	by     *dockerfile.Instruction
	folder string // absolute
}

func giftsOf(p *lint.Pass, stage *dockerfile.Stage) []gift {
	var gifts []gift
	for _, inst := range stage.Instructions {
		if inst.Name != "RUN" || !strings.Contains(inst.Rest.Text, "chown") {
			continue
		}
		script, posix := p.Script(inst)
		if !posix {
			continue
		}
		for _, c := range script.Commands {
			program := c.Program()
			args := program.Arguments()
			if _, whole := args.Option("-R", "--recursive"); !whole || c.Name() != "chown" || len(args.Operands) < 2 {
				continue
			}
			for _, w := range args.Operands[1:] {
				if folder := absolute(p, inst, w.Value); w.Literal && folder != "" {
					gifts = append(gifts, gift{inst, folder})
				}
			}
		}
	}
	return gifts
}

// isGivenLater reports whether a later RUN gives the destination of a COPY or ADD to somebody, or a folder above it.
func isGivenLater(p *lint.Pass, gifts []gift, copied *dockerfile.Instruction) bool {
	if len(gifts) == 0 {
		return false
	}
	to := absolute(p, copied, copied.Args[len(copied.Args)-1].Text)
	return to != "" && slices.ContainsFunc(gifts, func(g gift) bool {
		return g.by.Start > copied.Start && (g.folder == to || g.folder == "/" || strings.HasPrefix(to, g.folder+"/"))
	})
}

func isEntryScript(source syntax.Word) bool {
	name := path.Base(source.Text)
	return strings.HasSuffix(name, ".sh") || strings.Contains(name, "entrypoint")
}

func isDownloaded(source syntax.Word) bool {
	return strings.HasPrefix(source.Text, "https://") || strings.HasPrefix(source.Text, "http://")
}

// Owner is the value of --chown for a COPY or ADD that has none: the user that the stage ends as, if that is not root and is
// there when the files are copied. It is for the code action where no finding stands.
func Owner(m *dockerfile.Model, stage *dockerfile.Stage, inst *dockerfile.Instruction) (owner string, ok bool) {
	if inst.Name != "COPY" && inst.Name != "ADD" || len(inst.Args) < 2 || inst.Err != nil || hasFlag(inst, "chown") ||
		m.Windows(stage) {
		return "", false
	}
	return OwnerAt(m, stage, inst)
}

// ownerOf is the value of --chown for a user: with the group that is known, or that other files of the stage have, or
// without.
func ownerOf(m *dockerfile.Model, stage *dockerfile.Stage, user string) string {
	ref, _ := m.Image(stage)
	if _, official := ref.Node(); official && user == image.NodeUser {
		return image.NodeUser + ":" + image.NodeGroup
	}
	for _, inst := range stage.Instructions {
		for _, flag := range inst.Flags {
			owner := flag.Value.Text
			if flag.Name.Text == "chown" && strings.HasPrefix(owner, user+":") && !strings.Contains(owner, "$") {
				return owner
			}
		}
	}
	return user
}

// UserExists reports whether a user, with its group if that is named, is there when a COPY is made. With --link BuildKit
// cannot look names up.
func UserExists(m *dockerfile.Model, stage *dockerfile.Stage, copies *dockerfile.Instruction, user string) bool {
	name, group, _ := strings.Cut(user, ":")
	if isNumber(name) && (group == "" || isNumber(group)) {
		return true
	}
	if hasFlag(copies, "link") {
		return false
	}
	ref, _ := m.Image(stage)
	if _, official := ref.Node(); official && name == image.NodeUser && (group == "" || group == image.NodeGroup) {
		return true
	}
	return created(m, stage, copies, name, "adduser", "useradd") &&
		(group == "" || group == "root" || isNumber(group) ||
			created(m, stage, copies, group, "adduser", "useradd", "addgroup", "groupadd"))
}

func isNumber(s string) bool {
	_, err := strconv.ParseUint(s, 10, 32)
	return err == nil
}

// created reports whether a RUN in front of an instruction, or in a stage below, creates a user or a group by one of the
// programs.
func created(
	m *dockerfile.Model, stage *dockerfile.Stage, end *dockerfile.Instruction, name string, programs ...string,
) bool {
	for s := stage; s != nil; s = m.Parent(s) {
		for _, inst := range s.Instructions {
			if inst == end {
				break
			}
			if inst.Name == "RUN" && creates(m, inst, name, programs) {
				return true
			}
		}
	}
	return false
}

func creates(m *dockerfile.Model, inst *dockerfile.Instruction, name string, programs []string) bool {
	script, posix := m.Script(inst)
	if !posix {
		return false
	}
	for _, c := range script.Commands {
		program := c.Program()
		if !slices.Contains(programs, program.Name()) {
			continue
		}
		for _, w := range program.Words[1:] {
			if w.Literal && w.Value == name {
				return true
			}
		}
	}
	return false
}

// OwnerAt is the value of --chown for what comes in front of an instruction of a stage: the user that the stage ends as, if
// that is not root; there says whether it exists by then.
func OwnerAt(m *dockerfile.Model, stage *dockerfile.Stage, at *dockerfile.Instruction) (owner string, there bool) {
	user := m.InForceAtEnd(stage, "USER")
	if user == nil || len(user.Args) == 0 {
		return "", false
	}
	name := m.Expand(user, user.Args[0].Text)
	if name.State != dockerfile.Known || name.Default || isRoot(name) {
		return "", false
	}
	owner = ownerOf(m, stage, name.Text)
	return owner, UserExists(m, stage, at, owner)
}
