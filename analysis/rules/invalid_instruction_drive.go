package rules

import (
	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/syntax"
)

// checkDrives tells paths of Windows stages that lie on no drive of the image. Source: dispatchWorkdir and dispatchCopy of
// BuildKit.
func checkDrives(p *lint.Pass) {
	for _, stage := range p.Stages {
		if !p.Windows(stage) {
			continue
		}
		for _, inst := range stage.Instructions {
			if p.RejectedByOthers(inst) {
				continue
			}
			v := values{p, inst, true}
			for _, word := range pathsOf(inst) {
				e := v.read(word.Text)
				if e.Problem == nil && !e.Variables && !dockerfile.ReadRemote(e.Text).Exists() {
					v.tellError(word, e, dockerfile.CheckWindowsPath(e.Text))
				}
			}
		}
	}
}

// pathsOf are the words of an instruction that are paths for BuildKit itself.
func pathsOf(inst *dockerfile.Instruction) []syntax.Word {
	switch inst.Name {
	case "WORKDIR":
		return inst.Args
	case "ADD", "COPY":
		return append(inst.Sources(), inst.Args[max(0, len(inst.Args)-1):]...)
	}
	return nil
}
