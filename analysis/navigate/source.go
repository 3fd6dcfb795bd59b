package navigate

import (
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/text"
)

// Source is a source of COPY or ADD that is taken out of the build context.
type Source struct {
	text.Span
	Path    string // as BuildKit reads it, variables filled in
	Parents bool   // --parents
}

// SourceAt is the source at an offset. What stands behind ONBUILD is taken out of the context of another build.
func SourceAt(m *dockerfile.Model, offset int) (Source, bool) {
	inst := instructionAt(m, offset)
	if inst == nil {
		return Source{}, false
	}
	for _, s := range SourcesOf(m, inst) {
		if touches(s.Span, offset) {
			return s, true
		}
	}
	return Source{}, false
}

// SourcesOf are the sources of an instruction whose values are known.
func SourcesOf(m *dockerfile.Model, inst *dockerfile.Instruction) []Source {
	if !inst.FromContext() {
		return nil
	}
	var sources []Source
	parents := false
	for _, flag := range inst.Flags {
		parents = parents || flag.Name.Text == "parents" && !strings.EqualFold(flag.Value.Text, "false")
	}
	for _, word := range inst.Sources() {
		v := m.Expand(inst, word.Text)
		if v.State == dockerfile.Known && v.Text != "" && !dockerfile.ReadRemote(v.Text).Exists() {
			sources = append(sources, Source{word.Span, v.Text, parents})
		}
	}
	return sources
}
