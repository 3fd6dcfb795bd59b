package codeactions

import (
	"path"
	"slices"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/shell"
)

// walk is what the commands of a script do to folders and variables.
type walk struct {
	folders    []string        // in which each command runs; empty where that is not known
	sets       map[string]bool // the variables that it sets to something else than what they have
	moves      []move
	needs      []need
	enclosures []enclosure
}

// move is a command that changes the folder.
type move struct {
	command int
	once    bool // it is known to run
}

// need is a command that may need folders not to be there, or to be empty.
type need struct {
	command int
	folders []string
}

// walk reads a script once.
func (r *reading) walk(inst *dockerfile.Instruction, script *shell.Script) *walk {
	if w := r.walks[inst]; w != nil {
		return w
	}
	w := &walk{sets: map[string]bool{}}
	r.walks[inst] = w
	for _, command := range script.Commands {
		for _, a := range command.Assigns {
			if !slices.ContainsFunc(a.Value.Variables, func(v shell.Variable) bool { return v.Name == a.Name }) {
				w.sets[a.Name] = true
			}
		}
	}
	w.enclosures = enclosures(script)
	for i := range script.Commands {
		w.folders = append(w.folders, r.folderAt(inst, script, w, i))
		if script.Commands[i].Name() == "cd" {
			w.moves = append(w.moves, move{i, runsOnce(script, w.enclosures, i)})
		}
	}
	for i, command := range script.Commands {
		if needsNothing(command) {
			w.needs = append(w.needs, need{i, r.pathsOf(inst, script, i, operandsOf(command).Operands)})
		}
	}
	return w
}

// folderAt is the folder that a command runs in, behind the changes of it that count there; empty if it is not known.
func (r *reading) folderAt(inst *dockerfile.Instruction, script *shell.Script, w *walk, i int) string {
	folder := r.folderOf(inst)
	const beside = shell.InPipeline | shell.InSubstitution | shell.InBackground
	for _, move := range w.moves {
		cd, command := script.Commands[move.command], script.Commands[i]
		ends := slices.ContainsFunc(w.enclosures, func(e enclosure) bool {
			return e.ownShell && e.inner.Contains(cd.Span) && !e.inner.Contains(command.Span)
		})
		switch {
		case ends, cd.Inside.Has(beside) && !command.Inside.Has(beside):
		case !move.once:
			folder = ""
		default:
			folder = r.moved(inst, script, folder, cd)
		}
	}
	return folder
}

// needsNothing reports whether a command may need a folder not to be there, or to be empty.
func needsNothing(c shell.Command) bool {
	switch c.Name() {
	case "mkdir":
		args := operandsOf(c)
		_, parents := args.Option("-p", "--parents")
		return !parents
	case "cp", "git", "hg", "ln", "mv", "rm", "svn":
		return true
	}
	return false
}

// pathsOf are those of the words that are known.
func (r *reading) pathsOf(inst *dockerfile.Instruction, script *shell.Script, i int, words []shell.Word) []string {
	var paths []string
	for _, word := range words {
		if file := r.pathOf(inst, script, i, word); file != "" {
			paths = append(paths, file)
		}
	}
	return paths
}

// moved is the folder behind a cd; empty if it is not known.
func (r *reading) moved(inst *dockerfile.Instruction, script *shell.Script, folder string, cd shell.Command) string {
	if len(cd.Words) < 2 {
		return r.homeOf(inst)
	}
	switch to, ok := r.valueOf(inst, script, cd.Words[1]); {
	case !ok || to == "-":
		return ""
	case path.IsAbs(to):
		return to
	case folder != "":
		return path.Join(folder, to)
	}
	return ""
}

// pathOf is the absolute path that a word means where a command runs; empty if it is not known.
func (r *reading) pathOf(inst *dockerfile.Instruction, script *shell.Script, i int, word shell.Word) string {
	name, ok := r.valueOf(inst, script, word)
	if !ok || name == "" {
		return ""
	}
	if path.IsAbs(name) {
		return cleanTarget(name)
	}
	if folder := r.walk(inst, script).folders[i]; folder != "" {
		return cleanTarget(path.Join(folder, name))
	}
	return ""
}

// cleanTarget is a path that can stand in a mount; empty if it cannot, or lies in no layer.
func cleanTarget(name string) string {
	name = path.Clean(name)
	if strings.ContainsAny(name, " ,\"'\\$`\t") {
		return ""
	}
	for _, passing := range []string{"/dev/", "/proc/", "/run/"} {
		if strings.HasPrefix(name, passing) {
			return ""
		}
	}
	return name
}

// valueOf is what a word comes to, with the home and with variables that ARG and ENV set.
func (r *reading) valueOf(inst *dockerfile.Instruction, script *shell.Script, word shell.Word) (string, bool) {
	if word.Literal {
		return word.Value, true
	}
	value := ""
	for i, part := range word.Parts {
		switch {
		case part.Kind == shell.Plain:
			value += part.Value
		case i == 0 && isHomePath(part):
			home := r.homeOf(inst)
			if home == "" {
				return "", false
			}
			value += home + part.Value[1:]
		case part.Kind == shell.Reference && !r.walk(inst, script).sets[part.Value]:
			known := r.variable(inst, part.Value)
			if known == "" {
				return "", false
			}
			value += known
		default:
			return "", false
		}
	}
	return value, value != ""
}

// isHomePath reports whether a part is a path below ~ without a pattern.
func isHomePath(part shell.Part) bool {
	return part.Kind == shell.Pattern && strings.HasPrefix(part.Value+"/", "~/") && !strings.ContainsAny(part.Value, "*?[{")
}

func operandsOf(c shell.Command) shell.Arguments {
	if len(c.Words) == 0 {
		return shell.Arguments{}
	}
	return shell.ReadArguments(c.Words[1:])
}
