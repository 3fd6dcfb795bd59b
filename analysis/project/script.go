package project

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"dockerfile-ls/analysis/javascript"
	"dockerfile-ls/analysis/node"
)

// Entry is a command that a container starts, whose script is to be read.
type Entry struct {
	// Words are those of the command: of Node.js, or of a package manager.
	Words []string
	// Files are the paths in the context of which one may be the script, the likeliest first.
	Files []string
	// Packages are the paths in the context of which one may be the package.json of the working directory. They are for
	// commands that do not name the script themselves, such as npm start.
	Packages []string
}

// Script is a script that Node.js starts, with everything of the project that it loads, in JavaScript or TypeScript.
type Script struct {
	// State is Known if the script and all that it loads was read, and Unknown otherwise; then what was read still counts.
	State State
	Why   string
	// Files are the paths in the context that were read, the script first.
	Files []string
	// Text is that of the script itself.
	Text string

	modules []javascript.Module
}

// Handles says whether the script handles a signal. It is known not to if all was read, and the signal's name is nowhere in
// it.
func (s Script) Handles(signal string) Fact[bool] {
	named, fromNames := false, false
	for _, m := range s.modules {
		if slices.Contains(m.Handled, signal) {
			return known(true)
		}
		named = named || slices.Contains(m.Named, signal)
		fromNames = fromNames || m.HandlesNamed
	}
	switch {
	case named && fromNames:
		return known(true)
	case s.State != Known:
		return unknown[bool](s.Why)
	case named || fromNames:
		return unknown[bool](fmt.Sprintf("%s is named, and it is not clear what for", signal))
	}
	return known(false)
}

// Listens reports whether the script is a server, as far as it was read: it makes one, here or there, and has it listen.
func (s Script) Listens() bool {
	listens, makes := false, false
	for _, m := range s.modules {
		if m.Serves {
			return true
		}
		listens, makes = listens || m.Listens, makes || m.MakesServer
	}
	return listens && makes
}

// ReadsNPM reports whether the script reads variables that only a package manager sets, as far as it was read.
func (s Script) ReadsNPM() bool {
	return slices.ContainsFunc(s.modules, func(m javascript.Module) bool { return m.ReadsNPM })
}

// Script is the script of one of the request's entries, by its path in the context. It is unknown if it was not read.
func (s *Surroundings) Script(name string) Script {
	if script, ok := s.scripts[inContext(name)]; ok {
		return script
	}
	return Script{Why: "it was not read"}
}

// Limits of what is read of one script. What loads more is unknown. Source: cheatsheet-rules, section 6.
const (
	maxModules     = 20
	maxModuleBytes = 1 << 20
)

// readScripts reads the scripts of entries, each of which is the first of its files that is there.
func (s *Surroundings) readScripts(r *reader, entries []Entry) {
	for _, e := range entries {
		for _, name := range s.scriptFiles(r, e) {
			name = inContext(name)
			if _, done := s.scripts[name]; done {
				break
			}
			if r.isFile(path.Join(s.Context.Root, name)) {
				s.scripts[name] = s.readScript(r, name)
				break
			}
		}
	}
}

// scriptFiles are the files of which one may be the script of an entry.
func (s *Surroundings) scriptFiles(r *reader, e Entry) []string {
	files := e.Files
	for _, name := range e.Packages {
		folder := path.Dir(inContext(name))
		p := s.folders[folder]
		if p == nil || p.Package.State != Known {
			continue
		}
		start := p.Package.start(r.isFile(path.Join(s.Context.Root, folder, "server.js")))
		command, reason := start.Resolve(e.Words)
		if reason != "" {
			continue
		}
		script, _, reason := node.Script(command.Words)
		if reason != "" || path.IsAbs(script) {
			continue
		}
		for _, file := range start.ScriptFiles(script) {
			files = append(slices.Clip(files), path.Join(folder, file))
		}
	}
	return files
}

// start is what node needs to know of a package.json.
func (p Package) start(serverJS bool) node.Package {
	return node.Package{Scripts: p.Scripts.Value, Main: p.Main.Value, ServerJS: serverJS}
}

// isFile reports whether a path is a regular file, through links.
func (r *reader) isFile(name string) bool {
	_, info, err := r.real(name)
	return err == nil && info.Mode().IsRegular()
}

// moduleReader reads a script and what it loads, breadth first, so that what is nearest to the start is read first.
type moduleReader struct {
	*reader
	root   string
	pkg    Package // of the folder of the script
	script Script
	bytes  int
}

func (s *Surroundings) readScript(r *reader, name string) Script {
	m := moduleReader{reader: r, root: s.Context.Root, pkg: s.packageOf(name), script: Script{State: Known}}
	queue := []string{name}
	for i := 0; i < len(queue); i++ {
		if i >= maxModules {
			m.miss(fmt.Sprintf("it loads more than %d files", maxModules))
			break
		}
		for _, next := range m.module(queue[i]) {
			if !slices.Contains(queue, next) {
				queue = append(queue, next)
			}
		}
	}
	return m.script
}

// packageOf is the nearest package.json from a file up of those that were read.
func (s *Surroundings) packageOf(file string) Package {
	for _, folder := range ancestors(path.Dir(file)) {
		if p := s.folders[folder]; p != nil && p.Package.State == Known {
			return p.Package
		}
	}
	return Package{}
}

// miss notes that something is not known, and the first reason.
func (m *moduleReader) miss(why string) {
	if m.script.State = Unknown; m.script.Why == "" {
		m.script.Why = why
	}
}

// module reads one source, and returns the files that it loads.
func (m *moduleReader) module(name string) []string {
	text := m.text(path.Join(m.root, name), maxModuleBytes)
	if m.bytes += len(text.Value); m.bytes > maxModuleBytes {
		m.miss(fmt.Sprintf("it loads more than %d MiB", maxModuleBytes>>20))
		return nil
	}
	if text.State != Known {
		m.miss(fmt.Sprintf("%s: %s", name, text.Why))
		return nil
	}
	if len(m.script.Files) == 0 {
		m.script.Text = text.Value
	}
	module := javascript.Read(text.Value)
	m.script.modules = append(m.script.modules, module)
	m.script.Files = append(m.script.Files, name)
	switch {
	case !module.Whole:
		m.miss(fmt.Sprintf("%s is no JavaScript as far as we can read", name))
	case module.Computed:
		m.miss(fmt.Sprintf("%s loads modules whose names are computed", name))
	}
	var files []string
	for _, imported := range module.Imports {
		if file := m.file(path.Dir(name), imported); file != "" {
			files = append(files, file)
		}
	}
	return files
}

// file is the source that an import leads to; empty if it is none of the project, or cannot be read.
func (m *moduleReader) file(folder, imported string) string {
	if javascript.IsPackage(imported) {
		if m.isOwn(imported) {
			m.miss(fmt.Sprintf("`%s` may be a part of the project", imported))
		}
		return ""
	}
	target := path.Join(folder, imported)
	if !strings.HasPrefix(imported, ".") || target == ".." || strings.HasPrefix(target, "../") {
		m.miss(fmt.Sprintf("`%s` is not in the context", imported))
		return ""
	}
	for _, candidate := range moduleFiles(target) {
		candidate = path.Clean(candidate)
		if !m.isFile(path.Join(m.root, candidate)) {
			continue
		}
		switch path.Ext(candidate) {
		case ".json", ".node", ".css", ".html", ".txt", ".wasm":
			return ""
		case ".jsx", ".tsx":
			m.miss(fmt.Sprintf("%s has JSX in it", candidate))
			return ""
		}
		return candidate
	}
	m.miss(fmt.Sprintf("%s is not there", target))
	return ""
}

// moduleFiles are the files that an import may mean, in the order in which Node.js, TypeScript and bundlers look. In
// TypeScript a source is imported by the name that it is compiled to.
func moduleFiles(target string) []string {
	files := []string{target}
	base := strings.TrimSuffix(target, path.Ext(target))
	switch path.Ext(target) {
	case ".js":
		files = append(files, base+".ts", base+".tsx")
	case ".mjs":
		files = append(files, base+".mts")
	case ".cjs":
		files = append(files, base+".cts")
	}
	for _, stem := range []string{target, target + "/index"} {
		for _, ext := range []string{".js", ".ts", ".json", ".node", ".mjs", ".cjs", ".mts", ".cts", ".jsx", ".tsx"} {
			files = append(files, stem+ext)
		}
	}
	return files
}

// isOwn reports whether a package may be one of the project's own: a path from a base folder, as TypeScript allows, or a
// part of a monorepo. One that package.json takes from a registry is not, nor one that comes along with such.
func (m *moduleReader) isOwn(imported string) bool {
	name, builtin := javascript.PackageOf(imported)
	if builtin {
		return false
	}
	comesAlong := false
	for _, list := range []Fact[map[string]string]{
		m.pkg.Dependencies, m.pkg.DevDependencies, m.pkg.OptionalDependencies, m.pkg.PeerDependencies,
	} {
		if version, ok := list.Value[name]; ok {
			return strings.Contains(version, ":") && !strings.HasPrefix(version, "npm:") || sameScope(m.pkg.Name.Value, name)
		}
		for other := range list.Value {
			comesAlong = comesAlong || sameScope(other, name)
		}
	}
	return !comesAlong || sameScope(m.pkg.Name.Value, name)
}

// sameScope reports whether two packages are of one scope, as those of a monorepo are.
func sameScope(a, b string) bool {
	scope, _, scoped := strings.Cut(a, "/")
	return scoped && strings.HasPrefix(b, scope+"/")
}
