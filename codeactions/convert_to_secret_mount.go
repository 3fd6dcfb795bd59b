package codeactions

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/project"
	"dockerfile-ls/analysis/rules"
	"dockerfile-ls/analysis/secret"
	"dockerfile-ls/analysis/text"
)

// convertToSecretMount offers to take a secret out of build arguments, environment and layers of the whole file, and to
// mount it for the RUNs that need it: as a file where one is written, else as a variable. It is refused with the reason
// where it is not certain what needs the secret. Source: cheat sheet, section 10.
func convertToSecretMount(s *analysis.Snapshot, f *lint.Finding) []Action {
	var refused string
	seeds := seedsOf(s, f)
	for _, seed := range seeds {
		c := newConversion(s, seed)
		if c.plan(); c.reason == "" {
			c.checkFound(f)
		}
		if c.reason == "" {
			return []Action{withIgnoreFile(s, f, c.action(f))}
		}
		if refused == "" {
			refused = c.reason
		}
	}
	if refused == "" {
		return nil
	}
	return []Action{
		{Title: fmt.Sprintf("Convert %s to a secret mount", seeds[0]), Kind: QuickFix, Mends: f, Refused: refused},
	}
}

// seed is what a conversion begins with: variables, commands, or files that are copied.
type seed struct {
	names  []string
	writes []placed // commands that write a secret which is written out
	copies []copied
}

// placed is a command of a RUN, by its index in the script.
type placed struct {
	inst    *dockerfile.Instruction
	command int
}

func (s seed) String() string {
	names := slices.Clone(s.names)
	for _, c := range s.copies {
		names = append(names, path.Base(c.file))
	}
	if slices.Sort(names); len(names) == 0 {
		return "the token"
	}
	return inWords(slices.Compact(names))
}

// seedsOf are what a finding can be converted by, the most complete first; none if it is not for a secret mount.
func seedsOf(s *analysis.Snapshot, f *lint.Finding) []seed {
	switch f.Rule.ID {
	case rules.SecretInBuildArgument:
		return seedsOfArgument(s.Model(), f)
	case rules.SecretInImageLayer:
		return seedsOfLayer(s.Model(), f)
	case rules.SecretFileCopied, rules.CopyIgnoredFile:
		return seedsOfCopy(s, f)
	case rules.IncompleteDockerignore, rules.MissingDockerignore:
		return seedsOfFolder(s, f)
	}
	return nil
}

// seedsOfArgument are all names of the finding together, or its first one alone.
func seedsOfArgument(m *dockerfile.Model, f *lint.Finding) []seed {
	var names []string
	add := func(at text.Span) {
		if name := at.Of(m.Text); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	add(f.Span)
	for _, related := range f.Related {
		add(related.Span)
	}
	if len(names) == 1 {
		return []seed{{names: names}}
	}
	return []seed{{names: names}, {names: names[:1]}}
}

// seedsOfLayer are the secret variables that the RUN reads, or what it writes out. Of a removal that comes too late they are
// those of the RUN that writes the file.
func seedsOfLayer(m *dockerfile.Model, f *lint.Finding) []seed {
	all, _ := steps(m)
	at := slices.IndexFunc(all, func(inst *dockerfile.Instruction) bool { return inst.Contains(f.Span) })
	if at < 0 || all[at].Name != "RUN" {
		return nil
	}
	runs := []*dockerfile.Instruction{all[at]}
	for _, inst := range all {
		if inst.Name == "RUN" && slices.ContainsFunc(f.Related, func(r lint.Related) bool { return inst.Contains(r.Span) }) {
			runs = append(runs, inst)
		}
	}
	if names := secretsRead(m, runs); len(names) > 0 {
		return []seed{{names: names}}
	}
	var found seed
	for _, inst := range runs {
		script, posix := m.Script(inst)
		for i := 0; posix && i < len(script.Commands); i++ {
			if place := inst.At(script.Commands[i].Span); place.Touches(f.Span) || touchesAny(place, f.Related) {
				found.writes = append(found.writes, placed{inst, i})
			}
		}
	}
	return []seed{found}
}

// secretsRead are the variables that RUNs read, that ARG or ENV declare, and that are called like secrets.
func secretsRead(m *dockerfile.Model, runs []*dockerfile.Instruction) []string {
	var names []string
	for _, inst := range runs {
		script, posix := m.Script(inst)
		if !posix {
			continue
		}
		for _, v := range script.Variables {
			if secret.IsName(v.Name) && declares(m, inst, v.Name) && !slices.Contains(names, v.Name) {
				names = append(names, v.Name)
			}
		}
	}
	return names
}

func touchesAny(place text.Span, related []lint.Related) bool {
	return slices.ContainsFunc(related, func(r lint.Related) bool { return r.Touches(place) })
}

// action is the action of a plan without a reason against it.
func (c *conversion) action(f *lint.Finding) Action {
	risk := c.whichBuild()
	if len(c.stays.uses) > 0 {
		risk += ", and " + c.stillUsed()
	} else if len(c.stays.places) > 0 {
		risk += ", and " + c.staying()
	}
	title := fmt.Sprintf("Convert %s to a secret mount (%s)", c.title(), risk)
	a := Action{Title: title, Kind: QuickFix, Mends: f, Edits: c.edits()}
	if slices.Contains(c.stays.keys, f.Span) {
		a.Mends = nil // the name stays where it is
	}
	a.Creates, a.Others = c.ignore()
	a.Tells = c.message()
	return a
}

// ignore keeps the files that the build command names out of the context.
func (c *conversion) ignore() ([]NewFile, []OtherFile) {
	named := c.stillNamed()
	var patterns []string
	for _, file := range c.sortedFiles() {
		base := path.Base(file.path)
		file.named = file.copied == "" && takesAway("**/"+base, named)
		if file.mounts.here == 0 {
			continue
		}
		if base == ".npmrc" || !file.isOutside() {
			patterns = append(patterns, "**/"+base)
		}
	}
	around := c.snapshot.Facts().Project
	known := around != nil && around.Context.State == project.Known && around.Ignore.State != project.Unknown
	for _, file := range c.sortedFiles() {
		if !known && !file.isOutside() && file.mounts.here > 0 {
			c.unignored = append(c.unignored, file.source())
		}
	}
	return addIgnored(c.snapshot, patterns, secretComment, named)
}

// stillNamed are the sources that are copied by name behind the conversion.
func (c *conversion) stillNamed() []string {
	var uncopied []string
	for _, copied := range c.copies {
		if !copied.folder {
			uncopied = append(uncopied, copied.file)
		}
	}
	return slices.DeleteFunc(sourcesOf(c.snapshot).named, func(source string) bool {
		return slices.Contains(uncopied, strings.TrimPrefix(path.Clean("/"+source), "/"))
	})
}
