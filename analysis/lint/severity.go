package lint

import (
	"slices"
	"strings"
)

// Severity says how bad a finding is, the worst first.
type Severity int

// The four severities of LSP and of the cheat sheet's rules.
const (
	Error Severity = iota + 1
	Warning
	Information
	Hint
)

// Off is the level of a rule that is not to be told.
const Off Severity = -1

// Levels are the severities that a configuration gives to rules, by their IDs.
type Levels map[string]Severity

// String is the severity in lower case.
func (s Severity) String() string {
	switch s {
	case Error:
		return "error"
	case Warning:
		return "warning"
	case Information:
		return "information"
	case Hint:
		return "hint"
	}
	return "off"
}

// SeverityOf reads a severity, or off; casing does not count.
func SeverityOf(name string) (Severity, bool) {
	for _, s := range []Severity{Error, Warning, Information, Hint, Off} {
		if strings.EqualFold(s.String(), name) {
			return s, true
		}
	}
	return 0, false
}

// apply gives findings their level and takes those away that are off. What BuildKit rejects stays as it is.
func (l Levels) apply(found []Finding) []Finding {
	if len(l) == 0 {
		return found
	}
	for i, f := range found {
		if level, set := l[f.Rule.ID]; set && !f.Rule.Syntax {
			found[i].Severity = level
		}
	}
	return slices.DeleteFunc(found, func(f Finding) bool { return f.Severity == Off })
}
