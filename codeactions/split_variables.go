package codeactions

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"dockerfile-ls/analysis/project"
	"dockerfile-ls/analysis/secret"
	"dockerfile-ls/analysis/syntax"
)

// shareVariables decides which stage needs each ARG and ENV in front of the work, from the last one on: what one sets
// another one in front of it may be read by.
func (p *split) shareVariables() {
	front := p.front()
	for i := front; i >= 0; i-- {
		line := p.lines[i]
		if line.inst == nil || line.inst.Name != "ARG" && line.inst.Name != "ENV" {
			continue
		}
		reads := p.readersOf(line)
		if line.inst.Name == "ARG" {
			line.inBuild = reads.build || !reads.production
			line.inProduction = reads.production || slices.ContainsFunc(line.inst.Pairs, p.isOfPackages)
			continue
		}
		p.shareEnv(line, reads)
	}
}

// wanted says which stage reads one of the variables of an instruction, besides those that read it without naming it.
type wanted struct{ build, production bool }

func (p *split) readersOf(line *splitLine) wanted {
	var found wanted
	isReadIn := func(text string) bool {
		return slices.ContainsFunc(line.inst.Pairs, func(pair syntax.Pair) bool { return reads(text, pair.Key.Text) })
	}
	for _, other := range p.lines {
		if other != line && other.inst != nil && isReadIn(other.text) {
			found.build, found.production = found.build || other.inBuild, found.production || other.inProduction
		}
	}
	for _, lines := range p.generated {
		found.build = found.build || slices.ContainsFunc(lines, isReadIn)
	}
	return found
}

func reads(text, name string) bool {
	return strings.Contains(text, "${"+name) || mentions(text, "$"+name)
}

// isOfPackages reports whether a variable is one that a distribution's package manager reads, and the production stage runs
// one.
func (p *split) isOfPackages(pair syntax.Pair) bool {
	installs := slices.ContainsFunc(p.lines, func(line *splitLine) bool {
		return line.inProduction && line.run != nil && line.run.has(toPackage)
	})
	return installs && (pair.Key.Text == "DEBIAN_FRONTEND" || strings.HasSuffix(strings.ToLower(pair.Key.Text), "_proxy"))
}

// shareEnv decides about an ENV: containers have it in any case, unless it is a secret of the build.
func (p *split) shareEnv(line *splitLine, found wanted) {
	line.inBuild, line.inProduction = true, true
	of := func(is func(name string) bool) bool {
		return slices.ContainsFunc(line.inst.Pairs, func(pair syntax.Pair) bool { return is(pair.Key.Text) })
	}
	isLogin := func(name string) bool { return secret.IsName(name) && (p.isReadAtWork(name) || isRegistryToken(name)) }
	switch {
	case of(isLogin):
		if of(func(name string) bool { return !isLogin(name) }) {
			p.refuse("ENV in line %d sets a secret of the build and others", p.line(line.inst))
		}
		line.inProduction = false
		p.note(fmt.Sprintf("Containers no longer have %s: set it when they run, if they need it.",
			line.inst.Pairs[0].Key.Text))
	case found.build:
	case found.production && !of(isForAll), !p.whole && !of(func(name string) bool { return !p.isOfContainer(name) }):
		line.inBuild = false
	}
}

// isReadAtWork reports whether a RUN that works reads a variable.
func (p *split) isReadAtWork(name string) bool {
	return slices.ContainsFunc(p.lines, func(line *splitLine) bool { return line.works && reads(line.text, name) })
}

// isRegistryToken reports whether a variable is called like what a package manager logs in with, which .npmrc may read.
func isRegistryToken(name string) bool {
	for _, part := range [...]string{"NPM", "NODE_AUTH", "YARN", "REGISTRY"} {
		if strings.Contains(strings.ToUpper(name), part) {
			return true
		}
	}
	return false
}

// isForAll reports whether programs read a variable that is not named to them.
func isForAll(name string) bool {
	upper := strings.ToUpper(name)
	switch upper {
	case "CI", "HOME", "LD_LIBRARY_PATH", "NODE_ENV", "NODE_OPTIONS", "PATH":
		return true
	}
	return strings.HasPrefix(upper, "NPM_CONFIG_") || strings.HasPrefix(upper, "YARN_") ||
		strings.HasPrefix(upper, "COREPACK_") ||
		strings.HasPrefix(upper, "PNPM_") || strings.HasSuffix(upper, "_PROXY")
}

// isOfContainer reports whether a variable says nothing to an install: where the server listens, or NODE_ENV where the
// install says by itself which packages it leaves out.
func (p *split) isOfContainer(name string) bool {
	if name == "NODE_ENV" {
		for _, i := range p.installs {
			if !i.Decided && (!i.KeepsDev || i.Omit == nil) {
				return false
			}
		}
		return true
	}
	return name == "TZ" || strings.HasSuffix(name, "HOST") || strings.HasSuffix(name, "PORT")
}

// noteRemoved tells that the production stage copies a login out of the context that only the build stage removes.
func (p *split) noteRemoved() {
	for _, r := range p.runs() {
		for _, d := range r.deeds {
			for _, file := range d.paths {
				if d.purpose == toLogIn && !d.makes && p.comesAlong(path.Base(file)) {
					const removed = "The production stage copies %s, which only the build stage removes: name it in " +
						".dockerignore."
					p.note(fmt.Sprintf(removed, path.Base(file)))
				}
			}
		}
	}
}

// comesAlong reports whether the production stage copies a file of the context, by its name or in a folder.
func (p *split) comesAlong(name string) bool {
	return slices.ContainsFunc(p.lines, func(line *splitLine) bool {
		return line.inst != nil && line.inProduction && slices.ContainsFunc(line.inst.Sources(), func(w syntax.Word) bool {
			return line.inst.FromContext() &&
				len(p.around.TakesNamed(project.Copy{Source: p.Expand(line.inst, w.Text).Text}, name).Paths) > 0
		})
	})
}

// noteMoved tells that a program goes that a container might run.
func (p *split) noteMoved(program string) {
	p.note(fmt.Sprintf("`%s` is taken for what compiles packages, and is not in the production stage.", program))
}

// note adds a sentence for the user, once.
func (p *split) note(sentence string) {
	if !slices.Contains(p.tells, sentence) {
		p.tells = append(p.tells, sentence)
	}
}
