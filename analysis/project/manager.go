package project

import (
	"path"
	"slices"
)

// Manager is a package manager of Node.js. The two kinds of yarn have little but the name in common.
type Manager string

// The package managers that we know.
const (
	NPM         Manager = "npm"
	YarnClassic Manager = "yarn 1"
	YarnBerry   Manager = "yarn berry"
	PNPM        Manager = "pnpm"
	Bun         Manager = "bun"
)

// Managed says which package manager a project has.
type Managed struct {
	// State is Absent if there is no package.json nor anything that names one.
	State   State
	Manager Manager
	// Version is known from packageManager only.
	Version Fact[string]
	// By is the file that says so, in the context.
	By string
	// Candidates are all that a lockfile speaks for, where it is not known which one it is.
	Candidates []Manager
	Why        string
}

// decide finds the package manager: packageManager of the nearest package.json, as corepack does it, then the lockfiles,
// then the files of a manager's settings.
func (p *Project) decide(projects map[string]*Project) {
	for _, above := range ancestors(p.Folder) {
		if q := projects[above]; q != nil && q.Package.Manager.State == Known {
			v := q.Package.Manager.Value
			p.Manager = Managed{State: Known, Manager: v.Manager, Version: known(v.Version), By: q.Package.Path}
			return
		}
	}
	p.Manager = p.byFiles()
}

func (p *Project) byFiles() Managed {
	m := Managed{}
	for _, lock := range p.Lockfiles {
		if m.By == "" {
			m.By = lock.Path
		}
		m.Candidates = append(m.Candidates, lock.managers(p.berry)...)
	}
	if len(m.Candidates) == 0 && p.pnpm {
		m.By = path.Join(p.LockFolder, "pnpm-workspace.yaml")
		m.Candidates = append(m.Candidates, PNPM)
	}
	if len(m.Candidates) == 0 && p.berry {
		m.By = path.Join(p.LockFolder, ".yarnrc.yml")
		m.Candidates = append(m.Candidates, YarnBerry)
	}
	slices.Sort(m.Candidates)
	m.Candidates = slices.Compact(m.Candidates)
	switch {
	case len(m.Candidates) == 1:
		return Managed{State: Known, Manager: m.Candidates[0], By: m.By}
	case len(m.Candidates) > 1 && len(p.Lockfiles) == 1:
		return Managed{Candidates: m.Candidates, Why: "yarn.lock does not say which yarn writes it"}
	case len(m.Candidates) > 1:
		return Managed{Candidates: m.Candidates, Why: "there are lockfiles of several package managers"}
	case p.Package.State == Absent:
		return Managed{State: Absent}
	case p.Package.State == Unknown:
		return Managed{Why: "package.json is not known"}
	}
	return Managed{Why: "there is no lockfile and no packageManager"}
}

// managers are those that a lockfile speaks for: both kinds of yarn where its content does not say which.
func (l Lockfile) managers(berry bool) []Manager {
	switch {
	case l.Manager != "":
		return []Manager{l.Manager}
	case berry:
		return []Manager{YarnBerry}
	}
	return []Manager{YarnClassic, YarnBerry}
}

// Lockfile is the one of the project's manager that the manager reads; false if there is none or the manager is not known.
func (p Project) Lockfile() (Lockfile, bool) {
	for _, lock := range p.Lockfiles {
		if p.Manager.State == Known && slices.Contains(lock.managers(p.berry), p.Manager.Manager) {
			return lock, true
		}
	}
	return Lockfile{}, false
}
