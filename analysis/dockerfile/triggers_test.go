package dockerfile

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"dockerfile-ls/analysis/syntax"
)

// TestTriggers holds that what stands behind ONBUILD in a stage runs first in the stages that are based on it, and only
// there.
func TestTriggers(t *testing.T) {
	m := New(syntax.Parse(`FROM node:20 AS a
ENV P=foo
USER root
WORKDIR /
ONBUILD ENV P=80
ONBUILD ENV Q=$P
ONBUILD USER node
ONBUILD WORKDIR /app
ONBUILD CMD ["a"]
RUN a
FROM a AS b
RUN b
FROM b
RUN c
`), nil)
	for name, want := range map[string]string{"a": "foo  root / none", "b": "80 80 node /app a", "c": "80 80 node /app a"} {
		i := slices.IndexFunc(m.Instructions, func(inst *Instruction) bool { return inst.Line.Text == "RUN "+name })
		run := m.Instructions[i]
		cmd := "none"
		if p := m.Process(m.StageOf(run)); p.Cmd != nil {
			cmd = p.Cmd.Args[0].Text
		}
		got := fmt.Sprint(m.Value(run, "P").Text, " ", m.Value(run, "Q").Text, " ", m.InForce(run, "USER").Args[0].Text, " ",
			m.Workdir(run).Text, " ", cmd)
		if got != want {
			t.Errorf("in RUN %s: %s, want %s", name, got, want)
		}
	}
}

// TestBehindOnbuild holds that what stands behind ONBUILD sees all of its stage, and the triggers above it.
func TestBehindOnbuild(t *testing.T) {
	m := New(syntax.Parse(`FROM node:20 AS below
ONBUILD ENV P=below
FROM below AS a
ENV P=before
ONBUILD RUN first
USER node
ONBUILD ENV P=$P/trigger
ONBUILD WORKDIR sub
ONBUILD USER web
ONBUILD SHELL ["/bin/bash", "-c"]
ONBUILD RUN second
ENV P=behind
WORKDIR /app
SHELL ["python", "-c"]
`), nil)
	triggers := m.Named("a").Triggers()
	for i, want := range map[int]string{0: "behind node /app false", 5: "behind/trigger web /app/sub true"} {
		run := triggers[i]
		_, posix := m.Script(run)
		got := fmt.Sprint(m.Value(run, "P").Text, " ", m.InForce(run, "USER").Args[0].Text, " ",
			m.Workdir(run).Text, " ", posix)
		if got != want {
			t.Errorf("in %s: %s, want %s", run.Line.Text, got, want)
		}
	}
	var before []string
	for inst := range m.Before(triggers[1]) {
		before = append(before, inst.Name)
	}
	want := "RUN SHELL WORKDIR ENV ONBUILD ONBUILD ONBUILD ONBUILD ONBUILD USER ONBUILD ENV ENV ONBUILD"
	if got := strings.Join(before, " "); got != want {
		t.Errorf("in front of the second trigger there are %s, want %s", got, want)
	}
}
