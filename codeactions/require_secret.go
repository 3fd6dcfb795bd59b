package codeactions

import (
	"strings"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

// requireSecret offers to let the build stop where the secret of the mount around a cursor is not given: without
// required=true the RUN goes on without it. Source: cheat sheet, section 10, and the reference of RUN --mount.
func requireSecret(s *analysis.Snapshot, place text.Span) []Action {
	all, _ := steps(s.Model())
	for _, inst := range all {
		if inst.Name != "RUN" || inst.Err != nil {
			continue
		}
		for _, flag := range inst.Flags {
			if !flag.Touches(place) || place.Len() > flag.Len() || !isSecretMount(flag) {
				continue
			}
			if edit, ok := require(flag); ok {
				return []Action{{
					Title: "Add required=true (the build stops without the secret)", Kind: Rewrite, Edits: []text.Edit{edit},
				}}
			}
		}
	}
	return nil
}

// require is the edit that makes a mount required; false if it is.
func require(mount syntax.Flag) (text.Edit, bool) {
	for _, o := range mount.Options {
		if !strings.EqualFold(o.Key.Text, "required") {
			continue
		}
		if strings.EqualFold(o.Value.Text, "false") {
			return text.Edit{Span: o.Value.Span, New: "true"}, true
		}
		return text.Edit{}, false
	}
	end := mount.Options[len(mount.Options)-1].End
	return text.Edit{Span: text.Span{Start: end, End: end}, New: ",required=true"}, true
}
