package rules

import (
	"cmp"
	"path"
	"slices"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/node"
	"dockerfile-ls/analysis/project"
	"dockerfile-ls/analysis/shell"
)

// Entries are the commands of Node.js that containers of a file start, for those who read the files around it.
func Entries(m *dockerfile.Model) []project.Entry {
	var entries []project.Entry
	for _, stage := range m.Stages {
		run, known := processOf(m, stage, func(string) bool { return true })
		if !known {
			continue
		}
		e, ok := entryOf(m, stage, run)
		if ok && !slices.ContainsFunc(entries, func(o project.Entry) bool { return sameEntry(e, o) }) {
			entries = append(entries, e)
		}
	}
	return entries
}

func sameEntry(a, b project.Entry) bool {
	return slices.Equal(a.Words, b.Words) && slices.Equal(a.Files, b.Files) && slices.Equal(a.Packages, b.Packages)
}

// entryOf is what is to be read for a process; false if it starts no script of Node.js.
func entryOf(m *dockerfile.Model, stage *dockerfile.Stage, run process) (project.Entry, bool) {
	words, known := nodeWords(m, stage, run)
	if !known {
		return project.Entry{}, false
	}
	e := project.Entry{Words: words}
	script, _, reason := node.Script(words)
	if startsScript(words[0]) && reason == "" && path.Clean(script) != "." {
		for _, file := range (node.Package{}).ScriptFiles(script) {
			if name, known := imagePath(m, stage, file); known {
				e.Files = append(e.Files, m.ContextPaths(stage, name)...)
			}
		}
		return e, len(e.Files) > 0
	}
	if name, known := imagePath(m, stage, "package.json"); known && (startsScript(words[0]) || node.RunsScript(run.program)) {
		e.Packages = m.ContextPaths(stage, name)
	}
	return e, len(e.Packages) > 0
}

// nodeWords are the words of the process, with the node in front that is the ENTRYPOINT of a distroless image.
func nodeWords(m *dockerfile.Model, stage *dockerfile.Stage, run process) ([]string, bool) {
	words, known := run.values()
	if !known || len(words) == 0 {
		return nil, false
	}
	if ref, _ := m.Image(stage); isDistrolessNode(ref) && m.Process(stage).Entrypoint == nil {
		return append([]string{"node"}, words...), true
	}
	words[0] = path.Base(words[0])
	return words, true
}

// startsScript reports whether a program runs the script that it is given as node does.
func startsScript(name string) bool {
	return isNodeName(name) || name == "tsx" || name == "ts-node"
}

// entry is the script that a container starts, as it was read in the context.
type entry struct {
	project.Script
	file string // in the context
	word string // the word of the command that names it, or a script of package.json that does
}

// entryScript is the script that a container of a stage starts, with what it loads; false where it is not in the context.
func entryScript(p *lint.Pass, stage *dockerfile.Stage, run process) (entry, bool) {
	words, known := nodeWords(p.Model, stage, run)
	if !known {
		return entry{}, false
	}
	word := ""
	if !startsScript(words[0]) {
		start, reason := behindScript(p, stage, run)
		if reason != "" {
			return entry{}, false
		}
		words, word = start.Words, start.Scripts[0]
	}
	script, preloads, reason := node.Script(words)
	if reason != "" || slices.ContainsFunc(preloads, func(name string) bool { return name[0] == '.' || name[0] == '/' }) {
		return entry{}, false
	}
	file, found := scriptFile(p, stage, script)
	return entry{p.Project.Script(file), file, cmp.Or(word, script)}, found
}

// scriptFile is the file of the context that a script of node is copied from.
func scriptFile(p *lint.Pass, stage *dockerfile.Stage, script string) (string, bool) {
	pkg := node.Package{}
	if path.Clean(script) == "." {
		known := false
		if pkg, known = packageAt(p, stage); !known {
			return "", false
		}
	}
	for _, file := range pkg.ScriptFiles(script) {
		name, known := imagePath(p.Model, stage, file)
		if !known {
			return "", false
		}
		if copied, found := copiedFile(p, stage, name); found {
			return copied, true
		}
	}
	return "", false
}

// handlesSignals reports whether the script of a process is known to handle all of the signals.
func handlesSignals(p *lint.Pass, stage *dockerfile.Stage, run process, signals ...string) bool {
	script, found := entryScript(p, stage, run)
	return found && !slices.ContainsFunc(signals, func(signal string) bool { return !script.Handles(signal).Value })
}

// processIn is processOf with what is known of entry scripts.
func processIn(p *lint.Pass, stage *dockerfile.Stage) (process, bool) {
	return processOf(p.Model, stage, func(name string) bool {
		text, known := shellScript(p, stage, name)
		return known && endsInArguments(text)
	})
}

// shellScript is the text of a script of the context that is copied into a stage, or into one below, under a name.
func shellScript(p *lint.Pass, stage *dockerfile.Stage, name string) (string, bool) {
	for s := stage; s != nil && name != ""; s = p.Parent(s) {
		for i := len(s.Instructions) - 1; i >= 0; i-- {
			for _, file := range filesNamed(p, s.Instructions[i], name) {
				if text := p.Project.File(file); text.State == project.Known {
					return text.Value, true
				}
			}
		}
	}
	return "", false
}

// endsInArguments reports whether a script ends in exec "$@".
func endsInArguments(text string) bool {
	script := shell.ParseFile(text)
	if len(script.Commands) == 0 {
		return false
	}
	c := script.Commands[len(script.Commands)-1]
	program := c.Program()
	return c.Name() == "exec" && len(program.Words) == 1 && program.Words[0].Text == `"$@"`
}
