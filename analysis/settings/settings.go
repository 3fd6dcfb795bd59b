// Package settings knows the configuration: its keys with their types and defaults, and what a file or an editor says.
// It must not know where the file lies, or what a setting does.
package settings

import (
	"maps"
	"time"

	"github.com/bmatcuk/doublestar/v4"

	"dockerfile-ls/analysis/lint"
)

// FileName is the name of the configuration file, which is looked for upwards to the root of the workspace or repository.
const FileName = ".dockerfile-ls.yaml"

// Settings are what one configuration says. The zero value is the default of every key.
type Settings struct {
	Rules     lint.Levels
	Overrides []Override
	Ignore    []string // globs of files that are left out, relative to the configuration file
	Context   string   // the build context, relative to the configuration file; empty: it is looked for
	Registry  Registry
	Scanner   Scanner
	Shown     Shown
	Format    Format
}

// Override are levels for the files that one of its globs matches.
type Override struct {
	Paths []string
	Rules lint.Levels
}

// Registry says when and how registries are asked for digests.
type Registry struct {
	Lookups  string            // one of the four below; empty: OnDemand
	Timeout  time.Duration     // 0: ten seconds
	Mirrors  map[string]string // the host to ask, by the host that a reference names
	Insecure []string          // hosts that are asked over http
}

// When registries are asked. Each of the first three allows what those before it allow.
const (
	OnDemand     = "onDemand"   // for an action or a command that the user has chosen
	OnHover      = "hover"      // when the user looks at an image
	InBackground = "background" // when a file is opened or saved
	Never        = "off"
)

// Scanner says which program looks for vulnerabilities.
type Scanner struct {
	Path string // empty: trivy, grype or docker scout, whichever is installed
}

// On is the value of a setting that is on; Never is off.
const On = "on"

// Shown says what is shown beside the text: hints behind words, and lenses above lines.
type Shown struct {
	NoVariables, NoStages, DigestAge bool
	References, Scan                 bool
}

// Format says how files are laid out. An empty text is the default.
type Format struct {
	Indent        string // Auto, Tab or a number of blanks
	KeywordCase   string // Upper, Lower or Keep
	BlankLines    string // a number
	Arrays, Flags string // Keep; Space or Wrap
}

// How files are laid out. Auto leaves it to others.
const (
	Auto  = "auto"
	Tab   = "tab"
	Upper = "upper"
	Lower = "lower"
	Keep  = "keep"
	Space = "space"
	Wrap  = "wrap"
)

// Levels are the levels of rules for a file, by its path relative to the configuration file, with forward slashes. Later
// overrides win.
func (s *Settings) Levels(path string) lint.Levels {
	levels := maps.Clone(s.Rules)
	for _, o := range s.Overrides {
		if !matches(o.Paths, path) {
			continue
		}
		if levels == nil {
			levels = lint.Levels{}
		}
		maps.Copy(levels, o.Rules)
	}
	return levels
}

// Ignored reports whether a file is left out, by its path relative to the configuration file.
func (s *Settings) Ignored(path string) bool { return matches(s.Ignore, path) }

func matches(globs []string, path string) bool {
	for _, glob := range globs {
		if doublestar.MatchUnvalidated(glob, path) {
			return true
		}
	}
	return false
}
