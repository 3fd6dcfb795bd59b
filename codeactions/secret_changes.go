package codeactions

import (
	"path"
	"slices"
	"strings"

	"dockerfile-ls/analysis/shell"
	"dockerfile-ls/analysis/text"
)

// removes takes out what a command removes of the files that are no longer written.
func (r *runPlan) removes(i int) bool {
	program := r.script.Commands[i].Program()
	if name := program.Name(); name != "rm" && name != "unlink" && name != "shred" {
		return false
	}
	operands := program.Arguments().Operands
	var ours []shell.Word
	for _, w := range operands {
		file := r.pathOf(r.inst, r.script, i, w)
		r.refuseFolder(file)
		r.refusePattern(i, w)
		if _, known := r.now[file]; known && r.isSecret(file, r.layerOf(r.inst)) { // a second removal goes too
			ours = append(ours, w)
		}
	}
	switch {
	case len(ours) == 0:
		return false
	case len(ours) < len(operands):
		for _, w := range ours {
			r.takeWord(w)
		}
	case r.removable(i):
		r.goes = append(r.goes, i)
	default:
		r.refuse("%s in line %d cannot be taken out", program.Name(), r.line(r.inst))
	}
	for _, w := range ours {
		r.now[r.pathOf(r.inst, r.script, i, w)] = false
	}
	return true
}

// refusePattern refuses to have removed what a pattern matches, if a mount is among it.
func (r *runPlan) refusePattern(i int, w shell.Word) {
	if w.Literal || !strings.ContainsAny(w.Value, "*?[") {
		return
	}
	pattern := w.Value
	if !path.IsAbs(pattern) {
		pattern = path.Join(r.walk(r.inst, r.script).folders[i], pattern)
	}
	for file, there := range r.now {
		hidden := strings.HasPrefix(path.Base(file), ".") && !strings.HasPrefix(path.Base(pattern), ".")
		if matches, _ := path.Match(pattern, file); matches && there && !hidden {
			r.refuse("%s in line %d cannot be taken out", w.Text, r.line(r.inst))
		}
	}
}

// refuseFolder refuses to have a folder removed in which a mount is.
func (r *runPlan) refuseFolder(folder string) {
	for _, file := range r.files {
		if folder != "" && strings.HasPrefix(file, strings.TrimSuffix(folder, "/")+"/") {
			r.refuse("line %d removes the folder of %s", r.line(r.inst), path.Base(file))
		}
	}
}

func (r *runPlan) takeWord(w shell.Word) {
	if w.Decoded || r.inst.JSON != nil {
		r.refuse("%s in line %d cannot be taken out", w.Text, r.line(r.inst))
		return
	}
	span := r.inst.At(w.Span)
	r.words = append(r.words, text.Span{Start: r.skipBlanksBack(r.inst, span.Start), End: span.End})
}

// changesMode takes out a chmod or chown of nothing but files that are mounted now.
func (r *runPlan) changesMode(i int) bool {
	command := r.script.Commands[i]
	if name := command.Name(); name != "chmod" && name != "chown" {
		return false
	}
	operands := operandsOf(command).Operands
	if len(operands) < 2 || !r.removable(i) {
		return false
	}
	for _, w := range operands[1:] {
		if file := r.pathOf(r.inst, r.script, i, w); file == "" || !r.now[file] {
			return false
		}
	}
	r.goes = append(r.goes, i)
	return true
}

// changers are programs that change or copy the files that they are called with.
var changers = []string{
	"chmod", "chown", "cp", "dd", "find", "install", "ln", "mv", "rm", "sed", "shred", "tee", "touch", "truncate", "unlink",
}

// refuseChangesBeside refuses commands that stay and change or copy a file that is mounted all the time, though it is not
// there where they stand: in front of what writes it, behind what removes it, in a function or for the end of the script.
func (r *runPlan) refuseChangesBeside() {
	for i, command := range r.script.Commands {
		program := command.Program()
		name := program.Name()
		changes := slices.Contains(changers, name)
		if slices.Contains(r.goes, i) || !changes && name != "trap" {
			continue
		}
		for _, w := range command.Words {
			place := r.inst.At(w.Span)
			stays := !slices.ContainsFunc(r.words, func(taken text.Span) bool { return taken.Contains(place) })
			mounted := slices.Contains(r.files, r.pathOf(r.inst, r.script, i, w))
			named := slices.ContainsFunc(r.files, func(file string) bool {
				return strings.Contains(w.Value, path.Base(file))
			})
			if changes && stays && mounted || !changes && named {
				r.refuse("%s in line %d changes or copies what is mounted then", name, r.line(r.inst))
			}
		}
	}
}

// refuseChanges refuses commands that change or copy a file that is a mount then.
func (r *runPlan) refuseChanges(i int) {
	command := r.script.Commands[i]
	program := command.Program()
	changes := slices.Contains(changers, program.Name())
	for _, w := range command.Words {
		if file := r.pathOf(r.inst, r.script, i, w); changes && file != "" && r.now[file] {
			r.refuse("%s in line %d changes or copies %s", program.Name(), r.line(r.inst), path.Base(file))
		}
	}
	if file := r.setting(r.inst, command); r.now[file] {
		r.refuse("%s in line %d changes %s", command.Name(), r.line(r.inst), path.Base(file))
	}
	for _, redirect := range command.Redirects {
		if !strings.Contains(redirect.Operator, ">") {
			continue
		}
		file := r.pathOf(r.inst, r.script, i, redirect.Target)
		if file != "" && (r.now[file] || r.isSecret(file, r.layerOf(r.inst))) {
			r.refuse("the command in line %d that writes %s does not stand by itself", r.line(r.inst), path.Base(file))
		}
	}
}
