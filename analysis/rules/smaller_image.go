package rules

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"dockerfile-ls/analysis/distribution"
	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/shell"
)

// The programs that smaller variants of official images lack. Source: the Dockerfiles of the official images; the
// full-size ones stand on buildpack-deps.
var (
	notInSlim = []string{
		"bzr", "cc", "curl", "g++", "gcc", "git", "hg", "make", "pkg-config", "python", "python3", "ssh", "svn", "unzip",
		"wget",
	}
	notInAlpine = []string{
		"apt", "apt-get", "bash", "deluser", "dpkg", "groupadd", "groupmod", "gosu", "useradd", "userdel", "usermod",
	}
)

// lackedBy says, as a clause, what the stages on an image run that a smaller variant of it lacks, and that none of them
// installs; empty if nothing is seen.
func lackedBy(p *lint.Pass, root *dockerfile.Stage, tag string) string {
	alpine := strings.Contains(tag, "alpine")
	var onIt []*dockerfile.Stage
	for _, s := range p.Stages {
		if p.Root(s) == root {
			onIt = append(onIt, s)
		}
	}
	installed := packagesOf(p, onIt)
	for _, s := range onIt {
		for _, inst := range s.Instructions {
			for _, name := range programsOf(p, inst) {
				switch {
				case alpine && slices.Contains(notInAlpine, name):
				case slices.Contains(notInSlim, name) && !isOwnProgram(p.Base(root), name) && !installed[name] &&
					!(alpine && name == "wget"): // BusyBox has one
				default:
					continue
				}
				line := strings.Count(p.Text[:inst.Start], "\n") + 1
				return fmt.Sprintf("line %d runs %s, which it lacks", line, name)
			}
		}
	}
	return ""
}

// isOwnProgram reports whether a program is what an image is for: python is in each variant of it.
func isOwnProgram(base, name string) bool {
	image, _, _ := strings.Cut(path.Base(base), ":")
	return strings.TrimSuffix(name, "3") == image
}

// packagesOf are the names that distributions' package managers install in some stages.
func packagesOf(p *lint.Pass, stages []*dockerfile.Stage) map[string]bool {
	names := map[string]bool{}
	for _, s := range stages {
		for _, inst := range s.Instructions {
			for _, c := range commandsOf(p, inst) {
				for _, w := range distribution.Installed(c.Program()) {
					names[w.Value] = true
				}
			}
		}
	}
	if names["build-essential"] || names["build-base"] || names["gcc"] {
		for _, name := range []string{"cc", "g++", "gcc", "make"} {
			names[name] = true
		}
	}
	names["ssh"] = names["ssh"] || names["openssh-client"]
	names["hg"] = names["hg"] || names["mercurial"]
	names["svn"] = names["svn"] || names["subversion"]
	return names
}

// programsOf are the names of the programs that an instruction runs, and of the shell that it has the others run by.
func programsOf(p *lint.Pass, inst *dockerfile.Instruction) []string {
	var names []string
	if inst.Name == "SHELL" && inst.JSON != nil && len(inst.JSON.Elements) > 0 {
		return []string{path.Base(inst.JSON.Elements[0].Text)}
	}
	for _, c := range commandsOf(p, inst) {
		program := c.Program()
		for _, name := range append(slices.Clone(program.Wrappers), c.Name(), program.Name()) {
			names = append(names, path.Base(name))
		}
	}
	return names
}

func commandsOf(p *lint.Pass, inst *dockerfile.Instruction) []shell.Command {
	switch inst.Name {
	case "CMD", "ENTRYPOINT", "HEALTHCHECK", "RUN":
	default:
		return nil
	}
	script, posix := p.Script(inst)
	if !posix || script == nil {
		return nil
	}
	return script.Commands
}
