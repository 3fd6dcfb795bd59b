package analysis

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"dockerfile-ls/analysis/corpus"
	"dockerfile-ls/analysis/lint"
)

// everyNth is which files TestTyping types into; the long run is described in CONTRIBUTING.md.
var everyNth = flag.Int("every", 20, "TestTyping types into every nth file")

// typedLine is a line that is not finished, and one that a person may be about to write.
type typedLine struct{ half, whole string }

func halfLines() []typedLine {
	return []typedLine{
		{`RUN npm inst`, `RUN npm install`},
		{`CMD ["node", "ser`, `CMD ["node", "server.js"]`},
		{`COPY --from=bui`, `COPY --from=build a b`},
		{`RUN <<EOF`, "RUN <<EOF\necho\nEOF"},
		{`ENV NODE_ENV="prod`, `ENV NODE_ENV="production"`},
		{`FROM no`, `FROM node:20`},
		{`RUN apt-get update && \`, `RUN apt-get update && \` + "\n  apt-get install x"},
		{`USER 'no`, `USER 'node'`},
		{`ARG X=${Y:-`, `ARG X=${Y:-z}`},
		{`HEALTHCHECK --interval=3`, `HEALTHCHECK --interval=3s CMD true`},
	}
}

// TestTyping types ten lines that are not finished into files of the corpus, key by key, each once at a place in the
// middle and once at the end, and holds that what was found above them stays: 99.9 % of it at each key, and never nothing
// where something was. What is gone once the line is finished is gone by evidence, and counted apart.
func TestTyping(t *testing.T) {
	root := os.DirFS(corpus.Shared(t, "corpus/dev"))
	var all tally
	for i, file := range corpus.Dockerfiles(t) {
		if i%*everyNth != 0 {
			continue
		}
		facts := completed(t, root, file.Name)
		for _, line := range halfLines() {
			for _, at := range places(file.Text) {
				all.add(typeLine(t, file.Name, file.Text, at, line, facts))
			}
		}
	}
	t.Logf("%d keys: of %d findings above the line %d were gone by evidence, %d otherwise (%.4f %% stayed); %d empty lists",
		all.keys, all.before, all.evidence, all.lost, 100*all.share(), all.empty)
	for _, example := range all.examples[:min(20, len(all.examples))] {
		t.Log(example)
	}
	if all.share() < 0.999 || all.empty > 0 {
		t.Error("too much is lost while a line is typed")
	}
}

type tally struct {
	keys, before, evidence, lost, empty int
	examples                            []string
}

func (a *tally) add(b tally) {
	a.keys, a.before, a.evidence, a.lost, a.empty = a.keys+
		b.keys, a.before+b.before, a.evidence+b.evidence, a.lost+b.lost, a.empty+b.empty
	a.examples = append(a.examples, b.examples...)
}

func (a *tally) share() float64 { return 1 - float64(a.lost)/float64(max(1, a.before)) }

// places are offsets at which a line can be typed: behind the instruction in the middle, and at the end.
func places(source string) []int {
	instructions := New(source, lint.Facts{}, nil).Model().Instructions
	if len(instructions) == 0 {
		return nil
	}
	return []int{instructions[len(instructions)/2].Extent.End, len(source)}
}

// typeLine types one line, one byte after the other, each version on the one before as an editor does.
func typeLine(t *testing.T, name, source string, at int, line typedLine, facts lint.Facts) (counted tally) {
	head, tail := source[:at], source[at:]
	if head != "" && !strings.HasSuffix(head, "\n") {
		head += "\n"
	}
	version := New(head+"\n"+tail, facts, nil)
	before := above(version, len(head))
	finished := above(New(head+line.whole+"\n"+tail, facts, nil), len(head))
	for end := 1; end <= len(line.half); end++ {
		version = New(head+line.half[:end]+"\n"+tail, facts, version)
		now := above(version, len(head))
		counted.keys++
		counted.before += len(before)
		if len(before) > 0 && len(version.Findings()) == 0 {
			counted.empty++
		}
		for _, f := range before {
			switch {
			case slices.Contains(now, f):
			case !slices.Contains(finished, f):
				counted.evidence++
			default:
				counted.lost++
				counted.examples = append(counted.examples, fmt.Sprintf("%s: after %q: %s", name, line.half[:end], f))
			}
		}
	}
	return counted
}

// above are the findings that begin in front of an offset.
func above(s *Snapshot, offset int) []string {
	var found []string
	for _, f := range s.Findings() {
		if f.Start < offset {
			found = append(found, fmt.Sprintf("%d-%d %s %s", f.Start, f.End, f.Rule.ID, f.Message))
		}
	}
	return found
}
