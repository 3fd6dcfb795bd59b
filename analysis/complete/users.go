package complete

import (
	"slices"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/shell"
)

// users are the items for the argument of USER.
func (p *place) users(written string) []Item {
	if strings.ContainsAny(written, " \t") || len(p.half.Args) > 0 && p.isBlank() {
		return nil
	}
	start := p.at
	if len(p.half.Args) > 0 {
		start = p.half.Rest.Start
	}
	return p.usersAt(start, written)
}

// usersAt are the users that there are at the cursor: those that a command in front of it creates, those of the file, then
// those of the base image. Behind a colon groups stand, which are mostly called like their users.
func (p *place) usersAt(start int, written string) []Item {
	if at := strings.IndexByte(written, ':'); at >= 0 {
		start += at + 1
	}
	span, ok := p.word(start, quotes+":")
	if !ok {
		return nil
	}
	var items []Item
	seen := map[string]bool{"": true}
	add := func(name, detail string) {
		if !seen[name] {
			seen[name] = true
			items = append(items, Item{Span: span, Label: name, Kind: User, Detail: detail, Insert: name})
		}
	}
	for _, name := range p.created(strings.Contains(written, ":")) {
		add(name, "created above")
	}
	if p.stage != nil {
		p.ofBase(add)
	}
	for _, name := range p.usersOfFile() {
		add(name, "used in this file")
	}
	add("root", "")
	return items
}

// ofBase adds the users of the image that the stage is based on.
func (p *place) ofBase(add func(name, detail string)) {
	ref, known := p.Model.Image(p.stage)
	if !known {
		return
	}
	if details := p.Images[ref.Key()].Details; details != nil {
		name, _, _ := strings.Cut(details.User, ":")
		add(name, "the user of "+ref.Key())
	}
	for _, name := range ref.Users() {
		add(name, "of the image "+ref.Name)
	}
}

// created are the users, and the groups if they are asked for, that commands in front of the cursor create.
func (p *place) created(groups bool) []string {
	var names []string
	if p.inst == nil {
		return nil
	}
	programs := []string{"useradd", "adduser"}
	if groups {
		programs = append(programs, "groupadd", "addgroup")
	}
	for inst := range p.Model.Before(p.inst) {
		source := inst.Of(p.Model.Text)
		if inst.Name != "RUN" || !strings.Contains(source, "add") || !mentions(source, programs) {
			continue
		}
		script, posix := p.Model.Script(inst)
		if !posix {
			continue
		}
		for _, c := range script.Commands {
			program := c.Program()
			if slices.Contains(programs, program.Name()) {
				names = append(names, firstOperand(&program)...)
			}
		}
	}
	return names
}

func mentions(source string, words []string) bool {
	return slices.ContainsFunc(words, func(word string) bool { return strings.Contains(source, word) })
}

// valued are the options of useradd, adduser, groupadd and addgroup that take the next word.
var valued = []string{
	"-u", "--uid", "-g", "--gid", "-G", "--groups", "--ingroup", "-d", "--home", "--home-dir", "-h", "-s", "--shell", "-c",
	"--comment", "--gecos", "-k", "--skel", "-e", "--expiredate", "-p", "--password", "-K", "--key", "-b", "--base-dir",
}

// firstOperand is what a command creates; nothing if that is not known.
func firstOperand(program *shell.Program) []string {
	arguments := program.Arguments(valued...)
	if len(arguments.Operands) == 0 || !arguments.Operands[0].Literal || !isName(arguments.Operands[0].Value) {
		return nil
	}
	return []string{arguments.Operands[0].Value}
}

// isName reports whether a name can be written without quotes.
func isName(name string) bool {
	return name != "" && !strings.ContainsAny(name, " \t\r\n\v\f\"'`\\$:,;|&<>()#")
}

// usersOfFile are those that other instructions name, the last one first.
func (p *place) usersOfFile() []string {
	var names []string
	for _, inst := range slices.Backward(p.Model.Instructions) {
		if inst == p.outer {
			continue
		}
		if inst.Name == "USER" {
			names = appendUser(names, inst.Rest.Text)
		}
		names = append(names, owners(inst)...)
	}
	return names
}

func owners(inst *dockerfile.Instruction) []string {
	var names []string
	for _, flag := range inst.Flags {
		if flag.Name.Text == "chown" {
			names = appendUser(names, flag.Value.Text)
		}
	}
	return names
}

func appendUser(names []string, user string) []string {
	name, _, _ := strings.Cut(user, ":")
	if !isName(name) || slices.Contains(names, name) {
		return names
	}
	return append(names, name)
}
