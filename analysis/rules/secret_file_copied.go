package rules

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/project"
	"dockerfile-ls/analysis/secret"
	"dockerfile-ls/analysis/syntax"
)

var secretFileCopied = &lint.Rule{
	ID:       SecretFileCopied,
	Severity: lint.Warning,
	Section:  8,
	Title:    "A file with a secret is copied into the image.",
	Why: "COPY makes a layer, which keeps the file for everyone who gets the image, whatever a later RUN removes. What " +
		"the build needs comes as a secret mount, what the application needs when the container runs. Where the file is " +
		"visible its text decides, else its name.",
	Check: func(p *lint.Pass) {
		patterns := p.Project.Context.State == project.Known // else nobody knows what they match
		gone := sync.OnceValue(func() removals { return removalsOf(p) })
		copies := func(inst *dockerfile.Instruction) bool {
			return inst.FromContext() && inst.Err == nil && !p.Full() && mayNameSecret(inst.Extent.Of(p.Text), patterns)
		}
		for _, inst := range p.Instructions {
			switch {
			case copies(inst):
				checkCopied(p, inst, gone)
			case inst.Inner != nil && copies(inst.Inner):
				checkTrigger(p, inst.Inner, gone)
			}
		}
	},
}

// checkCopied looks at the sources that are known, and at the names of those in a folder that is not.
func checkCopied(p *lint.Pass, inst *dockerfile.Instruction, gone func() removals) {
	for _, source := range contextSources(p, inst) {
		if copied := worstCopied(p, inst, source); copied.likelihood != secret.Unlikely {
			tellCopied(p, inst, source, copied, gone)
		}
	}
	tellByName(p, inst, gone, func(source syntax.Word) bool {
		return p.Expand(inst, source.Text).State != dockerfile.Known
	})
}

// checkTrigger looks at the names behind ONBUILD, since the files lie in the context of another Dockerfile.
func checkTrigger(p *lint.Pass, inst *dockerfile.Instruction, gone func() removals) {
	tellByName(p, inst, gone, func(source syntax.Word) bool { return !dockerfile.ReadRemote(source.Text).Exists() })
}

// tellByName tells the sources that are called like secrets, of those that are unseen.
func tellByName(p *lint.Pass, inst *dockerfile.Instruction, gone func() removals, unseen func(syntax.Word) bool) {
	for _, word := range inst.Sources() {
		name := path.Base(word.Text)
		if !unseen(word) || keepsPublicKeys(inst) {
			continue
		}
		if likelihood := secret.ByName(name); likelihood != secret.Unlikely {
			tellCopied(p, inst, contextSource{word: word}, copiedSecret{name: name, likelihood: likelihood}, gone)
		}
	}
}

// mayNameSecret reports whether the text of a COPY or ADD has a part of the name of a file with secrets, a variable or, if
// they count, a pattern.
func mayNameSecret(source string, patterns bool) bool {
	for _, part := range [...]string{
		".env", ".npmrc", ".pem", ".key", "id_", ".aws", "aws.", "credentials", "config.", ".ssh", ".netrc", ".pypirc",
		".git-", ".pgpass", "$",
	} {
		if strings.Contains(source, part) {
			return true
		}
	}
	return patterns && strings.ContainsAny(source, "*?[")
}

// copiedSecret is a file that a source names and that holds a secret, by its text or by its name.
type copiedSecret struct {
	name       string
	likelihood secret.Likelihood
	holds      string // what the text has; empty if it is not visible
}

// worstCopied is the file of a source that most certainly holds a secret; it is Unlikely if none does.
func worstCopied(p *lint.Pass, inst *dockerfile.Instruction, source contextSource) copiedSecret {
	var worst copiedSecret
	for _, name := range namedBy(p, source) {
		c := judge(p, name)
		if c.holds == "" && keepsPublicKeys(inst) {
			continue
		}
		if c.holds != "" {
			return c
		}
		if c.likelihood > worst.likelihood {
			worst = c
		}
	}
	return worst
}

// namedBy are the files that a source names: itself or, of a pattern and of a folder for secrets, what is taken. A folder or
// a file by another name is none, and of what lies in it nobody has said that it be copied.
func namedBy(p *lint.Pass, source contextSource) []string {
	name := path.Clean("/" + source.Source)[1:]
	pattern := strings.ContainsAny(name, "*?[")
	likely := secret.ByName(name) != secret.Unlikely || secret.MayBeKey(name)
	if !pattern && !likely {
		return nil
	}
	taken := p.Project.Takes(source.Copy)
	if taken.State == project.Absent && p.Project.Ignored(name).Value {
		return nil // copy-ignored-file tells it
	}
	var files []string
	for _, file := range taken.Files {
		matches, _ := path.Match(path.Base(name), path.Base(file))
		if matches || !pattern && strings.HasPrefix(file, name+"/") {
			files = append(files, file)
		}
	}
	plain := strings.NewReplacer("**/", "", "*", "").Replace(name) // what a pattern would take first
	if len(files) == 0 && likely && !(pattern && p.Project.Ignored(plain).Value) {
		return []string{name}
	}
	return files
}

// judge says what a file holds by its text, and how likely it is secret by its name where the text is not visible.
func judge(p *lint.Pass, name string) copiedSecret {
	c := copiedSecret{name: name, likelihood: secret.ByName(name)}
	if folder := path.Base(path.Dir(name)); c.likelihood == secret.Unlikely && folder == ".aws" {
		c.likelihood = secret.Possible
	}
	if c.likelihood == secret.Unlikely && !secret.MayBeKey(name) {
		return c
	}
	if content := p.Project.File(name); content.State == project.Known {
		c.holds = secret.InFile(name, content.Value)
		c.likelihood = secret.Unlikely
		if c.holds != "" {
			c.likelihood = secret.Probable
		}
	}
	return c
}

// keepsPublicKeys reports whether files are copied to where public keys and certificates lie.
func keepsPublicKeys(inst *dockerfile.Instruction) bool {
	destination := inst.Args[len(inst.Args)-1].Text
	places := [...]string{
		"/keyrings", "/trusted.gpg.d", "/ca-certificates", "/anchors", "/rpm-gpg", "/apk/keys", "/ssl/certs",
	}
	for _, place := range places {
		if strings.Contains(destination, place) {
			return true
		}
	}
	return strings.HasSuffix(destination, ".pub") || strings.HasSuffix(destination, ".crt")
}

func tellCopied(p *lint.Pass, inst *dockerfile.Instruction, source contextSource, c copiedSecret, gone func() removals) {
	f := lint.Finding{Span: source.word.Span}
	holds := "is called like a file with secrets"
	switch {
	case c.holds != "":
		holds = "holds " + c.holds
		if !strings.Contains(c.holds, " ") {
			holds = "holds `" + c.holds + "`"
		}
	case c.likelihood == secret.Possible:
		f.Severity = lint.Information
		holds = "may be a private key"
	}
	f.Message = fmt.Sprintf("`%s` %s, and stays in this layer: %s.", c.name, holds, cureFor(inst, source, c.name))
	if late, ok := gone().late(p, inst, c.name); ok {
		f.Related = append(f.Related, lint.Related{
			Span: late.place, Message: fmt.Sprintf("`%s` is removed here, too late: the layer keeps it", path.Base(c.name)),
		})
	}
	p.Report(f)
}

// cureFor says how a file gets to where it is needed, and into no layer: what only a build reads as a mount. Ignoring what a
// COPY names would break that.
func cureFor(inst *dockerfile.Instruction, source contextSource, name string) string {
	base := strings.TrimRight(path.Base(name), "*?")
	switch {
	case slices.Contains([]string{".npmrc", ".netrc", ".pypirc", ".git-credentials", "config.json"}, base),
		strings.HasPrefix(base, "id_"):
		return fmt.Sprintf("write `RUN --mount=type=secret,id=%s,target=…` where it is needed", strings.TrimLeft(base, "."))
	case path.Base(name) == path.Base(source.Source) && !strings.ContainsAny(name, "*?["), source.Source == "":
		return fmt.Sprintf("take it out of this %s, and mount it when the container runs", inst.Name)
	}
	return "name it in .dockerignore, and mount it when the container runs"
}
