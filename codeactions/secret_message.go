package codeactions

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
)

func (c *conversion) title() string {
	names := slices.Sorted(maps.Keys(c.names))
	for _, file := range c.sortedFiles() {
		if len(c.names) == 0 {
			names = append(names, path.Base(file.path))
		}
	}
	return inWords(slices.Compact(names))
}

// whichBuild says whose build command changes.
func (c *conversion) whichBuild() string {
	here, there := c.buildFlags(false), c.buildFlags(true)
	switch {
	case len(there) == 0:
		return "the build command changes"
	case len(here) == 0:
		return "the build command of images FROM this one changes"
	}
	return "the build command changes, that of images FROM this one too"
}

// stillUsed says what still uses which of the names.
func (c *conversion) stillUsed() string {
	verb, what := " still use ", "it"
	if len(c.stays.uses) == 1 {
		verb = " still uses "
	}
	if len(c.names) > 1 {
		what = inWords(slices.Compact(slices.Sorted(slices.Values(c.stays.read))))
	}
	return inWords(c.stays.uses) + verb + what
}

// message says what the user has to do besides.
func (c *conversion) message() string {
	var sentences []string
	if flags := c.buildFlags(false); len(flags) > 0 {
		sentences = append(sentences, fmt.Sprintf("Build with `docker build %s .`.", strings.Join(flags, " ")))
	}
	if flags := c.buildFlags(true); len(flags) > 0 {
		const there = "Build what starts FROM this image with `docker build %s .`."
		sentences = append(sentences, fmt.Sprintf(there, strings.Join(flags, " ")))
	}
	for _, file := range c.sortedFiles() {
		if len(file.holds) == 0 {
			continue
		}
		hold := fmt.Sprintf("%s has to hold what the build wrote: `%s`.", file.source(), strings.Join(file.holds, "`, `"))
		if !slices.Contains(sentences, hold) {
			sentences = append(sentences, hold)
		}
	}
	for _, file := range c.sortedFiles() {
		if file.named && c.hidesCopy(file) {
			hides := "It hides the %s that is copied: take its lines along."
			sentences = append(sentences, fmt.Sprintf(hides, path.Base(file.path)))
		}
	}
	return strings.Join(append(sentences, c.warnings()...), " ")
}

// buildFlags are those that the build command needs: that of this file, or those of the Dockerfiles that start FROM its
// image.
func (c *conversion) buildFlags(there bool) []string {
	var flags []string
	add := func(mounts reach, flag string) {
		needed := mounts.here > 0 && !there || mounts.there > 0 && there
		if needed && !slices.Contains(flags, flag) {
			flags = append(flags, flag)
		}
	}
	for _, file := range c.sortedFiles() {
		add(file.mounts, fmt.Sprintf("--secret id=%s,src=%s", file.id, file.source()))
	}
	for _, name := range slices.Sorted(maps.Keys(c.mounted)) {
		add(c.mounted[name], fmt.Sprintf("--secret id=%s,env=%s", c.idOf(name), c.names[name]))
	}
	return flags
}

// warnings are sentences about what the conversion cannot mend.
func (c *conversion) warnings() []string {
	var list []string
	tell := func(sentence string, names []string) {
		if slices.Sort(names); len(names) > 0 {
			list = append(list, fmt.Sprintf(sentence, inWords(slices.Compact(names))))
		}
	}
	tell("What stood in the Dockerfile is in the history of the repository: revoke %s.", c.literal)
	if len(c.stays.places) > 0 {
		list = append(list, c.remains())
	}
	tell("Containers no longer have %s: set it when they run, if they need it.", c.environment)
	tell("Name %s in .dockerignore.", c.unignored)
	tell("What starts FROM this image no longer has %s: mount it in the RUNs there that need it, too.", c.handedOn)
	tell("Name %s in .dockerignore there.", c.ofOtherContexts())
	if around := c.snapshot.Facts().Project; around != nil && around.Context.Compose != nil && len(c.buildFlags(false)) > 0 {
		list = append(list,
			fmt.Sprintf("%s needs the secret under build.secrets, too.", path.Base(around.Context.Compose.Path)))
	}
	if c.clones {
		list = append(list, "git clone keeps the URL with the token in .git/config: remove it in the same RUN.")
	}
	return list
}

// remains says which declarations stay, and why.
func (c *conversion) remains() string {
	why := "what starts FROM this image may read it"
	if len(c.stays.uses) > 0 {
		why = c.stillUsed()
	}
	return fmt.Sprintf("%s: %s.", c.staying(), why)
}

func (c *conversion) staying() string {
	verb := " stays"
	if len(c.stays.places) > 1 {
		verb = " stay"
	}
	return inWords(c.stays.places) + verb
}

// ofOtherContexts are the files that the contexts of other Dockerfiles hold.
func (c *conversion) ofOtherContexts() []string {
	var names []string
	for _, file := range c.sortedFiles() {
		if file.mounts.there > 0 && !file.isOutside() {
			names = append(names, file.source())
		}
	}
	return names
}
