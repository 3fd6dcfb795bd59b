package project

import (
	"path"
	"slices"
	"strings"
)

// Project is what lies in a folder of the context that has a package.json.
type Project struct {
	State   State
	Folder  string // in the context
	Package Package
	// LockFolder is the folder of the lockfiles: the project's own or, in a monorepo, the nearest above that has some.
	LockFolder string
	// Lockfiles are all of LockFolder, of whatever manager; those that are not there are left out.
	Lockfiles []Lockfile
	// Workspace are the patterns of pnpm-workspace.yaml in LockFolder.
	Workspace Fact[[]string]
	// NodeLinker is the one of .yarnrc.yml in LockFolder: how berry lays out dependencies.
	NodeLinker Fact[string]
	Manager    Managed

	berry bool // LockFolder has a .yarnrc.yml
	pnpm  bool // LockFolder has a pnpm-workspace.yaml
}

// maxFolders is how many folders are looked at for package.json and lockfiles.
const maxFolders = 64

// readProjects reads the folders of the context and those above them, the topmost first.
func readProjects(r *reader, root string, folders []string) map[string]*Project {
	var all []string
	for _, folder := range folders {
		all = append(all, ancestors(folder)...)
	}
	slices.SortFunc(all, byDepth)
	projects := map[string]*Project{}
	for _, folder := range limit(slices.Compact(all), maxFolders) {
		projects[folder] = readProject(r, root, folder)
	}
	for folder, p := range projects {
		p.inherit(projects, folder)
	}
	for _, p := range projects {
		p.decide(projects)
	}
	return projects
}

// Project is the nearest folder with a package.json from a source up to the context root: `.` asks for the root. It is
// absent if there is none, and unknown if a folder on the way was not looked at because no source of the request leads
// there.
func (s *Surroundings) Project(source string) Project {
	if s.Context.State != Known {
		return Project{}
	}
	fixed, _ := splitWildcards(inContext(source))
	for _, folder := range ancestors(fixed) {
		p, ok := s.folders[folder]
		if !ok {
			return Project{}
		}
		if p.Package.State != Absent {
			return *p
		}
	}
	return Project{State: Absent, Manager: Managed{State: Absent}}
}

func readProject(r *reader, root, folder string) *Project {
	p := &Project{Folder: folder, Package: readPackage(r, root, folder)}
	p.State = p.Package.State
	p.Lockfiles = readLockfiles(r, root, folder, p.Package)
	if rc := r.text(path.Join(root, folder, ".yarnrc.yml"), maxFileBytes); rc.State != Absent {
		p.berry = true
		p.NodeLinker = yamlText(rc, "nodeLinker")
	}
	if ws := r.text(path.Join(root, folder, "pnpm-workspace.yaml"), maxFileBytes); ws.State != Absent {
		p.pnpm = true
		p.Workspace = yamlList(ws, "packages")
	}
	if p.ownsLock() {
		p.LockFolder = folder
	}
	return p
}

// byDepth puts folders in front of what is in them.
func byDepth(a, b string) int {
	if n := depth(a) - depth(b); n != 0 {
		return n
	}
	return strings.Compare(a, b)
}

func depth(folder string) int {
	if folder == "." {
		return 0
	}
	return 1 + strings.Count(folder, "/")
}

// ownsLock reports whether the folder itself has a lockfile or another file of a package manager.
func (p *Project) ownsLock() bool { return len(p.Lockfiles) > 0 || p.berry || p.pnpm }

// inherit takes over the lockfiles of the nearest folder above where the project has none: in a monorepo they lie at its
// root.
func (p *Project) inherit(projects map[string]*Project, folder string) {
	for _, above := range ancestors(folder) {
		q := projects[above]
		if q == nil || q.LockFolder != above {
			continue
		}
		p.LockFolder, p.Lockfiles, p.Workspace, p.NodeLinker = above, q.Lockfiles, q.Workspace, q.NodeLinker
		p.berry, p.pnpm = q.berry, q.pnpm
		return
	}
}
