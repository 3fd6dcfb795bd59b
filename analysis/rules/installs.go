package rules

import (
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/execform"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/node"
	"dockerfile-ls/analysis/project"
	"dockerfile-ls/analysis/shell"
	"dockerfile-ls/analysis/text"
)

// install is a command of a RUN that installs what package.json names, with what is known where it runs.
type install struct {
	node.Install
	setting
	*reading
	stage   *dockerfile.Stage
	inst    *dockerfile.Instruction
	script  *shell.Script
	command int // its index in the script
}

// reading is what one walk over the installs of a file remembers, so that a long file costs no more for each line.
type reading struct {
	pass     *lint.Pass
	projects map[projectKey]project.Project
	effects  map[*dockerfile.Instruction]*effects
}

// projectKey is what decides which project an install belongs to.
type projectKey struct {
	folder string
	stage  *dockerfile.Stage
	copies int
}

// setting is what instructions in front of an install say about it, in its stage and in those below.
type setting struct {
	provided map[node.Manager]node.Release // what commands have put there
	declared map[string]bool               // the variables of installVariables that ARG or ENV set
	omits    bool                          // a command has configured that dev dependencies are left out
	copies   []contextCopy                 // the newest last
	dir      *string                       // the working directory, or not looked at yet if it is empty
}

// contextCopy is a source of the context with the absolute path that it is copied to.
type contextCopy struct {
	project.Copy
	to string
}

// installVariables are those that change what an install does.
var installVariables = []string{
	"CI", "NODE_ENV", "NPM_CONFIG_OMIT", "NPM_CONFIG_ONLY", "NPM_CONFIG_PRODUCTION", "YARN_ENABLE_IMMUTABLE_INSTALLS", "YARN_PRODUCTION",
	"npm_config_omit", "npm_config_only", "npm_config_production",
}

// installs calls back with every command of a RUN, or of one behind ONBUILD, that a manager reads as an install of what
// package.json names, until the rule has told enough. Of the stages, each stands behind the one that it is based on.
func installs(p *lint.Pass, stages []*dockerfile.Stage, read func(shell.Program) (node.Install, bool), each func(install)) {
	r := &reading{p, map[projectKey]project.Project{}, map[*dockerfile.Instruction]*effects{}}
	ends := make([]setting, len(p.Stages))
	for _, stage := range stages {
		var now setting
		if parent := p.Parent(stage); parent != nil {
			now = ends[parent.Index]
			now.copies = slices.Clip(now.copies) // another stage may go on from there too
		}
		now.dir = new(string)
		for _, inst := range stage.Instructions {
			if p.Full() {
				return
			}
			switch {
			case mentionsManager(inst):
				now = installsOf(install{setting: now, reading: r, stage: stage, inst: inst}, read, each)
			case inst.Name == "WORKDIR":
				now.dir = new(string)
			case inst.Name == "ARG" || inst.Name == "ENV":
				now = now.declares(inst)
			case inst.FromContext() && p.Project.Context.State == project.Known:
				now = now.takes(p, inst)
			}
		}
		ends[stage.Index] = now
	}
}

// mentionsManagers reports whether any instruction may call a manager; few files have one.
func mentionsManagers(p *lint.Pass) bool { return slices.ContainsFunc(p.Instructions, mentionsManager) }

// mentionsManager reports whether an instruction runs something in the build that may call a manager.
func mentionsManager(inst *dockerfile.Instruction) bool {
	return runs(inst) && (node.Mentioned(inst.Line.Text) || len(inst.Heredocs) > 0)
}

// runs reports whether an instruction runs something in the build, or has it run behind ONBUILD.
func runs(inst *dockerfile.Instruction) bool {
	return inst.Name == "RUN" || inst.Inner != nil && inst.Inner.Name == "RUN"
}

// installsOf calls back with the installs of one instruction, and returns what is set behind it.
func installsOf(i install, read func(shell.Program) (node.Install, bool), each func(install)) setting {
	script, posix := i.pass.Script(i.inst)
	if !posix {
		return i.setting
	}
	i.script = script
	for n, c := range script.Commands {
		program := c.Program()
		found, ok := read(program)
		switch {
		case ok && found.Global, node.SetsUp(program):
			i.setting = i.setting.after(program)
		case ok && !found.Named && !i.pass.Full():
			i.Install, i.command = found, n
			each(i)
		}
	}
	return i.setting
}

// after is the setting behind a program that installs a manager, or configures one.
func (s setting) after(program shell.Program) setting {
	s.omits = s.omits || node.SetsOmission(program)
	if r, ok := node.Provides(program); ok {
		s.provided = maps.Clone(s.provided)
		if s.provided == nil {
			s.provided = map[node.Manager]node.Release{}
		}
		s.provided[r.Manager] = r
	}
	return s
}

func (s setting) declares(inst *dockerfile.Instruction) setting {
	for _, pair := range inst.Pairs {
		if !s.declared[pair.Key.Text] && slices.Contains(installVariables, pair.Key.Text) {
			s.declared = maps.Clone(s.declared)
			if s.declared == nil {
				s.declared = map[string]bool{}
			}
			s.declared[pair.Key.Text] = true
		}
	}
	return s
}

func (s setting) takes(p *lint.Pass, inst *dockerfile.Instruction) setting {
	to, known := s.destination(p, inst)
	if !known {
		return s
	}
	for _, source := range contextSources(p, inst) {
		s.copies = append(s.copies, contextCopy{source.Copy, to})
	}
	return s
}

// place is the manager with the verb.
func (i install) place() text.Span {
	return text.Span{Start: i.Words[0].Start, End: i.Verb.End}
}

// exec says that the words are elements of an array, in quotes.
func (i install) exec() bool { return i.script.Commands[i.command].Inside.Has(shell.InExec) }

// editable reports whether all words stand in the file as they are read.
func (i install) editable() bool {
	return !slices.ContainsFunc(i.Words, func(w shell.Word) bool { return w.Decoded })
}

// edit leads an edit of words of the command back to the file.
func (i install) edit(e text.Edit) text.Edit {
	if i.exec() {
		e.New = asElements(e)
	}
	e.Span = i.inst.At(e.Span)
	return e
}

// asElements writes what an edit inserts or replaces as elements of an array.
func asElements(edit text.Edit) string {
	var elements []string
	for word := range strings.FieldsSeq(edit.New) {
		elements = append(elements, execform.Quote(word))
	}
	if edit.Len() > 0 {
		return strings.Join(elements, ", ")
	}
	return ", " + strings.Join(elements, ", ")
}

// variable is what a variable is for the command: set in front of it, earlier in the script, or by ENV or ARG. Where the file
// says nothing it is absent on images that are known to set none, and unknown on all others.
func (i install) variable(name string) dockerfile.Value {
	program := i.script.Commands[i.command].Program()
	if v, ok := assigned(program.Assigns, name); ok {
		return v
	}
	for _, c := range slices.Backward(i.script.Commands[:i.command]) {
		if len(c.Assigns) == 0 || len(c.Words) > 0 && c.Name() != "export" {
			continue // it is set for that command alone
		}
		if v, ok := assigned(c.Assigns, name); ok {
			return v
		}
	}
	if !i.declared[name] && setsNothing(i.pass, i.stage) {
		return dockerfile.Value{State: dockerfile.Absent}
	}
	return i.pass.Value(i.inst, name)
}

func assigned(assigns []shell.Assign, name string) (dockerfile.Value, bool) {
	for _, a := range slices.Backward(assigns) {
		switch {
		case a.Name != name:
		case !a.Value.Literal && a.Value.Text != "":
			return dockerfile.Value{}, true
		default:
			return dockerfile.Value{State: dockerfile.Known, Text: a.Value.Value}, true
		}
	}
	return dockerfile.Value{}, false
}

// setsNothing reports whether the image below a stage is known to say nothing of how packages are installed.
func setsNothing(p *lint.Pass, stage *dockerfile.Stage) bool {
	ref, known := p.Image(stage)
	return known && (ref.Official() || ref.Name == "oven/bun") || p.Base(p.Root(stage)) == "scratch"
}

// imageWorkdir stands for the working directory of a base image, which nobody knows: two paths in it can be compared.
const imageWorkdir = "/<WORKDIR of the base image>"

// workdir is the working directory in front of an instruction, or imageWorkdir where the file names none.
func (s setting) workdir(p *lint.Pass, inst *dockerfile.Instruction) (string, bool) {
	if *s.dir == "" {
		switch dir := p.Workdir(inst); {
		case dir.State == dockerfile.Known:
			*s.dir = dir.Text
		case p.InForce(inst, "WORKDIR") == nil:
			*s.dir = imageWorkdir
		default:
			*s.dir = "?"
		}
	}
	return *s.dir, *s.dir != "?"
}

// folder is the absolute path of the folder in which the command installs.
func (i install) folder() (string, bool) {
	dir, known := i.workdir(i.pass, i.inst)
	enter := func(w shell.Word) {
		switch {
		case !w.Literal:
			known = false
		case path.IsAbs(w.Value):
			dir, known = path.Clean(w.Value), true
		default:
			dir = path.Join(dir, w.Value)
		}
	}
	for _, c := range i.script.Commands[:i.command] {
		if c.Name() == "cd" && len(c.Words) > 1 {
			enter(c.Words[1])
		}
	}
	if option, ok := i.Args.Option("--prefix", "--cwd", "-C", "--dir"); ok && option.HasValue {
		enter(option.Value)
	}
	if i.Manager == node.PNPM && i.Verb.Value == "deploy" {
		if len(i.Args.Operands) == 0 {
			return "", false
		}
		enter(i.Args.Operands[0])
	}
	return dir, known
}

// project is that of the package.json that is copied to where the command installs, or that of the context root where the
// file does not say from where it comes.
func (i install) project() project.Project {
	if len(i.copies) == 0 {
		return i.pass.Project.Project(".")
	}
	folder, known := i.folder()
	if !known {
		return i.pass.Project.Project(".")
	}
	key := projectKey{folder, i.stage, len(i.copies)}
	found, ok := i.projects[key]
	if !ok {
		found = i.pass.Project.Project(i.packageFolder(folder))
		i.projects[key] = found
	}
	return found
}

// packageFolder is the folder of the context whose package.json was copied last into a folder of the image.
func (i install) packageFolder(folder string) string {
	for _, c := range slices.Backward(i.copies) {
		if from, ok := c.packageFrom(i.pass, folder); ok {
			return from
		}
	}
	return "."
}

// packageFrom is the folder of the context whose package.json is copied into a folder of the image.
func (c contextCopy) packageFrom(p *lint.Pass, folder string) (string, bool) {
	if matched, _ := path.Match(path.Base(c.Source), "package.json"); matched && path.Base(c.Source) != "*" {
		return path.Dir(c.Source), c.to == folder || c.to == path.Join(folder, "package.json")
	}
	rest, inside := within(c.to, folder)
	if !inside {
		return "", false
	}
	from := path.Join(c.Source, rest)
	return from, slices.Contains(p.Project.Takes(c.Copy).Files, path.Join(from, "package.json"))
}

// destination is the absolute path that a COPY or ADD copies to.
func (s setting) destination(p *lint.Pass, inst *dockerfile.Instruction) (string, bool) {
	if len(inst.Args) < 2 {
		return "", false
	}
	to := p.Expand(inst, inst.Args[len(inst.Args)-1].Text)
	if to.State != dockerfile.Known || path.IsAbs(to.Text) {
		return path.Clean(to.Text), to.State == dockerfile.Known
	}
	folder, known := s.workdir(p, inst)
	return path.Join(folder, to.Text), known
}

// within reports whether a path is a folder or lies in it, and where.
func within(folder, name string) (rest string, inside bool) {
	if folder == name {
		return ".", true
	}
	return strings.CutPrefix(name, strings.TrimSuffix(folder, "/")+"/")
}

// release is the manager's version: by packageManager, by what an earlier command has installed, or by the image.
func (i install) release() node.Release {
	r := node.Release{Manager: i.Manager, Major: i.managed()}
	if r.Major > 0 {
		return r
	}
	provided, given := i.provided[i.Manager]
	switch {
	case given:
		r.Major = provided.Major
	case i.Manager == node.NPM:
		r.Major = i.major()
	}
	if i.Manager == node.Yarn && r.Major == 0 {
		r.Major = i.kindOfYarn()
	}
	return r
}

// managed is the major version that the project declares; 0 if it declares none.
func (i install) managed() int {
	found := i.project()
	m := found.Manager
	switch {
	case m.State != project.Known || i.Manager == node.NPM: // npm is that of the image, whatever packageManager says
		return 0
	case strings.HasPrefix(string(m.Manager), string(i.Manager)) && m.Version.State == project.Known:
		major, _, _ := strings.Cut(m.Version.Value, ".")
		n, _ := strconv.Atoi(major) // packageManager was read already
		return n
	case m.Manager == project.YarnBerry && i.Manager == node.Yarn:
		return 2
	case m.Manager == project.YarnClassic && i.Manager == node.Yarn:
		return 1
	case m.Manager == project.PNPM && i.Manager == node.PNPM:
		lock, _ := found.Lockfile()
		return pnpmOf(lock)
	}
	return 0
}

// pnpmOf is the version of pnpm that writes a format of its own: 9 and later share theirs. Source: pnpm's changelogs.
func pnpmOf(lock project.Lockfile) int {
	switch major, _, _ := strings.Cut(lock.Version.Value, "."); major {
	case "5":
		return 7
	case "6":
		return 8
	}
	return 0
}

// major is the major version of the official image's npm; 0 on every other image.
func (i install) major() int {
	ref, _ := i.pass.Image(i.stage)
	image, official := ref.Node()
	if !official {
		return 0
	}
	return image.NPM()
}

// kindOfYarn tells the two kinds of yarn by the options that only one of them has.
func (i install) kindOfYarn() int {
	switch {
	case i.Has("--immutable", "--immutable-cache") || i.Verb.Value == "focus":
		return 2
	case i.Has("--frozen-lockfile", "--pure-lockfile", "--production", "--prod"):
		return 1
	}
	return 0
}
