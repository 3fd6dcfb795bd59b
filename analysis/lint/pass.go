package lint

import (
	"slices"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/image"
	"dockerfile-ls/analysis/project"
	"dockerfile-ls/analysis/secret"
	"dockerfile-ls/analysis/text"
)

// Pass is the view that a running rule has of the file.
type Pass struct {
	*dockerfile.Model
	// Project is what lies around the file, for rules that look at the whole file; it may know nothing.
	Project *project.Surroundings
	// Images is what registries have said, for rules that look at the whole file; it may know nothing.
	Images image.Known
	// Scans are what a scanner has found, by ScanKey of the stage that it was run for.
	Scans map[string]image.Scan
	rule  *Rule
	count int                     // the findings of this pass: on one instruction, or on the file
	inst  *dockerfile.Instruction // for CheckInstruction: the one that is looked at, the outer one if it is behind ONBUILD
	run   *run
}

// Final is the stage that the file is for: the one that a compose file builds, else the one of the model. A stage for
// development is not shipped, whoever builds it. Source: cheatsheet-rules, Words.
func (p *Pass) Final() *dockerfile.Stage {
	target := p.Project.Context.Target()
	if target.State == project.Known {
		if stage := p.Named(target.Value); stage != nil && !stage.Development() {
			return stage
		}
	}
	return p.Model.Final()
}

// Tell adds a finding of the running rule, at the rule's severity.
func (p *Pass) Tell(place text.Span, message string, fixes ...Fix) {
	p.Report(Finding{Span: place, Message: message, Fixes: fixes})
}

// Report adds a finding of the running rule. Rule is filled in, and Severity where it is zero. Passwords of the file are
// hidden: what is told goes into logs, and to servers that collect findings.
func (p *Pass) Report(f Finding) {
	p.run.watch.look()
	f = f.hidden()
	f.Rule = p.rule
	if f.Severity == 0 {
		f.Severity = p.rule.Severity
	}
	if p.count++; p.count > maxFindings {
		return
	}
	p.run.found = append(p.run.found, f)
	if p.inst != nil {
		p.run.told[p.inst] = append(p.run.told[p.inst], f)
	}
}

// Full reports whether the running rule has told as much as anybody reads: what it finds from now on is left out.
func (p *Pass) Full() bool { return p.count >= maxFindings }

// Rejected reports whether a rule has found, by looking at the instruction alone, that it cannot be built.
func (p *Pass) Rejected(inst *dockerfile.Instruction) bool {
	return slices.ContainsFunc(p.told(inst), func(f Finding) bool { return f.Severity == Error })
}

// RejectedByOthers is Rejected without the findings of the running rule.
func (p *Pass) RejectedByOthers(inst *dockerfile.Instruction) bool {
	return slices.ContainsFunc(p.told(inst), func(f Finding) bool { return f.Severity == Error && f.Rule != p.rule })
}

// Told reports whether an earlier rule that looks at single instructions has fired on the instruction.
func (p *Pass) Told(inst *dockerfile.Instruction, rule *Rule) bool {
	return slices.ContainsFunc(p.told(inst), func(f Finding) bool { return f.Rule == rule })
}

// Repeats reports whether the running rule has told the same by looking at the instruction alone.
func (p *Pass) Repeats(inst *dockerfile.Instruction, f Finding) bool {
	return slices.ContainsFunc(p.told(inst), func(t Finding) bool {
		return t.Rule == p.rule && t.Span == f.Span && t.Message == secret.Hide(f.Message)
	})
}

// told is what the rules for single instructions have found on one.
func (p *Pass) told(inst *dockerfile.Instruction) []Finding {
	p.run.watch.look()
	if p.inst != nil {
		inst = p.inst
	}
	return p.run.told[inst]
}

// maxFindings is how many findings a rule may have on one instruction, and how many on the file by looking at it as a whole.
// Nobody reads more, and a line of 30,000 mistakes must not make an editor slow.
const maxFindings = 100

// RuleNames are the IDs and aliases of all rules that run.
func (p *Pass) RuleNames() []string {
	var names []string
	for _, r := range p.run.rules {
		names = append(append(names, r.ID), r.Aliases...)
	}
	return names
}
