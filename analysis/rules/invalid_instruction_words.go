package rules

import (
	"fmt"
	"path"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

// problems looks at what BuildKit checks when it converts the instruction.
func (v values) problems() []problem { return append(v.wordProblems(), v.valueProblems()...) }

// wordProblems looks at quotes and variables in the words that BuildKit expands.
func (v values) wordProblems() []problem {
	var found []problem
	for _, word := range expandedWords(v.inst) {
		if e := v.read(word.Text); e.Problem != nil {
			found = append(found, problem{v.inst.Within(word, e.Problem.Span), e.Problem.Message, e})
		}
	}
	if v.inst.Name != "COPY" && v.inst.Name != "ADD" {
		return found
	}
	for _, h := range v.inst.Heredocs {
		if !h.Expand {
			continue
		}
		if e := v.heredoc(v.inst.Body(h)); e.Problem != nil {
			found = append(found, problem{e.Problem.Span.Shift(h.Body.Start), e.Problem.Message, e})
		}
	}
	return found
}

// expandedWords are the words of an instruction in which BuildKit expands variables when it converts it.
// Source: the Expand methods in instructions/commands.go, and dispatch in dockerfile2llb.
func expandedWords(inst *dockerfile.Instruction) []syntax.Word {
	switch inst.Name {
	case "ADD", "COPY":
		var words []syntax.Word
		for _, arg := range inst.Args {
			if !syntax.OpensHeredoc(arg.Text) {
				words = append(words, arg)
			}
		}
		return words
	case "EXPOSE", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR":
		return inst.Args
	case "FROM":
		return inst.Args[:min(1, len(inst.Args))]
	case "ENV", "LABEL":
		var words []syntax.Word
		for _, pair := range inst.Pairs {
			words = append(words, pair.Key, pair.Value)
		}
		return words
	case "ARG":
		var words []syntax.Word
		for _, pair := range inst.Pairs {
			words = append(words, pair.Value)
		}
		return words
	}
	return nil
}

// valueProblems looks at values that BuildKit checks, as far as they are known.
func (v values) valueProblems() []problem {
	switch v.inst.Name {
	case "FROM":
		if len(v.inst.Args) == 3 {
			return v.check(v.inst.Args[2:], dockerfile.CheckStageName)
		}
	case "EXPOSE":
		return v.check(v.inst.Args, dockerfile.CheckPort)
	case "STOPSIGNAL":
		return v.check(v.inst.Args, dockerfile.CheckSignal)
	case "VOLUME":
		return v.emptyVolumes()
	case "ADD", "COPY":
		return v.remoteSources()
	}
	return nil
}

func (v values) check(words []syntax.Word, rule func(string) error) []problem {
	var found []problem
	for _, word := range words {
		e := v.read(word.Text)
		if e.Variables || e.Problem != nil {
			continue
		}
		parts := []string{e.Text}
		if v.inst.Name == "EXPOSE" {
			parts = e.Words
		}
		for _, part := range parts {
			if err := rule(part); err != nil {
				found = append(found, problem{word.Span, err.Error(), e})
			}
		}
	}
	return found
}

func (v values) emptyVolumes() []problem {
	var found []problem
	for _, word := range v.inst.Args {
		if e := v.read(strings.TrimSpace(word.Text)); e.Text == "" && !e.Variables && e.Problem == nil {
			found = append(found, problem{word.Span, "a volume needs a path", e})
		}
	}
	return found
}

// remoteSources tells what only ADD can fetch, and git references that BuildKit rejects.
func (v values) remoteSources() []problem {
	var found []problem
	for _, source := range v.inst.Sources() {
		e := v.read(source.Text)
		if e.Problem != nil || e.Variables && !isHTTP(source.Text) {
			continue
		}
		remote := dockerfile.ReadRemote(e.Text)
		switch {
		case v.inst.Name == "COPY" && (isHTTP(source.Text) || remote.Exists()):
			found = append(found, problem{
				source.Span, fmt.Sprintf("COPY cannot fetch `%s`: write ADD", source.Text), value{},
			})
		case e.Variables:
		case remote.Err != nil:
			found = append(found, problem{
				source.Span, fmt.Sprintf("BuildKit cannot read the git reference: %s", remote.Err), e,
			})
		case remote.Git != nil:
			found = append(found, v.contradictions(source, e, remote)...)
		}
	}
	return found
}

// contradictions tells flags of ADD that say something else than the query of the git reference.
func (v values) contradictions(source syntax.Word, e value, remote dockerfile.Remote) []problem {
	var found []problem
	for _, flag := range v.inst.Flags {
		switch flag.Name.Text {
		case "keep-git-dir":
			if keep := remote.Git.KeepGitDir; keep != nil && *keep == strings.EqualFold(flag.Value.Text, "false") {
				found = append(found, problem{source.Span, fmt.Sprintf(
					"`--keep-git-dir` and keep-git-dir=%t in the URL contradict each other: take one away", *keep,
				), e})
			}
		case "checksum":
			sum := v.read(flag.Value.Text)
			if sum.Problem == nil && !sum.Variables && remote.Git.Checksum != "" && sum.Text != "" &&
				sum.Text != remote.Git.Checksum {
				found = append(found, problem{
					flag.Value.Span, fmt.Sprintf("`%s` is another checksum than that in the URL: take one away", sum.Text),
					sum,
				})
			}
		}
	}
	return found
}

func isHTTP(source string) bool {
	return strings.HasPrefix(source, "http://") || strings.HasPrefix(source, "https://")
}

// severalSources warns where several files are copied to what does not look like a directory. BuildKit accepts it, and
// each file replaces the one before unless the directory exists; the reference and the classic builder demand the slash.
func severalSources(p *lint.Pass, inst *dockerfile.Instruction) {
	if inst.Name != "COPY" && inst.Name != "ADD" || len(inst.Args) < 3 || hasFlag(inst, "parents") {
		return // with --parents the destination is a folder
	}
	last := inst.Args[len(inst.Args)-1]
	e := values{p, inst, true}.read(last.Text)
	if e.Variables || e.Problem != nil || namesFolder(e.Text) || p.Workdir(inst).Is(absolute(p, inst, e.Text)) {
		return
	}
	f := lint.Finding{
		Span:     last.Span,
		Severity: lint.Warning,
		Message: fmt.Sprintf(
			"`%s` receives several files, and is a file itself unless a folder of that name is there: write `%s/`.",
			last.Text, last.Text,
		),
	}
	if e.Text == last.Text && last.Len() == len(last.Text) {
		f.Fixes = []lint.Fix{{
			Title: fmt.Sprintf("Change `%s` to `%s/`", last.Text, last.Text),
			Edits: []text.Edit{{Span: text.Span{Start: last.End, End: last.End}, New: "/"}},
			Risk:  "it makes a folder",
		}}
	}
	p.Report(f)
}

// namesFolder reports whether the last part of a destination can only be a folder.
func namesFolder(destination string) bool {
	switch last := destination[strings.LastIndexAny(destination, `/\`)+1:]; last {
	case "", ".", "..":
		return true
	}
	return false
}

// absolute is a destination as a path from the root; empty if it is relative to a working directory that is not known.
func absolute(p *lint.Pass, inst *dockerfile.Instruction, destination string) string {
	if path.IsAbs(destination) {
		return path.Clean(destination)
	}
	workdir := p.Workdir(inst)
	if workdir.State != dockerfile.Known {
		return ""
	}
	return path.Join(workdir.Text, destination)
}
