package codeactions

import (
	"path"
	"slices"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/node"
	"dockerfile-ls/analysis/project"
	"dockerfile-ls/analysis/rules"
	"dockerfile-ls/analysis/secret"
	"dockerfile-ls/analysis/syntax"
)

// manifestFiles are what an install reads besides the sources.
var manifestFiles = []string{
	"package.json", "package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "pnpm-workspace.yaml",
	"bun.lock", "bun.lockb", "bunfig.toml", ".npmrc", ".yarnrc", ".yarnrc.yml", ".pnpmfile.cjs", ".yarn", "patches",
}

// isManifest reports whether a name, or a pattern of names, is one of those.
func isManifest(name string) bool {
	return name != "*" && slices.ContainsFunc(manifestFiles, func(file string) bool {
		matched, err := path.Match(name, file)
		return matched && err == nil
	})
}

// findManifests finds for each install what brings its package.json, or writes a COPY that does; false where that is not
// seen.
func (p *split) findManifests() bool {
	for i := range p.installs {
		if !p.findManifestsOf(&p.installs[i]) {
			return false
		}
	}
	return true
}

func (p *split) findManifestsOf(i *rules.StageInstall) bool {
	if slices.ContainsFunc(i.Inst.Flags, bindsManifest) {
		return true
	}
	var folder *dockerfile.Instruction
	for _, inst := range p.stage.Instructions {
		if inst == i.Inst {
			break
		}
		if !inst.FromContext() {
			continue
		}
		named, around := p.brings(inst, i)
		if named {
			return true
		}
		if around {
			folder = inst
		}
	}
	if folder == nil {
		return false
	}
	if p.bringsPackages(folder) {
		const own = "the context has node_modules, which would come along with the %s in line %d: name it in " +
			".dockerignore first"
		p.refuse(own, folder.Name, p.line(folder))
	}
	if p.demand == needsSources {
		return true
	}
	line := p.copyOfManifests(folder, i)
	if line != "" {
		p.generated[folder] = append(p.generated[folder], line)
	}
	return line != ""
}

// bringsPackages reports whether an instruction is known to take node_modules out of the context.
func (p *split) bringsPackages(inst *dockerfile.Instruction) bool {
	return slices.ContainsFunc(inst.Sources(), func(w syntax.Word) bool {
		source := p.Expand(inst, w.Text)
		taken := p.around.TakesNamed(project.Copy{Source: source.Text}, "node_modules")
		return source.State == dockerfile.Known && taken.State == project.Known
	})
}

// bindsManifest reports whether a mount brings package.json out of the context.
func bindsManifest(f syntax.Flag) bool {
	kind := option(f, "type")
	return f.Name.Text == "mount" && (kind == "" || kind == "bind") && option(f, "from") == "" &&
		path.Base(option(f, "target", "dst", "destination")) == "package.json"
}

// brings reports whether an instruction copies the package.json of an install by its name, or in a folder.
func (p *split) brings(inst *dockerfile.Instruction, i *rules.StageInstall) (named, around bool) {
	to := p.folderTo(inst)
	for _, word := range inst.Sources() {
		source := p.Expand(inst, word.Text)
		base := path.Base(path.Clean("/" + source.Text))
		if matched, _ := path.Match(base, "package.json"); matched && base != "*" {
			named = named || to == i.Folder || to == path.Join(i.Folder, "package.json")
			continue
		}
		rest, inside := dockerfile.Relative(to, i.Folder)
		if source.State != dockerfile.Known || !inside {
			continue
		}
		from := strings.TrimPrefix(path.Join("/", source.Text, rest), "/")
		around = around || from == strings.TrimPrefix(i.Project.Folder, ".")
	}
	return named, around
}

// copyOfManifests is the instruction that copies what an install reads, in place of one that copies a folder around it;
// empty if that cannot be written.
func (p *split) copyOfManifests(inst *dockerfile.Instruction, i *rules.StageInstall) string {
	names := p.manifestNames(i)
	rest, _ := dockerfile.Relative(p.folderTo(inst), i.Folder)
	to := inst.Args[len(inst.Args)-1].Text
	if rest != "." {
		to = path.Join(to, rest)
	}
	if to == "." {
		to = "./"
	}
	if !strings.HasSuffix(to, "/") {
		to += "/"
	}
	line := p.keyword("COPY") + " "
	for _, flag := range inst.Flags {
		if flag.Name.Text == "chown" && p.userOf(i.Inst) != "root" {
			line += flag.Of(p.Text) + " "
		}
	}
	for n, name := range names {
		names[n] = path.Join(i.Project.Folder, name)
	}
	words := append(names, to)
	if slices.ContainsFunc(words, func(w string) bool { return strings.ContainsAny(w, " \t\"'\\[") }) {
		return ""
	}
	return line + strings.Join(words, " ")
}

// manifestNames are the files of the context that an install reads.
func (p *split) manifestNames(i *rules.StageInstall) []string {
	names, others := []string{"package.json"}, []string{".npmrc"}
	switch i.Manager {
	case node.NPM:
		names = []string{"package*.json"}
		others = append(others, "npm-shrinkwrap.json")
	case node.Yarn:
		others = append(others, "yarn.lock", ".yarnrc", ".yarnrc.yml")
	case node.PNPM:
		others = append(others, "pnpm-lock.yaml", "pnpm-workspace.yaml")
	case node.Bun:
		others = append(others, "bun.lock", "bun.lockb", "bunfig.toml")
	}
	for _, name := range others {
		file := path.Join(i.Project.Folder, name)
		if p.around.Takes(project.Copy{
			Source: file,
		}).State != project.Known || mountsFile(i.Inst, name) || p.overwrites(i, name) {
			continue
		}
		if name == ".npmrc" && p.holdsSecret(file) {
			p.refuse("%s holds a token: mount it as a secret first", file)
		}
		names = append(names, name)
	}
	return names
}

// holdsSecret reports whether a file of the context holds a secret, for all that is known.
func (p *split) holdsSecret(file string) bool {
	content := p.around.File(file)
	return content.State != project.Known || secret.InFile(path.Base(file), content.Value) != ""
}

// overwrites reports whether a RUN up to an install writes a file of its folder anew, so that it is not read as it is
// copied.
func (p *split) overwrites(i *rules.StageInstall, name string) bool {
	for _, r := range p.runs() {
		if r.inst.Start > i.Inst.Start {
			break
		}
		for n, c := range r.script.Commands {
			for _, redirect := range c.Redirects {
				if redirect.Operator == ">" && r.pathOf(r.inst, r.script, n, redirect.Target) == path.Join(i.Folder, name) {
					return true
				}
			}
		}
	}
	return false
}

// mountsFile reports whether a RUN mounts a file of a name.
func mountsFile(inst *dockerfile.Instruction, name string) bool {
	return slices.ContainsFunc(inst.Flags, func(f syntax.Flag) bool {
		return f.Name.Text == "mount" && path.Base(option(f, "target", "dst", "destination")) == name
	})
}
