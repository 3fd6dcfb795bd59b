package codeactions

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/project"
	"dockerfile-ls/analysis/shell"
	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

// mountCache offers to keep what the package managers of the RUN around a cursor download in a cache mount, which the next
// build finds and the image does not have. What empties the cache, or goes around it, goes.
// Source: the documentation of RUN --mount=type=cache and of the managers.
func mountCache(s *analysis.Snapshot, place text.Span) []Action {
	for _, inst := range s.Model().Instructions {
		if inst.Name != "RUN" || inst.Err != nil || !inst.Touches(place) || place.Len() > inst.Len() {
			continue
		}
		script, posix := s.Model().Script(inst)
		if !posix || !script.Known() || inst.JSON != nil {
			continue
		}
		c := cacheMounts{
			reading: newReading(s.Model()), cutting: cutting{model: s.Model()}, around: s.Facts().Project, inst: inst,
			script: script,
		}
		if a, ok := c.action(); ok {
			return []Action{a}
		}
	}
	return nil
}

// cacheMounts are those of one RUN.
type cacheMounts struct {
	reading
	refusal
	cutting
	around *project.Surroundings // nil if it is not known
	inst   *dockerfile.Instruction
	script *shell.Script
	caches []cache
	prefix string // a command that has to run first
}

// cache is a folder in which a package manager keeps what it has downloaded.
type cache struct {
	manager, target string
	options         string // besides the target, with a comma in front
}

func (c *cacheMounts) action() (Action, bool) {
	var managers []string
	for i := range c.script.Commands {
		for _, found := range c.of(i) {
			if c.mounts(found.target) || slices.ContainsFunc(c.caches, func(o cache) bool {
				return o.target == found.target
			}) {
				continue
			}
			c.caches = append(c.caches, found)
			if !slices.Contains(managers, found.manager) {
				managers = append(managers, found.manager)
			}
		}
	}
	if len(c.caches) == 0 {
		return Action{}, false
	}
	a := Action{Title: "Mount the cache of " + inWords(managers), Kind: Rewrite}
	c.edit()
	if c.reason != "" {
		a.Refused = c.reason
		return a, true
	}
	a.Title += " (it is kept between builds, and not in the image)"
	a.Edits = c.edits()
	return a, true
}

// mounts reports whether the RUN has a mount at a path, or above it.
func (c *cacheMounts) mounts(target string) bool {
	return slices.ContainsFunc(c.inst.Flags, func(f syntax.Flag) bool {
		at := option(f, "target", "dst", "destination")
		_, inside := dockerfile.Relative(at, target)
		return f.Name.Text == "mount" && at != "" && inside
	})
}

// of are the caches of what a command installs with.
func (c *cacheMounts) of(i int) []cache {
	program := c.script.Commands[i].Program()
	switching := []string{"gosu", "setpriv", "su", "su-exec", "sudo"}
	if slices.ContainsFunc(program.Wrappers, func(w string) bool { return slices.Contains(switching, w) }) {
		return nil
	}
	name, args := installer(program)
	if name == "" {
		return nil
	}
	if _, moved := args.Option("--cache", "--cache-dir", "--cache-folder", "--store-dir"); moved {
		return nil
	}
	switch name {
	case "apt-get", "apt":
		return c.ofApt(name)
	case "apk":
		c.checkLists("apk")
		return []cache{{name, "/etc/apk/cache", ",sharing=locked"}}
	}
	return c.ofUser(name, c.userCache(name))
}

// installer is the name of a package manager that downloads packages, with its arguments; empty if a program is none.
func installer(program shell.Program) (string, shell.Arguments) {
	name := program.Name()
	args := program.Arguments("-C", "--prefix", "--dir", "--cwd", "--filter", "-t", "-o", "-r", "-c", "--repository", "-X")
	if strings.HasPrefix(name, "python") && len(program.Words) > 3 && program.Words[1].Value == "-m" &&
		program.Words[2].Value == "pip" {
		name, args = "pip", shell.ReadArguments(program.Words[3:], "-r", "-c", "-t")
	}
	if name == "pip3" {
		name = "pip"
	}
	verb := ""
	if len(args.Operands) > 0 {
		verb = args.Operands[0].Value
	}
	verbs := map[string][]string{
		"npm":     {"add", "ci", "clean-install", "i", "in", "install", "install-clean"},
		"pnpm":    {"add", "ci", "deploy", "fetch", "i", "install"},
		"yarn":    {"", "add", "install"},
		"pip":     {"download", "install", "wheel"},
		"apt-get": {"build-dep", "dist-upgrade", "install", "upgrade"},
		"apt":     {"full-upgrade", "install", "upgrade"},
		"apk":     {"add", "upgrade"},
	}[name]
	if !slices.Contains(verbs, verb) {
		return "", args
	}
	return name, args
}

// ofApt are the two caches of apt, of which each release needs its own, and which two builds must not write at once.
func (c *cacheMounts) ofApt(name string) []cache {
	if c.userOf(c.inst) != "root" {
		return nil
	}
	c.checkLists("apt")
	id := ""
	if stage := c.StageOf(c.inst); stage != nil {
		if ref, external := c.External(c.Root(stage)); external && ref.Tag != "" {
			id = "-" + path.Base(ref.Name) + "-" + ref.Tag
		}
	}
	if !strings.Contains(c.Text, "docker-clean") {
		c.prefix = "rm -f /etc/apt/apt.conf.d/docker-clean" // it has what was downloaded deleted at once
	}
	return []cache{
		{name, "/var/cache/apt", ",id=apt" + id + ",sharing=locked"},
		{name, "/var/lib/apt", ",id=apt-lists" + id + ",sharing=locked"},
	}
}

// checkLists refuses where a RUN installs by the lists of packages that another one has got: they are in no layer then.
func (c *cacheMounts) checkLists(manager string) {
	for _, inst := range c.Instructions {
		if inst.Name != "RUN" || !strings.Contains(inst.Extent.Of(c.Text), manager) {
			continue
		}
		script, posix := c.Script(inst)
		installs, updates := false, false
		for i := 0; posix && i < len(script.Commands); i++ {
			program := script.Commands[i].Program()
			if !strings.HasPrefix(program.Name(), manager) {
				continue
			}
			name, args := installer(program)
			_, fresh := args.Option("--no-cache", "--update-cache", "--update", "-U")
			updates = updates || fresh || len(args.Operands) > 0 && args.Operands[0].Value == "update"
			installs = installs || name != "" && !updates
		}
		if installs {
			c.refuse("line %d installs by package lists of another layer", c.line(inst))
		}
	}
}

// userCache is the folder of a manager's cache for the user of the RUN; empty if it is not known.
func (c *cacheMounts) userCache(name string) string {
	for _, variable := range map[string][]string{
		"npm": {"NPM_CONFIG_CACHE", "npm_config_cache"}, "yarn": {"YARN_CACHE_FOLDER"}, "pip": {"PIP_CACHE_DIR"},
	}[name] {
		if declares(c.Model, c.inst, variable) {
			return cleanTarget(c.Value(c.inst, variable).Text)
		}
	}
	home := c.homeOf(c.inst)
	if home == "" {
		return ""
	}
	switch name {
	case "npm":
		return home + "/.npm"
	case "pip":
		return home + "/.cache/pip"
	case "pnpm":
		if v := c.Value(c.inst, "PNPM_HOME"); v.State == dockerfile.Known {
			return cleanTarget(v.Text + "/store")
		}
		return home + "/.local/share/pnpm/store"
	}
	return c.yarnCache(home)
}

// yarnCache is that of yarn 1, or of a berry from 4 on, which has one for all projects.
func (c *cacheMounts) yarnCache(home string) string {
	if c.around == nil {
		return ""
	}
	managed := c.around.Project(".").Manager
	major, _, _ := strings.Cut(managed.Version.Value, ".")
	n, err := strconv.Atoi(major)
	switch {
	case managed.State != project.Known:
	case managed.Manager == project.YarnClassic && home == "/root":
		return "/usr/local/share/.cache/yarn"
	case managed.Manager == project.YarnClassic:
		return home + "/.cache/yarn"
	case managed.Manager == project.YarnBerry && err == nil && n >= 4:
		return home + "/.yarn/berry/cache"
	}
	return ""
}

// ofUser is the cache of a manager in a folder that its user has to be able to write to.
func (c *cacheMounts) ofUser(name, folder string) []cache {
	if folder == "" || !path.IsAbs(folder) || name == "pip" && declares(c.Model, c.inst, "PIP_NO_CACHE_DIR") {
		return nil
	}
	user := c.userOf(c.inst)
	uid, err := strconv.ParseUint(user, 10, 32)
	switch {
	case user == "root":
		return []cache{{name, folder, ""}}
	case c.isNodeUser(c.inst, user):
		uid = 1000
	case err != nil:
		c.refuse("the number of the user %q is not known, who has to write to the cache", user)
	}
	if path.Dir(folder) != c.homeOf(c.inst) {
		c.refuse("the folders above %s would belong to root, and not to the user %q", folder, user)
	}
	return []cache{{name, folder, fmt.Sprintf(",uid=%d", uid)}}
}

// edit puts the mounts in, and takes out what empties the caches or goes around them.
func (c *cacheMounts) edit() {
	flags := ""
	for _, cache := range c.caches {
		flags += " --mount=type=cache,target=" + cache.target + cache.options
	}
	c.insert(c.inst.Keyword.End, flags)
	var goes []int
	for i := range c.script.Commands {
		if c.empties(i) {
			goes = append(goes, i)
			continue
		}
		c.takeNoCache(i)
	}
	if !c.takeCommands(c.inst, c.script, goes) {
		c.refuse("a command that empties the cache cannot be taken out")
	}
	if c.prefix != "" && !c.runFirst(c.inst, c.script, c.prefix) {
		c.refuse("it is not known what the here-document is read by")
	}
}

// empties reports whether a command only empties a cache; of one that does more, it takes the words.
func (c *cacheMounts) empties(i int) bool {
	program := c.script.Commands[i].Program()
	args := program.Arguments()
	words := shell.Values(args.Operands[:min(2, len(args.Operands))])
	switch name := program.Name(); name {
	case "npm", "yarn", "pip", "pip3", "pnpm":
		return slices.Contains([]string{"cache clean", "cache purge", "cache rm", "store prune"}, strings.Join(words, " "))
	case "apt-get", "apt":
		return len(words) > 0 && slices.Contains([]string{"clean", "autoclean", "distclean"}, words[0])
	case "rm":
		return c.removesCache(args.Operands)
	}
	return false
}

func (c *cacheMounts) removesCache(operands []shell.Word) bool {
	var ours []shell.Word
	for _, w := range operands {
		if c.isInCache(w) {
			ours = append(ours, w)
		}
	}
	if len(ours) == len(operands) {
		return len(ours) > 0
	}
	for _, w := range ours {
		if w.Decoded {
			c.refuse("%s cannot be taken out", w.Text)
			continue
		}
		span := c.inst.At(w.Span)
		c.take(c.inst, text.Span{Start: c.skipBlanksBack(c.inst, span.Start), End: span.End})
	}
	return false
}

// isInCache reports whether a word means a cache, what is in it, or a folder above it.
func (c *cacheMounts) isInCache(w shell.Word) bool {
	name := strings.TrimRight(w.Value, "*/")
	if strings.HasPrefix(name, "~/") || strings.HasPrefix(w.Text, "$HOME/") || strings.HasPrefix(w.Text, "${HOME}/") {
		name = c.homeOf(c.inst) + strings.TrimPrefix(name, "~")
	}
	if !path.IsAbs(name) || path.Clean(name) == "/" || len(w.Variables) > 0 && !strings.Contains(w.Text, "HOME") {
		return false
	}
	return slices.ContainsFunc(c.caches, func(o cache) bool {
		return name == o.target || strings.HasPrefix(name, o.target+"/") || strings.HasPrefix(o.target, name+"/")
	})
}

// takeNoCache takes out the option by which a manager that has a cache now would not use it. apk reads its index with
// another one then.
func (c *cacheMounts) takeNoCache(i int) {
	program := c.script.Commands[i].Program()
	name, _ := installer(program)
	if !slices.ContainsFunc(c.caches, func(o cache) bool { return o.manager == name }) {
		return
	}
	for _, w := range program.Words {
		place := c.inst.At(w.Span)
		switch {
		case name == "apk" && w.Value == "--no-cache":
			c.inserts = append(c.inserts, text.Edit{Span: place, New: "--update-cache"})
		case name == "pip" && w.Value == "--no-cache-dir":
			c.take(c.inst, text.Span{Start: c.skipBlanksBack(c.inst, place.Start), End: place.End})
		}
	}
}
