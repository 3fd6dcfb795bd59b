package dockerfile

import (
	"strconv"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/dfgitutil"

	"dockerfile-ls/analysis/image"
	"dockerfile-ls/analysis/syntax"
)

// Sources are the sources of COPY and ADD that are no here-documents.
func (inst *Instruction) Sources() []syntax.Word {
	if inst.Name != "COPY" && inst.Name != "ADD" {
		return nil
	}
	var sources []syntax.Word
	for i, arg := range inst.Args {
		if i < len(inst.Args)-1 && !syntax.OpensHeredoc(arg.Text) {
			sources = append(sources, arg)
		}
	}
	return sources
}

// FromContext reports whether a COPY or ADD takes its sources from the build context, and not from a stage or an image.
func (inst *Instruction) FromContext() bool {
	for _, flag := range inst.Flags {
		if flag.Name.Text == "from" && flag.Value.Text != "" {
			return false
		}
	}
	return inst.Name == "COPY" || inst.Name == "ADD"
}

// ContextSources are the sources of all COPY and ADD out of the build context whose variables are known, without
// what is fetched from elsewhere.
func (m *Model) ContextSources() []string {
	var sources []string
	for _, inst := range m.Instructions {
		if !inst.FromContext() {
			continue
		}
		for _, word := range inst.Sources() {
			if v := m.Expand(inst, word.Text); v.State == Known && v.Text != "" && !ReadRemote(v.Text).Exists() {
				sources = append(sources, v.Text)
			}
		}
	}
	return sources
}

// Origin is what a --from of COPY or the from of a mount names: an earlier stage or an image.
type Origin struct {
	syntax.Word
	// Numbered says that it is the Number of a stage, from 0. BuildKit numbers the images that instructions name behind
	// the stages, so that it can be higher than those.
	Numbered bool
	Number   int
	Stage    *Stage // nil if it names none of the file; it may stand below, where BuildKit rejects it
	Image    image.Reference
	Err      error // why it is neither a stage nor an image
}

// Origins are what an instruction takes files from besides the build context, in order. Source: toCommand, which lets COPY
// count stages, and detectRunMount of BuildKit, which does not.
func (m *Model) Origins(inst *Instruction) []Origin {
	var origins []Origin
	for _, flag := range inst.Flags {
		switch {
		case inst.Name == "COPY" && flag.Name.Text == "from" && flag.Value.Text != "":
			origins = append(origins, m.numberedOrigin(flag.Value))
		case inst.Name == "RUN" && flag.Name.Text == "mount":
			if from := mountFrom(flag); from.Text != "" {
				origins = append(origins, m.origin(from))
			}
		}
	}
	return origins
}

// mountFrom is the from of a mount: the last one, as BuildKit takes it.
func mountFrom(flag syntax.Flag) (from syntax.Word) {
	for _, o := range flag.Options {
		if strings.EqualFold(o.Key.Text, "from") {
			from = o.Value
		}
	}
	return from
}

func (m *Model) numberedOrigin(word syntax.Word) Origin {
	number, err := strconv.Atoi(word.Text)
	if err != nil {
		return m.origin(word)
	}
	o := Origin{Word: word, Numbered: true, Number: number}
	if number >= 0 && number < len(m.Stages) {
		o.Stage = m.Stages[number]
	}
	return o
}

func (m *Model) origin(word syntax.Word) Origin {
	o := Origin{Word: word, Stage: m.Named(word.Text)}
	if o.Stage == nil && word.Text != "scratch" {
		o.Image, o.Err = image.Parse(word.Text)
	}
	return o
}

// Remote is a source of ADD that is not in the build context. At most one of the fields is set.
type Remote struct {
	HTTP bool              // a file that is downloaded
	Git  *dfgitutil.GitRef // a repository
	Err  error             // a git reference that BuildKit rejects
}

// Exists reports whether a source is remote at all.
func (r Remote) Exists() bool { return r != Remote{} }

// ReadRemote reads a source of ADD. Source: dispatchCopy of BuildKit, for which github.com/… without scheme is a path.
func ReadRemote(source string) Remote {
	if !strings.Contains(source, ":") {
		return Remote{} // as nearly all: neither a URL nor host:path, and BuildKit's errors are expensive
	}
	git, isGit, err := dfgitutil.ParseGitRef(source)
	switch {
	case err != nil && isGit:
		return Remote{Err: err}
	case err == nil && !git.IndistinguishableFromLocal:
		return Remote{Git: git}
	}
	return Remote{HTTP: strings.HasPrefix(source, "http://") || strings.HasPrefix(source, "https://")}
}
