package analysis

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dockerfile-ls/analysis/corpus"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/text"
)

// cutsOfEach is the number of places at which each file of the corpus is cut, each in two ways.
const cutsOfEach = 10

// TestCuts holds that a file can be read at every moment of its being typed, and that a cut costs its own line only:
// cut off at a place ("typing at the end"), and with the rest of one line gone ("editing inside").
func TestCuts(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, file := range corpus.Dockerfiles(t) {
		whole := New(file.Text, lint.Facts{}, nil)
		for range cutsOfEach {
			at := random.IntN(len(file.Text) + 1)
			rest := ""
			if n := strings.IndexByte(file.Text[at:], '\n'); n >= 0 {
				rest = file.Text[at+n:]
			}
			for _, src := range []string{file.Text[:at], file.Text[:at] + rest} {
				checkCut(t, file.Name, whole, New(src, lint.Facts{}, whole), at)
			}
		}
	}
}

// checkCut compares a file that was cut at a place with the whole one.
func checkCut(t *testing.T, name string, whole, cut *Snapshot, at int) {
	t.Helper()
	findings := cut.Findings()
	for _, f := range findings {
		if !f.Inside(text.Span{End: len(cut.Text())}) {
			t.Fatalf("%s, cut at %d: a span of %s lies outside", name, at, f.Rule.ID)
		}
	}
	if diff := cmp.Diff(plain(New(cut.Text(), lint.Facts{}, nil).Findings()), plain(findings)); diff != "" {
		t.Errorf("%s, cut at %d: what is kept of the version before changes the findings:\n%s", name, at, diff)
	}
	untouched := untouchedUpTo(whole, cut, at)
	if diff := cmp.Diff(before(untouched, whole), before(untouched, cut)); diff != "" {
		t.Errorf("%s, cut at %d: the findings above the cut differ:\n%s", name, at, diff)
	}
}

// untouchedUpTo is the end of the last instruction above the cut that is the same in both, as are all before it.
func untouchedUpTo(whole, cut *Snapshot, at int) int {
	end := 0
	for i, inst := range cut.Model().Instructions {
		same := i < len(whole.Model().Instructions) && whole.Model().Instructions[i].Extent == inst.Extent
		if !same || inst.Extent.End > at {
			break
		}
		end = inst.Extent.End
	}
	return end
}

// plainFinding is a finding without its rule's functions, which cannot be compared.
type plainFinding struct {
	ID string
	text.Span
	Severity lint.Severity
	Message  string
	Fixes    []lint.Fix
	Related  []lint.Related
}

func plain(findings []lint.Finding) []plainFinding {
	var out []plainFinding
	for _, f := range findings {
		out = append(out, plainFinding{f.Rule.ID, f.Span, f.Severity, f.Message, f.Fixes, f.Related})
	}
	return out
}

// before returns the findings that end before an offset. Fixes are left out, since an ENTRYPOINT further down is evidence
// against some; and so is what is only told of a file without any stage.
func before(end int, s *Snapshot) []plainFinding {
	var out []plainFinding
	for _, f := range plain(s.Findings()) {
		noStage := len(s.Model().Stages) == 0 && (f.ID == "invalid-instruction" || f.ID == "misplaced-instruction")
		if f.End <= end && !noStage && !byEvidence(f.ID) {
			f.Fixes = nil
			out = append(out, f)
		}
	}
	return out
}

// byEvidence names the rules about a stage as a whole: a USER, ENV, CMD or FROM further down is evidence for or against
// what they tell of a line, and so is a RUN that removes what another one wrote or installed.
func byEvidence(id string) bool {
	switch id {
	case "full-size-base-image", "root-user", "runs-as-root", "node-env-not-production", "copy-without-chown",
		"build-tools-in-production", "dev-dependencies-in-production", "secret-in-image-layer", "secret-file-copied",
		"package-manager-as-entrypoint", "script-without-exec", "node-as-pid-1", "no-signal-handler":
		return true
	}
	return false
}

// TestOneInstructionCostsItself breaks each instruction of a file in turn and looks at the findings of all others.
func TestOneInstructionCostsItself(t *testing.T) {
	src := "FROM node AS build\nRUN --mout=x a\nCOPY --form=b c d\nEXPOSE x\nENV A\nHEALTHCHECK --interval=1 CMD x\nCMD " +
		"npm start\n"
	lines := strings.SplitAfter(strings.TrimSuffix(src, "\n"), "\n")
	all := New(src, lint.Facts{}, nil).Findings()
	if len(all) < len(lines) {
		t.Fatalf("%d findings in %d lines: each line needs one", len(all), len(lines))
	}
	for i, line := range lines {
		start := len(strings.Join(lines[:i], ""))
		for _, broken := range []string{"", "R", "RUN --", "RUN [\"", "COPY <<EOF /x", "ENV \"", "\\", "ARG ${"} {
			text := src[:start] + broken + "\n" + src[min(start+len(strings.TrimSuffix(line, "\n"))+1, len(src)):]
			got := map[string]bool{}
			for _, f := range New(text, lint.Facts{}, nil).Findings() {
				got[f.Rule.ID+f.Message] = true
			}
			for _, f := range all {
				own := f.Start >= start && f.Start < start+len(line)
				if !own && !byEvidence(f.Rule.ID) && !got[f.Rule.ID+f.Message] && i > 0 && broken != "\\" {
					t.Errorf("with %q for line %d the finding %q of another line is gone", broken, i+1, f.Message)
				}
			}
		}
	}
}

func TestConcurrentUse(t *testing.T) {
	s := New("FROM node\nCMD npm start\n", lint.Facts{}, nil)
	results := make(chan int)
	for range 8 {
		go func() { results <- len(s.Findings()) + len(s.Model().Stages) + s.Lines().Count() }()
	}
	first := <-results
	for range 7 {
		if got := <-results; got != first {
			t.Errorf("%d and %d", got, first)
		}
	}
}

// FuzzKept holds that the findings of a version do not depend on the versions before it.
func FuzzKept(f *testing.F) {
	f.Add("FROM node\nRUN a\nRUN a\nCMD npm start\n", 10, 3, "\\\n\n")
	f.Add("# escape=`\nFROM node\nRUN a `\n b\n", 0, 11, "")
	f.Add("FROM a\nRUN <<E\nx\nE\nCMD [\"a\"\n", 8, 5, "ONBUILD RUN")
	f.Fuzz(func(t *testing.T, src string, at, length int, inserted string) {
		at = max(0, min(at, len(src)))
		length = max(0, min(length, len(src)-at))
		first := New(src, lint.Facts{}, nil)
		first.Findings()
		next := src[:at] + inserted + src[at+length:]
		fresh, kept := New(next, lint.Facts{}, nil), New(next, lint.Facts{}, first)
		if diff := cmp.Diff(plain(fresh.Findings()), plain(kept.Findings())); diff != "" {
			t.Errorf("%q after %q:\n%s", next, src, diff)
		}
	})
}

// TestUnchangedInstructionsKeepTheirReading holds that BuildKit reads only what has changed, and that what is kept of one
// version is enough for the next, also over a version that nobody looked at.
func TestUnchangedInstructionsKeepTheirReading(t *testing.T) {
	first := New("FROM node\nRUN a\nRUN b\n", lint.Facts{}, nil)
	before := first.Model().Instructions
	unseen := New("FROM node\nRUN a\nRUN\n", lint.Facts{}, first)
	after := New("# moved\nFROM node\nRUN a\nRUN c\n", lint.Facts{}, unseen).Model().Instructions
	for i, same := range []bool{true, true, false} {
		if (before[i].Reading == after[i].Reading) != same {
			t.Errorf("%s: kept %v, want %v", after[i].Line.Text, !same, same)
		}
	}
}
