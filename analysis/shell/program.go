package shell

import (
	"slices"
	"strings"
)

// Name is the base name of the command, without regard to what it runs; empty if it is not literal or there is none.
func (c *Command) Name() string { return nameOf(c.Words) }

func nameOf(words []Word) string {
	if len(words) == 0 || !words[0].Literal {
		return ""
	}
	return baseName(words[0].Value)
}

// Program is what a command runs in the end, behind programs that only start another one, such as exec, env, sudo or tini.
type Program struct {
	// Words are the words of the program, its name first: the last words of the command. A wrapper that starts nothing is
	// a program itself.
	Words []Word
	// Wrappers are the base names in front of it, the outermost first.
	Wrappers []string
	// Assigns are the assignments in front of the command and those of wrappers, as in env NAME=value.
	Assigns []Assign
}

// Name is the base name of the program; empty if it is not literal or there is none.
func (p *Program) Name() string { return nameOf(p.Words) }

// Arguments reads the options and operands of the program; see ReadArguments.
func (p *Program) Arguments(valued ...string) Arguments {
	if len(p.Words) == 0 {
		return Arguments{}
	}
	return ReadArguments(p.Words[1:], valued...)
}

// wrapper says how a program takes the command that it starts.
type wrapper struct {
	valued   []string // the options whose value is the next word
	operands int      // how many words of its own stand in front of the command
	assigns  bool     // NAME=value may stand in front of the command
	stops    []string // the options with which it starts nothing
	needs    []string // options of which one must be there, or it starts nothing
}

var wrappers = map[string]wrapper{
	"builtin":              {},
	"busybox":              {},
	"catatonit":            {},
	"chroot":               {operands: 1},
	"command":              {stops: []string{"-v", "-V"}},
	"cross-env":            {assigns: true},
	"docker-entrypoint.sh": {},
	"docker-init":          {valued: []string{"-e", "-p"}},
	"dumb-init":            {valued: []string{"-r", "--rewrite"}},
	"env": {
		valued: []string{"-u", "--unset", "-C", "--chdir"}, assigns: true, stops: []string{"-S", "--split-string"},
	},
	"exec":    {valued: []string{"-a"}},
	"gosu":    {operands: 1},
	"ionice":  {valued: []string{"-c", "--class", "-n", "--classdata"}, stops: []string{"-p", "--pid"}},
	"nice":    {valued: []string{"-n", "--adjustment"}},
	"nohup":   {},
	"runuser": {valued: []string{"-u", "--user", "-g", "--group", "-G", "--supp-group"}, needs: []string{"-u", "--user"}},
	"setpriv": {valued: []string{
		"--reuid", "--regid", "--groups", "--inh-caps", "--ambient-caps", "--bounding-set", "--securebits", "--pdeathsig",
	}},
	"setsid":  {},
	"stdbuf":  {valued: []string{"-i", "--input", "-o", "--output", "-e", "--error"}},
	"su-exec": {operands: 1},
	"sudo": {
		valued: []string{
			"-u", "--user", "-g", "--group", "-h", "--host", "-p", "--prompt", "-C", "--close-from", "-D", "--chdir",
			"-R", "--chroot", "-r", "--role", "-t", "--type", "-T", "--command-timeout",
		},
		assigns: true,
		stops:   []string{"-l", "--list", "-e", "--edit", "-v", "-K"},
	},
	"time":        {valued: []string{"-f", "--format", "-o", "--output"}},
	"timeout":     {valued: []string{"-k", "--kill-after", "-s", "--signal"}, operands: 1},
	"tini":        {valued: []string{"-e", "-p"}},
	"tini-static": {valued: []string{"-e", "-p"}},
	"xvfb-run": {valued: []string{
		"-e", "--error-file", "-f", "--auth-file", "-n", "--server-num", "-p", "--xauth-protocol", "-s", "--server-args",
		"-w", "--wait",
	}},
}

// Program sees through wrappers.
func (c *Command) Program() Program {
	p := Program{Words: c.Words, Assigns: c.Assigns}
	for {
		name := p.Name()
		w, ok := wrappers[name]
		if !ok {
			return p
		}
		start, assigns := w.command(p.Words)
		if start == len(p.Words) {
			return p
		}
		p.Wrappers = append(p.Wrappers, name)
		p.Assigns = append(slices.Clip(p.Assigns), assigns...)
		p.Words = p.Words[start:]
	}
}

// command is the index of the word with which the wrapped command begins, and the assignments in front of it; the number
// of words if there is none.
func (w wrapper) command(words []Word) (start int, assigns []Assign) {
	at, needed := 1, len(w.needs) == 0
	for at < len(words) && isOption(words[at]) {
		option := words[at].Value
		size := w.option(option)
		if size == 0 {
			return len(words), nil
		}
		name, _, _ := strings.Cut(option, "=")
		needed = needed || slices.Contains(w.needs, name)
		at += size
		if option == "--" {
			break
		}
	}
	if !needed {
		return len(words), nil
	}
	for w.assigns && at < len(words) {
		assign, ok := assignment(words[at])
		if !ok {
			break
		}
		assigns = append(assigns, assign)
		at++
	}
	return min(at+w.operands, len(words)), assigns
}

// option is the number of words that an option takes; 0 if the wrapper starts nothing with it.
func (w wrapper) option(option string) int {
	name, _, hasValue := strings.Cut(option, "=")
	switch {
	case slices.Contains(w.stops, name):
		return 0
	case strings.HasPrefix(option, "--"):
		if !hasValue && slices.Contains(w.valued, name) {
			return 2
		}
		return 1
	}
	for i := 1; i < len(option); i++ {
		letter := "-" + option[i:i+1]
		switch {
		case slices.Contains(w.stops, letter):
			return 0
		case slices.Contains(w.valued, letter) && i+1 < len(option):
			return 1
		case slices.Contains(w.valued, letter):
			return 2
		}
	}
	return 1
}
