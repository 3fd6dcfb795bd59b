package codeactions

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"dockerfile-ls/analysis/node"
	"dockerfile-ls/analysis/project"
	"dockerfile-ls/analysis/rules"
)

// copyOver puts the instructions into the production stage that take what the build stage has made, and leaves dev
// dependencies out of that.
func (p *split) copyOver() {
	p.stageName = p.freeName()
	if p.whole {
		at, owner := p.placeFor(p.lastWork() + 1)
		given := p.givenFolders()
		for _, g := range given {
			if userOf(g.owner) != userOf(owner) {
				owner = "" // each file keeps the owner that it has in the build stage
			}
		}
		for _, folder := range p.folders {
			p.put(at, p.copyOf(folder, owner))
		}
		for _, g := range given {
			if g.line != "" {
				p.put(at, g.line)
			}
		}
		return
	}
	for i, line := range p.lines {
		if !line.works {
			continue
		}
		var done []string
		for n := range p.installs {
			folder := p.installs[n].Folder
			if p.installs[n].Inst != line.inst || slices.Contains(done, folder) {
				continue
			}
			done = append(done, folder)
			at, owner := p.placeFor(p.earlier(i))
			p.put(at, p.copyOf(path.Join(folder, "node_modules"), owner))
		}
	}
}

func (p *split) put(at int, line string) { p.puts[at] = append(p.puts[at], line) }

// copyOf is the instruction that copies a path out of the build stage.
func (p *split) copyOf(name, owner string) string {
	flags := ""
	if owner != "" {
		flags = "--chown=" + owner + " "
	}
	if strings.ContainsAny(name, " \t\"'\\$[") {
		p.refuse("%s cannot be written into a COPY", name)
	}
	return fmt.Sprintf("%s %s--from=%s %s %s", p.keyword("COPY"), flags, p.stageName, name, name)
}

// keyword is an instruction's keyword in the casing of the FROM.
func (p *split) keyword(name string) string {
	if written := p.stage.From.Keyword.Text; written == strings.ToLower(written) {
		return strings.ToLower(name)
	}
	return name
}

// freeName is a name for the build stage that no other stage has.
func (p *split) freeName() string {
	for _, name := range []string{"build", "build-stage", "builder"} {
		if p.Named(name) == nil {
			return name
		}
	}
	for n := 2; ; n++ {
		if name := fmt.Sprintf("build-%d", n); p.Named(name) == nil {
			return name
		}
	}
}

// earlier is the index at which packages are copied that the line at an index installs: in front of the application's own
// files if those are copied directly in front of it and have no node_modules, so that a change of them copies no packages
// again.
func (p *split) earlier(index int) int {
	at := index
	for i := index - 1; i > 0; i-- {
		line := p.lines[i]
		if line.inst != nil && !line.inProduction {
			continue
		}
		if line.inst == nil || !line.inst.FromContext() || !p.isInFolders(p.folderTo(line.inst)) ||
			p.takesPackages(line.inst) {
			break
		}
		at = i
	}
	return at
}

// placeFor is the index at which something is copied that could be copied at one, and whom it is given to: the user that the
// application's other files belong to, or that the stage ends as. That user has to be there by then.
func (p *split) placeFor(index int) (at int, owner string) {
	owner = p.ownerOfFiles()
	if owner == "" {
		owner, _ = rules.OwnerAt(p.Model, p.stage, p.stage.From)
		if owner == "" || p.isGivenLater(index) {
			return index, ""
		}
	}
	for at := index; at < len(p.lines); at++ {
		line := p.lines[at]
		if line.inst == nil {
			continue
		}
		if rules.UserExists(p.Model, p.stage, line.inst, owner) {
			return at, owner
		}
		if line.inst.Name == "COPY" || line.inst.Name == "ADD" || line.run != nil && line.run.has(toChange) {
			break
		}
	}
	return index, ""
}

// userOf is an owner without its group.
func userOf(owner string) string {
	user, _, _ := strings.Cut(owner, ":")
	return user
}

// gift is what a chown in a RUN that works, or in front of it, gives to somebody.
type gift struct {
	owner string
	// line gives the folder itself to the same, since a COPY leaves a folder as it is that is there; empty if there is no
	// need.
	line string
}

// givenFolders are what a chown of the build stage gives away of the folders that are copied.
func (p *split) givenFolders() []gift {
	var gifts []gift
	for _, line := range p.lines[:p.lastWork()+1] {
		if line.run == nil {
			continue
		}
		for i, d := range line.run.deeds {
			program := line.run.script.Commands[i].Program()
			if d.purpose != toChange || program.Name() != "chown" || !slices.ContainsFunc(d.paths, p.isInFolders) {
				continue
			}
			g := gift{owner: program.Arguments().Operands[0].Value}
			for _, folder := range p.folders {
				if line.works && slices.Contains(d.paths, folder) {
					g.line = fmt.Sprintf("%s chown %s %s", p.keyword("RUN"), g.owner, folder)
				}
			}
			if g.line != "" && p.userOf(p.lines[p.lastWork()].inst) != "root" {
				p.refuse("%s in line %d gives a folder away that another user cannot",
					called(line.run.script.Commands[i]), p.line(line.inst))
			}
			gifts = append(gifts, g)
		}
	}
	return gifts
}

// ownerOfFiles is the value of --chown that all instructions have which copy the application's files; empty if there is no
// such.
func (p *split) ownerOfFiles() string {
	owner := ""
	for _, line := range p.lines {
		if line.inst == nil || !line.inst.FromContext() || !line.inProduction && !p.whole ||
			!p.isInFolders(p.folderTo(line.inst)) {
			continue
		}
		value := ""
		for _, f := range line.inst.Flags {
			if f.Name.Text == "chown" {
				value = f.Value.Text
			}
		}
		if value == "" || owner != "" && value != owner || strings.Contains(value, "$") {
			return ""
		}
		owner = value
	}
	return owner
}

// isGivenLater reports whether a RUN behind an index gives one of the folders to somebody.
func (p *split) isGivenLater(index int) bool {
	for _, line := range p.lines[min(index, len(p.lines)):] {
		if line.run == nil || line.works {
			continue
		}
		for i, d := range line.run.deeds {
			program := line.run.script.Commands[i].Program()
			if d.purpose == toChange && program.Name() == "chown" && slices.ContainsFunc(d.paths, p.isInFolders) {
				return true
			}
		}
	}
	return false
}

// omitDev has the installs leave dev dependencies out, or takes them away when everything is built.
func (p *split) omitDev() {
	for n := range p.installs {
		i := &p.installs[n]
		if !i.KeepsDev || !p.isManagers(i) {
			continue
		}
		if i.NeedsDev != "" {
			p.refuse("the dev dependencies would go, and %s", i.NeedsDev)
			return
		}
		if i.Manager == node.Yarn && i.Release.Major == 0 {
			p.refuse("it is not known which Yarn `%s` in line %d is, and so how it leaves dev dependencies out",
				i.Called(), p.line(i.Inst))
			return
		}
		if p.needsDev() || i.Omit == nil {
			p.pruneBehind(i)
			continue
		}
		p.omits[i.Inst] = append(p.omits[i.Inst], i.Omit...)
	}
}

// needsDev reports whether something is built that may need dev dependencies.
func (p *split) needsDev() bool {
	builds := slices.ContainsFunc(p.runs(), func(r *splitRun) bool { return r.has(toBuild) })
	return builds || p.demand == needsAnything && slices.ContainsFunc(p.installs, p.hasHooks)
}

// hasHooks reports whether an install may run scripts of package.json.
func (p *split) hasHooks(i rules.StageInstall) bool {
	scripts := i.Project.Package.Scripts
	hooked := slices.ContainsFunc(node.InstallHooks(), func(name string) bool { return scripts.Value[name] != "" })
	return !i.Has("--ignore-scripts") && (hooked || scripts.State == project.Unknown)
}

// pruneBehind takes the dev dependencies away of an install, behind the last line that works.
func (p *split) pruneBehind(i *rules.StageInstall) {
	last := p.lines[p.lastWork()]
	isPart := i.Project.Package.Workspaces.State == project.Known || i.Project.Workspace.State == project.Known
	_, generates := i.Project.Package.Dependencies.Value["@prisma/client"]
	if generates && i.Manager != node.NPM {
		p.refuse("what `prisma generate` has made would go with the dev dependencies")
	}
	if i.Manager == node.PNPM && isPart {
		p.refuse("pnpm does not take dev dependencies away in a monorepo: use pnpm deploy")
	}
	command := p.pruneCommand(i)
	if i.Folder != p.folderOf(last.inst) {
		command = "cd " + i.Folder + " && " + command
	}
	line := p.keyword("RUN") + " " + p.mountsOf(i) + command
	if !slices.Contains(p.prunes, line) {
		p.prunes = append(p.prunes, line)
	}
}

// isManagers reports whether an install is one by the manager of its project, where others install in the same folder by
// another one: a script looks for the lockfile that is there.
func (p *split) isManagers(i *rules.StageInstall) bool {
	others := slices.ContainsFunc(p.installs, func(o rules.StageInstall) bool {
		return o.Folder == i.Folder && o.Manager != i.Manager
	})
	if !others {
		return true
	}
	managed := i.Project.Manager
	if managed.State != project.Known {
		p.refuse("it is not known which package manager installs in %s", i.Folder)
	}
	return strings.HasPrefix(string(managed.Manager), string(i.Manager))
}

func (p *split) pruneCommand(i *rules.StageInstall) string {
	command := i.Release.Prune()
	for _, option := range []string{"--force", "--legacy-peer-deps"} {
		if i.Manager == node.NPM && i.Has(option) {
			command += " " + option
		}
	}
	switch {
	case i.Manager == node.PNPM && p.hasHooks(*i):
		command += " --ignore-scripts"
	case i.Manager == node.Yarn && i.Release.Major == 1:
		command += " --ignore-scripts"
	}
	return command
}

// mountsOf are the mounts of an install for a command that may download packages again.
func (p *split) mountsOf(i *rules.StageInstall) string {
	if i.Manager == node.NPM || i.Manager == node.PNPM {
		return ""
	}
	mounts := ""
	for _, f := range i.Inst.Flags {
		if f.Name.Text == "mount" && option(f, "type") != "" && option(f, "type") != "bind" {
			mounts += f.Of(p.Text) + " "
		}
	}
	return mounts
}
