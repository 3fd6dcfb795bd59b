package rules

import (
	"fmt"
	"path"
	"strings"
	"sync"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/secret"
	"dockerfile-ls/analysis/shell"
	"dockerfile-ls/analysis/text"
)

var secretInImageLayer = &lint.Rule{
	ID:       SecretInImageLayer,
	Severity: lint.Warning,
	Section:  8,
	Title:    "A command leaves a secret in a layer of the image, or in its history.",
	Why: "Each RUN makes a layer, which keeps what a later one removes. Removed in the same RUN, the file is gone, but " +
		"the history of the image has the command with the values of the build arguments. A secret mount leaves neither.",
	Check: func(p *lint.Pass) {
		l := leakTeller{p, sync.OnceValue(func() removals { return removalsOf(p) }), map[text.Span]bool{}}
		names := secretVariables(p)
		declared := make([]*declarations, len(p.Stages))
		for _, stage := range p.Stages {
			now := &declarations{by: map[string]*dockerfile.Instruction{}}
			if parent := p.Parent(stage); parent != nil {
				now.below = declared[parent.Index]
			}
			declared[stage.Index] = now
			l.follow(stage.Instructions, now, names)
			if triggers := stage.Triggers(); len(triggers) > 0 {
				now = &declarations{below: now, by: map[string]*dockerfile.Instruction{}}
				declared[stage.Index] = now
				l.follow(triggers, now, names)
			}
		}
	},
}

// follow tells the leaks of instructions that run one behind the other, with what they declare.
func (l *leakTeller) follow(list []*dockerfile.Instruction, now *declarations, names map[string]bool) {
	for _, inst := range list {
		switch {
		case l.Full():
			return
		case inst.Name == "ARG" || inst.Name == "ENV":
			now.add(inst)
		case len(inst.Heredocs) > 0 && inst.FromContext():
			tellWrittenHeredocs(l.Pass, inst, now)
		case inst.Name == "RUN" && mayLeak(l.Pass, inst, names) && !mountsSecret(inst): // few need to be read as a script
			if found, script := readLeaks(l.Pass, inst, now); len(found) > 0 {
				l.tell(inst, script, found)
			}
		}
	}
}

// secretVariables are the names of the ARG and ENV of the file that are called like a secret.
func secretVariables(p *lint.Pass) map[string]bool {
	names := map[string]bool{}
	for _, inst := range p.Instructions {
		if inst.Inner != nil {
			inst = inst.Inner
		}
		if inst.Name != "ARG" && inst.Name != "ENV" {
			continue
		}
		for _, pair := range inst.Pairs {
			if secret.IsName(pair.Key.Text) {
				names[pair.Key.Text] = true
			}
		}
	}
	return names
}

// mayLeak reports whether the text of a RUN reads a secret variable, or has a credential of npm or a URL with a user.
func mayLeak(p *lint.Pass, inst *dockerfile.Instruction, names map[string]bool) bool {
	source := inst.Extent.Of(p.Text)
	login := strings.Contains(source, "://") && strings.Contains(source, "@")
	if login || strings.Contains(source, "_auth") || strings.Contains(source, "_password") {
		return true
	}
	if len(names) == 0 {
		return false
	}
	isSecret := func(name string) bool { return names[name] }
	return firstVariable(inst.Line.Text, isSecret) != "" || len(inst.Heredocs) > 0 && firstVariable(source, isSecret) != ""
}

// firstVariable is the first variable that a text reads, as $name or ${name, and that is wanted; empty if there is none.
func firstVariable(source string, wanted func(name string) bool) string {
	for {
		_, rest, found := strings.Cut(source, "$")
		if !found {
			return ""
		}
		rest = strings.TrimLeft(rest, "{#!")
		end := strings.IndexFunc(rest, func(r rune) bool {
			return r != '_' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
		})
		if end < 0 {
			end = len(rest)
		}
		if end > 0 && wanted(rest[:end]) {
			return rest[:end]
		}
		source = rest[end:]
	}
}

// leakTeller tells what RUNs leak, and what removes it too late.
type leakTeller struct {
	*lint.Pass
	removals func() removals // made when the first leak is written to a file: few files have any
	told     map[text.Span]bool
}

func (l *leakTeller) tell(inst *dockerfile.Instruction, script *shell.Script, found []leak) {
	first := found[0]
	f := lint.Finding{Span: inst.At(first.place(script))}
	discarded := !ships(l.Pass, l.StageOf(inst))
	if discarded && (first.file == "" || first.removed) {
		f.Severity = lint.Information
	}
	f.Message = fmt.Sprintf("%s: write `RUN %s`.", leakMessage(first, discarded), mountFor(first))
	for _, other := range found[1:] {
		f.Related = append(f.Related, lint.Related{
			Span: inst.At(other.place(script)), Message: other.what + " is left behind here too",
		})
	}
	if first.by != nil {
		f.Related = append(f.Related, setHere(first))
	}
	for _, leak := range found {
		if leak.file == "" || leak.removed {
			continue
		}
		if late, ok := l.removals().late(l.Pass, inst, leak.file); ok {
			f.Related = append(f.Related, lint.Related{
				Span: late.place, Message: fmt.Sprintf("`%s` is removed here, too late", leak.file),
			})
			l.tellLate(late.place, f.Span, leak)
		}
	}
	l.Report(f)
}

// setHere is the name in the ARG or ENV that sets the variable of a leak, or that a command gives to it.
func setHere(l leak) lint.Related {
	for _, pair := range l.by.Pairs {
		if pair.Key.Text == l.name {
			return lint.Related{Span: pair.Key.Span, Message: l.what + " is set here"}
		}
	}
	for _, pair := range l.by.Pairs {
		if secret.IsName(pair.Key.Text) {
			return lint.Related{Span: pair.Key.Span, Message: "its value comes from here"}
		}
	}
	return lint.Related{Span: l.by.Keyword.Span, Message: "its value comes from here"}
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
		return fmt.Sprintf("--mount=type=secret,id=%s,target=%s", strings.TrimLeft(base, "."),
			strings.Replace(l.file, "~/", "/root/", 1))
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

// isBasedOn reports whether a stage is another one, or built on it.
func isBasedOn(p *lint.Pass, stage, base *dockerfile.Stage) bool {
	for s := stage; s != nil; s = p.Parent(s) {
		if s == base {
			return true
		}
	}
	return false
}

// tellLate tells a removal that comes too late, once.
func (l *leakTeller) tellLate(place, writing text.Span, written leak) {
	if l.told[place] {
		return
	}
	l.told[place] = true
	l.Report(lint.Finding{
		Span: place,
		Message: fmt.Sprintf("The layer of an earlier RUN keeps `%s` with %s: remove it in the RUN that writes it, or "+
			"mount it as a secret.",
			written.file, written.what),
		Related: []lint.Related{{Span: writing, Message: fmt.Sprintf("`%s` is written here", written.file)}},
	})
}

// tellWrittenHeredocs tells the here-documents that a COPY or ADD writes and that have a secret in them.
func tellWrittenHeredocs(p *lint.Pass, inst *dockerfile.Instruction, declared *declarations) {
	for _, h := range inst.Heredocs {
		body := inst.Body(h)
		what := inWords(secret.InFile(inst.Args[len(inst.Args)-1].Text, body))
		if what == "" && h.Expand {
			what = secretIn(body, declared)
		}
		if what == "" {
			continue
		}
		p.Tell(h.Span, fmt.Sprintf("%s stays in this layer, whatever a later instruction removes: write `RUN "+
			"--mount=type=secret,…` where it is needed.",
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

// secretIn is the first secret variable that a here-document reads, in backquotes.
func secretIn(body string, declared *declarations) string {
	name := firstVariable(body, func(name string) bool {
		by := declared.of(name)
		return by != nil && secret.IsName(name) && !isHarmlessValue(by, name)
	})
	if name == "" {
		return ""
	}
	return "`" + name + "`"
}
