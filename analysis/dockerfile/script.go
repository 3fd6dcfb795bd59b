package dockerfile

import (
	"sync"

	"dockerfile-ls/analysis/shell"
	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

// parseScript parses the command of an instruction from its text alone, so that it is kept while the text stays the same.
// The spans count from the start of the prefix that the escape directive needs.
func parseScript(key readingKey) func() *shell.Script {
	return sync.OnceValue(func() *shell.Script {
		file := syntax.Parse(escapePrefix(key.escape) + key.text)
		if len(file.Instructions) != 1 {
			return &shell.Script{
				Unknowns: []shell.Unknown{{Reason: shell.SyntaxError, Message: "the instruction is not complete"}},
			}
		}
		script := shell.Parse(file, file.Instructions[0], nil)
		return &script
	})
}

// escapePrefix is the directive that a text needs in front of it to be read with an escape character.
func escapePrefix(escape byte) string {
	if escape == '\\' {
		return ""
	}
	return "# escape=" + string(escape) + "\n"
}

// Script is what RUN, CMD, ENTRYPOINT, HEALTHCHECK, or one of them behind ONBUILD, has a POSIX shell run, or runs itself.
// It is false where another shell is known to read it, or reads it for all we know: behind a SHELL that is none, and on
// Windows. Spans have to be led back to the file with At.
func (m *Model) Script(inst *Instruction) (*shell.Script, bool) {
	if !m.IsPOSIX(inst) {
		return nil, false
	}
	return inst.script(), true
}

// IsPOSIX reports whether an instruction has a Script. Nothing is parsed for it.
func (m *Model) IsPOSIX(inst *Instruction) bool {
	if sh := m.shellOf(inst); sh != nil && (sh.JSON == nil || !shell.IsPOSIX(texts(sh.JSON.Elements))) && inst.JSON == nil {
		return false
	}
	stage := m.StageOf(inst)
	return stage == nil || !m.Windows(stage)
}

// shellOf is the SHELL in force in front of an instruction; nil for Docker's default or the base image's.
func (m *Model) shellOf(inst *Instruction) *Instruction {
	place, ok := m.places[inst]
	if !ok || place.stage < 0 || place.shell != nil {
		return place.shell
	}
	s := m.Stages[place.stage]
	if place.trigger {
		if trigger := lastOf(s.triggers[:place.triggers], "SHELL"); trigger != nil {
			return trigger
		}
	} else {
		s = m.Parent(s)
	}
	for ; s != nil; s = m.Parent(s) {
		if s.shell != nil {
			return s.shell
		}
	}
	return nil
}

// At leads a span of the instruction's Script back to the file.
func (inst *Instruction) At(s text.Span) text.Span {
	return s.Shift(inst.Start - len(escapePrefix(inst.Escape)))
}

func texts(words []syntax.Word) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = w.Text
	}
	return out
}
