package rules

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/node"
	"dockerfile-ls/analysis/project"
	"dockerfile-ls/analysis/shell"
)

// Files are the paths in the context that the shell scripts may have which containers of a file start.
func Files(m *dockerfile.Model) []string {
	var files []string
	for i, stage := range slices.Backward(m.Stages) {
		if i < len(m.Stages)-maxEntries {
			break
		}
		run := m.Process(stage)
		for _, inst := range []*dockerfile.Instruction{run.Entrypoint, run.Cmd} {
			for _, word := range startedWords(m, inst) {
				for _, place := range shellScriptPlaces(word) {
					if name, known := imagePath(m, stage, place); known {
						files = append(files, m.ContextPaths(stage, name)...)
					}
				}
			}
		}
	}
	slices.Sort(files)
	return slices.Compact(files)
}

// startedWords are the words of an instruction that may be scripts which it starts.
func startedWords(m *dockerfile.Model, inst *dockerfile.Instruction) []string {
	if inst == nil {
		return nil
	}
	script, posix := m.Script(inst)
	if !posix {
		return nil
	}
	var words []string
	for _, c := range script.Commands {
		for i, w := range c.Words {
			if w.Literal && (isScriptName(path.Base(w.Value)) || i == 0 && strings.Contains(w.Value, "/")) {
				words = append(words, w.Value)
				if i > 0 && !strings.Contains(w.Value, "/") {
					words = append(words, "./"+w.Value) // as an argument of a shell
				}
			}
		}
	}
	return words
}

// shellScriptPlaces are the paths at which a script lies that a word starts: its own, or those of the folders for programs.
func shellScriptPlaces(word string) []string {
	if strings.Contains(word, "/") {
		return []string{word}
	}
	var places []string
	for _, folder := range []string{"/usr/local/bin/", "/usr/bin/", "/bin/", "/usr/local/sbin/", "/usr/sbin/", "/sbin/"} {
		places = append(places, folder+word)
	}
	return places
}

// maxEntries is more than files have stages that start something, and bounds what a keystroke costs.
const maxEntries = 8

// Entries are the commands of Node.js that containers of a file start, the last stage first, for those who read the files
// around it.
func Entries(m *dockerfile.Model) []project.Entry {
	var entries []project.Entry
	for _, stage := range slices.Backward(m.Stages) {
		if len(entries) == maxEntries {
			break
		}
		run, known := processOf(m, stage, func(string) (gives, known bool) { return true, true })
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
	if name, known := imagePath(m, stage, "package.json"); known &&
		(startsScript(words[0]) || node.RunsScript(run.program)) {
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
	return processOf(p.Model, stage, func(word string) (gives, known bool) {
		_, text, known := shellScript(p, stage, word)
		return known && endsInArguments(text), known
	})
}

// shellScript is the script of the context that a word starts in a container of a stage: by its path, or by its name in one
// of the folders for programs.
func shellScript(p *lint.Pass, stage *dockerfile.Stage, word string) (file, text string, found bool) {
	for _, place := range shellScriptPlaces(word) {
		name, known := imagePath(p.Model, stage, place)
		if !known {
			return "", "", false
		}
		if file, found = copiedFile(p, stage, name); found {
			fact := p.Project.File(file)
			return file, fact.Value, fact.State == project.Known
		}
	}
	return "", "", false
}

// endsInArguments reports whether a script ends in exec "$@", with no init in between.
func endsInArguments(text string) bool {
	script := shell.ParseFile(text)
	if len(script.Commands) == 0 {
		return false
	}
	c := script.Commands[len(script.Commands)-1]
	run := process{program: c.Program()}
	run.wrappers = run.program.Wrappers
	return c.Name() == "exec" && !run.hasInit() && len(run.program.Words) == 1 && run.program.Words[0].Text == `"$@"`
}
