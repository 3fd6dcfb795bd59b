package rules

import (
	"strconv"
	"strings"

	"dockerfile-ls/analysis/node"
	"dockerfile-ls/analysis/project"
)

// release is the manager's version: by packageManager, by what an earlier command has installed, or by the image.
func (i install) release() node.Release {
	r := node.Release{Manager: i.Manager, Major: i.managed()}
	if r.Major > 0 {
		return r
	}
	provided, given := i.provided[i.Manager]
	switch {
	case given:
		r.Major = provided.Major
	case i.Manager == node.NPM:
		r.Major = i.major()
	}
	if i.Manager == node.Yarn && r.Major == 0 {
		r.Major = i.kindOfYarn()
	}
	return r
}

// managed is the major version that the project declares; 0 if it declares none.
func (i install) managed() int {
	found := i.project()
	m := found.Manager
	switch {
	case m.State != project.Known || i.Manager == node.NPM: // npm is that of the image, whatever packageManager says
		return 0
	case strings.HasPrefix(string(m.Manager), string(i.Manager)) && m.Version.State == project.Known:
		major, _, _ := strings.Cut(m.Version.Value, ".")
		n, _ := strconv.Atoi(major) // packageManager was read already
		return n
	case m.Manager == project.YarnBerry && i.Manager == node.Yarn:
		return 2
	case m.Manager == project.YarnClassic && i.Manager == node.Yarn:
		return 1
	case m.Manager == project.PNPM && i.Manager == node.PNPM:
		lock, _ := found.Lockfile()
		return pnpmOf(lock)
	}
	return 0
}

// pnpmOf is the version of pnpm that writes a format of its own: 9 and later share theirs. Source: pnpm's changelogs.
func pnpmOf(lock project.Lockfile) int {
	switch major, _, _ := strings.Cut(lock.Version.Value, "."); major {
	case "5":
		return 7
	case "6":
		return 8
	}
	return 0
}

// major is the major version of the official image's npm; 0 on every other image.
func (i install) major() int {
	ref, _ := i.pass.Image(i.stage)
	image, official := ref.Node()
	if !official {
		return 0
	}
	return image.NPM()
}

// kindOfYarn tells the two kinds of yarn by the options that only one of them has.
func (i install) kindOfYarn() int {
	switch {
	case i.Has("--immutable", "--immutable-cache") || i.Verb.Value == "focus":
		return 2
	case i.Has("--frozen-lockfile", "--pure-lockfile", "--production", "--prod"):
		return 1
	}
	return 0
}
