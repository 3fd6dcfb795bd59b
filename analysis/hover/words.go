package hover

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/image"
	"dockerfile-ls/analysis/reference"
	"dockerfile-ls/analysis/shell"
	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

// user is the user and the group of USER, or of --chown.
func user(p *place) (Card, bool) {
	word, chown := syntax.Word{}, false
	if p.Name == "USER" && len(p.Args) > 0 {
		word = p.Args[0]
	}
	if f, found := p.flagAt(); found && f.Name.Text == "chown" && (p.Name == "COPY" || p.Name == "ADD") {
		word, chown = f.Value, true
	}
	if word.Text == "" || !p.touches(word.Span) {
		return Card{}, false
	}
	c := concept(word.Span, "User", "user")
	if chown {
		e, _ := reference.Find(reference.Flag, p.Name, "chown")
		c = entry(word.Span, "Owner", e)
	}
	c.Subject = word.Text
	v := p.Expand(p.Instruction, word.Text)
	if v.State != dockerfile.Known {
		c.row("user", "not known, since it is made of what is not known")
		return c, true
	}
	name, group, _ := strings.Cut(v.Text, ":")
	p.addUserName(&c, name)
	if s := p.StageOf(p.Instruction); group != "" || s == nil || !p.Windows(s) {
		addGroup(&c, name, group, chown)
	}
	return c, true
}

// addUserName says who a user is.
func (p *place) addUserName(c *Card, name string) {
	s := p.StageOf(p.Instruction)
	windows := s != nil && p.Windows(s)
	_, err := strconv.ParseUint(name, 10, 32)
	switch {
	case windows:
		c.code("user", name, "")
	case name == "root" || err == nil && strings.Trim(name, "0") == "":
		c.code("user", name, "root, who owns everything in the container")
	case err == nil:
		c.code("user", name, "a number, which needs no entry in /etc/passwd")
	default:
		c.code("user", name, "a name, which has to be in /etc/passwd")
	}
	if s == nil || windows {
		return
	}
	if inst := p.creates(name); inst != nil {
		c.row("created in", line(p.Text, inst.Span))
		return
	}
	if ref, ok := p.Image(s); ok && ref.Name == "node" && (name == image.NodeUser || name == "1000") {
		c.row("created by", "the official image of Node.js, which has node with the number 1000")
	}
}

// creates is the RUN in front of the place that creates a user; nil if none is seen.
func (p *place) creates(user string) *dockerfile.Instruction {
	const most = 200
	looked := 0
	for inst := range p.Before(p.Instruction) {
		if inst.Name != "RUN" || !strings.Contains(inst.Line.Text+p.bodies(inst), user) {
			continue
		}
		if looked++; looked > most {
			return nil
		}
		script, posix := p.Script(inst)
		if !posix {
			continue
		}
		for i := range script.Commands {
			program := script.Commands[i].Program()
			if name := program.Name(); name != "useradd" && name != "adduser" {
				continue
			}
			if slices.ContainsFunc(program.Words[1:], func(w shell.Word) bool { return w.Literal && w.Value == user }) {
				return inst
			}
		}
	}
	return nil
}

func (p *place) bodies(inst *dockerfile.Instruction) string {
	var out strings.Builder
	for _, h := range inst.Heredocs {
		out.WriteString(inst.Body(h))
	}
	return out.String()
}

func addGroup(c *Card, user, group string, chown bool) {
	_, err := strconv.ParseUint(user, 10, 32)
	number := err == nil
	switch {
	case group == "root" || group != "" && strings.Trim(group, "0") == "":
		c.code("group", group, "the group of root")
	case group != "":
		c.code("group", group, "")
	case chown && number:
		c.row("group", "none is named, and the same number is taken")
	case number:
		c.row("group", "none is named: the one of the user in /etc/passwd, else the group of root")
	default:
		c.row("group", "none is named: the user's own")
	}
}

// port is a port of EXPOSE.
func port(p *place) (Card, bool) {
	if p.Name != "EXPOSE" {
		return Card{}, false
	}
	i := slices.IndexFunc(p.Args, func(w syntax.Word) bool { return p.touches(w.Span) })
	if i < 0 {
		return Card{}, false
	}
	c := concept(p.Args[i].Span, "Port", "port")
	c.Subject = p.Args[i].Text
	words, v := p.ExpandWords(p.Instruction, p.Args[i].Text)
	if v.State != dockerfile.Known || len(words) != 1 || dockerfile.CheckPort(words[0]) != nil {
		return c, v.State == dockerfile.Unknown && v.Err == nil
	}
	parts := strings.Split(words[0], ":")
	ports, protocol, named := strings.Cut(parts[len(parts)-1], "/")
	protocol = strings.ToLower(protocol)
	if len(parts) > 1 {
		c.row("counts", "only what stands behind the last colon")
	}
	if protocol == "" {
		protocol, named = "tcp", false
	}
	first, last, isRange := strings.Cut(ports, "-")
	from, _ := strconv.Atoi(first)
	if to, _ := strconv.Atoi(last); isRange {
		c.row("ports", count(to-from+1, "port", "ports")+", from "+strconv.Itoa(from)+" to "+strconv.Itoa(to))
	} else {
		c.row("port", strconv.Itoa(from))
	}
	if named {
		c.row("protocol", strings.ToUpper(protocol))
	} else {
		c.row("protocol", strings.ToUpper(protocol)+", as none is named")
	}
	if s, known := reference.FindService(from, protocol); known && !isRange {
		c.row("known for", s.Name)
	}
	return c, true
}

// directory is the path of WORKDIR.
func directory(p *place) (Card, bool) {
	if p.Name != "WORKDIR" || len(p.Args) == 0 || !p.touches(p.Args[0].Span) {
		return Card{}, false
	}
	c := concept(p.Args[0].Span, "Working directory", "directory")
	c.Subject = p.Args[0].Text
	before := p.Workdir(p.Instruction)
	v := p.Expand(p.Instruction, p.Args[0].Text)
	s := p.StageOf(p.Instruction)
	note := ""
	if v.Default || !path.IsAbs(v.Text) && before.Default {
		note = "by default; --build-arg can set another"
	}
	switch {
	case v.State != dockerfile.Known:
		c.row("path", "not known, since it is made of what is not known")
	case s != nil && p.Windows(s):
		c.code("path", v.Text, note)
	case path.IsAbs(v.Text):
		c.code("path", path.Clean(v.Text), note)
	case before.State == dockerfile.Known:
		c.code("path", path.Join("/", before.Text, v.Text), note)
	default:
		c.row("path", "not known: it starts from the working directory of the base image")
	}
	if before.State == dockerfile.Known {
		c.code("before", before.Text, "")
	}
	return c, true
}

// signal is the signal of STOPSIGNAL, or one in a script.
func signal(p *place) (Card, bool) {
	if p.Name == "STOPSIGNAL" && len(p.Args) > 0 && p.touches(p.Args[0].Span) {
		v := p.Expand(p.Instruction, p.Args[0].Text)
		if s, known := reference.FindSignal(v.Text); known && v.State == dockerfile.Known {
			return signalCard(p.Args[0].Span, s), true
		}
		return Card{}, false
	}
	switch p.Name {
	case "RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK":
	default:
		return Card{}, false
	}
	script, posix := p.Script(p.Instruction)
	if !posix {
		return Card{}, false
	}
	for i := range script.Commands {
		command := &script.Commands[i]
		if !p.touches(p.At(command.Span)) {
			continue
		}
		for _, w := range signalsOf(command) {
			span := p.At(w.Span)
			name := strings.TrimLeft(w.Value, "-")
			if _, value, found := strings.Cut(name, "="); found {
				name = value
			}
			s, known := reference.FindSignal(name)
			if known && p.touches(span) && p.inside(span) {
				return signalCard(span, s), true
			}
		}
	}
	return Card{}, false
}

// inside reports whether a span lies in the instruction.
func (p *place) inside(span text.Span) bool {
	return p.Start <= span.Start && span.Start <= span.End && span.End <= p.End
}

func signalCard(span text.Span, s reference.Signal) Card {
	c := concept(span, s.Name, "signal")
	c.row("number", strconv.Itoa(s.Number))
	c.row("by default", "it "+s.Action)
	c.row("for", strings.ReplaceAll(s.Use, "`", ""))
	return c
}

// signalsOf are the words of a command that may be signals.
func signalsOf(c *shell.Command) []shell.Word {
	var found []shell.Word
	words := c.Program().Words
	if c.Name() == "timeout" {
		words = c.Words
	}
	if len(words) < 2 || !words[0].Literal {
		return nil
	}
	name := path.Base(words[0].Value)
	for i, w := range words[1:] {
		previous := words[i].Value
		asked := previous == "-s" || previous == "--signal" || previous == "-n" && name == "kill"
		option := strings.HasPrefix(w.Value, "-") && len(w.Value) > 1
		long := strings.HasPrefix(w.Value, "--")
		switch name {
		case "kill", "killall", "pkill":
			if asked || option && !long && i == 0 || strings.HasPrefix(w.Value, "--signal=") {
				found = append(found, w)
			}
		case "timeout":
			if asked || strings.HasPrefix(w.Value, "--signal=") {
				found = append(found, w)
			}
		case "trap":
			if i > 0 && !option && previous != "-p" && previous != "-l" || i > 0 && previous == "-" {
				found = append(found, w)
			}
		}
	}
	return slices.DeleteFunc(found, func(w shell.Word) bool { return !w.Literal || w.Decoded })
}
