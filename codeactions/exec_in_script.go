package codeactions

import (
	"fmt"
	"path"
	"strings"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/shell"
	"dockerfile-ls/analysis/text"
)

// execInScript offers exec in front of the last command of the script that a container starts. What stands in front of the
// command has run by then, and nothing comes behind it.
func execInScript(s *analysis.Snapshot, f *lint.Finding) []Action {
	around := s.Facts().Project
	if around == nil || f.File == "" {
		return nil
	}
	source := around.File(f.File).Value
	script := shell.ParseFile(source)
	at, ok := script.ExecPlace()
	if !ok || strings.HasSuffix(source, "\\") {
		return nil
	}
	return []Action{{
		Title: fmt.Sprintf("Add exec to the last command of %s (nothing can run after it)", f.File),
		Kind:  QuickFix,
		Mends: f,
		Others: []OtherFile{{
			path.Join(around.Context.Root, f.File), source, []text.Edit{{Span: text.Span{Start: at, End: at}, New: "exec "}},
		}},
	}}
}
