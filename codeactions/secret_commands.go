package codeactions

import (
	"slices"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/shell"
)

// written is the file that a command does nothing but write a text to; false if it does more, or if that cannot be seen.
func written(c shell.Command) (target shell.Word, what []shell.Word, ok bool) {
	if len(c.Words) == 0 || len(c.Assigns) > 0 || !c.Words[0].Literal {
		return shell.Word{}, nil, false
	}
	files, texts, plain := outputs(c)
	if !plain {
		return shell.Word{}, nil, false
	}
	switch name := c.Words[0].Value; {
	case (name == "echo" || name == "printf") && len(files) == 1 && len(texts) == 0:
		return files[0], c.Words[1:], true
	case name == "cat" && len(files) == 1 && len(texts) == 1 && len(c.Words) == 1:
		return files[0], texts, true
	case name == "tee" && len(texts) == 1 && (len(files) == 0 || files[0].Value == "/dev/null"):
		if args := operandsOf(c); len(args.Operands) == 1 {
			return args.Operands[0], texts, true
		}
	}
	return shell.Word{}, nil, false
}

// outputs are the files that a command writes and the texts that it reads; false if it redirects anything else.
func outputs(c shell.Command) (files, texts []shell.Word, plain bool) {
	for _, r := range c.Redirects {
		switch {
		case r.Body != nil:
			texts = append(texts, *r.Body)
		case r.Operator == "<<<":
			texts = append(texts, r.Target)
		case (r.Operator == ">" || r.Operator == ">>" || r.Operator == ">|") && (r.FD == "" || r.FD == "1"):
			files = append(files, r.Target)
		default:
			return nil, nil, false
		}
	}
	return files, texts, true
}

// output is a text that a command does nothing but write to a file.
type output struct {
	target shell.Word
	texts  []shell.Word
	by     int // the command with the redirection: itself, or the redirections of a block that only writes texts
}

// outputOf is what a command writes; false if it does more, or if that cannot be seen.
func outputOf(script *shell.Script, all []enclosure, i int) (output, bool) {
	if target, texts, ok := written(script.Commands[i]); ok {
		return output{target, texts, i}, true
	}
	at := slices.IndexFunc(all, func(e enclosure) bool { return e.redirections == i })
	block := around(all, script.Commands[i].Span)
	if at >= 0 {
		block = &all[at]
	}
	if block == nil || block.redirections < 0 {
		return output{}, false
	}
	for j, c := range script.Commands {
		if block.inner.Contains(c.Span) && (!isText(c) || !runsOnce(script, all, j)) {
			return output{}, false
		}
	}
	files, texts, plain := outputs(script.Commands[block.redirections])
	if !plain || len(files) != 1 || len(texts) > 0 {
		return output{}, false
	}
	return output{files[0], textsOf(script.Commands[i]), block.redirections}, true
}

// isText reports whether a command does nothing but print a text.
func isText(c shell.Command) bool {
	if len(c.Words) == 0 || len(c.Assigns) > 0 || !c.Words[0].Literal {
		return false
	}
	files, texts, plain := outputs(c)
	prints := (c.Words[0].Value == "echo" || c.Words[0].Value == "printf") && len(texts) == 0
	return plain && len(files) == 0 && (prints || c.Words[0].Value == "cat" && len(texts) == 1 && len(c.Words) == 1)
}

// textsOf is the text that a command prints which does nothing else.
func textsOf(c shell.Command) []shell.Word {
	if len(c.Words) == 0 {
		return nil
	}
	if _, texts, _ := outputs(c); len(texts) > 0 {
		return texts
	}
	return c.Words[1:]
}

// writes is the path of the file that a command of a RUN writes or sets something in, and that could be a mount instead;
// empty if there is none.
func (c *conversion) writes(inst *dockerfile.Instruction, script *shell.Script, i int) string {
	all := c.walk(inst, script).enclosures
	if out, ok := outputOf(script, all, i); ok {
		file := c.pathOf(inst, script, out.by, out.target)
		if file != "" && (out.by != i || runsOnce(script, all, i)) && c.mayMount(inst, script, i, file) {
			return file
		}
		return ""
	}
	if runsOnce(script, all, i) {
		return c.setting(inst, script.Commands[i])
	}
	return ""
}

// mayMount reports whether the folder of a file may be there before a RUN begins, as a mount makes it: nothing in front of a
// command may need it not to be there, or to be empty.
func (c *conversion) mayMount(inst *dockerfile.Instruction, script *shell.Script, i int, file string) bool {
	walk := c.walk(inst, script)
	for _, needs := range walk.needs {
		if needs.command >= i {
			break
		}
		if len(walk.moves) > 0 && walk.moves[0].command < i || slices.ContainsFunc(needs.folders, func(folder string) bool {
			return strings.HasPrefix(file, strings.TrimSuffix(folder, "/")+"/")
		}) {
			return false
		}
	}
	return true
}

// variablesOf are the variables that a command reads, with those of its here-documents.
func variablesOf(c shell.Command) []string {
	var names []string
	add := func(w shell.Word) {
		for _, v := range w.Variables {
			names = append(names, v.Name)
		}
	}
	for _, w := range c.Words {
		add(w)
	}
	for _, a := range c.Assigns {
		add(a.Value)
	}
	for _, r := range c.Redirects {
		add(r.Target)
		if r.Body != nil {
			add(*r.Body)
		}
	}
	return names
}

// reads reports whether a command of a RUN reads one of the names, as ARG or ENV sets it.
func (c *conversion) reads(inst *dockerfile.Instruction, script *shell.Script, i int) bool {
	return len(c.readBy(inst, script, script.Commands[i])) > 0
}

func (c *conversion) readBy(inst *dockerfile.Instruction, script *shell.Script, command shell.Command) []string {
	var names []string
	read := variablesOf(command)
	if sets(command) == ".yarnrc" {
		read = append(read, c.replacedByYarn(command)...)
	}
	for _, name := range read {
		known := c.names[name] != "" && !slices.Contains(names, name)
		if known && !c.walk(inst, script).sets[name] && declares(c.Model, inst, name) {
			names = append(names, name)
		}
	}
	return names
}

// mentionsLiterally reports whether a command names a variable that the shell does not replace: what it runs does.
func mentionsLiterally(c shell.Command, name string) bool {
	for _, w := range c.Words {
		if mentions(w.Value, name) {
			return true
		}
	}
	for _, r := range c.Redirects {
		if r.Body != nil && mentions(r.Body.Value, name) {
			return true
		}
	}
	return false
}
