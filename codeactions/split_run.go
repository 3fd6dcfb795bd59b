package codeactions

import (
	"slices"
	"strings"

	"dockerfile-ls/analysis/distribution"
	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/node"
	"dockerfile-ls/analysis/rules"
	"dockerfile-ls/analysis/shell"
	"dockerfile-ls/analysis/text"
)

// splitRun is a RUN, with what each of its commands does.
type splitRun struct {
	*split
	inst   *dockerfile.Instruction
	script *shell.Script
	deeds  []deed
}

func (p *split) readRun(inst *dockerfile.Instruction) *splitRun {
	script, posix := p.Script(inst)
	if !posix || !script.Known() {
		p.refuse("it is not known what the RUN in line %d runs", p.line(inst))
		return nil
	}
	r := &splitRun{split: p, inst: inst, script: script}
	for i, c := range script.Commands {
		d := r.deed(i)
		if d.purpose == unseen {
			p.refuse("it is not seen what %s in line %d is for", called(c), p.line(inst))
		}
		r.deeds = append(r.deeds, d)
	}
	return r
}

// installAt is the install that a command is; nil if it is none.
func (r *splitRun) installAt(i int) *rules.StageInstall {
	for n := range r.installs {
		if r.installs[n].Inst == r.inst && r.installs[n].Command == i {
			return &r.installs[n]
		}
	}
	return nil
}

func (r *splitRun) has(purposes ...purpose) bool {
	return slices.ContainsFunc(r.deeds, func(d deed) bool { return slices.Contains(purposes, d.purpose) })
}

// works reports whether the RUN is for the build stage alone, by what it installs, builds, cleans up or logs in with.
func (r *splitRun) works() bool {
	return r.has(toInstall, toBuild, toClean, toLogIn) || r.removesTools()
}

// removesTools reports whether the RUN does nothing but remove what is only there for a build.
func (r *splitRun) removesTools() bool {
	removes := false
	for i, d := range r.deeds {
		if d.purpose != toPackage && d.purpose != forNothing {
			return false
		}
		if d.purpose == forNothing {
			continue
		}
		verb, operands := distribution.Verb(r.script.Commands[i].Program())
		switch verb {
		case "del", "purge", "remove":
			if slices.ContainsFunc(operands, func(w shell.Word) bool {
				return !isTool(w.Value) && !strings.HasPrefix(w.Value, ".")
			}) {
				return false
			}
			removes = true
		case "autoremove", "clean", "update":
		default:
			return false
		}
	}
	return removes
}

// isTool reports whether a package is only there for a build: a compiler, or Python beside one.
func isTool(name string) bool { return distribution.IsCompiler(name) || distribution.IsPython(name) }

// share says what of a RUN a stage needs: words and commands that it does not are taken out there.
type share struct {
	needed   bool
	words    []shell.Word // to take out
	commands []int
}

// shares are what the build stage and the production stage need of a RUN in front of the last one that works, or of that.
func (r *splitRun) shares() (build, production share) {
	for i, d := range r.deeds {
		inBuild, inProduction := r.needs(d)
		switch {
		case d.purpose == forNothing || r.looksForPackages(i):
			continue
		case d.purpose == toPackage && r.removesPackages(i):
			inBuild, inProduction = true, !r.works()
		case d.purpose == toPackage:
			inBuild, inProduction = r.packages(i, &build, &production)
		case d.purpose == toBring:
			inBuild, inProduction = r.programs(i, &build, &production)
		}
		build.needed, production.needed = build.needed || inBuild, production.needed || inProduction
		if !inBuild {
			build.commands = append(build.commands, i)
		}
		if !inProduction {
			production.commands = append(production.commands, i)
		}
	}
	r.sweep(&build)
	r.sweep(&production)
	return build, production
}

// looksForPackages reports whether a command does something about packages of the distribution, but installs and removes
// none.
func (r *splitRun) looksForPackages(i int) bool {
	installs := len(distribution.Installed(r.script.Commands[i].Program())) > 0
	return r.deeds[i].purpose == toPackage && !installs && !r.removesPackages(i)
}

func (r *splitRun) removesPackages(i int) bool {
	verb, operands := distribution.Verb(r.script.Commands[i].Program())
	return slices.Contains([]string{"del", "purge", "remove"}, verb) && len(operands) > 0
}

// needs reports which stage needs what a command does.
func (r *splitRun) needs(d deed) (build, production bool) {
	switch d.purpose {
	case toInstall, toBuild, toClean, toLogIn:
		return true, false
	case toConfigure:
		return true, slices.ContainsFunc(d.names, r.isCalled) || len(d.names) == 0 && r.bringsLater
	case toPopulate:
		return slices.ContainsFunc(d.names, r.isOwner), true
	case toChange:
		if r.works() {
			return true, false
		}
		return r.placesOf(d)
	case toAdminister:
		return true, true
	}
	return false, false
}

// packages sorts the packages that a command installs.
func (r *splitRun) packages(i int, build, production *share) (inBuild, inProduction bool) {
	program := r.script.Commands[i].Program()
	words := distribution.Installed(program)
	compiles := slices.ContainsFunc(words, func(w shell.Word) bool { return distribution.IsCompiler(w.Value) })
	for _, w := range words {
		removed := distribution.IsRemoved(program, w.Value, r.script.Commands[i+1:])
		switch {
		case !w.Literal || w.Decoded || strings.ContainsAny(w.Value, "/:"):
			r.refuse("it is not seen what %s in line %d installs", called(r.script.Commands[i]), r.line(r.inst))
		case removed:
			inBuild, inProduction = true, inProduction || !r.works()
		case distribution.IsLibrary(w.Value):
			r.refuse("what is compiled with `%s` of line %d may need its library when it runs", w.Value, r.line(r.inst))
		case distribution.IsCompiler(w.Value), compiles && distribution.IsPython(w.Value) && !r.isCalled(w.Value):
			inBuild = true
			production.words = append(production.words, w)
			if distribution.IsPython(w.Value) {
				r.noteMoved(w.Value)
			}
		case distribution.RunsOnly(w.Value):
			inProduction = true
			build.words = append(build.words, w)
		default:
			inBuild, inProduction = true, true
		}
	}
	return inBuild, inProduction
}

// programs sorts the programs of npm that a command installs.
func (r *splitRun) programs(i int, build, production *share) (inBuild, inProduction bool) {
	for _, w := range node.GlobalPackages(r.script.Commands[i].Program()) {
		name := node.WithoutVersion(w.Value)
		switch {
		case r.areTools([]string{name}):
			inBuild = true
			production.words = append(production.words, w)
		case r.isMentioned(name, r), r.whole && !r.isCalled(name): // a script of package.json may call it
			inBuild, inProduction = true, true
		default:
			inProduction = true
			build.words = append(build.words, w)
		}
	}
	return inBuild, inProduction
}

// sweep takes the commands along that look for packages, or clean up behind them, where none are installed any more.
func (r *splitRun) sweep(s *share) {
	installs := func(i int) bool { return len(distribution.Installed(r.script.Commands[i].Program())) > 0 }
	before, left := false, false
	for i, d := range r.deeds {
		if d.purpose == toPackage && installs(i) {
			before, left = true, left || !slices.Contains(s.commands, i)
		}
	}
	if !before || left {
		return
	}
	for i, d := range r.deeds {
		sweeps := d.purpose == forNothing && r.script.Commands[i].Name() == "rm"
		if (d.purpose == toPackage || sweeps) && !slices.Contains(s.commands, i) {
			s.commands = append(s.commands, i)
		}
	}
	slices.Sort(s.commands)
}

// textOf is the instruction with what a stage does not need taken out, and with other edits of words that stay.
func (r *splitRun) textOf(s share, others []text.Edit) string {
	c := &cutting{model: r.Model}
	if !c.takeCommands(r.inst, r.script, s.commands) {
		r.refuse("the RUN in line %d does several things, which cannot be told apart", r.line(r.inst))
	}
	for _, w := range s.words {
		if command := r.commandOf(w); slices.Contains(s.commands, command) {
			continue
		}
		place := r.inst.At(w.Span)
		c.take(r.inst, text.Span{Start: c.skipBlanksBack(r.inst, place.Start), End: place.End})
	}
	var edits []text.Edit
	for _, part := range c.joined() {
		edits = append(edits, text.Edit{Span: part.Shift(-r.inst.Extent.Start)})
	}
	for _, e := range others {
		edits = append(edits, text.Edit{Span: e.Shift(-r.inst.Extent.Start), New: e.New})
	}
	result, err := text.Apply(r.inst.Extent.Of(r.Text), edits)
	if err != nil {
		r.refuse("the RUN in line %d does several things, which cannot be told apart", r.line(r.inst))
	}
	return result
}

func (r *splitRun) commandOf(w shell.Word) int {
	return slices.IndexFunc(r.script.Commands, func(c shell.Command) bool { return c.Contains(w.Span) })
}
