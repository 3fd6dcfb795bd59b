package lint

import (
	"strings"
	"testing"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

// FuzzPragmas holds that pragmas lie in the text and name what stands there, that they only take findings away, and that the
// pragma that is offered for a finding takes it away and brings none.
func FuzzPragmas(f *testing.F) {
	for _, src := range []string{
		"FROM a\nRUN x\n",
		"# check=skip=Each;error=true\n# syntax=a\nFROM a\n# check=skip=all\nRUN x\n",
		"\uFEFF# dockerfile-ls ignore-file=each,\tDL1 why, none\r\nFROM a\r\n  # dockerfile-ls ignore=each\r\n" +
			"RUN x \\\r\n# hadolint ignore=DL1\r\n  y\r\n",
		"# hadolint global ignore=DL1\nFROM a\n# hadolint ignore=DL1\nRUN <<E\n# dockerfile-ls ignore=each\nE\n",
		"# escape=`\nFROM a\n#dockerfile-ls ignore = each\n#\n\nONBUILD RUN `\n  # check=skip=DL1\n x",
		"RUN x\n    # deeper\n  # dockerfile-ls ignore=\nFROM",
	} {
		f.Add(src)
	}
	each := &Rule{ID: "each", Aliases: []string{"Each", "DL1"}, Severity: Hint}
	each.CheckInstruction = func(p *Pass, inst *dockerfile.Instruction) { p.Tell(inst.Span, "Found.") }
	other := &Rule{ID: "other", Severity: Hint}
	other.Check = func(p *Pass) {
		for _, inst := range p.Instructions {
			p.Tell(inst.Span, "Found.")
		}
	}
	rules := []*Rule{each, other}
	lintText := func(t *testing.T, src string) (*dockerfile.Model, map[string]int) {
		m := dockerfile.New(syntax.Parse(src), nil)
		findings, _, failures := Run(m, rules, Facts{}, nil)
		if len(failures) > 0 {
			t.Fatalf("%s: %v\n%s", failures[0].Rule.ID, failures[0].Reason, failures[0].Stack)
		}
		count := map[string]int{}
		for _, finding := range findings {
			count[finding.Rule.ID]++
		}
		return m, count
	}
	f.Fuzz(func(t *testing.T, src string) {
		m, count := lintText(t, src)
		for _, p := range pragmas(m) {
			for _, name := range p.Names {
				if name.Start < 0 || name.End > len(src) || src[name.Start:name.End] != name.Text || name.Text == "" ||
					strings.ContainsAny(name.Text, ", \t\n") {
					t.Fatalf("the name %+v of %+v", name, p)
				}
			}
		}
		if n := len(m.Instructions); count["each"] > 2*n || count["other"] > n {
			t.Fatalf("%d instructions have %v", n, count)
		}
		if count["other"] == 0 {
			return
		}
		after, err := text.Apply(src, []text.Edit{SilenceFile(m, other)})
		if err != nil {
			t.Fatal(err)
		}
		if now, left := lintText(t, after); left["other"] != 0 || len(now.Instructions) != len(m.Instructions) {
			t.Fatalf("%q: %d are left of %d, and %d instructions of %d", after, left["other"], count["other"],
				len(now.Instructions), len(m.Instructions))
		}
		findings, _, _ := Run(m, []*Rule{other}, Facts{}, nil)
		for _, finding := range findings {
			edit, ok := SilenceInstruction(m, finding.Start, other)
			if !ok {
				t.Fatalf("nothing is offered at %d", finding.Start)
			}
			after, err := text.Apply(src, []text.Edit{edit})
			if err != nil {
				t.Fatal(err)
			}
			if now, left := lintText(t, after); left["other"] != count["other"]-1 ||
				len(now.Instructions) != len(m.Instructions) {
				t.Fatalf("%q: %d are left of %d, and %d instructions of %d", after, left["other"], count["other"],
					len(now.Instructions), len(m.Instructions))
			}
		}
	})
}
