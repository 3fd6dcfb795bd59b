package rules

import (
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/project"
	"dockerfile-ls/analysis/syntax"
)

// contextSource is a source of COPY or ADD out of the build context, with what it asks for.
type contextSource struct {
	word syntax.Word
	project.Copy
}

// contextSources are the sources of an instruction out of the build context whose variables are known, without what is
// fetched from elsewhere.
func contextSources(p *lint.Pass, inst *dockerfile.Instruction) []contextSource {
	if !inst.FromContext() || inst.Err != nil {
		return nil
	}
	var sources []contextSource
	for _, word := range inst.Sources() {
		v := p.Expand(inst, word.Text)
		if v.State != dockerfile.Known || v.Text == "" || dockerfile.ReadRemote(v.Text).Exists() {
			continue
		}
		source := contextSource{word, project.Copy{Source: v.Text}}
		for _, flag := range inst.Flags {
			switch flag.Name.Text {
			case "exclude":
				source.Exclude = append(source.Exclude, flag.Value.Text)
			case "parents":
				source.Parents = !flag.HasValue || strings.EqualFold(flag.Value.Text, "true")
			}
		}
		sources = append(sources, source)
	}
	return sources
}
