package codeactions

import (
	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/execform"
	"dockerfile-ls/analysis/lint"
)

// healthcheckExecForm writes the command of a HEALTHCHECK as an array, so that no shell is started for each check.
func healthcheckExecForm(m *dockerfile.Model, inst *dockerfile.Instruction) (lint.Fix, bool) {
	return execForm(m, inst, "HEALTHCHECK")
}

// execForm writes the command of an instruction as an array, if it is one program with literal arguments.
func execForm(m *dockerfile.Model, inst *dockerfile.Instruction, name string) (lint.Fix, bool) {
	if inst.Name != name {
		return lint.Fix{}, false
	}
	command, ok := execform.Of(m, inst)
	if !ok {
		return lint.Fix{}, false
	}
	words, plain := command.Words()
	if !plain || words.Twin() {
		return lint.Fix{}, false
	}
	fix := behindBase(m, inst, lint.Fix{Title: "Rewrite " + name + " to exec form", Edits: command.Array(words)})
	if file := command.Startup(); file != "" && !isBaseKnown(m, m.StageOf(inst)) {
		fix.Safe, fix.Risk = false, "the base image may set "+file
	}
	_, after, ok := reread(m, inst, fix.Edits)
	return fix, ok && after.JSON != nil
}
