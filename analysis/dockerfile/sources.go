package dockerfile

import (
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/dfgitutil"

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
	git, isGit, err := dfgitutil.ParseGitRef(source)
	switch {
	case err != nil && isGit:
		return Remote{Err: err}
	case err == nil && !git.IndistinguishableFromLocal:
		return Remote{Git: git}
	}
	return Remote{HTTP: strings.HasPrefix(source, "http://") || strings.HasPrefix(source, "https://")}
}
