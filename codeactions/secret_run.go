package codeactions

import (
	"fmt"
	"path"
	"slices"
	"strconv"
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

// takeSources takes sources out of a COPY or ADD, or all of it if none is left.
func (c *conversion) takeSources(inst *dockerfile.Instruction, goes []int) {
	if len(goes) == 0 {
		return
	}
	sources := inst.Sources()
	if inst.JSON != nil {
		sources = inst.JSON.Elements[:len(inst.JSON.Elements)-1]
	}
	switch {
	case len(goes) == len(inst.Args)-1:
		c.takeAll(inst)
	case len(sources) != len(inst.Args)-1:
		c.refuse("the COPY in line %d writes a here-document too", c.line(inst))
	default:
		for _, i := range goes {
			if next := i + 1; next < len(sources) {
				c.take(inst, text.Span{Start: sources[i].Start, End: sources[next].Start})
				continue
			}
			c.take(inst, text.Span{Start: sources[i-1].End, End: sources[i].End})
		}
	}
}

func (c *conversion) planRun(inst *dockerfile.Instruction, now present) {
	script, posix := c.Script(inst)
	open := inst.Recovered || slices.ContainsFunc(inst.Heredocs, func(h syntax.Heredoc) bool { return !h.Terminated })
	if open || !posix || !script.Known() {
		if c.mentionsAny(inst.Extent.Of(c.Text)) {
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
	if file == "" || !r.isSecret(file, r.StageOf(r.inst)) || !r.removable(i) {
		return false
	}
	r.goes = append(r.goes, i)
	stays := !unsets(r.script.Commands[i])
	r.now[file], r.wrote[file] = stays, stays
	if stays {
		r.noteWritten(r.conversion.files[file], r.script.Commands[i])
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
	if command.Inside != 0 {
		return false
	}
	if before := command.After.Operator; before != shell.Start && !joins(before) {
		return false
	}
	next, more := nextCommand(r.script, i)
	return !more || joins(r.script.Commands[next].After.Operator)
}

// noteWritten remembers what the file has to hold. A line of nothing but text may be the secret itself.
func (r *runPlan) noteWritten(file *secretFile, command shell.Command) {
	line := r.textOf(command)
	if line == "" || len(line) > 160 || strings.ContainsAny(line, "\n`") || slices.Contains(file.holds, line) || len(r.seed.writes) > 0 {
		return
	}
	if key, _ := secret.NPMCredential(line); key != "" && !r.readsAny(line) {
		return
	}
	file.holds = append(file.holds, line)
}

// textOf is what a command writes, as it is written; of a setting, the key and the value.
func (r *runPlan) textOf(command shell.Command) string {
	_, words, writes := written(command)
	separator := " "
	if !writes {
		words, separator = operandsOf(command).Operands[1:], "="
		if words[0].Value == "set" {
			words = words[1:]
		}
	}
	var parts []string
	for _, w := range words {
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
	return strings.Join(parts, separator)
}

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
		if _, known := r.now[file]; known && r.isSecret(file, r.StageOf(r.inst)) { // a second removal goes too
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
	if w.Decoded {
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

// refuseChanges refuses commands that change or copy a file that is a mount then.
func (r *runPlan) refuseChanges(i int) {
	command := r.script.Commands[i]
	program := command.Program()
	changing := []string{"chmod", "chown", "cp", "dd", "find", "install", "ln", "mv", "rm", "sed", "tee", "touch", "truncate"}
	changes := slices.Contains(changing, program.Name())
	for _, w := range command.Words {
		if file := r.pathOf(r.inst, r.script, i, w); changes && file != "" && r.now[file] {
			r.refuse("%s in line %d changes or copies %s", program.Name(), r.line(r.inst), path.Base(file))
		}
	}
	if home := r.homeOf(r.inst); sets(command) != "" && r.now[path.Join(home, sets(command))] {
		r.refuse("%s in line %d changes %s", command.Name(), r.line(r.inst), sets(command))
	}
	for _, redirect := range command.Redirects {
		if !strings.Contains(redirect.Operator, ">") {
			continue
		}
		file := r.pathOf(r.inst, r.script, i, redirect.Target)
		if file != "" && (r.now[file] || r.isSecret(file, r.StageOf(r.inst))) {
			r.refuse("the command in line %d that writes %s does not stand by itself", r.line(r.inst), path.Base(file))
		}
	}
}

// wants are the variables that a command needs: those that it reads, and those that a file reads when a package manager runs.
func (r *runPlan) wants(i int) []string {
	command := r.script.Commands[i]
	program := command.Program()
	names := r.readBy(r.inst, r.script, command)
	if len(names) > 0 {
		r.refuseLeak(i)
		clones := program.Name() == "git" && slices.ContainsFunc(program.Words, func(w shell.Word) bool { return w.Value == "clone" })
		r.clones = r.clones || clones && !r.removedLater(i, ".git")
	}
	_, _, writes := written(command)
	manager := slices.Contains(readers(".npmrc"), program.Name())
	for name := range r.names {
		if slices.Contains(names, name) || !declares(r.Model, r.inst, name) || r.walk(r.inst, r.script).sets[name] {
			continue
		}
		if r.placeholders[name] && manager || !writes && sets(command) == "" && mentionsLiterally(command, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

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
	if target != "" && (!r.removedLater(i, path.Base(target)) || r.copiedLater(i, path.Base(target))) {
		r.refuse("line %d writes it to %s, which stays in the layer", r.line(r.inst), target)
	}
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
	for _, command := range r.script.Commands[i+1:] {
		program := command.Program()
		if name := program.Name(); name != "rm" && name != "shred" && name != "unlink" || command.Inside != 0 {
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

// finish makes the edits of the RUN.
func (r *runPlan) finish() {
	if r.reason != "" {
		return
	}
	if len(r.goes) > 0 && len(r.goes) == r.ownCommands() {
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

// flags are the mounts that the RUN needs and has not.
func (r *runPlan) flags() string {
	slices.Sort(r.files)
	slices.Sort(r.variables)
	flags := ""
	for _, file := range r.files {
		r.conversion.files[file].mounts++
		if !r.targets(file) {
			flags += " " + r.fileMount(r.conversion.files[file])
		}
	}
	for _, name := range r.variables {
		r.mounted[name] = true
		if !r.getsVariable(name) {
			flags += " " + r.variableMount(name)
		}
	}
	return flags
}

// ownCommands are the commands of the script but for those in substitutions of what goes.
func (r *runPlan) ownCommands() int {
	n := 0
	for i, command := range r.script.Commands {
		inside := slices.ContainsFunc(r.goes, func(j int) bool { return i != j && r.script.Commands[j].Contains(command.Span) })
		if !inside {
			n++
		}
	}
	return n
}

// targets reports whether a RUN has a mount at a path already.
func (r *runPlan) targets(file string) bool {
	return slices.ContainsFunc(r.inst.Flags, func(f syntax.Flag) bool {
		return f.Name.Text == "mount" && option(f, "target", "dst", "destination") == file
	})
}

// getsVariable reports whether a RUN gets a variable by a mount already.
func (r *runPlan) getsVariable(name string) bool {
	return slices.ContainsFunc(r.inst.Flags, func(f syntax.Flag) bool { return f.Name.Text == "mount" && option(f, "env") == name })
}

// option is the value of an option of a mount; empty if it has none.
func option(mount syntax.Flag, names ...string) string {
	for _, o := range mount.Options {
		if slices.Contains(names, strings.ToLower(o.Key.Text)) {
			return o.Value.Text
		}
	}
	return ""
}

// fileMount is the mount of a file, which its user can read.
func (r *runPlan) fileMount(file *secretFile) string {
	return fmt.Sprintf("--mount=type=secret%s,id=%s,target=%s", r.access(path.Base(file.path)), file.id, file.path)
}

// access lets the user of a RUN read the file of a mount, which is root's alone otherwise. A package manager that runs as root
// may run scripts as the owner of the folder, so that everybody can read its configuration there.
func (r *runPlan) access(base string) string {
	user := r.userOf(r.inst)
	uid, err := strconv.ParseUint(user, 10, 32)
	switch {
	case user == "root" && base != ".npmrc" && base != ".yarnrc" && base != ".yarnrc.yml":
		return ""
	case user == "root":
		return ",mode=0644"
	case r.isNodeUser(r.inst, user):
		return ",uid=1000"
	case err == nil:
		return fmt.Sprintf(",uid=%d", uid)
	case strings.HasPrefix(base, "id_"):
		r.refuse("the number of the user %q is not known, who alone may read %s", user, base)
	}
	return ",mode=0644"
}

// variableMount is the mount of a variable. Where the frontend does not take env=, it is a file that the script reads.
func (r *runPlan) variableMount(name string) string {
	id := idOf(r.names[name])
	edit, ok := envMounts(r.Model)
	if ok {
		r.syntax = edit
		return fmt.Sprintf("--mount=type=secret,id=%s,env=%s", id, name)
	}
	if !r.runFirst(r.inst, fmt.Sprintf(`export %s="$(cat /run/secrets/%s)"`, name, id)) {
		const older = "the frontend that `# syntax=` names may not know env= of secret mounts, and line %d cannot read a file instead"
		r.refuse(older, r.line(r.inst))
	}
	return fmt.Sprintf("--mount=type=secret%s,id=%s", r.access("secret"), id)
}
