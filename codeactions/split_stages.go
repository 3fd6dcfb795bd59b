package codeactions

import (
	"slices"
	"strings"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/distribution"
	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/node"
	"dockerfile-ls/analysis/project"
	"dockerfile-ls/analysis/rules"
	"dockerfile-ls/analysis/shell"
	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

// splitTitle is the title without its risk.
const splitTitle = "Split into build and production stages"

// splitAtFrom offers the split at the FROM of the stage that is to be split.
func splitAtFrom(s *analysis.Snapshot, place text.Span) []Action {
	stage := rules.Unsplit(s.Model(), s.Facts().Project)
	if stage == nil || !stage.From.Touches(place) || place.Len() > stage.From.Len() {
		return nil
	}
	if a, offered := splitStages(s); offered {
		return []Action{a}
	}
	return nil
}

// splitForFinding offers the split for a finding that it mends.
func splitForFinding(s *analysis.Snapshot, f *lint.Finding) []Action {
	a, offered := splitStages(s)
	if !offered {
		return nil
	}
	a.Kind, a.Mends = QuickFix, f
	return []Action{a}
}

// splitStages offers to install and to build in a stage of its own, and to copy what comes of it into a stage that has
// nothing else. It is refused with the reason where it is not seen what the one stage needs, and what the other. There is no
// offer where nothing is to be split. Source: cheat sheet, section 8.
func splitStages(s *analysis.Snapshot) (a Action, offered bool) {
	p := newSplit(s)
	if p == nil {
		return Action{}, false
	}
	p.plan()
	a = Action{Title: splitTitle, Kind: Rewrite}
	if p.reason != "" {
		a.Refused = p.reason
		return a, true
	}
	edits := p.splitEdits()
	if a.Refused = p.reason; a.Refused != "" {
		return a, true
	}
	a.Title += " (the image has only what is copied into it)"
	a.Edits = edits
	a.Tells = strings.Join(p.tells, " ")
	return a, true
}

// split is the plan to make two stages of one.
type split struct {
	reading
	refusal
	around   *project.Surroundings
	stage    *dockerfile.Stage
	installs []rules.StageInstall
	started  rules.Started
	lines    []*splitLine
	// whole says that all of the folders is copied, and not only the packages that are installed in them.
	whole   bool
	folders []string
	demand  demand
	// generated are the instructions that copy manifests into the build stage in place of what takes them along with a
	// folder.
	generated map[*dockerfile.Instruction][]string
	// puts are the new instructions of the production stage, by the index of the line that they stand in front of.
	puts        map[int][]string
	omits       map[*dockerfile.Instruction][]text.Edit // make installs leave dev dependencies out
	prunes      []string                                // the instructions behind the work that take them away
	bringsLater bool                                    // the production stage installs programs of npm
	stageName   string
	tells       []string
}

// splitLine is an instruction of the stage, or comments that stand by themselves.
type splitLine struct {
	passage
	inst *dockerfile.Instruction // nil for comments
	run  *splitRun               // of a RUN
	// works says that the RUN is for the build stage alone.
	works bool
	// inBuild and inProduction say where it goes; the texts are what it is there, if not what it was.
	inBuild, inProduction     bool
	buildText, productionText string
}

// newSplit is nil where nothing is to be split.
func newSplit(s *analysis.Snapshot) *split {
	m, around := s.Model(), s.Facts().Project
	stage := rules.Unsplit(m, around)
	if stage == nil {
		return nil
	}
	if around == nil {
		around = &project.Surroundings{}
	}
	p := &split{reading: newReading(m), around: around, stage: stage, installs: rules.StageInstalls(m, around, stage),
		generated: map[*dockerfile.Instruction][]string{}, puts: map[int][]string{},
		omits: map[*dockerfile.Instruction][]text.Edit{},
	}
	if !p.isNode() || len(p.installs) == 0 && !slices.ContainsFunc(stage.Instructions, p.mayBuild) {
		return nil
	}
	return p
}

// isNode reports whether the image of the stage is one of Node.js, or of a distribution to which it is added.
func (p *split) isNode() bool {
	ref, known := p.Image(p.stage)
	if _, official := ref.Node(); official || strings.HasSuffix(ref.Name, "/node") ||
		strings.HasSuffix(ref.Name, "/nodejs") {
		return known
	}
	return slices.ContainsFunc(p.stage.Instructions, func(inst *dockerfile.Instruction) bool {
		script, posix := p.Script(inst)
		if inst.Name != "RUN" || !posix {
			return false
		}
		for _, c := range script.Commands {
			if slices.Contains(shell.Values(distribution.Installed(c.Program())), "nodejs") {
				return true
			}
		}
		return false
	})
}

// mayBuild reports whether an instruction builds the application.
func (p *split) mayBuild(inst *dockerfile.Instruction) bool {
	script, posix := p.Script(inst)
	if inst.Name != "RUN" || !posix {
		return false
	}
	for _, c := range script.Commands {
		if len(node.BuildCommand(c.Program())) > 0 {
			return true
		}
	}
	return false
}

// plan finds out what goes where, or the reason why that is not possible.
func (p *split) plan() {
	for _, step := range []func(){
		p.checkStage, p.checkOthers, p.checkInstructions, p.readLines, p.checkProcess, p.checkLate, p.decideForm,
		p.checkLogins,
		p.omitDev, p.share, p.shareVariables, p.noteRemoved, p.copyOver,
	} {
		if step(); p.reason != "" {
			return
		}
	}
}

// checkStage refuses where the image that the stage starts from is not known.
func (p *split) checkStage() {
	if parent := p.Parent(p.stage); parent != nil {
		p.refuse("it is based on the stage %s of this file", stageName(parent))
		return
	}
	ref, external := p.External(p.stage)
	if !external {
		p.refuse("it is not known what the base image is")
		return
	}
	if _, official := ref.Node(); !official {
		p.refuse("it is not known what is in `%s`, which is not the official image of Node.js", ref.Name)
	}
}

// stageName is how a person finds a stage.
func stageName(stage *dockerfile.Stage) string {
	if stage.Name.Text != "" {
		return "`" + stage.Name.Text + "`"
	}
	return "`" + stage.Base.Text + "`"
}

// checkOthers refuses where other stages would get another stage than they have now.
func (p *split) checkOthers() {
	for _, stage := range p.Stages {
		if p.Parent(stage) == p.stage {
			p.refuse("the stage %s is based on it, and would no longer have what the build stage has", stageName(stage))
		}
		for _, inst := range stage.Instructions {
			for _, origin := range p.Origins(inst) {
				switch {
				case origin.Stage == p.stage:
					p.refuse("the stage %s takes files from it", stageName(stage))
				case origin.Stage != nil && stage == p.stage:
					p.refuse("the RUN in line %d mounts the stage %s", p.line(inst), stageName(origin.Stage))
				case origin.Numbered:
					p.refuse("the %s in line %d names a stage by its number", inst.Name, p.line(inst))
				}
			}
		}
	}
}

// checkInstructions refuses what nobody can read, and what reads the other instructions differently.
func (p *split) checkInstructions() {
	for _, inst := range append([]*dockerfile.Instruction{p.stage.From}, p.stage.Instructions...) {
		open := slices.ContainsFunc(inst.Heredocs, func(h syntax.Heredoc) bool { return !h.Terminated })
		switch {
		case inst.Err != nil || inst.Recovered || inst.Dangling.Len() > 0 || open ||
			inst.JSON != nil && inst.JSON.Unfinished:
			p.refuse("line %d is not complete", p.line(inst))
		case inst.Name == "ONBUILD":
			p.refuse("ONBUILD in line %d is for the build of another Dockerfile", p.line(inst))
		case inst.Name == "SHELL":
			p.refuse("SHELL in line %d changes what reads the RUNs", p.line(inst))
		}
	}
}

// checkProcess refuses where it is not seen what the container runs.
func (p *split) checkProcess() {
	if p.started.Unseen != "" {
		p.refuse("it is not seen what %s runs", p.started.Unseen)
	}
	if p.started.Develops {
		p.refuse("the container runs a server for development")
	}
	if p.fetchesManager() {
		p.refuse("the container would fetch its package manager when it starts: name its version for corepack prepare, " +
			"or call node")
	}
	if v := p.WorkdirAtEnd(p.stage); v.State != dockerfile.Known && p.InForceAtEnd(p.stage, "WORKDIR") != nil {
		p.refuse("it is not known which folder WORKDIR is")
	}
}

// splitEdits are the lines that change.
func (p *split) splitEdits() []text.Edit {
	start, end := lint.StartWithComments(p.Model, p.stage.From), endOfStage(p.Model, p.stage)
	after := p.twoStages()
	if !strings.HasSuffix(p.Text[:end], "\n") {
		after = after[:beforeLineEnding(after, len(after))]
	}
	return difference(p.Text, p.Text[:start]+after+p.Text[end:])
}
