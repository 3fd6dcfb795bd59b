package codeactions

import (
	"maps"
	"path"
	"slices"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/node"
	"dockerfile-ls/analysis/project"
	"dockerfile-ls/analysis/rules"
	"dockerfile-ls/analysis/shell"
)

// demand says what an install needs besides the manifests, and what comes of it besides packages.
type demand int

const (
	needsManifests demand = iota // nothing: packages come of manifests
	needsSources                 // a script of package.json makes packages out of sources
	needsAnything                // a script of package.json, or a part of a monorepo, may need and make whatever it likes
)

// decideForm decides what is copied: the packages that are installed, or the whole folder in which something is made.
func (p *split) decideForm() {
	p.folders = p.workFolders()
	for i := range p.installs {
		p.checkInstall(&p.installs[i])
		p.demand = max(p.demand, p.demandOf(&p.installs[i]))
	}
	p.whole = p.demand == needsAnything || p.changesManifests() || slices.ContainsFunc(p.runs(), func(r *splitRun) bool {
		return r.works() && (r.has(toBuild) || r.makesFiles())
	})
	if !p.whole {
		p.whole = !p.findManifests()
	}
	if p.whole {
		p.folders = p.rootFolders()
		return
	}
	for i := range p.installs {
		p.checkPackages(&p.installs[i])
	}
}

// checkInstall refuses installs that put something elsewhere than into node_modules.
func (p *split) checkInstall(i *rules.StageInstall) {
	_, moved := i.Args.Option("--modules-folder", "--virtual-store-dir")
	berry := i.Manager == node.Yarn && (i.Release.Major > 1 || i.Project.Manager.Manager == project.YarnBerry)
	linker := i.Project.NodeLinker.Value
	switch {
	case i.Verb.Value == "deploy", moved:
		p.refuse("`%s` in line %d puts the packages elsewhere than into node_modules", i.Called(), p.line(i.Inst))
	case berry && linker != "node-modules" && linker != "pnpm":
		p.refuse("Yarn keeps the packages elsewhere than in node_modules, where .yarnrc.yml does not set nodeLinker to " +
			"node-modules")
	}
	for _, name := range slices.Sorted(maps.Keys(i.Project.Package.Dependencies.Value)) {
		if p.downloads(i, name) {
			p.refuse("`%s` downloads a browser into the home of the user when it is installed", name)
		}
	}
}

// downloads reports whether a package downloads something into the home of its user, if no variable says otherwise.
func (p *split) downloads(i *rules.StageInstall, name string) bool {
	if i.Has("--ignore-scripts") {
		return false
	}
	switch name {
	case "puppeteer":
		return !declares(p.Model, i.Inst, "PUPPETEER_SKIP_DOWNLOAD") &&
			!declares(p.Model, i.Inst, "PUPPETEER_SKIP_CHROMIUM_DOWNLOAD") &&
			!declares(p.Model, i.Inst, "PUPPETEER_CACHE_DIR")
	case "cypress":
		return !declares(p.Model, i.Inst, "CYPRESS_INSTALL_BINARY")
	case "playwright-chromium", "playwright-firefox", "playwright-webkit":
		return !declares(p.Model, i.Inst, "PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD")
	}
	return false
}

// checkPackages refuses where it is known that no node_modules come of an install.
func (p *split) checkPackages(i *rules.StageInstall) {
	pkg := i.Project.Package
	if len(pkg.Dependencies.Value) == 0 && pkg.Dependencies.State != project.Unknown &&
		len(pkg.OptionalDependencies.Value) == 0 {
		p.refuse("%s names no dependencies that the image needs", pkg.Path)
	}
}

// demandOf is what an install needs by its package.json.
func (p *split) demandOf(i *rules.StageInstall) demand {
	found := i.Project
	pkg := found.Package
	alone := pkg.Workspaces.State == project.Absent && found.Workspace.State != project.Known
	alone = alone && (found.LockFolder == "" || found.LockFolder == found.Folder)
	if found.State != project.Known || pkg.Scripts.State == project.Unknown || !alone || linksFolders(pkg) {
		return needsAnything
	}
	most := p.demandOfFiles(found.Folder)
	if i.Has("--ignore-scripts") {
		return most
	}
	for _, name := range node.InstallHooks() {
		most = max(most, demandOfScript(pkg.Scripts.Value[name]))
	}
	return most
}

// demandOfFiles looks for what lies beside package.json and changes how packages are installed.
func (p *split) demandOfFiles(folder string) demand {
	for _, name := range []string{".pnpmfile.cjs", ".yarn", "patches"} {
		if p.around.Takes(project.Copy{Source: path.Join(folder, name)}).State == project.Known {
			return needsSources
		}
	}
	return needsManifests
}

// linksFolders reports whether a dependency is a folder of the project, or may be.
func linksFolders(pkg project.Package) bool {
	for _, list := range []project.Fact[map[string]string]{pkg.Dependencies, pkg.DevDependencies, pkg.OptionalDependencies} {
		if list.State == project.Unknown {
			return true
		}
		for _, version := range list.Value {
			for _, beginning := range [...]string{".", "/", "file:", "link:", "portal:", "workspace:"} {
				if strings.HasPrefix(version, beginning) {
					return true
				}
			}
		}
	}
	return false
}

// demandOfScript is what a script of package.json needs that an install runs.
func demandOfScript(text string) demand {
	script := shell.ParseFile(text)
	if !script.Known() {
		return needsAnything
	}
	most := needsManifests
	for _, c := range script.Commands {
		program := c.Program()
		if program.Name() == "npx" && len(program.Words) > 1 {
			program.Words = program.Words[1:]
		}
		switch program.Name() {
		case "", ":", "[", "echo", "exit", "husky", "husky-run", "is-ci", "only-allow", "test", "true":
		case "patch-package":
			most = max(most, needsSources)
		case "prisma":
			if len(program.Words) < 2 || program.Words[1].Value != "generate" {
				return needsAnything
			}
			most = max(most, needsSources)
		default:
			return needsAnything
		}
	}
	return most
}

// changesManifests reports whether a RUN in front of the last install changes what that reads.
func (p *split) changesManifests() bool {
	last := p.lastInstall()
	return slices.ContainsFunc(p.lines[:last+1], func(line *splitLine) bool {
		return line.run != nil && !line.works && slices.ContainsFunc(line.run.deeds, func(d deed) bool {
			return d.purpose == toChange && slices.ContainsFunc(d.paths, func(file string) bool {
				return isManifest(path.Base(file)) && slices.Contains(p.folders, path.Dir(file))
			})
		})
	})
}

// makesFiles reports whether a RUN that works changes something in a folder in which it works, besides packages. What it
// changes elsewhere is not copied, and refused.
func (r *splitRun) makesFiles() bool {
	makes := false
	for i, d := range r.deeds {
		for _, file := range d.paths {
			switch {
			case passes(file) || isNodeCache(file) || r.isPackage(file) || d.purpose == toLogIn:
			case r.isInFolders(file):
				makes = true
			default:
				r.refuse("%s in line %d changes what is not copied", called(r.script.Commands[i]), r.line(r.inst))
			}
		}
	}
	return makes
}

func (p *split) isInFolders(file string) bool {
	return slices.ContainsFunc(p.folders, func(folder string) bool {
		_, inside := dockerfile.Relative(folder, file)
		return inside
	})
}

// isPackage reports whether a file lies in the packages of one of the folders.
func (p *split) isPackage(file string) bool {
	return slices.ContainsFunc(p.folders, func(folder string) bool {
		rest, inside := dockerfile.Relative(path.Join(folder, "node_modules"), file)
		return inside && rest != "."
	})
}

// rootFolders are the folders that are copied as a whole: those in which something is made, or around them those into which
// the context is copied.
func (p *split) rootFolders() []string {
	folders := slices.Clone(p.folders)
	for _, line := range p.lines[:p.lastWork()+1] {
		if line.inst == nil || !line.inst.FromContext() {
			continue
		}
		to := p.folderTo(line.inst)
		if isOwnFolder(to) && slices.ContainsFunc(p.folders, func(folder string) bool {
			_, inside := dockerfile.Relative(to, folder)
			return inside
		}) {
			folders = append(folders, to)
		}
	}
	slices.Sort(folders)
	var roots []string
	for _, folder := range folders {
		if !slices.ContainsFunc(roots, func(root string) bool {
			_, inside := dockerfile.Relative(root, folder)
			return inside
		}) {
			roots = append(roots, folder)
		}
	}
	for _, root := range roots {
		if !isOwnFolder(root) {
			p.refuse("the application lies in %s, which is not its own folder: set WORKDIR", root)
		}
	}
	return roots
}

// isOwnFolder reports whether a folder has nothing in it but what the Dockerfile puts there.
func isOwnFolder(folder string) bool {
	switch folder {
	case "", "/", "/bin", "/boot", "/dev", "/etc", "/home", "/home/node", "/lib", "/media", "/mnt", "/opt", "/proc",
		"/root", "/run", "/sbin", "/srv", "/sys", "/tmp", "/usr", "/usr/bin", "/usr/lib", "/usr/local", "/usr/local/bin",
		"/usr/local/lib", "/usr/local/share", "/usr/sbin", "/usr/share", "/var", "/var/lib", "/var/www":
		return false
	}
	return true
}
