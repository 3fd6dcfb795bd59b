package rules

import (
	"fmt"
	"strings"

	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/text"
)

var fullSizeBaseImage = &lint.Rule{
	ID:       FullSizeBaseImage,
	Severity: lint.Information,
	Section:  1,
	Title:    "The final stage stands on the full-size variant of an image that has a smaller one.",
	Why: "The full-size images bring compilers, version control and hundreds of packages along, each with its own " +
		"vulnerabilities and megabytes. What a build needs of it belongs into a build stage. `slim` has the same C " +
		"library; `alpine` has another one, which compiled modules notice.",
	Check: func(p *lint.Pass) {
		final := p.Final()
		if final == nil || final.Development() || !ownCommand(p, final) {
			return
		}
		root := p.Root(final)
		ref, external := p.External(root)
		if !external {
			return
		}
		smaller := ref.Smaller()
		if len(smaller) == 0 {
			return
		}
		tag := tagOf(root.Base)
		f := lint.Finding{
			Span: withoutColon(tag, root.Base),
			Message: fmt.Sprintf("`%s` has compilers and hundreds of packages in it: take `%s:%s`.", p.Base(root),
				ref.Name, smaller[0]),
		}
		for _, name := range smaller {
			if tag == root.Base.Span || ref.Digest != "" {
				break // out of a build argument, or the digest is another one too
			}
			f.Fixes = append(f.Fixes, lint.Fix{
				Title: fmt.Sprintf("Use %s:%s", ref.Name, name),
				Edits: []text.Edit{{Span: f.Span, New: name}},
				Risk:  riskOfSmaller(name),
			})
		}
		p.Report(f)
	},
}

func riskOfSmaller(tag string) string {
	if strings.Contains(tag, "alpine") {
		return "another C library and fewer packages"
	}
	return "fewer packages"
}
