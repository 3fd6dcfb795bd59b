package rules

import (
	"maps"
	"path"
	"slices"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/node"
	"dockerfile-ls/analysis/project"
	"dockerfile-ls/analysis/shell"
)

// setting is what instructions in front of an install say about it, in its stage and in those below.
type setting struct {
	provided map[node.Manager]node.Release // what commands have put there
	declared map[string]bool               // the variables of installVariables that ARG or ENV set
	omits    bool                          // a command has configured that dev dependencies are left out
	copies   []contextCopy                 // the newest last
	dir      *string                       // the working directory, or not looked at yet if it is empty
}

// contextCopy is a source of the context with the absolute path that it is copied to.
type contextCopy struct {
	project.Copy
	to string
}

// installVariables are those that change what an install does.
var installVariables = []string{
	"CI", "NODE_ENV", "NPM_CONFIG_OMIT", "NPM_CONFIG_ONLY", "NPM_CONFIG_PRODUCTION", "YARN_ENABLE_IMMUTABLE_INSTALLS",
	"YARN_PRODUCTION", "npm_config_omit", "npm_config_only", "npm_config_production",
}

// after is the setting behind a program that installs a manager, or configures one.
func (s setting) after(program shell.Program) setting {
	s.omits = s.omits || node.SetsOmission(program)
	if r, ok := node.Provides(program); ok {
		s.provided = maps.Clone(s.provided)
		if s.provided == nil {
			s.provided = map[node.Manager]node.Release{}
		}
		s.provided[r.Manager] = r
	}
	return s
}

func (s setting) declares(inst *dockerfile.Instruction) setting {
	for _, pair := range inst.Pairs {
		if !s.declared[pair.Key.Text] && slices.Contains(installVariables, pair.Key.Text) {
			s.declared = maps.Clone(s.declared)
			if s.declared == nil {
				s.declared = map[string]bool{}
			}
			s.declared[pair.Key.Text] = true
		}
	}
	return s
}

func (s setting) takes(p *lint.Pass, inst *dockerfile.Instruction) setting {
	to, known := s.destination(p, inst)
	if !known {
		return s
	}
	for _, source := range contextSources(p, inst) {
		s.copies = append(s.copies, contextCopy{source.Copy, to})
	}
	return s
}

// imageWorkdir stands for the working directory of a base image, which nobody knows: two paths in it can be compared.
const imageWorkdir = "/<WORKDIR of the base image>"

// workdir is the working directory in front of an instruction, or imageWorkdir where the file names none.
func (s setting) workdir(p *lint.Pass, inst *dockerfile.Instruction) (string, bool) {
	if *s.dir == "" {
		switch dir := p.Workdir(inst); {
		case dir.State == dockerfile.Known:
			*s.dir = dir.Text
		case p.InForce(inst, "WORKDIR") == nil:
			*s.dir = imageWorkdir
		default:
			*s.dir = "?"
		}
	}
	return *s.dir, *s.dir != "?"
}

// packageFrom is the folder of the context whose package.json is copied into a folder of the image.
func (c contextCopy) packageFrom(p *lint.Pass, folder string) (string, bool) {
	if matched, _ := path.Match(path.Base(c.Source), "package.json"); matched && path.Base(c.Source) != "*" {
		return path.Dir(c.Source), c.to == folder || c.to == path.Join(folder, "package.json")
	}
	rest, inside := dockerfile.Relative(c.to, folder)
	if !inside {
		return "", false
	}
	from := path.Join(c.Source, rest)
	return from, slices.Contains(p.Project.Takes(c.Copy).Files, path.Join(from, "package.json"))
}

// destination is the absolute path that a COPY or ADD copies to.
func (s setting) destination(p *lint.Pass, inst *dockerfile.Instruction) (string, bool) {
	if len(inst.Args) < 2 {
		return "", false
	}
	to := p.Expand(inst, inst.Args[len(inst.Args)-1].Text)
	if to.State != dockerfile.Known || path.IsAbs(to.Text) {
		return path.Clean(to.Text), to.State == dockerfile.Known
	}
	folder, known := s.workdir(p, inst)
	return path.Join(folder, to.Text), known
}
