package lint

import (
	"cmp"
	"runtime/debug"
	"slices"

	"dockerfile-ls/analysis/dockerfile"
)

// Memo keeps the findings of rules that look at one instruction only, by its reading. Their spans count from the start
// of the instruction.
type Memo map[*dockerfile.Reading][]Finding

type run struct {
	rules    []*Rule
	failures []Failure
	found    []Finding
	told     map[*dockerfile.Instruction][]Finding // what the rules for single instructions have found
	watch    watch
}

// Failure is a rule that panicked or took too long: a bug in it, which costs its findings and no others.
type Failure struct {
	Rule   *Rule
	Reason any
	Stack  string
}

func newRun(rules []*Rule, facts Facts) *run {
	return &run{rules: rules, told: map[*dockerfile.Instruction][]Finding{}, watch: watch{patience: facts.patience()}}
}

// guard keeps the panic of a rule from the other rules.
func (r *run) guard(rule *Rule, check func()) {
	defer func() {
		if reason := recover(); reason != nil {
			r.failures = append(r.failures, Failure{rule, reason, string(debug.Stack())})
		}
	}()
	r.watch.start()
	check()
}

// Run runs the rules, in their order, and returns the findings by position, the memo for the next version of the
// file, and the rules that failed. Instructions whose reading stands in known, which may be nil, are not looked at again;
// what is kept does not depend on facts.
func Run(m *dockerfile.Model, rules []*Rule, facts Facts, known Memo) ([]Finding, Memo, []Failure) {
	r := newRun(rules, facts)
	memo := make(Memo, len(m.Instructions))
	for _, inst := range m.Instructions {
		relative, ok := known[inst.Reading]
		if !ok {
			relative, ok = memo[inst.Reading]
		}
		if !ok {
			var failures []Failure
			relative, failures = checkInstruction(m, rules, facts, inst)
			r.failures = append(r.failures, failures...)
		}
		memo[inst.Reading] = relative
		for _, f := range relative {
			r.found = append(r.found, f.shift(inst.Start))
		}
		if len(relative) > 0 {
			r.told[inst] = r.found[len(r.found)-len(relative):]
		}
	}
	for _, rule := range rules {
		if rule.Check != nil {
			r.guard(rule, func() {
				rule.Check(&Pass{
					Model: m, Project: facts.project(), Images: facts.Images, Scans: facts.Scans, rule: rule, run: r,
				})
			})
		}
	}
	list := pragmas(m)
	r.found = silence(r.found, list, m, rules)
	for _, rule := range rules {
		if rule.CheckPragmas != nil {
			r.guard(rule, func() { rule.CheckPragmas(&Pass{Model: m, rule: rule, run: r}, list) })
		}
	}
	r.found = facts.Levels.apply(r.found)
	slices.SortStableFunc(r.found, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End))
	})
	return r.found, memo, r.failures
}

// checkInstruction runs the rules for single instructions on an instruction, and on the one behind ONBUILD before it.
// It returns the findings relative to the start of the instruction.
func checkInstruction(m *dockerfile.Model, rules []*Rule, facts Facts, inst *dockerfile.Instruction) ([]Finding, []Failure) {
	r := newRun(rules, facts)
	for _, rule := range rules {
		if rule.CheckInstruction == nil {
			continue
		}
		p := &Pass{Model: m, rule: rule, inst: inst, run: r}
		if inst.Inner != nil && inst.Inner.Name != "ONBUILD" {
			r.guard(rule, func() { rule.CheckInstruction(p, inst.Inner) })
		}
		r.guard(rule, func() { rule.CheckInstruction(p, inst) })
	}
	for i, f := range r.found {
		r.found[i] = f.shift(-inst.Start)
	}
	return r.found, r.failures
}
