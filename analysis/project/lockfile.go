package project

import (
	"path"
	"strings"
)

// Lockfile is a lockfile that is there.
type Lockfile struct {
	Path string // in the context
	// Manager is the one that writes it; empty for a yarn.lock that does not say of which kind it is.
	Manager Manager
	// State is Known if its content was read, and Unknown if it is empty, unreadable or malformed.
	State State
	Why   string
	// Version is that of the format: lockfileVersion, the version of __metadata for berry, 1 for yarn 1.
	Version Fact[string]
	// Agrees says whether it locks what the package.json beside it asks for, so that an install that must not change it
	// goes through.
	Agrees Fact[bool]
}

// lockNames are the lockfiles, those first that win over others of the same manager.
var lockNames = [...]string{
	"npm-shrinkwrap.json", "package-lock.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock", "bun.lockb",
}

func readLockfiles(r *reader, root, folder string, p Package) []Lockfile {
	var locks []Lockfile
	for _, name := range lockNames {
		file := path.Join(folder, name)
		text := r.text(path.Join(root, file), maxLockBytes)
		if text.State != Absent {
			locks = append(locks, newLockfile(file, text, p))
		}
	}
	return locks
}

func newLockfile(file string, text Fact[string], p Package) Lockfile {
	l := Lockfile{Path: file, State: text.State, Why: text.Why}
	l.Manager = managerOf(path.Base(file), text.Value)
	switch {
	case path.Base(file) == "bun.lockb":
		l.State, l.Why = Unknown, "it is binary"
		return l
	case text.State != Known:
		return l
	case strings.TrimSpace(text.Value) == "":
		l.State, l.Why = Unknown, "it is empty"
		return l
	}
	var locked locked
	switch l.Manager {
	case NPM:
		locked = npmLock(text.Value)
	case YarnClassic:
		locked = yarnClassicLock(text.Value)
	case YarnBerry:
		locked = yarnBerryLock(text.Value)
	case PNPM:
		locked = pnpmLock(text.Value)
	case Bun:
		locked = bunLock(text.Value)
	default:
		locked.problem = "it is no lockfile of yarn"
	}
	if locked.problem != "" {
		l.State, l.Why = Unknown, locked.problem
		return l
	}
	l.Version = locked.version
	l.Agrees = locked.agrees(p)
	return l
}

func managerOf(name, text string) Manager {
	switch name {
	case "npm-shrinkwrap.json", "package-lock.json":
		return NPM
	case "pnpm-lock.yaml":
		return PNPM
	case "bun.lock", "bun.lockb":
		return Bun
	}
	switch {
	case strings.HasPrefix(text, "__metadata:") || strings.Contains(text, "\n__metadata:"):
		return YarnBerry
	case strings.Contains(text, "# yarn lockfile v1"):
		return YarnClassic
	}
	return ""
}

// locked is what a lockfile says of the package.json beside it.
type locked struct {
	problem string // why it could not be read; empty if it could
	version Fact[string]
	// asked are the ranges that it was made for, by kind of dependency. A format without kinds has them all in one.
	asked map[string]map[string]string
	// keys are the "name@range" that it has entries for, in a format that does not say which of them package.json asks for.
	keys map[string]bool
}

// Kinds of dependencies by their names in package.json, optional ones counted as dependencies, since npm copies them there.
const (
	production  = "dependencies"
	development = "devDependencies"
	anyKind     = ""
)

// agrees compares a lockfile with package.json.
func (l locked) agrees(p Package) Fact[bool] {
	wanted, ok := p.wanted()
	switch {
	case p.State == Absent:
		return absent[bool]()
	case !ok:
		return unknown[bool]("package.json is not known")
	case l.asked == nil && l.keys == nil:
		return unknown[bool]("its format does not say for which package.json it was made")
	}
	same := l.hasKeys(wanted)
	if l.keys == nil {
		same = l.hasRanges(wanted)
	}
	if !same && (p.overrides || l.keys != nil && p.Workspaces.State != Absent) {
		return unknown[bool]("package.json overrides versions or has workspaces")
	}
	return known(same)
}

// wanted are the ranges that package.json asks for, by kind.
func (p Package) wanted() (map[string]map[string]string, bool) {
	fields := []Fact[map[string]string]{p.Dependencies, p.OptionalDependencies, p.DevDependencies}
	all := map[string]map[string]string{production: {}, development: {}}
	for i, f := range fields {
		if p.State != Known || f.State == Unknown {
			return nil, false
		}
		kind := production
		if i == 2 {
			kind = development
		}
		for name, version := range f.Value {
			all[kind][name] = version
		}
	}
	return all, true
}

// hasRanges compares kind by kind, or all at once where the lockfile has no kinds. A dependency of both kinds counts for
// production.
func (l locked) hasRanges(wanted map[string]map[string]string) bool {
	if list, one := l.asked[anyKind]; one {
		all := map[string]string{}
		for _, kind := range []string{development, production} {
			for name, version := range wanted[kind] {
				all[name] = version
			}
		}
		return sameRanges(list, all)
	}
	return sameRanges(l.asked[production], wanted[production]) && sameRanges(l.asked[development], wanted[development])
}

func sameRanges(locked, wanted map[string]string) bool {
	if len(locked) != len(wanted) {
		return false
	}
	for name, version := range wanted {
		// Berry writes the protocol that package.json leaves out.
		if have, ok := locked[name]; !ok || have != version && have != "npm:"+version {
			return false
		}
	}
	return true
}

// hasKeys reports whether there is an entry for each range. A linked folder has none.
func (l locked) hasKeys(wanted map[string]map[string]string) bool {
	for _, ranges := range wanted {
		for name, version := range ranges {
			if !strings.HasPrefix(version, "link:") && !l.keys[name+"@"+version] {
				return false
			}
		}
	}
	return true
}
