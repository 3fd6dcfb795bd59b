package codeactions

import (
	"maps"
	"path"
	"slices"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/secret"
	"dockerfile-ls/analysis/shell"
	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

// runPlan is what becomes of one RUN.
type runPlan struct {
	*conversion
	inst   *dockerfile.Instruction
	script *shell.Script
	now    present
	// wrote are the files that this RUN has written so far, so that what comes next most likely reads them.
	wrote     map[string]bool
	goes      []int       // commands
	words     []text.Span // of commands that stay
	files     []string    // to mount
	variables []string    // to mount
}

// planInstruction plans one instruction of a stage, and keeps track of the files that are there.
func (c *conversion) planInstruction(inst *dockerfile.Instruction, now present) {
	switch {
	case inst.Name == "RUN":
		c.planRun(inst, now)
	case inst.FromContext():
		var goes []int
		for _, copied := range c.copies {
			if copied.inst != inst {
				continue
			}
			now[copied.path] = true
			if !copied.folder {
				goes = append(goes, copied.word)
			}
		}
		c.takeSources(inst, goes)
	}
}

func (c *conversion) planRun(inst *dockerfile.Instruction, now present) {
	script, posix := c.Script(inst)
	recovered := inst.Recovered || c.isTrigger(inst) && c.triggers[inst].Recovered
	open := recovered || slices.ContainsFunc(inst.Heredocs, func(h syntax.Heredoc) bool { return !h.Terminated })
	if open || !posix || !script.Known() {
		if c.mentionsAny(inst.Extent.Of(c.Text)) || slices.Contains(slices.Collect(maps.Values(now)), true) {
			c.refuse("it is not known what the RUN in line %d runs", c.line(inst))
		}
		return
	}
	r := &runPlan{conversion: c, inst: inst, script: script, now: now, wrote: map[string]bool{}}
	for i := range script.Commands {
		r.command(i)
	}
	r.finish()
}

// command decides what becomes of one command.
func (r *runPlan) command(i int) {
	command := r.script.Commands[i]
	r.refuseUnread(i)
	if r.write(i) || r.removes(i) || r.changesMode(i) {
		return
	}
	r.refuseChanges(i)
	for file, there := range r.now {
		reads := r.wrote[file] && !isIdle(command) || isReader(command, path.Base(file))
		if there && reads && !slices.Contains(r.files, file) {
			r.files = append(r.files, file)
		}
	}
	for _, name := range r.wants(i) {
		if !slices.Contains(r.variables, name) {
			r.variables = append(r.variables, name)
		}
	}
}

// write takes out a command that writes or sets something in one of the files.
func (r *runPlan) write(i int) bool {
	file := r.writes(r.inst, r.script, i)
	if file == "" || !r.isSecret(file, r.layerOf(r.inst)) || !r.removable(i) {
		return false
	}
	if r.goes = append(r.goes, i); r.hasOwnToken(r.script.Commands[i]) {
		r.refuse(".yarnrc.yml has a token of its own, which would win over that of the home")
	}
	stays := !unsets(r.script.Commands[i])
	r.now[file], r.wrote[file] = stays, stays
	if stays {
		r.noteWritten(r.conversion.files[file], i)
	}
	return true
}

// isIdle reports whether a command reads no configuration.
func isIdle(c shell.Command) bool {
	idle := []string{":", "cd", "chmod", "chown", "echo", "export", "mkdir", "set", "true", "unset", "umask"}
	return len(c.Words) == 0 || slices.Contains(idle, c.Name())
}

// removable reports whether a command could be taken out of the list that it stands in.
func (r *runPlan) removable(i int) bool {
	command := r.script.Commands[i]
	isDecoded := func(w shell.Word) bool { return w.Decoded }
	all := r.walk(r.inst, r.script).enclosures
	if command.Inside.Has(shell.InScript) && slices.ContainsFunc(command.Words, isDecoded) || !runsOnce(r.script, all, i) {
		return false
	}
	place := command.Span
	for {
		next, more := behind(r.script, place)
		if !more || !slices.ContainsFunc(all, func(e enclosure) bool { return e.redirections == next }) {
			return !more || joins(r.script.Commands[next].After.Operator)
		}
		place = r.script.Commands[next].Span
	}
}

// noteWritten remembers what the file has to hold. A line of nothing but text may be the secret itself.
func (r *runPlan) noteWritten(file *secretFile, i int) {
	line := r.textOf(i)
	unfit := line == "" || len(line) > 160 || strings.ContainsAny(line, "\n`")
	if unfit || slices.Contains(file.holds, line) || len(r.seed.writes) > 0 {
		return
	}
	if key, _ := secret.NPMCredential(line); key != "" && len(r.readIn(line)) == 0 {
		return
	}
	file.holds = append(file.holds, line)
}

// textOf is what a command writes, as it is written; of a setting, the key and the value.
func (r *runPlan) textOf(i int) string {
	command := r.script.Commands[i]
	out, writes := outputOf(r.script, r.walk(r.inst, r.script).enclosures, i)
	if !writes {
		return settingText(command)
	}
	var parts []string
	for _, w := range out.texts {
		if text := strings.Trim(w.Text, "\"'\n"); len(parts) > 0 || !strings.HasPrefix(text, "-") {
			parts = append(parts, text)
		}
	}
	if command.Name() == "printf" && len(parts) > 0 {
		format := strings.TrimSuffix(parts[0], `\n`)
		for _, arg := range parts[1:] {
			format = strings.Replace(format, "%s", arg, 1)
		}
		return format
	}
	return strings.Join(parts, " ")
}

// wants are the variables that a command needs: those that it reads, and those that a file reads when a package manager
// runs.
func (r *runPlan) wants(i int) []string {
	command := r.script.Commands[i]
	program := command.Program()
	names := r.readBy(r.inst, r.script, command)
	if len(names) > 0 {
		r.refuseLeak(i)
		isClone := func(w shell.Word) bool { return w.Value == "clone" }
		clones := program.Name() == "git" && slices.ContainsFunc(program.Words, isClone)
		r.clones = r.clones || clones && !r.removedLater(i, ".git")
	}
	_, writes := outputOf(r.script, r.walk(r.inst, r.script).enclosures, i)
	reads := !writes && sets(command) == "" && !r.startsShell(i)
	manager := slices.Contains(readers(".npmrc"), program.Name())
	for name := range r.names {
		if slices.Contains(names, name) || !declares(r.Model, r.inst, name) || r.walk(r.inst, r.script).sets[name] {
			continue
		}
		if r.placeholders[name] && manager || reads && mentionsLiterally(command, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// startsShell reports whether a command starts a shell whose commands are known.
func (r *runPlan) startsShell(i int) bool {
	return slices.ContainsFunc(r.script.Commands, func(c shell.Command) bool {
		return c.Inside.Has(shell.InScript) && r.script.Commands[i].Contains(c.Span) && c.Span != r.script.Commands[i].Span
	})
}

// refuseUnread refuses a variable in an array, where no shell replaces it. npm replaces ${…} in what it is told to remember.
func (r *runPlan) refuseUnread(i int) {
	command := r.script.Commands[i]
	if !command.Inside.Has(shell.InExec) || r.startsShell(i) {
		return
	}
	for _, w := range command.Words {
		for _, name := range slices.Sorted(maps.Keys(r.names)) {
			if isRead(w.Value, "$"+name) || isRead(w.Value, "${"+name) && sets(command) == "" {
				r.refuse("no shell replaces %s in the array in line %d", name, r.line(r.inst))
			}
		}
	}
}

// finish makes the edits of the RUN.
func (r *runPlan) finish() {
	if r.refuseChangesBeside(); r.reason != "" {
		return
	}
	if len(r.goes)+len(r.files)+len(r.variables) > 0 {
		r.changed[r.layerOf(r.inst)] = true
	}
	if len(r.goes) > 0 && leavesNothing(r.script, r.goes) {
		r.takeAll(r.inst)
		return
	}
	if !r.takeCommands(r.inst, r.script, r.goes) {
		r.refuse("what the RUN in line %d writes cannot be taken out", r.line(r.inst))
		return
	}
	for _, word := range r.words {
		r.take(r.inst, word)
	}
	if flags := r.flags(); flags != "" {
		r.insert(r.inst.Keyword.End, flags)
	}
}
