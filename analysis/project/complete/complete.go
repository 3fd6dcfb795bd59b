// Package complete knows how to make a whole project of one of the corpus, which has Dockerfiles and manifests but neither
// sources nor lockfiles: every source that the Dockerfile copies, lockfiles that agree with package.json, and the script
// that the container starts. It must not know rules, nor what is found in the project. It is for tests only.
package complete

import (
	"encoding/json"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing/fstest"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/project"
	"dockerfile-ls/analysis/syntax"
)

// Project is a completed copy of a repository.
type Project struct {
	Files fstest.MapFS
	// Context is the folder in which the sources were made.
	Context string
	// Request names the Dockerfile with its sources and scripts.
	Request project.Request
}

// New completes a copy of a repository for one of its Dockerfiles.
func New(repository fs.FS, name string) (*Project, error) {
	files, err := copyOf(repository)
	if err != nil {
		return nil, err
	}
	file := files[name]
	if file == nil {
		return nil, errors.New(name + " is not there")
	}
	model := dockerfile.New(syntax.Parse(string(file.Data)), nil)
	p := &Project{Files: files, Request: project.Request{Dockerfile: name, Sources: model.ContextSources()}}
	p.Context = p.context()
	p.addSources()
	p.addScripts(model)
	p.addStarts()
	p.addLockfiles()
	return p, nil
}

// FromCorpus completes the repository of a file of the corpus, which is <repository>/<name>.
func FromCorpus(corpus fs.FS, file string) (p *Project, name string, err error) {
	repository, name, _ := strings.Cut(file, "/")
	folder, err := fs.Sub(corpus, repository)
	if err != nil {
		return nil, "", err
	}
	p, err = New(folder, name)
	return p, name, err
}

// AddWorkingCopy makes what lies in a repository in which somebody works: that of git, and what was installed beside each
// package.json.
func (p *Project) AddWorkingCopy() {
	p.add(".git/HEAD", "ref: refs/heads/main\n")
	for name := range p.Files {
		if path.Base(name) == "package.json" && !strings.Contains(name, "node_modules/") {
			p.add(path.Join(path.Dir(name), "node_modules/express/index.js"), "module.exports = {}\n")
		}
	}
}

func copyOf(repository fs.FS) (fstest.MapFS, error) {
	files := fstest.MapFS{}
	err := fs.WalkDir(repository, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		text, err := fs.ReadFile(repository, name)
		files[name] = &fstest.MapFile{Data: text, Mode: 0o644}
		return err
	})
	return files, err
}

// context is the folder, from the Dockerfile's own up, in which most of the sources are already: the corpus has few of them,
// such as package.json, but the folder of the Dockerfile.
func (p *Project) context() string {
	best, most := "", -1
	for folder := path.Dir(p.Request.Dockerfile); ; folder = path.Dir(folder) {
		count := 0
		for _, source := range p.Request.Sources {
			if p.isThere(folder, clean(source)) {
				count++
			}
		}
		if count > most {
			best, most = folder, count
		}
		if folder == "." {
			return best
		}
	}
}

// isThere reports whether a source other than the whole context is in a folder, or belongs into one of the Dockerfile's.
func (p *Project) isThere(folder, source string) bool {
	if source == "." {
		return false
	}
	if matches, _ := fs.Glob(p.Files, path.Join(folder, source)); len(matches) > 0 {
		return true
	}
	own := path.Dir(p.Request.Dockerfile)
	return own != folder && strings.HasPrefix(path.Join(folder, source), own+"/")
}

// clean is a source as a path from the context root.
func clean(source string) string {
	if name := path.Join("/", source)[1:]; name != "" {
		return name
	}
	return "."
}

func (p *Project) exists(name string) bool {
	_, err := fs.Stat(p.Files, name)
	return err == nil
}

// add makes a file that is not there, unless one of its folders is a file.
func (p *Project) add(name, text string) {
	for folder := path.Dir(name); folder != "."; folder = path.Dir(folder) {
		if p.Files[folder] != nil {
			return
		}
	}
	if !p.exists(name) {
		p.Files[name] = &fstest.MapFile{Data: []byte(text), Mode: 0o644}
	}
}

// addSources makes the sources, the deepest first: `lib/a` says that `lib` is a folder.
func (p *Project) addSources() {
	sources := slices.Clone(p.Request.Sources)
	slices.SortStableFunc(sources, func(a, b string) int {
		return strings.Count(clean(b), "/") - strings.Count(clean(a), "/")
	})
	for _, source := range sources {
		name := example(clean(source))
		if name == "." || p.exists(path.Join(p.Context, name)) {
			continue
		}
		if isFolder(source) {
			name = path.Join(name, "index.js")
		}
		p.add(path.Join(p.Context, name), content(name))
	}
}

// example is a name that a pattern matches.
func example(pattern string) string {
	var out strings.Builder
	for i := 0; i < len(pattern); i++ {
		switch c := pattern[i]; c {
		case '*':
			// `package*.json` and `yarn.lock*` match without it.
			if out.Len() == 0 || strings.HasSuffix(out.String(), "/") {
				out.WriteString("x")
			}
		case '?':
			out.WriteByte('x')
		case '[':
			if end := strings.IndexByte(pattern[i:], ']'); end > 1 {
				out.WriteByte(pattern[i+1])
				i += end
			}
		default:
			out.WriteByte(c)
		}
	}
	return out.String()
}

// isFolder guesses by the name: files have an extension, or are known without.
func isFolder(source string) bool {
	base := path.Base(clean(source))
	switch base {
	case ".git", ".github", ".mvn", ".next", ".yarn", ".meteor":
		return true
	case "Dockerfile", "Gemfile", "LICENSE", "Makefile", "Procfile", "Rakefile", "gradlew", "mvnw":
		return false
	}
	return strings.HasSuffix(source, "/") || !strings.ContainsAny(base, ".*?[")
}

func content(name string) string {
	switch {
	case path.Base(name) == "package.json":
		return `{"name": "app", "version": "1.0.0", "main": "index.js", "dependencies": {"express": "^4.18.2"}, "devDependencies": {"jest": "^29.7.0"}}` + "\n"
	case isScript(name):
		return script(name)
	case isLock(path.Base(name)):
		return "" // filled when every package.json is there
	}
	return "x\n"
}

func isScript(name string) bool {
	switch path.Ext(name) {
	case ".js", ".mjs", ".cjs", ".ts", ".sh":
		return true
	}
	return false
}

func script(name string) string {
	if path.Ext(name) == ".sh" {
		return "#!/bin/sh\nset -e\nnode index.js\n"
	}
	return "require('http').createServer((request, response) => response.end('hello')).listen(3000)\n"
}

// addScripts makes what the container starts: the scripts among the words of CMD and ENTRYPOINT.
func (p *Project) addScripts(model *dockerfile.Model) {
	stage := model.Final()
	if stage == nil {
		return
	}
	process := model.Process(stage)
	for _, inst := range []*dockerfile.Instruction{process.Entrypoint, process.Cmd} {
		if inst == nil {
			continue
		}
		for _, word := range strings.FieldsFunc(inst.Rest.Text, func(r rune) bool {
			return strings.ContainsRune(" \t[],\"';&|", r)
		}) {
			if isScript(word) && !strings.Contains(word, "$") {
				p.addScript(word)
			}
		}
	}
}

// addStarts makes what the scripts of each package.json start.
func (p *Project) addStarts() {
	for name, file := range p.Files {
		var manifest struct{ Scripts map[string]string }
		if path.Base(name) != "package.json" || json.Unmarshal(file.Data, &manifest) != nil {
			continue
		}
		for _, command := range manifest.Scripts {
			if words := strings.Fields(command); len(words) == 2 && words[0] == "node" && isScript(words[1]) {
				p.add(path.Join(path.Dir(name), clean(words[1])), script(words[1]))
			}
		}
	}
}

// addScript makes a script at the context root: an absolute path lies in the WORKDIR for all we know.
func (p *Project) addScript(word string) {
	name := clean(word)
	if path.IsAbs(word) {
		name = path.Base(word)
	}
	p.add(path.Join(p.Context, name), script(name))
	p.Request.Files = append(p.Request.Files, name)
}
