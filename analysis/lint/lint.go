// Package lint knows what a rule, a finding and a fix are, and runs rules over a model.
// It must not know any single rule, and does no I/O.
package lint

import (
	"cmp"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/image"
	"dockerfile-ls/analysis/project"
	"dockerfile-ls/analysis/secret"
	"dockerfile-ls/analysis/text"
)

// Severity says how bad a finding is, the worst first.
type Severity int

// The four severities of LSP and of the cheat sheet's rules.
const (
	Error Severity = iota + 1
	Warning
	Information
	Hint
)

// Off is the level of a rule that is not to be told.
const Off Severity = -1

// Levels are the severities that a configuration gives to rules, by their IDs.
type Levels map[string]Severity

// String is the severity in lower case.
func (s Severity) String() string {
	switch s {
	case Error:
		return "error"
	case Warning:
		return "warning"
	case Information:
		return "information"
	case Hint:
		return "hint"
	}
	return "off"
}

// SeverityOf reads a severity, or off; casing does not count.
func SeverityOf(name string) (Severity, bool) {
	for _, s := range []Severity{Error, Warning, Information, Hint, Off} {
		if strings.EqualFold(s.String(), name) {
			return s, true
		}
	}
	return 0, false
}

// Rule finds one kind of mistake. Its documentation is made of its fields and of the examples in its txtar.
type Rule struct {
	ID       string   // kebab-case, names the bad thing
	Aliases  []string // the names of the same check in BuildKit and hadolint
	Severity Severity // of its findings, where they do not say otherwise
	Section  int      // of the Node.js Docker Cheat Sheet; 0 if it has none
	Title    string   // one sentence: what the rule finds
	Why      string   // what goes wrong, and what to do
	// Syntax marks what BuildKit rejects. Pragmas cannot silence it.
	Syntax bool
	// Unnecessary marks what has no effect and can be taken away; editors show it faded.
	Unnecessary bool

	// NeedsImages marks what is found only where a registry has been asked what the images are.
	NeedsImages bool
	// NeedsScan marks what is found only where a scanner was run.
	NeedsScan bool

	// A rule has at least one of the three functions. Check looks at the whole file.
	Check func(*Pass)
	// CheckInstruction looks at what lies in the span of one instruction and at nothing else, so that its findings are
	// kept while the text stays the same.
	CheckInstruction func(*Pass, *dockerfile.Instruction)
	// CheckPragmas looks at the pragmas when everything is told and silenced.
	CheckPragmas func(*Pass, []*Pragma)
}

// Finding is one place at which a rule fires. Spans are byte offsets into the file.
type Finding struct {
	Rule     *Rule
	Severity Severity
	text.Span
	Message string
	Fixes   []Fix
	Related []Related
	// Ask is what a registry would have to say for a fix, where it has not been asked; nil if it would give none.
	Ask *Ask
	// File is the path in the context of another file that has the mistake; empty if this one has it.
	File string
	// Patterns are those that the ignore file lacks; none if the finding is not about it.
	Patterns []string
	// Refusals are fixes that the finding makes one think of, and that would be wrong here.
	Refusals []Refusal
}

// Ask is a fix that needs what a registry says of an image. When that is in Pass.Images, the same finding has the fix
// instead, under the same title and with Asked set, or asks for another image.
type Ask struct {
	Title   string
	Image   image.Reference
	Details bool // image.Facts.Details are needed too
}

// Refusal is a fix that is not offered, with the reason as a clause.
type Refusal struct{ Title, Reason string }

// Related is another place that explains a finding.
type Related struct {
	text.Span
	Message string
}

// Fix is a change of this file that mends a finding, made of the file's text alone.
type Fix struct {
	Title string // a verb phrase
	Edits []text.Edit
	// Safe says that nothing changes except what the finding names. The zero value is the careful one: offered, but never
	// part of fix-all.
	Safe bool
	// Asked says that it is made of what a registry has said: the user asks for it, and it is never part of fix-all.
	Asked bool
	// Risk names what else may change, as a few words that can follow the title in parentheses; empty if Safe, and if the
	// user has asked for just this.
	Risk string
}

// Label is the title with the risk, so that nobody takes a risky fix for a safe one.
func (f Fix) Label() string {
	if f.Risk == "" {
		return f.Title
	}
	return f.Title + " (" + f.Risk + ")"
}

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

// hidden returns a copy of the finding whose texts have no passwords.
func (f Finding) hidden() Finding {
	f.Message = secret.Hide(f.Message)
	f.Fixes, f.Related, f.Refusals = slices.Clone(f.Fixes), slices.Clone(f.Related), slices.Clone(f.Refusals)
	for i := range f.Fixes {
		f.Fixes[i].Title = secret.Hide(f.Fixes[i].Title)
	}
	for i := range f.Related {
		f.Related[i].Message = secret.Hide(f.Related[i].Message)
	}
	for i := range f.Refusals {
		f.Refusals[i].Title, f.Refusals[i].Reason = secret.Hide(f.Refusals[i].Title), secret.Hide(f.Refusals[i].Reason)
	}
	if f.Ask != nil {
		ask := *f.Ask
		ask.Title = secret.Hide(ask.Title)
		f.Ask = &ask
	}
	return f
}

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

// Facts are what is known besides the text of a Dockerfile. The zero value knows nothing, and changes no level.
type Facts struct {
	Levels  Levels                // what the configuration says of rules for this file
	Project *project.Surroundings // nil if it was not read
	Images  image.Known           // what registries have said
	Scans   map[string]image.Scan // what a scanner has found, by ScanKey
	Config  Config
	// Patience is how long one rule may take; 0 stands for five seconds.
	Patience time.Duration
}

// ScanKey names what a scan of a stage's image is about: the text of its FROM, with the image that it comes to. So a scan is
// out of date when the line is another one, or what its variables bring.
func ScanKey(m *dockerfile.Model, stage *dockerfile.Stage) string {
	return stage.From.Of(m.Text) + " → " + m.Base(stage)
}

// Config is the configuration file that counts for a Dockerfile.
type Config struct {
	// Path is the path in the file system that the surroundings were read from; empty if it is not known.
	Path string
	Text string
	// Missing says that there is none; the path is that of one that would count.
	Missing bool
}

func (f Facts) patience() time.Duration { return cmp.Or(f.Patience, 5*time.Second) }

func (f Facts) project() *project.Surroundings {
	if f.Project == nil {
		return &project.Surroundings{}
	}
	return f.Project
}

// maxFindings is how many findings a rule may have on one instruction, and how many on the file by looking at it as a whole.
// Nobody reads more, and a line of 30,000 mistakes must not make an editor slow.
const maxFindings = 100

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
// file, and the rules that failed. Instructions whose reading stands in known, which may be nil, are not looked at again; what is kept does not
// depend on facts.
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
				rule.Check(&Pass{Model: m, Project: facts.project(), Images: facts.Images, Scans: facts.Scans, rule: rule, run: r})
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

// apply gives findings their level and takes those away that are off. What BuildKit rejects stays as it is.
func (l Levels) apply(found []Finding) []Finding {
	if len(l) == 0 {
		return found
	}
	for i, f := range found {
		if level, set := l[f.Rule.ID]; set && !f.Rule.Syntax {
			found[i].Severity = level
		}
	}
	return slices.DeleteFunc(found, func(f Finding) bool { return f.Severity == Off })
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

// Inside reports whether all places of a finding, those of its fixes and related ones too, lie in a span.
func (f Finding) Inside(s text.Span) bool {
	places := []text.Span{f.Span}
	for _, fix := range f.Fixes {
		for _, e := range fix.Edits {
			places = append(places, e.Span)
		}
	}
	for _, r := range f.Related {
		places = append(places, r.Span)
	}
	return !slices.ContainsFunc(places, func(p text.Span) bool { return p.Start > p.End || !s.Contains(p) })
}

// shift returns a copy of the finding with all spans moved by delta bytes.
func (f Finding) shift(delta int) Finding {
	f.Span = f.Span.Shift(delta)
	fixes := f.Fixes
	f.Fixes = nil
	for _, fix := range fixes {
		edits := fix.Edits
		fix.Edits = make([]text.Edit, len(edits))
		for i, e := range edits {
			fix.Edits[i] = text.Edit{Span: e.Span.Shift(delta), New: e.New}
		}
		f.Fixes = append(f.Fixes, fix)
	}
	related := f.Related
	f.Related = nil
	for _, rel := range related {
		f.Related = append(f.Related, Related{rel.Span.Shift(delta), rel.Message})
	}
	return f
}

// RuleNames are the IDs and aliases of all rules that run.
func (p *Pass) RuleNames() []string {
	var names []string
	for _, r := range p.run.rules {
		names = append(append(names, r.ID), r.Aliases...)
	}
	return names
}
