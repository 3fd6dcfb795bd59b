package rules

import (
	"slices"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/secret"
	"dockerfile-ls/analysis/shell"
	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

// leak is a command that leaves a secret behind: in a file, or in the history of the image because the command reads it.
type leak struct {
	command int // its index in the script
	carried
	file string // what it is written to; empty if it is not
	// removed says that the same script takes the file away again.
	removed bool
}

// carried is the secret that a word has in it.
type carried struct {
	what string // the name of a variable or of a key, in backquotes, or a few words
	// by is the ARG or ENV that sets the variable; nil where the secret is written out.
	by   *dockerfile.Instruction
	name string // of the variable
	end  int    // of the word, in the script
}

func (c carried) isSet() bool { return c.what != "" }

// leaks reads the script of a RUN for what it does with secrets: the words of its commands, and variables that ARG or ENV
// set.
type leaks struct {
	*lint.Pass
	script *shell.Script
	outer  *declarations                      // those in front of the RUN
	own    map[string]*dockerfile.Instruction // what the script sets itself; nil for what is no secret any more
}

// declarations are the ARG and ENV of a stage up to a place, by the names of their variables, on those that it is based on.
type declarations struct {
	below *declarations
	by    map[string]*dockerfile.Instruction
}

func (d *declarations) add(inst *dockerfile.Instruction) {
	for _, pair := range inst.Pairs {
		d.by[pair.Key.Text] = inst
	}
}

// of is the instruction that declares a variable; nil if none does.
func (d *declarations) of(name string) *dockerfile.Instruction {
	for ; d != nil; d = d.below {
		if inst := d.by[name]; inst != nil {
			return inst
		}
	}
	return nil
}

// readLeaks are the leaks of a RUN, in order.
func readLeaks(p *lint.Pass, inst *dockerfile.Instruction, declared *declarations) ([]leak, *shell.Script) {
	script, posix := p.Script(inst)
	if !posix {
		return nil, nil
	}
	l := leaks{p, script, declared, map[string]*dockerfile.Instruction{}}
	l.follow()
	var found []leak
	for i := range script.Commands {
		if leak := l.of(i); leak.isSet() {
			found = append(found, leak)
		}
	}
	if len(found) > 0 {
		gone := removals{}
		gone.add(inst, script)
		for i, leak := range found {
			_, found[i].removed = gone.behind(leak.file, func(r removal) bool { return r.command > leak.command })
		}
	}
	return found, script
}

// follow forgets variables that the script sets itself, and knows those that it sets to a secret.
func (l *leaks) follow() {
	for _, c := range l.script.Commands {
		for _, a := range c.Assigns {
			if from := l.variable(a.Value, secret.IsName); from.isSet() {
				l.own[a.Name] = from.by
				continue
			}
			l.own[a.Name] = nil
		}
	}
}

// declared is the instruction that sets a variable of the script to what may be a secret; nil if none does.
func (l *leaks) declared(name string) *dockerfile.Instruction {
	if by, set := l.own[name]; set {
		return by
	}
	return l.outer.of(name)
}

// of is what a command leaks; its what is empty if it leaks nothing.
func (l *leaks) of(i int) leak {
	c := l.script.Commands[i]
	program := c.Program()
	if len(program.Words) == 0 {
		return leak{}
	}
	switch name := program.Name(); name {
	case "echo", "printf", "cat":
		file := l.target(i)
		if file == "" {
			return leak{}
		}
		return leak{command: i, carried: l.first(append(slices.Clone(program.Words[1:]), bodies(c)...)), file: file}
	case "tee":
		if args := program.Arguments(); len(args.Operands) > 0 {
			return leak{command: i, carried: l.first(bodies(c)), file: args.Operands[0].Value}
		}
	case "npm", "pnpm", "yarn", "git", "pip", "pip3", "composer", "bundle", "poetry":
		if configures(program) {
			return leak{command: i, carried: l.setting(program), file: configFile(name)}
		}
	case "curl", "wget":
		return leak{command: i, carried: l.first(append(slices.Clone(program.Words[1:]), bodies(c)...))}
	}
	return leak{command: i, carried: l.firstURL(program.Words[1:])}
}

// bodies are the here-documents that a command reads.
func bodies(c shell.Command) []shell.Word {
	var words []shell.Word
	for _, r := range c.Redirects {
		switch {
		case r.Body != nil:
			words = append(words, *r.Body)
		case r.Operator == "<<<":
			words = append(words, r.Target)
		}
	}
	return words
}

// place is the part of a command up to the word with the secret.
func (l *leak) place(script *shell.Script) text.Span {
	c := script.Commands[l.command]
	if len(c.Words) == 0 || l.end <= c.Words[0].Start || l.end > c.End {
		return c.Span // the secret stands in a here-document
	}
	return text.Span{Start: c.Words[0].Start, End: l.end}
}

// setting is the secret that a configuring command sets; a value that stands behind its key counts as one of the key.
func (l *leaks) setting(program shell.Program) carried {
	operands := program.Arguments("-C", "--location").Operands
	for i, word := range operands {
		if found := l.word(word); found.isSet() {
			return found
		}
		if i+1 == len(operands) {
			break
		}
		key, _ := secret.NPMCredential(word.Value + "=")
		if key == "" {
			continue
		}
		if found := l.variable(operands[i+1], func(string) bool { return true }); found.isSet() {
			return found
		}
		if operands[i+1].Literal && secret.IsWrittenOut(operands[i+1].Value) {
			return carried{what: "`" + key + "`", end: operands[i+1].End}
		}
	}
	return carried{}
}

// first is the first secret in words.
func (l *leaks) first(words []shell.Word) carried {
	for _, w := range words {
		if found := l.word(w); found.isSet() {
			return found
		}
	}
	return carried{}
}

func (l *leaks) firstURL(words []shell.Word) carried {
	for _, w := range words {
		if found := l.url(w); found.isSet() {
			return found
		}
	}
	return carried{}
}

// word is the secret that a word carries: the value of a variable, a key of .npmrc with its value, or a URL with a password.
// A variable in single quotes is none: the program puts it in when it runs.
func (l *leaks) word(w shell.Word) carried {
	if key, value := secret.NPMCredential(w.Value); key != "" {
		if found := l.variable(w, func(string) bool { return true }); found.isSet() {
			return found
		}
		if w.Literal && secret.IsWrittenOut(value) {
			return carried{what: "`" + key + "`", end: w.End}
		}
		return carried{}
	}
	if found := l.url(w); found.isSet() {
		return found
	}
	return l.variable(w, secret.IsName)
}

// variable is the first variable of a word that ARG or ENV sets and whose name is called so.
func (l *leaks) variable(w shell.Word, called func(string) bool) carried {
	for _, v := range w.Variables {
		if by := l.declared(v.Name); by != nil && called(v.Name) && !isHarmlessValue(by, v.Name) {
			return carried{"`" + v.Name + "`", by, v.Name, w.End}
		}
	}
	return carried{}
}

// isHarmlessValue reports whether the value that an instruction gives a variable is not what anybody hides.
func isHarmlessValue(by *dockerfile.Instruction, name string) bool {
	at := slices.IndexFunc(by.Pairs, func(pair syntax.Pair) bool { return pair.Key.Text == name })
	return at >= 0 && by.Name == "ENV" && holdsNone(by, by.Pairs[at])
}

// url is the password of a URL in a word.
func (l *leaks) url(w shell.Word) carried {
	_, rest, ok := strings.Cut(w.Text, "://")
	if !ok || !strings.Contains(rest, "@") {
		return carried{}
	}
	if w.Literal && secret.InURL(w.Value) {
		return carried{what: "the password in the URL", end: w.End}
	}
	login, _, _ := strings.Cut(rest, "@")
	if strings.Contains(login, "/") {
		return carried{}
	}
	_, password, _ := strings.Cut(login, ":")
	for _, v := range w.Variables {
		named := strings.Contains(login, v.Name) && secret.IsName(v.Name) || strings.Contains(password, v.Name)
		if by := l.declared(v.Name); by != nil && named {
			return carried{"`" + v.Name + "`", by, v.Name, w.End}
		}
	}
	return carried{}
}
