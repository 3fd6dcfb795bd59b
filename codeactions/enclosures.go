package codeactions

import (
	"regexp"
	"slices"

	"dockerfile-ls/analysis/shell"
	"dockerfile-ls/analysis/text"
)

// enclosure is what a list of commands stands in: a group, a subshell, or the script of a shell that a command starts. All
// of them run the list once, as the one that they stand in runs them.
type enclosure struct {
	text.Span              // with the redirections of a block, or with the command
	inner        text.Span // from brace to brace, or the word that is the script
	ownShell     bool      // what the list does to folders ends with it
	first        int       // the command whose joint it has: the first of the list, or the one that starts a shell
	redirections int       // the command without words that the redirections of a block are; -1 if there is none
}

// enclosures are those of a script, in the order in which they begin.
func enclosures(script *shell.Script) []enclosure {
	var all []enclosure
	for _, b := range script.Blocks {
		e := enclosure{
			Span: text.Span{Start: b.Start, End: b.Redirects.End}, inner: b.Span, ownShell: b.Subshell,
			first: firstIn(script, b.Span), redirections: -1,
		}
		if b.Redirects.Len() > 0 {
			e.redirections = slices.IndexFunc(script.Commands, func(c shell.Command) bool { return c.Span == b.Redirects })
		}
		if e.first >= 0 {
			all = append(all, e)
		}
	}
	for i, c := range script.Commands {
		if word := innerScript(c); word > 0 && firstIn(script, c.Words[word].Span) >= 0 {
			all = append(all, enclosure{Span: c.Span, inner: c.Words[word].Span, ownShell: true, first: i, redirections: -1})
		}
	}
	slices.SortStableFunc(all, func(a, b enclosure) int { return a.inner.Start - b.inner.Start })
	return all
}

func firstIn(script *shell.Script, inner text.Span) int {
	return slices.IndexFunc(script.Commands, func(c shell.Command) bool { return inner.Contains(c.Span) && c.Span != inner })
}

// harmless are options of a shell with which it does what the one around it does, and no more.
var harmless = regexp.MustCompile(`^-[cefux]+$`)

// innerScript is the index of the word that is the script of a shell; 0 if the command starts none, or not as one that is
// like the shell around it.
func innerScript(c shell.Command) int {
	if len(c.Assigns) > 0 || !slices.Contains([]string{"sh", "ash", "bash", "dash"}, c.Name()) {
		return 0
	}
	for i := 1; i < len(c.Words); i++ {
		switch word := c.Words[i]; {
		case word.Value == "-o" && i+1 < len(c.Words) && c.Words[i+1].Value == "pipefail":
			i++
		case !word.Literal || !harmless.MatchString(word.Value):
			return 0
		case slices.Contains([]byte(word.Value), 'c') && i+2 == len(c.Words):
			return i + 1
		}
	}
	return 0
}

// around is the innermost of some enclosures that a place stands in; nil if there is none.
func around(all []enclosure, place text.Span) *enclosure {
	for i := len(all) - 1; i >= 0; i-- {
		if all[i].inner.Contains(place) && all[i].inner != place {
			return &all[i]
		}
	}
	return nil
}

// runsOnce reports whether a command runs whenever its script does and nothing in front of it has failed: it stands in
// nothing but enclosures, which do too, and behind nothing that decides.
func runsOnce(script *shell.Script, all []enclosure, i int) bool {
	command := script.Commands[i]
	const lists = shell.InGroup | shell.InSubshell | shell.InScript | shell.InExec
	if command.Inside&^lists != 0 || !goesOn(command.After.Operator) {
		return false
	}
	for j, outer := range script.Commands {
		isScript := func(e enclosure) bool { return e.Span == outer.Span && e.first == j && e.inner.Contains(command.Span) }
		if i != j && outer.Contains(command.Span) && !slices.ContainsFunc(all, isScript) {
			return false
		}
	}
	inScript := false
	for e := around(all, command.Span); e != nil; e = around(all, e.Span) {
		if !goesOn(script.Commands[e.first].After.Operator) {
			return false
		}
		inScript = inScript || e.Span == script.Commands[e.first].Span
	}
	return inScript || !command.Inside.Has(shell.InScript)
}

// goesOn reports whether a command behind an operator runs unless one in front of it has failed.
func goesOn(operator shell.Operator) bool { return operator == shell.Start || joins(operator) }
