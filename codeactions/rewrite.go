package codeactions

import (
	"slices"
	"sort"
	"strings"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/shell"
	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

// rewritings are the other forms that an instruction may have and run the same.
func rewritings(s *analysis.Snapshot) []func(*dockerfile.Model, *dockerfile.Instruction) (lint.Fix, bool) {
	return []func(*dockerfile.Model, *dockerfile.Instruction) (lint.Fix, bool){
		healthcheckExecForm,
		processExecForm(s),
		runExecForm,
		shellForm,
		runHeredoc,
		runList,
	}
}

// rewrite offers to write the instruction that a range lies in in another form. A range over several has no title that would
// tell them apart.
func rewrite(s *analysis.Snapshot, place text.Span) []Action {
	m := s.Model()
	inst := instructionAround(m, place)
	if inst == nil || inst.Err != nil || inst.Recovered || inst.Dangling.Len() > 0 || inst.Inner != nil {
		return nil
	}
	if slices.ContainsFunc(s.Findings(), func(f lint.Finding) bool {
		return f.Rule.Severity == lint.Error && inst.Contains(f.Span)
	}) {
		return nil // it does not say what is meant
	}
	var actions []Action
	for _, form := range rewritings(s) {
		fix, ok := form(m, inst)
		if !ok {
			continue
		}
		a := Action{Title: fix.Label(), Kind: Rewrite, Edits: fix.Edits}
		if fix.Safe {
			a.Risk = Safe
		}
		actions = append(actions, a)
	}
	return actions
}

// instructionAround is the instruction that a range lies in; nil if there is none.
func instructionAround(m *dockerfile.Model, place text.Span) *dockerfile.Instruction {
	i := sort.Search(len(m.Instructions), func(i int) bool { return m.Instructions[i].End >= place.Start })
	if i == len(m.Instructions) || !m.Instructions[i].Contains(place) {
		return nil
	}
	return m.Instructions[i]
}

// behindBase is a fix that is safe if the shell form is one of /bin/sh: the configuration of most images is not known. A
// SHELL of the file says which shell it is.
func behindBase(m *dockerfile.Model, inst *dockerfile.Instruction, fix lint.Fix) lint.Fix {
	stage := m.StageOf(inst)
	if stage == nil {
		return fix
	}
	fix.Safe = isBaseKnown(m, stage) || m.InForce(inst, "SHELL") != nil
	if !fix.Safe {
		fix.Risk = "the base image may set another SHELL"
	}
	return fix
}

// isBaseKnown reports whether the image below a stage is one that sets no SHELL and runs a command as it is given. One that
// a build argument names is not known: the build may name another.
func isBaseKnown(m *dockerfile.Model, stage *dockerfile.Stage) bool {
	base := m.Global(m.Root(stage).Base.Text)
	ref, known := m.Image(stage)
	official := base.Text == "scratch" || known && ref.RunsCommandsAsGiven()
	return base.State == dockerfile.Known && !base.Default && official
}

// reread is an instruction with edits as BuildKit reads it behind the SHELL that is in force, in a model of its own; false
// if it is not one and nothing else.
func reread(
	m *dockerfile.Model, inst *dockerfile.Instruction, edits []text.Edit,
) (*dockerfile.Model, *dockerfile.Instruction, bool) {
	local := make([]text.Edit, len(edits))
	for i, e := range edits {
		local[i] = text.Edit{Span: e.Shift(-inst.Start), New: e.New}
	}
	src, err := text.Apply(inst.Of(m.Text), local)
	if err != nil {
		return nil, nil, false
	}
	instructions := 1
	if set := m.InForce(inst, "SHELL"); set != nil {
		src = "FROM scratch\n" + set.Of(m.Text) + "\n" + src
		instructions = 3
	}
	if inst.Escape != '\\' {
		src = "# escape=" + string(inst.Escape) + "\n" + src
	}
	after := dockerfile.New(syntax.ParseAsBuildKit(src), nil)
	if len(after.Instructions) != instructions {
		return nil, nil, false
	}
	last := after.Instructions[instructions-1]
	return after, last, last.Err == nil && last.Dangling.Len() == 0
}

// lineOffset is where a byte of the file stands in the text of a logical line.
func lineOffset(inst *dockerfile.Instruction, at int) int {
	return sort.Search(len(inst.Line.Text), func(i int) bool { return inst.Line.Source(i) >= at })
}

// own are the commands that the shell of a script runs itself, without those of substitutions and of scripts inside it.
func own(script *shell.Script) []shell.Command {
	return slices.DeleteFunc(slices.Clone(script.Commands), func(c shell.Command) bool {
		return c.Inside.Has(shell.InSubstitution | shell.InScript)
	})
}

// sameCommands reports whether two lists of commands are the same word by word, whatever joins them.
func sameCommands(a, b []shell.Command) bool {
	return slices.EqualFunc(a, b, func(a, b shell.Command) bool {
		return a.Inside == b.Inside &&
			slices.EqualFunc(a.Words, b.Words, func(a, b shell.Word) bool { return a.Text == b.Text }) &&
			slices.EqualFunc(a.Assigns, b.Assigns, func(a, b shell.Assign) bool {
				return a.Name == b.Name && a.Append == b.Append && a.Value.Text == b.Value.Text
			}) &&
			slices.EqualFunc(a.Redirects, b.Redirects, func(a, b shell.Redirect) bool {
				return a.FD == b.FD && a.Operator == b.Operator && a.Target.Text == b.Target.Text
			})
	})
}

// stopsAlike reports whether a script whose own commands are joined by && does the same as one with the commands in lines
// behind set -e. It does where each of them is simple or a pipeline: what they run inside of this shell, such as another
// script or a list in a substitution, would stop in other places.
func stopsAlike(script *shell.Script) bool {
	if !script.Known() || len(script.Functions) > 0 || slices.ContainsFunc(script.Variables, tellsForm) {
		return false
	}
	return !slices.ContainsFunc(script.Commands, func(c shell.Command) bool {
		switch {
		case c.Inside.Has(shell.InScript):
			return false // a shell of its own
		case c.Inside.Has(shell.InSubstitution) && !goesOnlyOn(c.After.Operator):
			return true
		}
		return c.Inside&^(shell.InPipeline|shell.InSubstitution) != 0 || minds(&c)
	})
}

// tellsForm reports whether a variable holds what a script is written like: whether set -e is on, or the number of a line.
func tellsForm(v shell.Variable) bool {
	return v.Name == "-" || v.Name == "LINENO" || v.Name == "SHELLOPTS"
}

// goesOnlyOn reports whether a command behind an operator runs only if nothing in front of it has failed, or runs beside it.
func goesOnlyOn(operator shell.Operator) bool {
	return operator == shell.Start || operator == shell.And || operator == shell.Pipe
}

// minds reports whether a command looks at set -e itself, or may, or changes how the lines below it are read, which a list
// is not: all of it is read first. To a shell that does not know [[, the && inside of it are those of a list.
func minds(c *shell.Command) bool {
	switch c.Name() {
	case "":
		return len(c.Words) > 0
	case ".", "[[", "alias", "builtin", "command", "eval", "shopt", "source", "trap":
		return true
	case "set":
		return c.Words[len(c.Words)-1].Value == "-o" || // which tells it
			slices.ContainsFunc(c.Words, func(w shell.Word) bool { return !w.Literal || strings.HasPrefix(w.Value, "+") })
	}
	return slices.ContainsFunc(c.Redirects, func(r shell.Redirect) bool { return r.Body != nil })
}

// stopsAtErrors reports whether a command is the shell's own set with -e among its options, in front of its operands, and
// nothing else that it would do.
func stopsAtErrors(c *shell.Command) bool {
	if len(c.Words) == 0 || c.Words[0].Value != "set" || c.Inside != 0 || len(c.Assigns)+len(c.Redirects) > 0 {
		return false
	}
	for at := 1; at < len(c.Words); at++ {
		option := c.Words[at].Value
		switch {
		case len(option) < 2 || option[0] != '-' || option[1] == '-':
			return false
		case strings.Contains(option, "e"):
			return true
		case strings.Contains(option, "o"):
			at++ // -o pipefail
		}
	}
	return false
}
