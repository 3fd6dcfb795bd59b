package codeactions

import (
	"path"
	"slices"
	"strings"

	"dockerfile-ls/analysis/distribution"
	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/project"
	"dockerfile-ls/analysis/shell"
	"dockerfile-ls/analysis/syntax"
)

// front is the index of the last line that the build stage may need: of the last one that works or, where only packages are
// copied, of the last one that installs.
func (p *split) front() int {
	if p.whole {
		return p.lastWork()
	}
	return p.lastInstall()
}

// share decides for each instruction which stage needs it; for variables, shareVariables does.
func (p *split) share() {
	front, last := p.front(), p.lastWork()
	for i, line := range p.lines {
		switch {
		case line.inst == nil || line.inst.Name == "FROM":
		case line.works:
			line.inBuild = true // shareRun says whether the other one needs something of it
		case i <= last && (line.inst.Name == "USER" || line.inst.Name == "WORKDIR"):
			line.inBuild, line.inProduction = true, true
		case i > front:
			line.inProduction = true
		case line.inst.Name == "COPY" || line.inst.Name == "ADD":
			p.shareCopy(line, i)
		case line.inst.Name != "ARG" && line.inst.Name != "ENV" && line.inst.Name != "RUN":
			line.inProduction = true
		}
	}
	for i, line := range slices.Backward(p.lines) {
		if line.run != nil && (line.works || i <= front) {
			p.shareRun(line, p.lines[i+1:])
		}
	}
	for i, line := range p.lines[:last+1] {
		switch {
		case line.inst == nil:
		case p.whole && line.inst.Name == "WORKDIR":
			line.inProduction = !p.isLeftAtOnce(i)
		case line.inst.Name == "USER":
			line.inBuild = p.acts(i, func(line *splitLine) bool { return line.inBuild })
			isLast := p.InForceAtEnd(p.stage, "USER") == line.inst
			line.inProduction = isLast || p.acts(i, func(line *splitLine) bool { return line.inProduction })
		}
	}
}

// acts reports whether a user does something in a stage before another one is named.
func (p *split) acts(index int, isThere func(*splitLine) bool) bool {
	for _, line := range p.lines[index+1:] {
		if line.inst == nil || !isThere(line) {
			continue
		}
		switch line.inst.Name {
		case "RUN", "WORKDIR":
			return true
		case "USER":
			return false
		}
	}
	return false
}

// isLeftAtOnce reports whether nothing of the production stage happens in a working directory before the next one.
func (p *split) isLeftAtOnce(index int) bool {
	for _, line := range p.lines[index+1:] {
		if line.inst == nil || !line.inProduction {
			continue
		}
		switch line.inst.Name {
		case "WORKDIR":
			return path.IsAbs(line.inst.Args[0].Text)
		case "ADD", "COPY", "RUN":
			return false
		}
	}
	return false
}

// shareRun decides about a RUN by its commands. One that only looks for packages is for those that are installed later.
func (p *split) shareRun(line *splitLine, later []*splitLine) {
	build, production := line.run.shares()
	if line.run.has(toPackage) && !build.needed && !production.needed {
		for _, other := range later {
			installs := other.run != nil && other.run.has(toPackage)
			build.needed, production.needed = build.needed ||
				installs && other.inBuild, production.needed || installs && other.inProduction
		}
	}
	line.inBuild, line.inProduction = build.needed, production.needed || !build.needed
	if line.inBuild && line.inProduction {
		line.buildText, line.productionText = line.run.textOf(build, p.omits[line.inst]), line.run.textOf(production, nil)
		return
	}
	// What only one of them needs stays as it is, but for what the other one has.
	switch {
	case build.needed:
		line.buildText = line.run.textOf(share{words: build.words}, p.omits[line.inst])
	case production.needed:
		line.productionText = line.run.textOf(share{words: production.words}, nil)
	}
}

// shareCopy decides about a COPY or ADD in front of the work.
func (p *split) shareCopy(line *splitLine, index int) {
	inst := line.inst
	to := p.folderTo(inst)
	if to == "" {
		p.refuse("it is not known where the %s in line %d copies to", inst.Name, p.line(inst))
		return
	}
	switch inside := p.isInFolders(to); {
	case p.copiesLogin(inst):
		line.inBuild = true
	case !inst.FromContext():
		line.inBuild, line.inProduction = true, true
	case !inside:
		line.inProduction = true
		line.inBuild = isTrusted(to) || p.whole && !p.isProgram(inst, to) || p.isMentioned(to, nil)
	case p.whole:
		line.inBuild = true
	case p.copiesManifests(inst) || p.demand == needsSources:
		line.inBuild, line.inProduction = true, !p.isCovered(line, index)
	default:
		line.inProduction = true
	}
}

// copiesLogin reports whether an instruction copies nothing but what package managers log in with. A container that calls
// Yarn reads its configuration too.
func (p *split) copiesLogin(inst *dockerfile.Instruction) bool {
	sources := inst.Sources()
	if len(sources) == 0 {
		return len(inst.Heredocs) > 0 && holdsLogin(p.folderTo(inst))
	}
	return !slices.ContainsFunc(sources, func(w syntax.Word) bool {
		return !holdsLogin(w.Text) || strings.HasPrefix(path.Base(w.Text), ".yarnrc") && p.isCalled("yarn")
	})
}

// copiesManifests reports whether an instruction names a file that an install reads.
func (p *split) copiesManifests(inst *dockerfile.Instruction) bool {
	return slices.ContainsFunc(inst.Sources(), func(w syntax.Word) bool {
		return isManifest(path.Base(path.Clean("/" + w.Text)))
	})
}

// isTrusted reports whether a folder has the certificates that programs trust.
func isTrusted(to string) bool {
	return strings.HasPrefix(to, "/usr/local/share/ca-certificates") || strings.HasPrefix(to, "/etc/ssl")
}

// isProgram reports whether an instruction copies a program, or what one reads when the container runs.
func (p *split) isProgram(inst *dockerfile.Instruction, to string) bool {
	return distribution.IsSystemPath(to) || !slices.ContainsFunc(inst.Sources(), func(w syntax.Word) bool {
		remote := dockerfile.ReadRemote(p.Expand(inst, w.Text).Text)
		return !remote.Exists() && !strings.HasSuffix(w.Text, ".sh") && !strings.Contains(path.Base(w.Text), "entrypoint")
	})
}

// isMentioned reports whether a line of the build stage alone names a path, or a program, besides a RUN that brings it.
func (p *split) isMentioned(name string, by *splitRun) bool {
	return slices.ContainsFunc(p.lines, func(line *splitLine) bool {
		return line.works && line.run != by && mentions(line.text, name)
	})
}

// isCovered reports whether the files that an instruction copies come along with a folder that is copied into the production
// stage later, and nothing in between looks at them.
func (p *split) isCovered(line *splitLine, index int) bool {
	for _, later := range p.lines[index+1:] {
		if later.inst == nil || later.works {
			continue
		}
		if later.run != nil && later.run.has(toChange, toBring) {
			return false
		}
		if later.inst.FromContext() && p.covers(later.inst, line.inst) {
			return true
		}
	}
	return false
}

// covers reports whether an instruction copies all files of another one to the same places.
func (p *split) covers(inst, files *dockerfile.Instruction) bool {
	sources := inst.Sources()
	to, where := p.folderTo(inst), p.folderTo(files)
	excludes := slices.ContainsFunc(inst.Flags, func(f syntax.Flag) bool {
		return f.Name.Text == "exclude" || f.Name.Text == "parents"
	})
	if len(sources) != 1 || excludes || to == "" || len(inst.Heredocs) > 0 {
		return false
	}
	folder := p.Expand(inst, sources[0].Text)
	if folder.State != dockerfile.Known || strings.ContainsAny(folder.Text, "*?[") {
		return false
	}
	return !slices.ContainsFunc(files.Sources(), func(w syntax.Word) bool {
		file := p.Expand(files, w.Text)
		rest, inside := dockerfile.Relative(path.Clean("/"+folder.Text), path.Clean("/"+file.Text))
		place := path.Join(to, path.Dir(rest))
		return file.State != dockerfile.Known || !inside || rest == "." || place != where && path.Join(to, rest) != where
	})
}

// isOwner reports whether the build stage needs a user: by USER, for what it copies, or for a folder of its own.
func (p *split) isOwner(name string) bool {
	if name == "" || strings.HasPrefix(name, "-") {
		return false
	}
	is := func(value string) bool {
		return slices.Contains(strings.FieldsFunc(value, func(c rune) bool { return c == ':' }), name)
	}
	gives := func(f syntax.Flag) bool { return f.Name.Text == "chown" && is(f.Value.Text) }
	for _, line := range p.lines[:p.front()+1] {
		switch {
		case line.inst == nil:
		case line.inst.Name == "USER" && len(line.inst.Args) > 0 && is(p.Expand(line.inst, line.inst.Args[0].Text).Text):
			return true
		case line.inBuild && slices.ContainsFunc(line.inst.Flags, gives):
			return true
		case line.run != nil && line.run.givesTo(is):
			return true
		}
	}
	return false
}

// givesTo reports whether a RUN gives a folder of the build stage to somebody.
func (r *splitRun) givesTo(is func(value string) bool) bool {
	for i, d := range r.deeds {
		if d.purpose != toChange {
			continue
		}
		build, _ := r.needs(d)
		if build && slices.ContainsFunc(r.script.Commands[i].Words, func(w shell.Word) bool { return is(w.Value) }) {
			return true
		}
	}
	return false
}

// placesOf reports which stage needs what is changed at paths. What lies in a folder that is copied comes along with it.
func (r *splitRun) placesOf(d deed) (build, production bool) {
	inside, around, outside := false, false, false
	for _, file := range d.paths {
		switch {
		case r.isAroundFolder(file):
			around = true
		case r.isInFolders(file):
			inside = true
		default:
			outside = true
			build = build || isOfManager(file) || r.isMentioned(file, r)
		}
	}
	if r.whole && inside && (around || outside) {
		r.refuse("line %d changes what is copied and what is not", r.line(r.inst))
	}
	switch {
	case around && r.onlyMakes():
		return build, true // WORKDIR makes it too
	case around:
		return true, true
	case inside && r.whole:
		return true, false
	}
	return build, true
}

// isAroundFolder reports whether a path is one of the folders, or one around it.
func (p *split) isAroundFolder(file string) bool {
	return slices.ContainsFunc(p.folders, func(folder string) bool {
		_, inside := dockerfile.Relative(file, folder)
		return inside
	})
}

// isOfManager reports whether a path is the configuration of a distribution's package manager.
func isOfManager(file string) bool {
	return strings.HasPrefix(file, "/etc/apk/") || strings.HasPrefix(file, "/etc/apt/")
}

// onlyMakes reports whether a RUN of root does nothing but make folders.
func (r *splitRun) onlyMakes() bool {
	return r.userOf(r.inst) == "root" && !slices.ContainsFunc(r.deeds, func(d deed) bool {
		return d.purpose != forNothing && !d.makes
	})
}

// takesPackages reports whether an instruction may take node_modules out of the context.
func (p *split) takesPackages(inst *dockerfile.Instruction) bool {
	if p.around.Context.State != project.Known {
		return true
	}
	return slices.ContainsFunc(inst.Sources(), func(w syntax.Word) bool {
		source := p.Expand(inst, w.Text)
		taken := p.around.TakesNamed(project.Copy{Source: source.Text}, "node_modules")
		return source.State != dockerfile.Known || taken.State != project.Absent
	})
}
