package codeactions

import (
	"path"
	"slices"
	"strings"

	"dockerfile-ls/analysis/shell"
)

// refuseLeak refuses a command that writes a variable where it stays, unless the same script removes it.
func (r *runPlan) refuseLeak(i int) {
	program := r.script.Commands[i].Program()
	target := ""
	switch name := program.Name(); name {
	case "awk", "base64", "cat", "echo", "envsubst", "jq", "printf", "sed", "tee":
		target = r.targetOf(i)
		if args := program.Arguments(); name == "sed" && len(args.Operands) > 0 {
			if _, inPlace := args.Option("-i", "--in-place"); inPlace {
				target = args.Operands[len(args.Operands)-1].Value
			}
		}
	case "npm", "pnpm", "yarn", "git", "pip", "pip3", "composer", "bundle", "poetry":
		if configures(program) {
			target = name + " config"
		}
	}
	if target == "" || r.removedLater(i, path.Base(target)) && !r.copiedLater(i, path.Base(target)) {
		return
	}
	isDecoded := func(w shell.Word) bool { return w.Decoded }
	if r.inst.JSON != nil && slices.ContainsFunc(r.script.Commands[i].Words, isDecoded) {
		r.refuse("the array in line %d is written with escapes: write the RUN in shell form first", r.line(r.inst))
	}
	if why := r.unsettled(r.inst, r.script.Commands[i]); why != "" {
		r.refuse(why, r.line(r.inst))
	}
	r.refuse("line %d writes it to %s, which stays in the layer", r.line(r.inst), target)
}

// configures reports whether a program writes to its own configuration.
func configures(program shell.Program) bool {
	operands := program.Arguments("-C").Operands
	return len(operands) > 1 && (operands[0].Value == "config" || operands[0].Value == "set") && operands[1].Value != "get"
}

// targetOf is the file that the output of a command may go to: its own, or that of the rest of its pipeline or group.
func (r *runPlan) targetOf(i int) string {
	for j := i; j < len(r.script.Commands); j++ {
		command := r.script.Commands[j]
		for _, redirect := range command.Redirects {
			writes := strings.Contains(redirect.Operator, ">") && redirect.FD != "2" && redirect.Operator != ">&"
			if writes && !strings.HasPrefix(redirect.Target.Value, "/dev/") {
				return redirect.Target.Text
			}
		}
		if args := operandsOf(command); command.Name() == "tee" && len(args.Operands) > 0 {
			return args.Operands[0].Text
		}
		if r.script.Commands[i].Inside == 0 {
			return ""
		}
	}
	return ""
}

// removedLater reports whether the script removes a file behind a command, by its base name.
func (r *runPlan) removedLater(i int, base string) bool {
	all := r.walk(r.inst, r.script).enclosures
	for j := i + 1; j < len(r.script.Commands); j++ {
		program := r.script.Commands[j].Program()
		if name := program.Name(); name != "rm" && name != "shred" && name != "unlink" || !runsOnce(r.script, all, j) {
			continue
		}
		if slices.ContainsFunc(program.Arguments().Operands, func(w shell.Word) bool { return path.Base(w.Value) == base }) {
			return true
		}
	}
	return false
}

// copiedLater reports whether the script copies or moves a file behind a command, by its base name.
func (r *runPlan) copiedLater(i int, base string) bool {
	return slices.ContainsFunc(r.script.Commands[i+1:], func(command shell.Command) bool {
		program := command.Program()
		if !slices.Contains([]string{"cp", "dd", "install", "ln", "mv", "tar"}, program.Name()) {
			return false
		}
		return slices.ContainsFunc(program.Words[1:], func(w shell.Word) bool { return path.Base(w.Value) == base })
	})
}
