package settings

import (
	"slices"
	"strings"
	"time"

	"dockerfile-ls/analysis/lint"
)

// Type is the type of a setting's value.
type Type string

// The types of settings. Levels map rule IDs to a severity or off; overrides are a list of paths with levels. A choice is
// one of the key's Choices, a duration a text as 10s or 1m30s.
const (
	Levels    Type = "levels"
	Overrides Type = "overrides"
	Text      Type = "text"
	Texts     Type = "texts"
	TextMap   Type = "text map"
	Choice    Type = "choice"
	Duration  Type = "duration"
)

// Scope says who may set a value.
type Scope string

// A Machine setting names what is run or asked on the user's machine: the editor sets it, or a file that the user names, and
// no file that is found in a workspace.
const (
	Workspace Scope = "workspace"
	Machine   Scope = "machine"
)

// Key is one setting. Everything that is said of settings elsewhere is made of this table: the reference page, the JSON
// schema and the settings of editors.
type Key struct {
	Name     string // with dots between the levels of the file
	Type     Type
	Default  string // as the file would say it
	Scope    Scope
	Sentence string
	Choices  []string // the values of a choice
	set      func(*Settings, value)
}

// value is a value of the key's type, as read.
type value struct {
	levels    lint.Levels
	overrides []Override
	text      string
	texts     []string
	textMap   map[string]string
	duration  time.Duration
}

// Has reports whether a key of the topmost level is one of the settings, or holds some.
func Has(top string) bool {
	return slices.ContainsFunc(Keys(), func(k Key) bool { return k.Name == top || strings.HasPrefix(k.Name, top+".") })
}

func onOrOff() []string { return []string{On, Never} }

// Keys lists all settings.
func Keys() []Key {
	return []Key{
		{Name: "rules", Type: Levels, Default: "{}", Scope: Workspace,
			Sentence: "The severity of a rule, by its ID: error, warning, information, hint or off.",
			set:      func(s *Settings, v value) { s.Rules = v.levels }},
		{Name: "overrides", Type: Overrides, Default: "[]", Scope: Workspace,
			Sentence: "Severities for some files: a list of `paths` (globs) and `rules`; later ones win.",
			set:      func(s *Settings, v value) { s.Overrides = v.overrides }},
		{Name: "ignore", Type: Texts, Default: "[]", Scope: Workspace,
			Sentence: "Globs of files that are not looked at, relative to the configuration file.",
			set:      func(s *Settings, v value) { s.Ignore = v.texts }},
		{Name: "context", Type: Text, Default: `""`, Scope: Workspace,
			Sentence: "The build context, relative to the configuration file; without it compose files and the sources " +
				"that COPY names are followed.",
			set: func(s *Settings, v value) { s.Context = v.text }},
		{Name: "registry.lookups", Type: Choice, Default: OnDemand, Scope: Machine, Choices: []string{
			OnDemand, OnHover, InBackground, Never,
		},
			Sentence: "When registries are asked: when an action or a command needs it, on hover too, or in the " +
				"background too (in trusted workspaces); or never.",
			set: func(s *Settings, v value) { s.Registry.Lookups = v.text }},
		{Name: "registry.timeout", Type: Duration, Default: "10s", Scope: Machine,
			Sentence: "How long a registry may take to answer.",
			set:      func(s *Settings, v value) { s.Registry.Timeout = v.duration }},
		{Name: "registry.mirrors", Type: TextMap, Default: "{}", Scope: Machine,
			Sentence: "The host, with a path or without, to ask in place of the one that an image names: `docker.io: " +
				"mirror.example.com`.",
			set: func(s *Settings, v value) { s.Registry.Mirrors = v.textMap }},
		{Name: "registry.insecure", Type: Texts, Default: "[]", Scope: Machine,
			Sentence: "Registries that may be asked over http, as localhost always is.",
			set:      func(s *Settings, v value) { s.Registry.Insecure = v.texts }},
		{Name: "scanner.path", Type: Text, Default: `""`, Scope: Machine,
			Sentence: "The scanner to run; without it trivy, grype or docker scout, whichever is installed.",
			set:      func(s *Settings, v value) { s.Scanner.Path = v.text }},
		{Name: "inlayHints.variables", Type: Choice, Default: On, Scope: Workspace, Choices: onOrOff(),
			Sentence: "Whether the image that a FROM with variables comes to is shown behind it.",
			set:      func(s *Settings, v value) { s.Shown.NoVariables = v.text == Never }},
		{Name: "inlayHints.stages", Type: Choice, Default: On, Scope: Workspace, Choices: onOrOff(),
			Sentence: "Whether the name of a stage is shown behind its number, as in `--from=0`.",
			set:      func(s *Settings, v value) { s.Shown.NoStages = v.text == Never }},
		{Name: "inlayHints.digestAge", Type: Choice, Default: Never, Scope: Workspace, Choices: onOrOff(),
			Sentence: "Whether the age of an image is shown behind its digest, where a registry has said it; none is " +
				"asked for it.",
			set: func(s *Settings, v value) { s.Shown.DigestAge = v.text == On }},
		{Name: "codeLens.references", Type: Choice, Default: Never, Scope: Workspace, Choices: onOrOff(),
			Sentence: "Whether the number of references is shown above each stage.",
			set:      func(s *Settings, v value) { s.Shown.References = v.text == On }},
		{Name: "codeLens.scan", Type: Choice, Default: Never, Scope: Workspace, Choices: onOrOff(),
			Sentence: "Whether *Scan base image* is shown above each FROM.",
			set:      func(s *Settings, v value) { s.Shown.Scan = v.text == On }},
		{Name: "format.indent", Type: Choice, Default: Auto, Scope: Workspace, Choices: []string{
			Auto, Tab, "1", "2", "3", "4", "8",
		},
			Sentence: "How continued lines are indented: with a tab or so many blanks; `auto` is what `.editorconfig` " +
				"says, else the editor, else 4 blanks.",
			set: func(s *Settings, v value) { s.Format.Indent = v.text }},
		{Name: "format.keywordCase", Type: Choice, Default: Upper, Scope: Workspace, Choices: []string{Upper, Lower, Keep},
			Sentence: "How keywords are written, as `FROM` and `AS`.",
			set:      func(s *Settings, v value) { s.Format.KeywordCase = v.text }},
		{Name: "format.blankLines", Type: Choice, Default: "1", Scope: Workspace, Choices: []string{"0", "1", "2"},
			Sentence: "How many blank lines stand between two stages.",
			set:      func(s *Settings, v value) { s.Format.BlankLines = v.text }},
		{Name: "format.arrays", Type: Choice, Default: Keep, Scope: Workspace, Choices: []string{Keep, Space},
			Sentence: "Whether JSON arrays get one blank behind each comma and no others: `[\"a\", \"b\"]`.",
			set:      func(s *Settings, v value) { s.Format.Arrays = v.text }},
		{Name: "format.flags", Type: Choice, Default: Keep, Scope: Workspace, Choices: []string{Keep, Wrap},
			Sentence: "Whether each of several flags gets a line of its own.",
			set:      func(s *Settings, v value) { s.Format.Flags = v.text }},
	}
}
