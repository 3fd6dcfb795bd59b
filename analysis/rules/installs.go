package rules

import (
	"path"
	"slices"
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

// variable is what a variable is for the command: set in front of it, earlier in the script, or by ENV or ARG. Where the
// file says nothing it is absent on images that are known to set none, and unknown on all others.
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
