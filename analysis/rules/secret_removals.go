package rules

import (
	"path"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/shell"
	"dockerfile-ls/analysis/text"
)

// removals are commands that take files away, in order, by the base names of the files.
type removals map[string][]removal

// removal is a file that a command takes away.
type removal struct {
	inst    *dockerfile.Instruction
	command int // its index in the script
	place   text.Span
	file    string // as plainPath has it
}

// removalsOf are those of all RUNs of the file.
func removalsOf(p *lint.Pass) removals {
	all := removals{}
	for _, inst := range p.Instructions {
		if inst.Inner != nil {
			inst = inst.Inner
		}
		if inst.Name != "RUN" || !mayRemove(inst.Extent.Of(p.Text)) {
			continue // few need to be read as a script
		}
		if script, posix := p.Script(inst); posix {
			all.add(inst, script)
		}
	}
	return all
}

// mayRemove reports whether the text of a RUN has a word that files are removed with.
func mayRemove(source string) bool {
	for _, word := range [...]string{"rm", "shred", "unlink", "config"} {
		if strings.Contains(source, word) {
			return true
		}
	}
	return false
}

func (r removals) add(inst *dockerfile.Instruction, script *shell.Script) {
	for i, c := range script.Commands {
		for _, file := range removedBy(c) {
			if file = plainPath(file); file != "" {
				r[path.Base(file)] = append(r[path.Base(file)], removal{inst, i, inst.At(c.Span), file})
			}
		}
	}
}

// behind is the first removal of a file that fits.
func (r removals) behind(file string, fits func(removal) bool) (removal, bool) {
	file = plainPath(file)
	for _, gone := range r[path.Base(file)] {
		// Either of two paths may count from a folder that is not known: then the name is enough.
		if same := gone.file == file || !path.IsAbs(gone.file) || !path.IsAbs(file); same && file != "" && fits(gone) {
			return gone, true
		}
	}
	return removal{}, false
}

// late is the first removal in a later RUN, in the stage of an instruction or in one that is based on it.
func (r removals) late(p *lint.Pass, inst *dockerfile.Instruction, file string) (removal, bool) {
	stage := p.StageOf(inst)
	return r.behind(file, func(gone removal) bool {
		return gone.inst.Start > inst.Start && isBasedOn(p, p.StageOf(gone.inst), stage)
	})
}

// removedBy are the files that a command takes away, or from which it takes what a program has written into them.
func removedBy(c shell.Command) []string {
	program := c.Program()
	args := program.Arguments()
	switch name := program.Name(); name {
	case "rm", "shred", "unlink":
		var files []string
		for _, w := range args.Operands {
			files = append(files, w.Value)
		}
		return files
	case "npm", "pnpm":
		if len(args.Operands) > 1 && args.Operands[0].Value == "config" &&
			(args.Operands[1].Value == "delete" || args.Operands[1].Value == "rm") {
			return []string{".npmrc"}
		}
	case "git":
		if _, unset := args.Option("--unset", "--unset-all", "--remove-section"); unset {
			return []string{".gitconfig"}
		}
	}
	return nil
}

// plainPath is a path in its shortest form, without a pattern for what comes behind it.
func plainPath(file string) string {
	if file = strings.TrimRight(file, "*"); path.IsAbs(file) {
		return path.Clean(file)
	}
	return file
}
