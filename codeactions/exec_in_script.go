package codeactions

import (
	"fmt"
	"path"
	"regexp"
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
	if len(script.Commands) == 0 {
		return nil
	}
	last := script.Commands[len(script.Commands)-1]
	if !mayExec(last, source) {
		return nil
	}
	at := last.Words[0].Start // behind assignments, which count for the program still
	return []Action{{
		Title:  fmt.Sprintf("Add exec to the last command of %s (nothing can run after it)", f.File),
		Kind:   QuickFix,
		Mends:  f,
		Others: []OtherFile{{path.Join(around.Context.Root, f.File), source, []text.Edit{{Span: text.Span{Start: at, End: at}, New: "exec "}}}},
	}}
}

// mayExec reports whether a command is a program that the shell may give way to: in no pipeline, loop or condition, and no
// function of the script.
func mayExec(c shell.Command, source string) bool {
	if c.Inside != 0 || len(c.Words) == 0 || c.Words[0].Decoded || c.After.Operator == shell.Or {
		return false
	}
	if !c.Words[0].Literal {
		return c.Words[0].Text == `"$@"`
	}
	function := regexp.MustCompile(`(?m)(^|[\s;])(function\s+)?` + regexp.QuoteMeta(c.Name()) + `\s*\(\s*\)|function\s+` + regexp.QuoteMeta(c.Name()) + `\b`)
	return !strings.HasSuffix(source, "\\") && !function.MatchString(source)
}
