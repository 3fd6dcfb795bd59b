package codeactions

import (
	"maps"
	"path"
	"slices"
	"strings"

	"dockerfile-ls/analysis/distribution"
	"dockerfile-ls/analysis/node"
	"dockerfile-ls/analysis/rules"
	"dockerfile-ls/analysis/shell"
)

// readLines reads the stage instruction by instruction.
func (p *split) readLines() {
	passages, insts := passagesOf(p.Model, p.stage)
	for i, passage := range passages {
		line := &splitLine{passage: passage, inst: insts[i]}
		p.lines = append(p.lines, line)
		if line.inst != nil && line.inst.Name == "RUN" {
			if line.run = p.readRun(line.inst); line.run == nil {
				return
			}
			line.works = line.run.works()
		}
	}
	p.started = rules.Starts(p.Model, p.around, p.stage)
	for _, r := range p.runs() {
		for _, d := range r.deeds {
			p.bringsLater = p.bringsLater || d.purpose == toBring && !p.areTools(d.names)
		}
	}
}

func (p *split) runs() []*splitRun {
	var runs []*splitRun
	for _, line := range p.lines {
		if line.run != nil {
			runs = append(runs, line.run)
		}
	}
	return runs
}

// lastWork is the index of the last line that is for the build stage alone, and lastInstall that of the last one that
// installs or builds; -1 if there is none.
func (p *split) lastWork() int {
	return lastLine(p.lines, func(line *splitLine) bool { return line.works })
}

func (p *split) lastInstall() int {
	return lastLine(p.lines, func(line *splitLine) bool { return line.run != nil && line.run.has(toInstall, toBuild) })
}

func lastLine(lines []*splitLine, is func(*splitLine) bool) int {
	for i := len(lines) - 1; i >= 0; i-- {
		if is(lines[i]) {
			return i
		}
	}
	return -1
}

// isCalled reports whether a container calls a program of npm, or a package manager.
func (p *split) isCalled(name string) bool {
	return slices.ContainsFunc(p.started.Commands, func(c shell.Command) bool {
		return slices.ContainsFunc(c.Words, func(w shell.Word) bool {
			switch path.Base(w.Value) {
			case "npx":
				return name == "npm"
			case "pnpx":
				return name == "pnpm"
			case "bunx":
				return name == "bun"
			case "pnpm", "yarn":
				return name == "corepack" || path.Base(w.Value) == name
			case "pm2-runtime", "pm2-docker":
				return name == "pm2"
			}
			return path.Base(w.Value) == name
		})
	})
}

// fetchesManager reports whether a container calls a package manager that corepack has fetched in the build alone.
func (p *split) fetchesManager() bool {
	enabled, brought := false, false
	for _, r := range p.runs() {
		for _, d := range r.deeds {
			corepack := d.purpose == toConfigure && len(d.names) > 0 && strings.HasPrefix(d.names[0], "corepack")
			enabled, brought = enabled || corepack, brought || corepack && d.makes
		}
	}
	return enabled && !brought && p.isCalled("corepack")
}

// checkLogins refuses where what package managers log in with would be copied along with the folder that it lies in.
func (p *split) checkLogins() {
	if !p.whole {
		return
	}
	left := map[string]bool{}
	for _, line := range p.lines {
		switch {
		case line.inst == nil:
		case line.run != nil:
			for _, d := range line.run.deeds {
				for _, file := range d.paths {
					if d.purpose == toLogIn && p.isInFolders(file) {
						left[file] = d.makes
					}
				}
			}
		case line.inst.FromContext() && p.copiesLogin(line.inst) && p.isInFolders(p.folderTo(line.inst)):
			for _, w := range line.inst.Sources() {
				file := path.Clean(w.Text)
				left[path.Join(p.folderTo(line.inst), path.Base(file))] = p.holdsSecret(file)
			}
		}
	}
	for _, file := range slices.Sorted(maps.Keys(left)) {
		if left[file] {
			p.refuse("%s would be copied along with a token: mount it as a secret first", file)
		}
	}
}

// checkLate refuses packages that nobody needs when the work is done.
func (p *split) checkLate() {
	for _, line := range p.lines[p.lastWork()+1:] {
		if line.run != nil {
			line.run.checkLate()
		}
	}
}

// areTools reports whether all of the programs of npm are for a build alone.
func (p *split) areTools(names []string) bool {
	return !slices.ContainsFunc(names, func(name string) bool { return !node.IsDevTool(name) || p.isCalled(name) })
}

// checkLate refuses compilers that come when everything is built.
func (r *splitRun) checkLate() {
	for _, c := range r.script.Commands {
		for _, w := range distribution.Installed(c.Program()) {
			if distribution.IsBuildPackage(w.Value) && !distribution.IsRemoved(c.Program(), w.Value, r.script.Commands) {
				r.refuse("nothing is built behind line %d, which installs `%s`", r.line(r.inst), w.Value)
			}
		}
	}
}

// workFolders are the folders in which the RUNs of the build stage install and build.
func (p *split) workFolders() []string {
	var folders []string
	for _, r := range p.runs() {
		walk := r.walk(r.inst, r.script)
		for i, d := range r.deeds {
			folder := walk.folders[i]
			if install := r.installAt(i); install != nil {
				folder = install.Folder
			} else if d.purpose != toBuild {
				continue
			}
			if folder == "" {
				p.refuse("it is not known in which folder %s in line %d works", called(r.script.Commands[i]), p.line(r.inst))
			}
			folders = append(folders, folder)
		}
	}
	slices.Sort(folders)
	return slices.Compact(folders)
}
