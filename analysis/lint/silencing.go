package lint

import (
	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/text"
)

// CanSilence reports whether a pragma takes a finding away.
func (f Finding) CanSilence() bool {
	return !f.Rule.Syntax && f.Rule.CheckPragmas == nil
}

// SilenceInstruction is the edit that silences a rule for the instruction around an offset: the rule joins a pragma of ours
// that stands for it, or a new one stands above it. It is false between instructions.
func SilenceInstruction(m *dockerfile.Model, offset int, rule *Rule) (text.Edit, bool) {
	inst := instructionAt(m, offset)
	if inst == nil {
		return text.Edit{}, false
	}
	if edit, joined := join(m, inst, rule); joined {
		return edit, true
	}
	p := Pass{Model: m}
	return p.InsertBefore(inst, "# dockerfile-ls ignore="+rule.ID), true
}

// SilenceFile is the edit that silences a rule in the whole file: it joins a pragma of ours for the file, or a new one
// stands at the top, below the directives, which must be the first lines.
func SilenceFile(m *dockerfile.Model, rule *Rule) text.Edit {
	if edit, joined := join(m, nil, rule); joined {
		return edit
	}
	at := topOf(m)
	return text.Edit{
		Span: text.Span{Start: at, End: at}, New: "# dockerfile-ls ignore-file=" + rule.ID + endingOf(m.Text[at:]),
	}
}

// join puts a rule behind the last one of a pragma of ours that stands for an instruction, or for the file if it is nil.
func join(m *dockerfile.Model, inst *dockerfile.Instruction, rule *Rule) (text.Edit, bool) {
	for _, p := range pragmas(m) {
		if p.Ours && p.instruction == inst && len(p.Names) > 0 {
			end := p.Names[len(p.Names)-1].End
			return text.Edit{Span: text.Span{Start: end, End: end}, New: "," + rule.ID}, true
		}
	}
	return text.Edit{}, false
}

// topOf is where the first line stands that is no directive, behind a byte order mark.
func topOf(m *dockerfile.Model) int {
	at := len(m.Text) - len(withoutBOM(m.Text))
	for _, d := range m.Directives {
		at = max(at, lineEnd(m.Text, d.End))
	}
	return at
}

func withoutBOM(s string) string {
	const bom = "\uFEFF"
	if len(s) >= len(bom) && s[:len(bom)] == bom {
		return s[len(bom):]
	}
	return s
}

// lineEnd is where the next line begins.
func lineEnd(s string, at int) int {
	for at < len(s) && s[at] != '\n' {
		at++
	}
	return min(at+1, len(s))
}

// endingOf is the line ending of the first line of a text.
func endingOf(s string) string {
	if end := lineEnd(s, 0); end > 1 && s[end-1] == '\n' && s[end-2] == '\r' {
		return "\r\n"
	}
	return "\n"
}
