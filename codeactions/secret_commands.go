package codeactions

import (
	"path"
	"slices"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/image"
	"dockerfile-ls/analysis/shell"
)

// written is the file that a command does nothing but write a text to; false if it does more, or if that cannot be seen.
func written(c shell.Command) (target shell.Word, what []shell.Word, ok bool) {
	if len(c.Words) == 0 || len(c.Assigns) > 0 || !c.Words[0].Literal {
		return shell.Word{}, nil, false
	}
	files, texts, plain := outputs(c)
	if !plain {
		return shell.Word{}, nil, false
	}
	switch name := c.Words[0].Value; {
	case (name == "echo" || name == "printf") && len(files) == 1 && len(texts) == 0:
		return files[0], c.Words[1:], true
	case name == "cat" && len(files) == 1 && len(texts) == 1 && len(c.Words) == 1:
		return files[0], texts, true
	case name == "tee" && len(texts) == 1 && (len(files) == 0 || files[0].Value == "/dev/null"):
		if args := operandsOf(c); len(args.Operands) == 1 {
			return args.Operands[0], texts, true
		}
	}
	return shell.Word{}, nil, false
}

// outputs are the files that a command writes and the texts that it reads; false if it redirects anything else.
func outputs(c shell.Command) (files, texts []shell.Word, plain bool) {
	for _, r := range c.Redirects {
		switch {
		case r.Body != nil:
			texts = append(texts, *r.Body)
		case r.Operator == "<<<":
			texts = append(texts, r.Target)
		case (r.Operator == ">" || r.Operator == ">>" || r.Operator == ">|") && (r.FD == "" || r.FD == "1"):
			files = append(files, r.Target)
		default:
			return nil, nil, false
		}
	}
	return files, texts, true
}

// sets is the file in the user's home that a command does nothing but change a setting in.
func sets(c shell.Command) string {
	name := c.Name()
	if len(c.Redirects) > 0 || len(c.Assigns) > 0 || name != "git" && name != "npm" && name != "pnpm" {
		return ""
	}
	args := operandsOf(c)
	switch {
	case len(args.Operands) < 2:
	case name == "git" && args.Operands[0].Value == "config":
		if _, global := args.Option("--global"); global {
			return ".gitconfig"
		}
	case name != "git" && len(args.Options) == 0:
		first, second := args.Operands[0].Value, args.Operands[1].Value
		if first == "set" || first == "config" && slices.Contains([]string{"set", "delete", "rm"}, second) {
			return ".npmrc"
		}
	}
	return ""
}

// unsets reports whether a command takes a setting back.
func unsets(c shell.Command) bool {
	args := operandsOf(c)
	if _, _, writes := written(c); writes || len(args.Operands) < 2 {
		return false
	}
	_, unset := args.Option("--unset", "--unset-all", "--remove-section")
	return unset || c.Name() != "git" && (args.Operands[1].Value == "delete" || args.Operands[1].Value == "rm")
}

func operandsOf(c shell.Command) shell.Arguments {
	if len(c.Words) == 0 {
		return shell.Arguments{}
	}
	return shell.ReadArguments(c.Words[1:])
}

// writes is the path of the file that a command of a RUN writes or sets something in, and that could be a mount instead; empty
// if there is none.
func (c *conversion) writes(inst *dockerfile.Instruction, script *shell.Script, i int) string {
	command := script.Commands[i]
	if command.Inside != 0 {
		return ""
	}
	if target, _, ok := written(command); ok {
		if file := c.pathOf(inst, script, i, target); file != "" && c.mayMount(inst, script, i, file) {
			return file
		}
		return ""
	}
	if name := sets(command); name != "" {
		if home := c.homeOf(inst); home != "" {
			return path.Join(home, name)
		}
	}
	return ""
}

// mayMount reports whether the folder of a file may be there before a RUN begins, as a mount makes it: nothing in front of a
// command may need it not to be there, or to be empty.
func (c *conversion) mayMount(inst *dockerfile.Instruction, script *shell.Script, i int, file string) bool {
	walk := c.walk(inst, script)
	for _, needs := range walk.needs {
		if needs.command >= i {
			break
		}
		if walk.moves >= 0 && walk.moves < i || slices.ContainsFunc(needs.folders, func(folder string) bool {
			return strings.HasPrefix(file, strings.TrimSuffix(folder, "/")+"/")
		}) {
			return false
		}
	}
	return true
}

// walk is what the commands of a script do to folders and variables.
type walk struct {
	folders []string        // in which each command runs; empty where that is not known
	sets    map[string]bool // the variables that it sets to something else than what they have
	moves   int             // the first cd; -1 if there is none
	needs   []need
}

// need is a command that may need folders not to be there, or to be empty.
type need struct {
	command int
	folders []string
}

// walk reads a script once.
func (c *conversion) walk(inst *dockerfile.Instruction, script *shell.Script) *walk {
	if w := c.walks[inst]; w != nil {
		return w
	}
	w := &walk{sets: map[string]bool{}, moves: -1}
	c.walks[inst] = w
	for _, command := range script.Commands {
		for _, a := range command.Assigns {
			if !slices.ContainsFunc(a.Value.Variables, func(v shell.Variable) bool { return v.Name == a.Name }) {
				w.sets[a.Name] = true
			}
		}
	}
	folder := c.folderOf(inst)
	for i, command := range script.Commands {
		w.folders = append(w.folders, folder)
		if command.Name() == "cd" && command.Inside == 0 {
			if folder = c.moved(inst, script, folder, command); w.moves < 0 {
				w.moves = i
			}
		}
	}
	for i, command := range script.Commands {
		if needsNothing(command) {
			w.needs = append(w.needs, need{i, c.pathsOf(inst, script, i, operandsOf(command).Operands)})
		}
	}
	return w
}

// needsNothing reports whether a command may need a folder not to be there, or to be empty.
func needsNothing(c shell.Command) bool {
	switch c.Name() {
	case "mkdir":
		args := operandsOf(c)
		_, parents := args.Option("-p", "--parents")
		return !parents
	case "cp", "git", "hg", "ln", "mv", "rm", "svn":
		return true
	}
	return false
}

// pathsOf are those of the words that are known.
func (c *conversion) pathsOf(inst *dockerfile.Instruction, script *shell.Script, i int, words []shell.Word) []string {
	var paths []string
	for _, word := range words {
		if file := c.pathOf(inst, script, i, word); file != "" {
			paths = append(paths, file)
		}
	}
	return paths
}

// moved is the folder behind a cd; empty if it is not known.
func (c *conversion) moved(inst *dockerfile.Instruction, script *shell.Script, folder string, cd shell.Command) string {
	if len(cd.Words) < 2 {
		return c.homeOf(inst)
	}
	switch to, ok := c.valueOf(inst, script, cd.Words[1]); {
	case !ok || to == "-":
		return ""
	case path.IsAbs(to):
		return to
	case folder != "":
		return path.Join(folder, to)
	}
	return ""
}

// pathOf is the absolute path that a word means where a command runs; empty if it is not known.
func (c *conversion) pathOf(inst *dockerfile.Instruction, script *shell.Script, i int, word shell.Word) string {
	name, ok := c.valueOf(inst, script, word)
	if !ok || name == "" {
		return ""
	}
	if path.IsAbs(name) {
		return cleanTarget(name)
	}
	if folder := c.walk(inst, script).folders[i]; folder != "" {
		return cleanTarget(path.Join(folder, name))
	}
	return ""
}

// cleanTarget is a path that can stand in a mount; empty if it cannot, or lies in no layer.
func cleanTarget(name string) string {
	name = path.Clean(name)
	if strings.ContainsAny(name, " ,\"'\\$`\t") {
		return ""
	}
	for _, passing := range []string{"/dev/", "/proc/", "/run/"} {
		if strings.HasPrefix(name, passing) {
			return ""
		}
	}
	return name
}

// valueOf is what a word comes to, with the home and with variables that ARG and ENV set.
func (c *conversion) valueOf(inst *dockerfile.Instruction, script *shell.Script, word shell.Word) (string, bool) {
	if word.Literal {
		return word.Value, true
	}
	value := ""
	for i, part := range word.Parts {
		switch {
		case part.Kind == shell.Plain:
			value += part.Value
		case i == 0 && isHomePath(part):
			home := c.homeOf(inst)
			if home == "" {
				return "", false
			}
			value += home + part.Value[1:]
		case part.Kind == shell.Reference && !c.walk(inst, script).sets[part.Value]:
			known := c.variable(inst, part.Value)
			if known == "" {
				return "", false
			}
			value += known
		default:
			return "", false
		}
	}
	return value, value != ""
}

// isHomePath reports whether a part is a path below ~ without a pattern.
func isHomePath(part shell.Part) bool {
	return part.Kind == shell.Pattern && strings.HasPrefix(part.Value+"/", "~/") && !strings.ContainsAny(part.Value, "*?[{")
}

func (c *conversion) variable(inst *dockerfile.Instruction, name string) string {
	if name == "HOME" {
		return c.homeOf(inst)
	}
	if v := c.Value(inst, name); v.State == dockerfile.Known && !v.Default {
		return v.Text
	}
	return ""
}

// folderOf is the working directory in front of an instruction; that of official node is the root.
func (c *conversion) folderOf(inst *dockerfile.Instruction) string {
	if v := c.Workdir(inst); v.State == dockerfile.Known {
		return v.Text
	}
	if stage := c.StageOf(inst); stage != nil && c.InForce(inst, "WORKDIR") == nil {
		ref, _ := c.Image(stage)
		if _, official := ref.Node(); official {
			return "/"
		}
	}
	return ""
}

// userOf is the user that a RUN runs as, without its group; root where the file names none, since most images end as root.
func (c *conversion) userOf(inst *dockerfile.Instruction) string {
	user := c.InForce(inst, "USER")
	if user == nil || len(user.Args) == 0 {
		return "root"
	}
	v := c.Expand(user, user.Args[0].Text)
	name, _, _ := strings.Cut(v.Text, ":")
	if name == "0" {
		return "root"
	}
	return name
}

// homeOf is the home of the user that a RUN runs as; empty if it is not known.
func (c *conversion) homeOf(inst *dockerfile.Instruction) string {
	if v := c.Value(inst, "HOME"); v.State == dockerfile.Known {
		return v.Text
	}
	switch user := c.userOf(inst); {
	case user == "root":
		return "/root"
	case c.isNodeUser(inst, user):
		return "/home/node"
	}
	return ""
}

func (c *conversion) isNodeUser(inst *dockerfile.Instruction, user string) bool {
	stage := c.StageOf(inst)
	if stage == nil {
		return false
	}
	ref, _ := c.Image(stage)
	_, official := ref.Node()
	return official && (user == image.NodeUser || user == "1000")
}

// variablesOf are the variables that a command reads, with those of its here-documents.
func variablesOf(c shell.Command) []string {
	var names []string
	add := func(w shell.Word) {
		for _, v := range w.Variables {
			names = append(names, v.Name)
		}
	}
	for _, w := range c.Words {
		add(w)
	}
	for _, a := range c.Assigns {
		add(a.Value)
	}
	for _, r := range c.Redirects {
		add(r.Target)
		if r.Body != nil {
			add(*r.Body)
		}
	}
	return names
}

// reads reports whether a command of a RUN reads one of the names, as ARG or ENV sets it.
func (c *conversion) reads(inst *dockerfile.Instruction, script *shell.Script, i int) bool {
	return len(c.readBy(inst, script, script.Commands[i])) > 0
}

func (c *conversion) readBy(inst *dockerfile.Instruction, script *shell.Script, command shell.Command) []string {
	var names []string
	for _, name := range variablesOf(command) {
		known := c.names[name] != "" && !slices.Contains(names, name)
		if known && !c.walk(inst, script).sets[name] && declares(c.Model, inst, name) {
			names = append(names, name)
		}
	}
	return names
}

// mentionsLiterally reports whether a command names a variable that the shell does not replace: what it runs does.
func mentionsLiterally(c shell.Command, name string) bool {
	for _, w := range c.Words {
		if mentions(w.Value, name) {
			return true
		}
	}
	for _, r := range c.Redirects {
		if r.Body != nil && mentions(r.Body.Value, name) {
			return true
		}
	}
	return false
}
