package rules

import (
	"path"
	"slices"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/node"
	"dockerfile-ls/analysis/project"
	"dockerfile-ls/analysis/text"
)

// Unsplit is the stage that a file is for, if its containers run Node.js and it takes nothing from another stage: what they
// need was made in it. It is nil if there is none. It is for the code action that splits such a stage; around may be nil.
func Unsplit(m *dockerfile.Model, around *project.Surroundings) *dockerfile.Stage {
	return unsplit(lint.Outside(m, around))
}

func unsplit(p *lint.Pass) *dockerfile.Stage {
	final := p.Final()
	if final == nil || final.Development() || p.Windows(final) || !servesNode(p, final) || copiesFromStage(p, final) {
		return nil
	}
	return final
}

// StageInstall is a command of a stage that installs what package.json names.
type StageInstall struct {
	node.Install
	Inst    *dockerfile.Instruction
	Command int    // its index in the script
	Folder  string // in which it installs, absolute; empty if it is not known
	Release node.Release
	Project project.Project // that of the package.json; it may know nothing
	// Decided says that its own words say what becomes of the dev dependencies, whatever NODE_ENV is.
	Decided bool
	// KeepsDev says that the dev dependencies are there when the stage ends. NeedsDev says as a clause what of the container
	// may need them then; empty if it is known that nothing does.
	KeepsDev bool
	NeedsDev string
	// Omit makes the command leave them out; nil if no edit of its words does.
	Omit []text.Edit
}

// StageInstalls are those of a stage, in order.
func StageInstalls(m *dockerfile.Model, around *project.Surroundings, stage *dockerfile.Stage) []StageInstall {
	p := lint.Outside(m, around)
	var all []install
	installs(p, []*dockerfile.Stage{stage}, readAnyInstall, func(i install) {
		if i.inst.Name == "RUN" {
			all = append(all, i)
		}
	})
	var found []StageInstall
	for _, i := range all {
		found = append(found, i.ofStage(all))
	}
	return found
}

// ofStage is the install as one of all of its stage.
func (i install) ofStage(all []install) StageInstall {
	found := StageInstall{Install: i.Install, Inst: i.inst, Command: i.command, Release: i.release(), Project: i.project()}
	if folder, known := i.folder(); known {
		found.Folder = i.inImage(folder)
	}
	option, decided := i.DevOption(found.Release)
	found.Decided = decided
	f, keeps := i.keepsDev()
	pruned := i.isAlone(all) && i.prunedLater(&shippedStage{stage: i.stage, whole: true})
	if !keeps || f.Severity == lint.Hint || i.OnlyDev() || i.hasNoDev() || pruned {
		return found
	}
	found.KeepsDev = true
	found.NeedsDev = startedNeedsDev(Starts(i.pass.Model, i.pass.Project, i.stage), found.Project.Package)
	if fix, ok := i.omit(found.Release, option, decided); ok {
		found.Omit = fix.Edits
	}
	return found
}

// isAlone reports whether no other install works in another folder, where what takes dev dependencies away may work too.
func (i install) isAlone(all []install) bool {
	here, _ := i.folder()
	return !slices.ContainsFunc(all, func(other install) bool {
		there, _ := other.folder()
		return here != there
	})
}

// inImage is a folder with the working directory of the official image, which is the root; empty if it is that of another
// image.
func (i install) inImage(folder string) string {
	rest, inside := strings.CutPrefix(folder, imageWorkdir)
	if !inside {
		return folder
	}
	ref, _ := i.pass.Image(i.stage)
	if _, official := ref.Node(); !official {
		return ""
	}
	return path.Join("/", rest)
}
