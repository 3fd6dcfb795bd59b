package dockerfile

import (
	"strings"

	"dockerfile-ls/analysis/syntax"
)

// Sources are the sources of COPY and ADD that are no here-documents.
func (inst *Instruction) Sources() []syntax.Word {
	if inst.Name != "COPY" && inst.Name != "ADD" {
		return nil
	}
	var sources []syntax.Word
	for i, arg := range inst.Args {
		if i < len(inst.Args)-1 && !syntax.OpensHeredoc(arg.Text) {
			sources = append(sources, arg)
		}
	}
	return sources
}

// FromContext reports whether a COPY or ADD takes its sources from the build context, and not from a stage or an image.
func (inst *Instruction) FromContext() bool {
	for _, flag := range inst.Flags {
		if flag.Name.Text == "from" && flag.Value.Text != "" {
			return false
		}
	}
	return inst.Name == "COPY" || inst.Name == "ADD"
}

// ContextSources are the sources of all COPY and ADD out of the build context whose variables are known, without URLs.
func (m *Model) ContextSources() []string {
	var sources []string
	for _, inst := range m.Instructions {
		if !inst.FromContext() {
			continue
		}
		for _, word := range inst.Sources() {
			if v := m.Expand(inst, word.Text); v.State == Known && v.Text != "" && !strings.Contains(v.Text, "://") {
				sources = append(sources, v.Text)
			}
		}
	}
	return sources
}
