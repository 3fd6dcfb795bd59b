package rules

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/project"
	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

var secretMountNotIgnored = &lint.Rule{
	ID:       SecretMountNotIgnored,
	Severity: lint.Information,
	Section:  10,
	Title:    "The file behind a secret mount lies in the context, and .dockerignore lets it through.",
	Why: "The mount keeps the file out of the image, and the next `COPY . .` brings it in. .dockerignore does not hinder " +
		"the mount, since `docker build --secret` reads the file where the command runs.",
	Check: func(p *lint.Pass) {
		var told []string
		for _, source := range secretSources(p) {
			copies := copiesOf(p, source.file)
			if slices.Contains(told, source.file) || isCopiedByName(p, source.file) ||
				len(copies) > 0 && missesDockerignore(p, source.file) {
				continue
			}
			told = append(told, source.file)
			ignore := ".dockerignore"
			if p.Project.Ignore.State == project.Known {
				ignore = p.Project.Ignore.Path
			}
			pattern := "**/" + path.Base(source.file)
			f := lint.Finding{Span: source.place, Patterns: []string{pattern}, Message: fmt.Sprintf(
				"`%s` lies in the build context, and nothing ignores it: add `%s` to `%s`.", source.file, pattern, ignore)}
			for _, copied := range copies {
				f.Related = append(f.Related, lint.Related{
					Span: copied, Message: fmt.Sprintf("`%s` is copied here", source.file),
				})
			}
			p.Report(f)
		}
	},
}

// secretSource is a file of the context that a secret mount most likely gets: the build command says which one it is.
type secretSource struct {
	file  string
	place text.Span // in the mount
}

// secretSources are the files behind the secret mounts of the file that a build gets with the context.
func secretSources(p *lint.Pass) []secretSource {
	var sources []secretSource
	for _, inst := range p.Instructions {
		if inst.Name != "RUN" {
			continue
		}
		for _, mount := range inst.Flags {
			if !isSecretMount(mount) {
				continue
			}
			if file, place := sourceOf(p, mount); file != "" {
				sources = append(sources, secretSource{file, place})
			}
		}
	}
	return sources
}

// sourceOf looks for a file in the context's root that is called like the target of a mount, or like its ID with or without
// a dot in front.
func sourceOf(p *lint.Pass, mount syntax.Flag) (file string, place text.Span) {
	target, id := mountOption(mount, "target", "dst", "destination"), mountOption(mount, "id", "source", "src")
	for _, name := range []string{path.Base(target.Text), id.Text, "." + id.Text} {
		if name == "." || strings.ContainsAny(name, "$/*?[") {
			continue
		}
		taken := p.Project.Takes(project.Copy{Source: name})
		if taken.State == project.Known && slices.Equal(taken.Files, []string{name}) {
			if id.Text == "" {
				return name, target.Span
			}
			return name, id.Span
		}
	}
	return "", text.Span{}
}

// copiesOf are the sources of COPY and ADD that take a file of the context.
func copiesOf(p *lint.Pass, file string) []text.Span {
	var places []text.Span
	for _, inst := range p.Instructions {
		for _, source := range contextSources(p, inst) {
			if slices.Contains(p.Project.Takes(source.Copy).Files, file) {
				places = append(places, source.word.Span)
			}
		}
	}
	return places
}

// isCopiedByName reports whether a COPY or ADD names a file of the context, which ignoring it would break. Whether there is
// a secret in it is for secret-file-copied.
func isCopiedByName(p *lint.Pass, file string) bool {
	for _, inst := range p.Instructions {
		for _, source := range contextSources(p, inst) {
			if path.Clean("/"+source.Source) == "/"+file {
				return true
			}
		}
	}
	return false
}

// missesDockerignore reports whether there is no .dockerignore, and missing-dockerignore tells so, to which a file belongs.
func missesDockerignore(p *lint.Pass, file string) bool {
	_, _, told := unprotected(p)
	return told && slices.ContainsFunc(unwanted(), func(pattern string) bool {
		ok, _ := path.Match(pattern, file)
		return ok
	})
}
