package codeactions

import (
	"dockerfile-ls/analysis/dockerfile"
)

// steps are the instructions of a file, with what stands behind an ONBUILD in its place, and the ONBUILDs of those triggers.
func steps(m *dockerfile.Model) (all []*dockerfile.Instruction, triggers onbuilds) {
	triggers = onbuilds{}
	for _, inst := range m.Instructions {
		if inst.Inner != nil && inst.Inner.Name != "ONBUILD" {
			triggers[inst.Inner] = inst
			inst = inst.Inner
		}
		all = append(all, inst)
	}
	return all, triggers
}

// onbuilds are the ONBUILDs by what stands behind them.
type onbuilds map[*dockerfile.Instruction]*dockerfile.Instruction
