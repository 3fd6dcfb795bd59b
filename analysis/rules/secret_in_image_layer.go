package rules

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/secret"
	"dockerfile-ls/analysis/shell"
	"dockerfile-ls/analysis/text"
)

var secretInImageLayer = &lint.Rule{
	ID:       "secret-in-image-layer",
	Severity: lint.Warning,
	Section:  8,
	Title:    "A command leaves a secret in a layer of the image, or in its history.",
	Why: "Each RUN makes a layer, which keeps what a later one removes. Removed in the same RUN, the file is gone, but the " +
		"history of the image has the command with the values of the build arguments. A secret mount leaves neither.",
	Check: func(p *lint.Pass) {
		names := secretVariables(p)
		for _, inst := range p.Instructions {
			if len(inst.Heredocs) > 0 && inst.FromContext() {
				tellWrittenHeredocs(p, inst)
			}
			if inst.Name != "RUN" || !mayLeak(inst.Extent.Of(p.Text), names) || mountsSecret(inst) {
				continue // few need to be read as a script
			}
			if found, script := readLeaks(p, inst); len(found) > 0 {
				tellLeak(p, inst, script, found)
			}
		}
	},
}

// secretVariables are the names of the ARG and ENV of the file that are called like a secret.
func secretVariables(p *lint.Pass) []string {
	var names []string
	for _, inst := range p.Instructions {
		if inst.Name != "ARG" && inst.Name != "ENV" {
			continue
		}
		for _, pair := range inst.Pairs {
			if secret.IsName(pair.Key.Text) {
				names = append(names, pair.Key.Text)
			}
		}
	}
	return names
}

// mayLeak reports whether the text of a RUN names a secret variable, a credential of npm, or a URL with a user.
func mayLeak(source string, names []string) bool {
	login := strings.Contains(source, "://") && strings.Contains(source, "@")
	if login || strings.Contains(source, "_auth") || strings.Contains(source, "_password") {
		return true
	}
	for _, name := range names {
		if strings.Contains(source, name) {
			return true
		}
	}
	return false
}

func tellLeak(p *lint.Pass, inst *dockerfile.Instruction, script *shell.Script, found []leak) {
	first := found[0]
	stage := p.StageOf(inst)
	f := lint.Finding{Span: inst.At(first.place(script))}
	discarded := !ships(p, stage)
	if discarded && (first.file == "" || first.removed) {
		f.Severity = lint.Information
	}
	f.Message = fmt.Sprintf("%s: write `RUN %s`.", leakMessage(first, discarded), mountFor(first))
	for _, other := range found[1:] {
		f.Related = append(f.Related, lint.Related{Span: inst.At(other.place(script)), Message: other.what + " is left behind here too"})
	}
	if first.by != nil {
		f.Related = append(f.Related, lint.Related{Span: first.by.Keyword.Span, Message: first.what + " is set here"})
	}
	for _, leak := range found {
		if leak.file == "" || leak.removed {
			continue
		}
		for _, late := range lateRemovals(p, inst, leak.file) {
			f.Related = append(f.Related, lint.Related{Span: late, Message: fmt.Sprintf("`%s` is removed here, too late", leak.file)})
			tellLateRemoval(p, late, f.Span, leak)
		}
	}
	p.Report(f)
}

// leakMessage is what becomes of a secret, as a clause that begins a sentence.
func leakMessage(l leak, discarded bool) string {
	what := strings.ToUpper(l.what[:1]) + l.what[1:]
	if strings.HasPrefix(l.what, "`_") {
		what = "The value of " + l.what
	}
	kept := "the history of the image"
	switch {
	case discarded:
		kept = "provenance attestations and the build cache"
	case l.by != nil && l.by.Name == "ENV":
		kept = "the configuration of the image"
	}
	switch {
	case l.file != "" && l.removed:
		return fmt.Sprintf("%s is gone with `%s`, but stays in %s", what, l.file, kept)
	case l.file != "":
		return fmt.Sprintf("%s stays in this layer, in `%s`, whatever a later instruction removes", what, l.file)
	}
	return fmt.Sprintf("%s stays in %s", what, kept)
}

// mountFor is the flag of the secret mount that a command needs.
func mountFor(l leak) string {
	switch {
	case l.file != "":
		base := path.Base(l.file)
		return fmt.Sprintf("--mount=type=secret,id=%s,target=%s", strings.TrimLeft(base, "."), strings.Replace(l.file, "~/", "/root/", 1))
	case l.name != "":
		return secretMount(l.name)
	}
	return "--mount=type=secret,id=token,env=TOKEN"
}

// ships reports whether what a stage makes is in the final image: it is the final stage, or one that it is based on.
func ships(p *lint.Pass, stage *dockerfile.Stage) bool {
	for s := p.Final(); s != nil; s = p.Parent(s) {
		if s == stage {
			return true
		}
	}
	return false
}

// lateRemovals are the commands of later RUNs that take a file away, in the stage and in those that are based on it.
func lateRemovals(p *lint.Pass, inst *dockerfile.Instruction, file string) []text.Span {
	var places []text.Span
	for _, later := range p.Instructions {
		if later.Start <= inst.Start || later.Name != "RUN" || !isBasedOn(p, p.StageOf(later), p.StageOf(inst)) {
			continue
		}
		if source := later.Extent.Of(p.Text); !strings.Contains(source, path.Base(file)) && !strings.Contains(source, "config") {
			continue
		}
		script, posix := p.Script(later)
		if !posix {
			continue
		}
		for _, c := range script.Commands {
			if removes(c, file) {
				places = append(places, later.At(c.Span))
			}
		}
	}
	return places
}

// isBasedOn reports whether a stage is another one, or built on it.
func isBasedOn(p *lint.Pass, stage, base *dockerfile.Stage) bool {
	for s := stage; s != nil; s = p.Parent(s) {
		if s == base {
			return true
		}
	}
	return false
}

func tellLateRemoval(p *lint.Pass, place, writing text.Span, l leak) {
	p.Report(lint.Finding{
		Span: place,
		Message: fmt.Sprintf("The layer of an earlier RUN keeps `%s` with %s: remove it in the RUN that writes it, or mount it as a secret.",
			l.file, l.what),
		Related: []lint.Related{{Span: writing, Message: fmt.Sprintf("`%s` is written here", l.file)}},
	})
}

// tellWrittenHeredocs tells the here-documents that a COPY or ADD writes and that have a secret in them.
func tellWrittenHeredocs(p *lint.Pass, inst *dockerfile.Instruction) {
	for _, h := range inst.Heredocs {
		body := inst.Body(h)
		what := inWords(secret.InFile(inst.Args[len(inst.Args)-1].Text, body))
		if what == "" && h.Expand {
			what = secretIn(body, declaredBefore(p, inst))
		}
		if what == "" {
			continue
		}
		p.Tell(h.Span, fmt.Sprintf("%s stays in this layer, whatever a later instruction removes: write `RUN --mount=type=secret,…` where it is needed.",
			strings.ToUpper(what[:1])+what[1:]))
	}
}

// inWords is what makes a text secret, for a message.
func inWords(what string) string {
	if what == "" || strings.Contains(what, " ") {
		return what
	}
	return "the value of `" + what + "`"
}

// secretIn is the first secret variable, in the order of names, that a here-document reads.
func secretIn(body string, declared map[string]*dockerfile.Instruction) string {
	for _, name := range slices.Sorted(maps.Keys(declared)) {
		if secret.IsName(name) && readsVariable(body, name) && !isHarmlessValue(declared[name], name) {
			return "`" + name + "`"
		}
	}
	return ""
}

// readsVariable reports whether a text has $name or ${name in it.
func readsVariable(body, name string) bool {
	if strings.Contains(body, "${"+name+"}") {
		return true
	}
	_, rest, found := strings.Cut(body, "$"+name)
	return found && (rest == "" || !strings.ContainsAny(rest[:1], "_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"))
}
