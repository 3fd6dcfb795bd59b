package dockerfile

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/moby/buildkit/frontend/dockerfile/shell"

	"dockerfile-ls/analysis/syntax"
)

// TestAgainstShellLexer gives 200 generated files, with chains of FROM, ARG and ENV, to the model, and their words in
// order to BuildKit's shell lexer.
func TestAgainstShellLexer(t *testing.T) {
	words, known := 0, 0
	for seed := range uint64(200) {
		g := &generator{random: rand.New(rand.NewPCG(seed, 7))}
		src := g.file()
		m := New(syntax.Parse(src), nil)
		for name, v := range inOrder(t, m) {
			words++
			got := m.Expand(name.inst, name.word)
			if v.err != nil {
				if got.State != Unknown || v.err != errStopped && got.Err == nil {
					t.Errorf("%s: %q is %v, and BuildKit rejects it: %v\n%s", name.inst.Line.Text,
						name.word, got, v.err, src)
				}
				continue
			}
			known++
			if got.State != Known || got.Text != v.text {
				t.Errorf("%s: %q is %v, and BuildKit has %q\n%s", name.inst.Line.Text, name.word, got, v.text, src)
			}
		}
	}
	t.Logf("%d words, %d of them well formed", words, known)
	if known < 1_000 {
		t.Errorf("only %d words were compared", known)
	}
}

type wordAt struct {
	inst *Instruction
	word string
}

// evaluated is what BuildKit makes of a word. It has no value after an earlier word at which BuildKit stops.
type evaluated struct {
	text string
	err  error
}

// stopped is the value of a variable that a malformed word was to give.
const stopped = "\x00stopped"

var errStopped = errors.New("it stopped before")

// inOrder follows a file as BuildKit's converter does, with nothing but its shell lexer, and returns each word's value.
func inOrder(t *testing.T, m *Model) map[wordAt]evaluated {
	t.Helper()
	values := map[wordAt]evaluated{}
	globals := map[string]string{}
	for _, inst := range m.Globals {
		for _, p := range inst.Pairs {
			v := process(p.Value.Text, globals)
			values[wordAt{inst, p.Value.Text}] = v
			globals[p.Key.Text] = v.text
		}
	}
	stages := map[string]map[string]string{}
	for _, s := range m.Stages {
		env := map[string]string{}
		for k, v := range stages[s.Base.Text] {
			env[k] = v
		}
		for _, inst := range s.Instructions {
			set := map[string]string{}
			for _, p := range inst.Pairs {
				if inst.Name == "ARG" && !p.HasValue {
					env[p.Key.Text] = globals[p.Key.Text]
					continue
				}
				v := process(p.Value.Text, env)
				values[wordAt{inst, p.Value.Text}] = v
				set[p.Key.Text] = v.text
			}
			for k, v := range set {
				env[k] = v
			}
		}
		stages[s.Name.Text] = env
	}
	return values
}

func process(word string, env map[string]string) evaluated {
	var list []string
	for k, v := range env {
		list = append(list, k+"="+v)
	}
	result, err := shell.NewLex('\\').ProcessWordWithMatches(word, shell.EnvsFromSlice(list))
	for name := range result.Matched {
		if env[name] == stopped {
			err = errStopped
		}
	}
	if err != nil {
		return evaluated{stopped, err}
	}
	return evaluated{result.Result, nil}
}

type generator struct{ random *rand.Rand }

func (g *generator) pick(from ...string) string { return from[g.random.IntN(len(from))] }

func (g *generator) name() string { return g.pick("A", "B", "C", "D", "PATH_X") }

func (g *generator) file() string {
	var out strings.Builder
	for range 1 + g.random.IntN(4) {
		fmt.Fprintf(&out, "ARG %s=%s\n", g.name(), g.word(2))
	}
	// Every name has a global default, so that an ARG without one is known.
	for _, name := range []string{"A", "B", "C", "D", "PATH_X"} {
		fmt.Fprintf(&out, "ARG %s=%s\n", name, g.pick("", "x", "a.b.c", "/usr/bin"))
	}
	for i := range 1 + g.random.IntN(4) {
		base := "scratch"
		if i > 0 && g.random.IntN(2) == 0 {
			base = fmt.Sprintf("s%d", g.random.IntN(i))
		}
		fmt.Fprintf(&out, "FROM %s AS s%d\n", base, i)
		for range g.random.IntN(8) {
			out.WriteString(g.instruction())
		}
	}
	return out.String()
}

func (g *generator) instruction() string {
	switch g.random.IntN(4) {
	case 0:
		return fmt.Sprintf("ARG %s=%s\n", g.name(), g.word(2))
	case 1:
		return fmt.Sprintf("ARG %s\n", g.name())
	case 2:
		return fmt.Sprintf("ENV %s=%s \\\n  %s_2=%s\n", g.name(), g.word(2), g.name(), g.word(2))
	}
	return fmt.Sprintf("ENV %s=%s\n", g.name(), g.word(3))
}

// word makes a word with all modifiers that BuildKit knows, and some that it does not.
func (g *generator) word(depth int) string {
	if depth == 0 {
		return g.pick("x", "b.c", "*", "''", `"q r"`, "$A", `\$B`, `\\`)
	}
	inner := g.word(depth - 1)
	name := g.name()
	switch g.random.IntN(9) {
	case 0:
		return "$" + name + inner
	case 1:
		return "${" + name + g.pick(":-", "-", ":+", "+", ":?", "?") + inner + "}"
	case 2:
		return "${" + name + g.pick("#", "##", "%", "%%") + g.pick("*", "*.", "a", "/*", `\*`, "?") + "}"
	case 3:
		return "${" + name + g.pick("/", "//") + g.pick("a", ".", "*", `\/`) + "/" + inner + "}"
	case 4:
		return `"` + strings.ReplaceAll(inner, `"`, "") + `"`
	case 5:
		return "'" + strings.ReplaceAll(inner, "'", "") + "'"
	case 6:
		return g.pick("${"+name+":x}", "${"+name+"}", "${}", "$")
	}
	return inner + g.word(depth-1)
}

func TestContainerValue(t *testing.T) {
	m := New(syntax.Parse("ARG MODE=production\nFROM node:20 AS base\nENV A=1\nARG A=2\nARG MODE\nFROM base\nENV "+
		"NODE_ENV=$MODE B=$A\nARG C=3\nRUN x\n"), nil)
	s := m.Stages[1]
	for name, want := range map[string]Value{
		"A":        {State: Known, Text: "1"},
		"B":        {State: Known, Text: "2", Default: true},
		"NODE_ENV": {State: Known, Text: "production", Default: true},
		"C":        {}, // the ARG is gone, and the image may have one
		"MODE":     {},
	} {
		if got := m.ContainerValue(s, name); got != want {
			t.Errorf("%s is %v, want %v", name, got, want)
		}
	}
	run := s.Instructions[len(s.Instructions)-1]
	if got := m.Value(run, "C"); got != (Value{State: Known, Text: "3", Default: true}) {
		t.Errorf("C in RUN is %v", got)
	}
}

func TestInForce(t *testing.T) {
	m := New(syntax.Parse(`ARG X
FROM node:20 AS base
USER node
CMD ["a"]
FROM base AS mid
ENTRYPOINT ["b"]
RUN x
FROM mid AS last
CMD ["c"]
FROM base AS both
CMD ["d"]
ENTRYPOINT ["e"]
FROM base AS test
`), nil)
	run := m.Stages[1].Instructions[1]
	if got := m.InForce(run, "USER"); got == nil || got.Args[0].Text != "node" {
		t.Errorf("USER in force is %v", got)
	}
	if got := m.InForce(m.Stages[0].Instructions[0], "USER"); got != nil {
		t.Errorf("a USER counts in front of itself")
	}
	text := func(inst *Instruction) string {
		if inst == nil {
			return "image"
		}
		return inst.Args[0].Text
	}
	for name, want := range map[string]string{
		"base": "image a false", "mid": "b image true", "last": "b c false", "both": "e d false", "test": "image a false",
	} {
		p := m.Process(m.Named(name))
		if got := fmt.Sprint(text(p.Entrypoint), " ", text(p.Cmd), " ", p.Cleared); got != want {
			t.Errorf("%s runs %s, want %s", name, got, want)
		}
	}
	if got := m.Final().Name.Text; got != "both" {
		t.Errorf("the final stage is %s", got)
	}
}

// TestValueOfTriggersAndBases holds that an instruction behind ONBUILD sees its stage, and that a FROM sees the global
// arguments and nothing of its stage.
func TestValueOfTriggersAndBases(t *testing.T) {
	m := New(syntax.Parse("ARG V=20\nFROM node:$V AS a\nENV V=x\nFROM a\nONBUILD RUN echo $V\n"), nil)
	onbuild := m.Stages[1].Instructions[0]
	for name, inst := range map[string]*Instruction{"x": onbuild.Inner, "20": m.Stages[1].From} {
		if got := m.Value(inst, "V"); got.Text != name {
			t.Errorf("V in %s is %v, want %s", inst.Line.Text, got, name)
		}
	}
	if m.StageOf(onbuild.Inner) != m.Stages[1] {
		t.Error("the instruction behind ONBUILD has no stage")
	}
}

func TestWorkdir(t *testing.T) {
	m := New(syntax.Parse(`ARG D=/d
FROM node:20 AS image
RUN image
WORKDIR a
RUN relative
WORKDIR /srv/../app
WORKDIR ./b/
RUN b
ENV E=/e
FROM image
RUN inherited
WORKDIR $E
RUN e
ARG D
WORKDIR "$D"
RUN d
WORKDIR $UNSET
RUN unset
FROM scratch
RUN root
WORKDIR x$UNSET
RUN x
FROM --platform=windows/amd64 scratch
WORKDIR /a
RUN windows
`), nil)
	known := func(text string) Value { return Value{State: Known, Text: text} }
	for name, want := range map[string]Value{
		"image": {}, "relative": {}, "b": known("/app/b"), "inherited": known("/app/b"), "e": known("/e"),
		"d": {State: Known, Text: "/d", Default: true}, "unset": {}, "root": known("/"), "x": known("/x"), "windows": {},
	} {
		i := slices.IndexFunc(m.Instructions, func(inst *Instruction) bool { return inst.Line.Text == "RUN "+name })
		if got := m.Workdir(m.Instructions[i]); got != want {
			t.Errorf("the working directory in RUN %s is %v, want %v", name, got, want)
		}
	}
}

func TestContextSources(t *testing.T) {
	m := New(syntax.Parse(`FROM node:20
ENV DIR=src
ADD https://example.com/x.tar git@github.com:a/b.git ssh://host/x https://github.com/a/b.git#main:sub a/
ADD https://github.com/a/b.git?x=y a/
COPY --from=0 z a
COPY $DIR github.com/a/b $UNSET ./
COPY <<EOF c b@d/e:f ./
EOF
`), nil)
	want := []string{"src", "github.com/a/b", "c", "b@d/e:f"}
	if got := m.ContextSources(); !slices.Equal(got, want) {
		t.Errorf("sources out of the context: %q, want %q", got, want)
	}
}

func TestExpandWords(t *testing.T) {
	m := New(syntax.Parse("FROM scratch\nENV PORTS=\"80 443\"\nEXPOSE $PORTS\n"), nil)
	expose := m.Stages[0].Instructions[1]
	for word, want := range map[string][]string{
		"$PORTS": {"80", "443"}, `"$PORTS"`: {"80 443"}, "$UNSET": nil, "x${PORTS}y": {"x80", "443y"}, "${PORTS": nil,
	} {
		if got, _ := m.ExpandWords(expose, word); !slices.Equal(got, want) {
			t.Errorf("%s is %q, want %q", word, got, want)
		}
	}
}

func TestOrigins(t *testing.T) {
	m := New(syntax.Parse(`FROM node:20 AS Build
FROM scratch
COPY --from=build a b
COPY --from=0 a b
COPY --from=7 a b
COPY --from=alpine:3.20 a b
COPY --from=Alpine a b
COPY --from=scratch a b
RUN --mount=from=x,target=/a,from=BUILD --mount=type=cache,target=/b --mount=from=0,target=/c x
COPY a b
`), nil)
	var got []string
	for _, inst := range m.Stages[1].Instructions {
		for _, o := range m.Origins(inst) {
			stage := "-"
			if o.Stage != nil {
				stage = o.Stage.Name.Text
			}
			got = append(got, fmt.Sprintf("%s: stage %s, image %s, %v", o.Text, stage, o.Image.Name, o.Err == nil))
		}
	}
	want := []string{
		"build: stage Build, image , true", "0: stage Build, image , true", "7: stage -, image , true",
		"alpine:3.20: stage -, image alpine, true", "Alpine: stage -, image , false", "scratch: stage -, image , true",
		"BUILD: stage Build, image , true", "0: stage -, image 0, true",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
