package rules

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/shell"
	"dockerfile-ls/analysis/text"
)

// process is what a container of a stage runs in the end: the program behind init programs, wrappers, and entry scripts
// that give way to it.
type process struct {
	program shell.Program
	// inst has the words of the program, or the first of them where an ENTRYPOINT goes on in CMD.
	inst  *dockerfile.Instruction
	whole bool // all words of the program stand in inst
	// rest has the words from the index own on where not all stand in inst.
	rest *dockerfile.Instruction
	own  int
	// shell says that a shell starts the program: in shell form, or by sh -c.
	shell bool
	// wrappers are the base names of everything in front of the program, the outermost first, entry scripts included.
	wrappers []string
}

// givesWay says of an entry script, by the word that starts it, whether it ends in exec "$@", so that its arguments are the
// process; known is false where the script is not visible.
type givesWay func(word string) (gives, known bool)

// processOf is the process of a stage; false where the file does not say it, or it is not known.
func processOf(m *dockerfile.Model, stage *dockerfile.Stage, gives givesWay) (process, bool) {
	ran := m.Process(stage)
	entry, cmd := ran.Entrypoint, ran.Cmd
	if entry != nil && entry.JSON != nil && len(entry.JSON.Elements) == 0 {
		entry = nil // ENTRYPOINT [] takes that of the base image away
	}
	switch {
	case entry == nil && cmd == nil || m.Windows(stage):
		return process{}, false
	case entry == nil:
		return instructionProcess(m, cmd, nil, nil, gives)
	case entry.JSON == nil || cmd == nil:
		return instructionProcess(m, entry, nil, nil, gives)
	}
	script, posix := m.Script(entry)
	if !posix || len(script.Commands) == 0 {
		return process{}, false
	}
	return instructionProcess(m, cmd, entry, script.Commands[0].Words, gives)
}

// instructionProcess is the process of an instruction, with the words of an ENTRYPOINT in front of it.
func instructionProcess(
	m *dockerfile.Model, inst, entry *dockerfile.Instruction, front []shell.Word, gives givesWay,
) (process, bool) {
	script, posix := m.Script(inst)
	if !posix || len(script.Commands) == 0 {
		return process{}, false
	}
	if inst.JSON == nil {
		return shellProcess(script, inst, front, gives)
	}
	command := shell.Command{Words: slices.Concat(front, script.Commands[0].Words)}
	p := process{program: programOf(command, gives), inst: inst, whole: true}
	p.wrappers = p.program.Wrappers
	p.passScripts(gives)
	if behind := len(command.Words) - len(p.program.Words); behind < len(front) {
		p.inst, p.whole, p.rest, p.own = entry, false, inst, len(front)-behind
	}
	if isShellName(p.program.Name()) && p.whole {
		return p.inner(script)
	}
	return p, true
}

// shellProcess is the last command of a script: what stands in front of it has ended by then.
func shellProcess(script *shell.Script, inst *dockerfile.Instruction, front []shell.Word, gives givesWay) (process, bool) {
	c := script.Commands[len(script.Commands)-1]
	if !script.Known() || c.Inside&^(shell.InScript|shell.InGroup) != 0 || len(c.Words) == 0 {
		return process{}, false
	}
	p := process{inst: inst, whole: true, shell: true}
	if len(front) > 0 {
		// A shell stands between the ENTRYPOINT and the command.
		around := shell.Command{Words: append(slices.Clip(front), shell.Word{Text: "sh", Value: "sh", Literal: true})}
		p.program = programOf(around, gives)
		p.wrappers = p.program.Wrappers
		p.passScripts(gives)
		if p.program.Name() != "sh" {
			return process{}, false // the command is an argument of some other program
		}
	}
	p.program = c.Program()
	p.wrappers = append(slices.Clip(p.wrappers), p.program.Wrappers...)
	p.passScripts(gives)
	return p, true
}

// inner is the process of sh -c in exec form.
func (p process) inner(script *shell.Script) (process, bool) {
	c := script.Commands[len(script.Commands)-1]
	if len(script.Commands) == 1 {
		return p, true // a script by its name
	}
	if !script.Known() || c.Inside&^(shell.InScript|shell.InGroup) != 0 || len(c.Words) == 0 {
		return process{}, false
	}
	p.shell, p.program = true, c.Program()
	p.wrappers = append(slices.Clip(p.wrappers), p.program.Wrappers...)
	return p, true
}

// programOf sees through wrappers, but not through a docker-entrypoint.sh that is known not to give way.
func programOf(c shell.Command, gives givesWay) shell.Program {
	for i, w := range c.Words {
		if path.Base(w.Value) != "docker-entrypoint.sh" {
			continue
		}
		front := shell.Command{Words: c.Words[:i+1]}
		program := front.Program()
		if way, known := gives(w.Value); known && !way && len(program.Words) == 1 {
			program.Words = c.Words[i:]
			return program
		}
	}
	return c.Program()
}

// passScripts goes on behind entry scripts that give way to their arguments.
func (p *process) passScripts(gives givesWay) {
	for len(p.program.Words) > 1 && isScriptName(p.program.Name()) {
		if way, known := gives(p.program.Words[0].Value); !way || !known {
			return
		}
		rest := shell.Command{Words: p.program.Words[1:]}
		p.wrappers = append(slices.Clip(p.wrappers), p.program.Name())
		p.program = rest.Program()
		p.wrappers = append(p.wrappers, p.program.Wrappers...)
	}
}

func isScriptName(name string) bool {
	return strings.HasSuffix(name, ".sh") || strings.HasSuffix(name, "entrypoint")
}

func isShellName(name string) bool {
	return slices.Contains([]string{"ash", "bash", "dash", "sh"}, name)
}

// values are the words of the program as it gets them; false if one of them is not known.
func (p process) values() ([]string, bool) {
	var values []string
	for _, w := range p.program.Words {
		if !w.Literal {
			return nil, false
		}
		values = append(values, w.Value)
	}
	return values, true
}

// place is where the words of the program stand: all of them, or those of the ENTRYPOINT.
func (p process) place() text.Span {
	words := p.program.Words
	if !p.whole {
		words = words[:p.own]
	}
	return p.inst.At(text.Span{Start: words[0].Start, End: words[len(words)-1].End})
}

// related are the places that explain a finding at the process: its other words, where an ENTRYPOINT goes on in CMD, and the
// earlier instruction that the one with the process replaces.
func (p process) related(m *dockerfile.Model) []lint.Related {
	words := p.program.Words
	var related []lint.Related
	if !p.whole && p.own < len(words) {
		rest := text.Span{Start: words[p.own].Start, End: words[len(words)-1].End}
		related = append(related, lint.Related{Span: p.rest.At(rest), Message: "its other words stand here"})
	}
	return append(related, replaced(m, p.inst)...)
}

// replaced is the earlier CMD or ENTRYPOINT that an instruction of the same name replaces.
func replaced(m *dockerfile.Model, inst *dockerfile.Instruction) []lint.Related {
	earlier := m.InForce(inst, inst.Name)
	if earlier == nil {
		return nil
	}
	return []lint.Related{{Span: earlier.Rest.Span, Message: fmt.Sprintf("this earlier %s is replaced", inst.Name)}}
}

// placeOf is where the first word with a value stands; that of the whole program if there is none.
func (p process) placeOf(value string) text.Span {
	for i, w := range p.program.Words {
		switch {
		case !w.Literal || w.Value != value:
		case !p.whole && i >= p.own:
			return p.rest.At(w.Span)
		default:
			return p.inst.At(w.Span)
		}
	}
	return p.place()
}

// commandText is the words of the program for a message.
func (p process) commandText() string {
	words := make([]string, len(p.program.Words))
	for i, w := range p.program.Words {
		words[i] = w.Value
		if !w.Literal {
			words[i] = w.Text
		}
	}
	return strings.Join(words, " ")
}

// elements are the elements of the array of inst that are the program's words; nil if it has none, or not all of them.
func (p process) elements() []text.Span {
	if p.inst.JSON == nil || p.shell || !p.whole {
		return nil
	}
	all := p.inst.JSON.Elements
	if len(all) < len(p.program.Words) {
		return nil
	}
	var spans []text.Span
	for _, e := range all[len(all)-len(p.program.Words):] {
		spans = append(spans, e.Span)
	}
	return spans
}

// hasInit reports whether an init program stands in front of the process.
func (p process) hasInit() bool {
	return slices.ContainsFunc(p.wrappers, func(name string) bool {
		return slices.Contains([]string{"catatonit", "docker-init", "dumb-init", "tini", "tini-static"}, name)
	})
}

// imagePath is the absolute path of a file that the process names.
func imagePath(m *dockerfile.Model, stage *dockerfile.Stage, name string) (string, bool) {
	if path.IsAbs(name) {
		return path.Clean(name), true
	}
	dir := m.WorkdirAtEnd(stage)
	return path.Join(dir.Text, name), dir.State == dockerfile.Known
}
