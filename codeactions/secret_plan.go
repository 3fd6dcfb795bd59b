package codeactions

import (
	"maps"
	"path"
	"slices"
	"strings"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/secret"
	"dockerfile-ls/analysis/shell"
	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

// conversion is the plan to turn variables and files into secret mounts, in the whole file.
type conversion struct {
	reading
	refusal
	cutting
	seed
	snapshot *analysis.Snapshot
	steps    []*dockerfile.Instruction
	triggers onbuilds
	// names are the variables that go, each with the one whose value it has: itself, or what an ENV sets it to.
	names map[string]string
	files map[string]*secretFile // by path
	// placeholders are the variables that a file reads by itself, as .npmrc does ${NPM_TOKEN}.
	placeholders map[string]bool
	mounted      map[string]reach  // variables that RUNs get
	changed      map[layer]bool    // those of which a RUN is another one now
	ids          map[string]string // of the secrets of variables that a mount gives already

	unignored            []string // files that .dockerignore has to name, and that it cannot be seen to
	stays                stays
	literal, environment []string // for the user: what was written out, and what containers had
	handedOn             []string // what Dockerfiles that start FROM the image had
	clones               bool
	syntax               *text.Edit
}

// secretFile is a file that a secret is written or copied to, and that is mounted instead.
type secretFile struct {
	path, home string // home is that of the user that writes it, if the file lies there
	copied     string // what it is copied from, in the context
	named      bool   // a file of its name is copied still, so that the secret cannot lie there
	id         string
	layers     map[layer]bool // those that write or copy it
	holds      []string       // what is written, if it may be shown
	mounts     reach
}

// source is the file that the build command names.
func (f *secretFile) source() string {
	switch {
	case f.copied != "":
		return f.copied
	case f.named && f.home == "":
		return "$HOME/" + path.Base(f.path)
	case f.home != "":
		return "$HOME" + strings.TrimPrefix(f.path, f.home)
	}
	return path.Base(f.path)
}

// isOutside reports whether the file that the build command names lies outside of the context.
func (f *secretFile) isOutside() bool { return strings.HasPrefix(f.source(), "$HOME/") }

func newConversion(s *analysis.Snapshot, from seed) *conversion {
	c := &conversion{
		reading: newReading(s.Model()), cutting: cutting{model: s.Model()}, seed: from, snapshot: s,
		names: map[string]string{}, files: map[string]*secretFile{}, placeholders: map[string]bool{},
		mounted: map[string]reach{},
		changed: map[layer]bool{}, ids: map[string]string{},
	}
	c.steps, c.triggers = steps(c.Model)
	for _, name := range from.names {
		c.names[name] = name
	}
	return c
}

func (c *conversion) sortedFiles() []*secretFile {
	var files []*secretFile
	for _, name := range slices.Sorted(maps.Keys(c.files)) {
		files = append(files, c.files[name])
	}
	return files
}

// plan finds out what goes and what is mounted, or the reason why that is not possible.
func (c *conversion) plan() {
	c.findAliases()
	c.findFiles()
	c.findIDs()
	c.findPlaceholders()
	if c.reason != "" {
		return
	}
	before := map[*dockerfile.Stage]present{}
	for _, stage := range c.Stages {
		now := present{}
		if parent := c.Parent(stage); parent != nil {
			maps.Copy(now, before[parent])
		}
		before[stage] = now
		for _, inst := range stage.Instructions {
			c.planInstruction(inst, now)
		}
		c.checkLeft(stage, now)
		for _, trigger := range stage.Triggers() {
			c.planInstruction(trigger, now)
		}
		c.checkHandedOn(stage, now)
	}
	c.planDeclarations()
	c.checkMounts()
	if c.syntax != nil {
		c.inserts = append(c.inserts, *c.syntax)
	}
}

// present are the paths of files that a secret is in at a place of a stage.
type present map[string]bool

func (now present) sorted() []string { return slices.Sorted(maps.Keys(now)) }

// checkLeft refuses files that a container may want.
func (c *conversion) checkLeft(stage *dockerfile.Stage, now present) {
	for _, name := range now.sorted() {
		if now[name] && stage == c.Final() && len(readers(path.Base(name))) == 0 {
			c.refuse("%s is still there when the container runs, which may want it", path.Base(name))
		}
	}
}

func (c *conversion) checkMounts() {
	holds := map[string][]string{}
	for _, file := range c.sortedFiles() {
		if file.mounts == (reach{}) {
			c.refuse("no RUN reads %s", path.Base(file.path))
		}
		if other, known := holds[file.id]; known && !slices.Equal(other, file.holds) {
			c.refuse("two files that are called %s hold different things", path.Base(file.path))
		}
		holds[file.id] = file.holds
	}
	if len(c.files)+len(c.mounted) > 0 {
		return
	}
	if len(c.names) == 0 {
		c.refuse("what it is written to cannot be a mount")
	}
	const unseen = "no RUN is seen to read %s: set it when the container runs, or name it in the RUN that needs it"
	c.refuse(unseen, inWords(slices.Sorted(maps.Keys(c.names))))
}

// findAliases adds the variables that ENV or ARG set to nothing but one of the names, and the secrets that set the names.
func (c *conversion) findAliases() {
	for _, inst := range slices.Backward(c.steps) {
		for _, pair := range c.setsNames(inst) {
			from := onlyVariable(pair.Value.Text)
			if c.names[pair.Key.Text] == "" || !secret.IsName(from) || c.names[from] != "" ||
				!declares(c.Model, inst, from) {
				continue
			}
			for name, origin := range c.names {
				if origin == pair.Key.Text {
					c.names[name] = from
				}
			}
			c.names[from] = from
		}
	}
	for _, inst := range c.steps {
		for _, pair := range c.setsNames(inst) {
			if origin := c.names[onlyVariable(pair.Value.Text)]; origin != "" && c.names[pair.Key.Text] == "" {
				c.names[pair.Key.Text] = origin
			}
		}
	}
}

// setsNames are the pairs of an ARG or ENV in a stage.
func (c *conversion) setsNames(inst *dockerfile.Instruction) []syntax.Pair {
	if inst.Name != "ARG" && inst.Name != "ENV" || c.StageOf(inst) == nil {
		return nil
	}
	return inst.Pairs
}

// onlyVariable is the variable that a value is, and nothing else; empty if it is not one.
func onlyVariable(value string) string {
	value = strings.Trim(value, `"`)
	name := strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(value, "$"), "{"), "}")
	if value == "$"+name || value == "${"+name+"}" {
		return name
	}
	return ""
}

// findFiles are the files that one of the names is written to, or what the seed writes or copies. What else is written to
// them and called like a secret goes too.
func (c *conversion) findFiles() {
	for _, copied := range c.copies {
		c.addFile(copied.path, c.layerOf(copied.inst), "")
		c.files[copied.path].copied = copied.file
	}
	for more := true; more; {
		more = false
		for _, inst := range c.steps {
			if inst.Name != "RUN" {
				continue
			}
			script, posix := c.Script(inst)
			for i := 0; posix && i < len(script.Commands); i++ {
				more = c.findFile(inst, script, i) || more
			}
		}
	}
}

func (c *conversion) findFile(inst *dockerfile.Instruction, script *shell.Script, i int) (more bool) {
	file := c.writes(inst, script, i)
	if file == "" {
		return false
	}
	command := script.Commands[i]
	seeded := slices.Contains(c.seed.writes, placed{inst, i})
	if !c.reads(inst, script, i) && !seeded && !c.isSecret(file, c.layerOf(inst)) {
		return false
	}
	if seeded && !slices.Contains(c.literal, "the token") {
		c.literal = append(c.literal, "the token")
	}
	before := len(c.names)
	for _, v := range variablesOf(command) {
		if secret.IsName(v) && declares(c.Model, inst, v) && c.names[v] == "" {
			c.names[v] = v
		}
	}
	home := c.homeOf(inst)
	if path.Dir(file) == yarnHome {
		home = yarnHome
	}
	return c.addFile(file, c.layerOf(inst), home) || len(c.names) > before
}

// addFile reports whether the file is new in a layer.
func (c *conversion) addFile(name string, in layer, home string) bool {
	file := c.files[name]
	if file == nil {
		file = &secretFile{path: name, id: strings.TrimLeft(path.Base(name), "."), layers: map[layer]bool{}}
		if home != "" && strings.HasPrefix(name, home+"/.") {
			file.home = home
		}
		c.files[name] = file
	}
	if file.layers[in] {
		return false
	}
	file.layers[in] = true
	return true
}

// isSecret reports whether a path is that of a secret in a layer.
func (c *conversion) isSecret(name string, in layer) bool {
	file := c.files[name]
	for ; file != nil && in.stage != nil; in = c.below(in) {
		if file.layers[in] {
			return true
		}
	}
	return false
}

// findPlaceholders are the names that a configuration reads when a package manager runs: one of the context, or one that is
// written so.
func (c *conversion) findPlaceholders() {
	for name := range c.names {
		for _, inst := range c.steps {
			if inst.FromContext() && (c.copiesPlaceholder(inst, name) || c.mayCopyConfiguration(inst) && !c.isRun(name)) {
				c.placeholders[name] = true
			}
			if inst.Name != "RUN" || !mentions(inst.Extent.Of(c.Text), name) {
				continue
			}
			script, posix := c.Script(inst)
			for i := 0; posix && i < len(script.Commands); i++ {
				if c.writesPlaceholder(inst, script, i, name) {
					c.placeholders[name] = true
				}
			}
		}
	}
}

// isRun reports whether a RUN names a variable.
func (c *conversion) isRun(name string) bool {
	return slices.ContainsFunc(c.steps, func(inst *dockerfile.Instruction) bool {
		return inst.Name == "RUN" && mentions(inst.Extent.Of(c.Text), name)
	})
}

// writesPlaceholder reports whether a command writes a variable by its name, which the shell does not replace.
func (c *conversion) writesPlaceholder(inst *dockerfile.Instruction, script *shell.Script, i int, name string) bool {
	command := script.Commands[i]
	_, writes := outputOf(script, c.walk(inst, script).enclosures, i)
	if sets(command) == ".yarnrc" {
		return false
	}
	return (writes || sets(command) != "") && !slices.Contains(variablesOf(command), name) &&
		mentionsLiterally(command, name)
}
