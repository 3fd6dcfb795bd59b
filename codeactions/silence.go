package codeactions

import (
	"fmt"
	"path"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/settings"
	"dockerfile-ls/analysis/text"
)

// silence offers to live with a finding: at its instruction, in the file, or by the configuration. Errors of BuildKit's
// cannot be silenced.
func silence(s *analysis.Snapshot, place text.Span) []Action {
	var actions []Action
	told := map[string]bool{}
	for _, f := range s.Findings() {
		if !f.Touches(place) || !f.CanSilence() || told[f.Rule.ID] {
			continue
		}
		told[f.Rule.ID] = true // one finding of a rule stands for all that the range touches
		if edit, ok := lint.SilenceInstruction(s.Model(), f.Start, f.Rule); ok {
			actions = append(actions, silencing(&f, fmt.Sprintf("Ignore %s here", f.Rule.ID), edit))
		}
		actions = append(actions,
			silencing(&f, fmt.Sprintf("Ignore %s in this file", f.Rule.ID), lint.SilenceFile(s.Model(), f.Rule)))
		actions = append(actions, switchOff(s, &f)...)
	}
	return actions
}

func silencing(f *lint.Finding, title string, edit text.Edit) Action {
	return Action{Title: title, Kind: QuickFix, Risk: Safe, Mends: f, Edits: []text.Edit{edit}}
}

// switchOff turns a rule off in the configuration that counts for the file, or in a new one.
func switchOff(s *analysis.Snapshot, f *lint.Finding) []Action {
	config := s.Facts().Config
	if config.Path == "" {
		return nil
	}
	a := Action{
		Title: fmt.Sprintf("Turn %s off in %s", f.Rule.ID, path.Base(config.Path)), Kind: QuickFix, Risk: Safe, Mends: f,
	}
	if config.Missing {
		a.Creates = []NewFile{{config.Path, fmt.Sprintf("rules:\n  %s: off\n", f.Rule.ID)}}
		return []Action{a}
	}
	edit, ok := settings.SetLevel(config.Text, f.Rule, lint.Off)
	if !ok {
		return nil
	}
	a.Others = []OtherFile{{config.Path, config.Text, []text.Edit{edit}}}
	return []Action{a}
}
