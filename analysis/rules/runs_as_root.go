package rules

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/image"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/project"
	"dockerfile-ls/analysis/shell"
	"dockerfile-ls/analysis/text"
)

var runsAsRoot = &lint.Rule{
	ID:       "runs-as-root",
	Severity: lint.Warning,
	Section:  4,
	Title:    "The final stage runs a command and never leaves root.",
	Why: "Without a USER the process runs as root, unless the base image says otherwise. Whoever breaks into it owns " +
		"everything in the container, and is one bug of the kernel away from the host. The official node image has the " +
		"user `node` for this.",
	Check: func(p *lint.Pass) {
		final := p.Final()
		if final == nil || final.Development() || p.Windows(final) || p.InForceAtEnd(final, "USER") != nil ||
			!ownCommand(p, final) || dropsPrivilege(p, final) {
			return
		}
		root := p.Root(final)
		base := p.Base(root)
		if base == "" {
			return // from a build argument without default
		}
		ref, _ := p.Image(final)
		privilege := ref.Privilege()
		if privilege == image.Unprivileged {
			return
		}
		name := image.Short(p.Base(final))
		f := lint.Finding{Span: final.Base.Span, Message: fmt.Sprintf(
			"`%s` runs as root, and no USER changes that: create a user, and switch to it in front of the command.", name,
		)}
		switch {
		case isBare(p, final):
			f.Message = fmt.Sprintf("`%s` runs as root, and no USER changes that: write `%s` in front of the command, "+
				"since nothing can create a user here.", name, numericUser)
		case privilege == image.UnknownPrivilege && base != "scratch":
			f.Severity = lint.Information
			f.Message = fmt.Sprintf("No USER stands here, so that the command runs as root if `%s` says nothing else: "+
				"switch to an unprivileged user in front of it.", name)
		}
		f.Fixes = newUser(p, final, ref)
		p.Report(f)
	},
}

// ownCommand reports whether the file gives the container its command.
func ownCommand(p *lint.Pass, stage *dockerfile.Stage) bool {
	process := p.Process(stage)
	return process.Cmd != nil || process.Entrypoint != nil
}

// dropsPrivilege reports whether the command of a container leaves root by itself, or the entry script that it runs does,
// where that is in the context.
func dropsPrivilege(p *lint.Pass, stage *dockerfile.Stage) bool {
	return slices.ContainsFunc(processCommands(p, stage), func(c shell.Command) bool {
		program := c.Program()
		return switchesUser(c) || isServerOfRoot(program.Name()) || scriptSwitchesUser(p, stage, program.Name())
	})
}

// isServerOfRoot reports whether a program is a server that opens its ports and logs as root, and works by processes of
// other users: another USER takes its ports and folders away.
func isServerOfRoot(name string) bool {
	switch path.Base(name) {
	case "apache2", "apache2-foreground", "apachectl", "cron", "crond", "haproxy", "httpd", "httpd-foreground", "nginx",
		"php-fpm", "sshd", "supervisord":
		return true
	}
	return false
}

// processCommands are the commands that the file has a container of a stage run, as far as they are known.
func processCommands(p *lint.Pass, stage *dockerfile.Stage) []shell.Command {
	process := p.Process(stage)
	var commands []shell.Command
	for _, inst := range []*dockerfile.Instruction{process.Entrypoint, process.Cmd} {
		if inst == nil {
			continue
		}
		if script, posix := p.Script(inst); posix {
			commands = append(commands, script.Commands...)
		}
	}
	return commands
}

// switchesUser reports whether a command runs another one as a user.
func switchesUser(c shell.Command) bool {
	program := c.Program()
	return slices.ContainsFunc(append(program.Wrappers, c.Name(), program.Name()), func(name string) bool {
		switch name {
		case "chpst", "gosu", "runuser", "s6-setuidgid", "setpriv", "setuidgid", "su", "su-exec", "sudo":
			return true
		}
		return false
	})
}

// scriptSwitchesUser looks into a script of the context that is copied into the stage, or into one below, under a name.
func scriptSwitchesUser(p *lint.Pass, stage *dockerfile.Stage, name string) bool {
	if name == "" {
		return false
	}
	for s := stage; s != nil; s = p.Parent(s) {
		for _, inst := range s.Instructions {
			for _, file := range filesNamed(p, inst, name) {
				script := shell.ParseFile(p.Project.File(file).Value)
				if slices.ContainsFunc(script.Commands, switchesUser) {
					return true
				}
			}
		}
	}
	return false
}

// filesNamed are the files of the context with a name that an instruction copies.
func filesNamed(p *lint.Pass, inst *dockerfile.Instruction, name string) []string {
	if !inst.FromContext() {
		return nil
	}
	var files []string
	for _, word := range inst.Sources() {
		if v := p.Expand(inst, word.Text); v.State == dockerfile.Known {
			files = append(files, p.Project.TakesNamed(project.Copy{Source: v.Text}, name).Paths...)
		}
	}
	return files
}

// isBare reports whether a stage starts from scratch and nothing is run in it, as nothing can be without a shell.
func isBare(p *lint.Pass, stage *dockerfile.Stage) bool {
	if p.Base(p.Root(stage)) != "scratch" {
		return false
	}
	for s := stage; s != nil; s = p.Parent(s) {
		if slices.ContainsFunc(s.Instructions, func(inst *dockerfile.Instruction) bool { return inst.Name == "RUN" }) {
			return false
		}
	}
	return true
}

// numericUser needs no /etc/passwd. The numbers are those of nonroot in distroless images.
const numericUser = "USER 65532:65532"

// newUser offers the unprivileged user: that of the official node image, a new one by the distribution's commands, or a
// number where nothing can be run.
func newUser(p *lint.Pass, stage *dockerfile.Stage, ref image.Reference) []lint.Fix {
	switchTo := func(title string, user text.Edit) []lint.Fix {
		edits := append([]text.Edit{user}, backToRoot(p, stage)...)
		return []lint.Fix{{Title: title, Edits: edits, Risk: "it may not write where root could"}}
	}
	if _, node := ref.Node(); node {
		return switchTo("Switch to the user "+image.NodeUser, insertUser(p, stage, "USER "+image.NodeUser))
	}
	if isBare(p, stage) {
		return switchTo("Switch to the user 65532", insertUser(p, stage, numericUser))
	}
	user := insertUser(p, stage, "USER "+newUserName)
	if created(p.Model, stage, nil, newUserName, "adduser", "useradd") {
		return switchTo("Switch to the user "+newUserName, user)
	}
	if created(p.Model, stage, nil, newUserName, "addgroup", "groupadd") {
		return nil // what the group is for, the user may not be
	}
	create := ""
	switch ref.Distribution() {
	case image.Alpine:
		create = "RUN addgroup -S app && adduser -S app -G app"
	case image.Debian:
		create = "RUN groupadd --system app && useradd --system --gid app app"
	default:
		return nil
	}
	edit := insertUser(p, stage, create)
	edit.New += user.New
	return switchTo("Create the user app and switch to it", edit)
}

// newUserName is the name of the user that is created where there is none.
const newUserName = "app"

// backToRoot has the stages that are based on one go on as root, as they do now: they may install what only root can.
func backToRoot(p *lint.Pass, stage *dockerfile.Stage) []text.Edit {
	var edits []text.Edit
	for _, s := range p.Stages {
		first := slices.IndexFunc(s.Instructions, func(inst *dockerfile.Instruction) bool {
			return inst.Name == "RUN" || inst.Name == "WORKDIR" || inst.Name == "USER"
		})
		if p.Parent(s) == stage && (first < 0 || s.Instructions[first].Name != "USER") {
			edits = append(edits, p.InsertAfter(s.From, "USER root"))
		}
	}
	return edits
}

// insertUser puts a line in front of the CMD or ENTRYPOINT behind which nothing is built any more, or at the end of the
// stage.
func insertUser(p *lint.Pass, stage *dockerfile.Stage, line string) text.Edit {
	place := (*dockerfile.Instruction)(nil)
	for i := len(stage.Instructions) - 1; i >= 0 && !needsRights(stage.Instructions[i]); i-- {
		if name := stage.Instructions[i].Name; name == "CMD" || name == "ENTRYPOINT" {
			place = stage.Instructions[i]
		}
	}
	if place != nil {
		return p.InsertBefore(place, line)
	}
	if len(stage.Instructions) == 0 {
		return p.InsertAfter(stage.From, line)
	}
	return p.InsertAfter(stage.Instructions[len(stage.Instructions)-1], line)
}

// needsRights reports whether an instruction may need to write as the user in force.
func needsRights(inst *dockerfile.Instruction) bool {
	switch inst.Name {
	case "ADD", "COPY", "RUN", "USER", "WORKDIR":
		return true
	}
	return false
}

// isNodeStage reports whether a stage runs on Node.js: the official image, distroless, or one that is called node.
func isNodeStage(p *lint.Pass, stage *dockerfile.Stage) bool {
	ref, known := p.Image(stage)
	last := path.Base(ref.Name)
	return known && (last == "node" || last == "nodejs" || strings.HasPrefix(ref.Name, "gcr.io/distroless/nodejs"))
}
