package project

import (
	"encoding/json"
	"fmt"
	"path"
	"regexp"
	"strings"
)

// Package is a package.json. A field of the wrong type is unknown and costs no other field.
type Package struct {
	State State
	Path  string // in the context
	Why   string // the reason why it is unknown

	Name, Main, Type                                                      Fact[string]
	Manager                                                               Fact[ManagerVersion] // of packageManager
	Engines, Scripts                                                      Fact[map[string]string]
	Dependencies, DevDependencies, OptionalDependencies, PeerDependencies Fact[map[string]string]
	// Workspaces are patterns of folders.
	Workspaces Fact[[]string]

	// overrides says that a field changes which versions the lockfile has.
	overrides bool
}

// ManagerVersion is a package manager in a version, which packageManager gives in full.
type ManagerVersion struct {
	Manager Manager
	Version string // without the hash
}

// readPackage reads the package.json of a folder of the context.
func readPackage(r *reader, root, folder string) Package {
	p := Package{Path: path.Join(folder, "package.json")}
	text := r.text(path.Join(root, p.Path), maxFileBytes)
	p.State, p.Why = text.State, text.Why
	if text.State != Known {
		return p
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal([]byte(strings.TrimPrefix(text.Value, "\uFEFF")), &fields); err != nil {
		return Package{Path: p.Path, Why: "it is no JSON object: " + err.Error()}
	}
	p.fill(fields)
	return p
}

func (p *Package) fill(fields map[string]json.RawMessage) {
	p.Name = field[string](fields, "name")
	p.Main = field[string](fields, "main")
	p.Type = field[string](fields, "type")
	p.Manager = managerField(field[string](fields, "packageManager"))
	p.Engines = field[map[string]string](fields, "engines")
	p.Scripts = field[map[string]string](fields, "scripts")
	p.Dependencies = field[map[string]string](fields, "dependencies")
	p.DevDependencies = field[map[string]string](fields, "devDependencies")
	p.OptionalDependencies = field[map[string]string](fields, "optionalDependencies")
	p.PeerDependencies = field[map[string]string](fields, "peerDependencies")
	p.Workspaces = workspaces(fields)
	for _, name := range []string{"overrides", "resolutions", "pnpm"} {
		_, has := fields[name]
		p.overrides = p.overrides || has
	}
}

// field reads a field of a JSON object; null counts as absent.
func field[T any](fields map[string]json.RawMessage, name string) Fact[T] {
	raw, ok := fields[name]
	if !ok || string(raw) == "null" {
		return absent[T]()
	}
	var value T
	if err := json.Unmarshal(raw, &value); err != nil {
		return unknown[T](fmt.Sprintf("`%s` has the wrong type", name))
	}
	return known(value)
}

// workspaces are a list, or the list `packages` of an object as yarn has it.
func workspaces(fields map[string]json.RawMessage) Fact[[]string] {
	list := field[[]string](fields, "workspaces")
	if list.State != Unknown {
		return list
	}
	if object := field[map[string]json.RawMessage](fields, "workspaces"); object.State == Known {
		return field[[]string](object.Value, "packages")
	}
	return list
}

// managerValue matches the field packageManager: a name, a version, and a hash that is left out. Source: corepack.
var managerValue = regexp.MustCompile(`^(npm|pnpm|yarn|bun)@(\d+)(\.[^+]+)?(\+.*)?$`)

func managerField(text Fact[string]) Fact[ManagerVersion] {
	if text.State != Known {
		return Fact[ManagerVersion]{State: text.State, Why: text.Why}
	}
	m := managerValue.FindStringSubmatch(text.Value)
	if m == nil {
		return unknown[ManagerVersion](fmt.Sprintf("`%s` is no package manager with a version", text.Value))
	}
	v := ManagerVersion{Manager: Manager(m[1]), Version: m[2] + m[3]}
	switch {
	case m[1] == "yarn" && (m[2] == "0" || m[2] == "1"):
		v.Manager = YarnClassic
	case m[1] == "yarn":
		v.Manager = YarnBerry
	}
	return known(v)
}
