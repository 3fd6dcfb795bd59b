package rules

import (
	"fmt"
	"regexp"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

// wordProblems looks at quotes and variables in the words that BuildKit expands.
func wordProblems(inst *dockerfile.Instruction) []problem {
	var found []problem
	for _, word := range expandedWords(inst) {
		if e := syntax.Expand(word.Text, inst.Escape); e.Problem != nil {
			found = append(found, problem{inst.Within(word, e.Problem.Span), e.Problem.Message})
		}
	}
	if inst.Name != "COPY" && inst.Name != "ADD" {
		return found
	}
	for _, h := range inst.Heredocs {
		if !h.Expand {
			continue
		}
		if e := syntax.ExpandHeredoc(inst.Body(h)); e.Problem != nil {
			found = append(found, problem{e.Problem.Span.Shift(h.Body.Start), e.Problem.Message})
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

// valueProblems looks at values that BuildKit checks; those with variables are not known.
func valueProblems(inst *dockerfile.Instruction) []problem {
	switch inst.Name {
	case "FROM":
		if len(inst.Args) == 3 {
			return check(inst, inst.Args[2:], dockerfile.CheckStageName)
		}
	case "EXPOSE":
		return check(inst, inst.Args, dockerfile.CheckPort)
	case "STOPSIGNAL":
		return check(inst, inst.Args, dockerfile.CheckSignal)
	case "VOLUME":
		return emptyVolumes(inst)
	case "COPY":
		return remoteSources(inst)
	}
	return nil
}

func check(inst *dockerfile.Instruction, words []syntax.Word, rule func(string) error) []problem {
	var found []problem
	for _, word := range words {
		e := syntax.Expand(word.Text, inst.Escape)
		if e.Variables || e.Problem != nil {
			continue
		}
		values := []string{e.Text}
		if inst.Name == "EXPOSE" {
			values = e.Words
		}
		for _, value := range values {
			if err := rule(value); err != nil {
				found = append(found, problem{word.Span, err.Error()})
			}
		}
	}
	return found
}

func emptyVolumes(inst *dockerfile.Instruction) []problem {
	var found []problem
	for _, word := range inst.Args {
		if e := syntax.Expand(strings.TrimSpace(word.Text), inst.Escape); e.Text == "" && !e.Variables && e.Problem == nil {
			found = append(found, problem{word.Span, "a volume needs a path"})
		}
	}
	return found
}

// remoteSources tells what only ADD can fetch.
func remoteSources(inst *dockerfile.Instruction) []problem {
	var found []problem
	for _, source := range inst.Sources() {
		e := syntax.Expand(source.Text, inst.Escape)
		if e.Problem != nil || !isHTTP(source.Text) && (e.Variables || !isHTTP(e.Text) && !isGitURL(e.Text)) {
			continue
		}
		found = append(found, problem{source.Span, fmt.Sprintf("COPY cannot fetch `%s`: write ADD", source.Text)})
	}
	return found
}

func isHTTP(source string) bool {
	return strings.HasPrefix(source, "http://") || strings.HasPrefix(source, "https://")
}

// gitURL matches what BuildKit fetches with git besides http URLs that end in .git: ssh, git and user@host:path.
var gitURL = regexp.MustCompile(`^(?i:ssh|git)://|^[a-zA-Z0-9_-]+@[a-zA-Z0-9.-]+:|^https?://[^?#]*\.git([?#].*)?$`)

func isGitURL(source string) bool { return gitURL.MatchString(source) }

// severalSources warns where several files are copied to what does not look like a directory. BuildKit accepts it, and
// each file replaces the one before unless the directory exists; the reference and the classic builder demand the slash.
func severalSources(p *lint.Pass, inst *dockerfile.Instruction) {
	if inst.Name != "COPY" && inst.Name != "ADD" || len(inst.Args) < 3 {
		return
	}
	last := inst.Args[len(inst.Args)-1]
	e := syntax.Expand(last.Text, inst.Escape)
	path := strings.ReplaceAll(e.Text, `\`, "/")
	if e.Variables || path == "." || path == ".." || strings.HasSuffix(path, "/") || strings.HasSuffix(path, "/.") || strings.HasSuffix(path, "/..") {
		return
	}
	if workdir := p.InForce(inst, "WORKDIR"); workdir != nil && len(workdir.Args) > 0 && workdir.Args[0].Text == last.Text {
		return // it is there
	}
	f := lint.Finding{
		Span:     last.Span,
		Severity: lint.Warning,
		Message:  fmt.Sprintf("`%s` receives several files, and is a file itself unless a folder of that name is there: write `%s/`.", last.Text, last.Text),
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
