package settings

import (
	"slices"
	"strings"

	"dockerfile-ls/analysis/lint"
)

// Type is the type of a setting's value.
type Type string

// The types of settings. Levels map rule IDs to a severity or off; overrides are a list of paths with levels.
const (
	Levels    Type = "levels"
	Overrides Type = "overrides"
	Text      Type = "text"
	Texts     Type = "texts"
	TextMap   Type = "text map"
	Bool      Type = "bool"
)

// Scope says who may set a value.
type Scope string

// A Machine setting names what is run or asked on the user's machine, and no workspace that is not trusted may set it.
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
	set      func(*Settings, value)
}

// value is a value of the key's type, as read.
type value struct {
	levels    lint.Levels
	overrides []Override
	text      string
	texts     []string
	textMap   map[string]string
	bool      bool
}

// Has reports whether a key of the topmost level is one of the settings, or holds some.
func Has(top string) bool {
	return slices.ContainsFunc(Keys(), func(k Key) bool { return k.Name == top || strings.HasPrefix(k.Name, top+".") })
}

// Keys lists all settings.
func Keys() []Key {
	return []Key{
		{"rules", Levels, "{}", Workspace, "The severity of a rule, by its ID: error, warning, information, hint or off.",
			func(s *Settings, v value) { s.Rules = v.levels }},
		{"overrides", Overrides, "[]", Workspace, "Severities for some files: a list of `paths` (globs) and `rules`; later ones win.",
			func(s *Settings, v value) { s.Overrides = v.overrides }},
		{"ignore", Texts, "[]", Workspace, "Globs of files that are not looked at, relative to the configuration file.",
			func(s *Settings, v value) { s.Ignore = v.texts }},
		{"context", Text, `""`, Workspace, "The build context, relative to the configuration file; without it compose files and the sources that COPY names are followed.",
			func(s *Settings, v value) { s.Context = v.text }},
		{"registry.mirrors", TextMap, "{}", Machine, "The host to ask in place of the one that an image names.",
			func(s *Settings, v value) { s.Registry.Mirrors = v.textMap }},
		{"registry.insecure", Texts, "[]", Machine, "Registries that are asked over http.",
			func(s *Settings, v value) { s.Registry.Insecure = v.texts }},
		{"registry.background", Bool, "false", Machine, "Ask registries without an act of the user, in trusted workspaces.",
			func(s *Settings, v value) { s.Registry.Background = v.bool }},
		{"scanner.path", Text, `""`, Machine, "The scanner to run; without it trivy, grype or docker scout, whichever is installed.",
			func(s *Settings, v value) { s.Scanner.Path = v.text }},
	}
}
