package codeactions

import (
	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/lint"
)

// runExecForm writes the command of a RUN as an array, which needs no shell in the image.
func runExecForm(m *dockerfile.Model, inst *dockerfile.Instruction) (lint.Fix, bool) {
	return execForm(m, inst, "RUN")
}
