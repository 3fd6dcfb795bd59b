package dockerfile

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"

	"dockerfile-ls/analysis/corpus"
	"dockerfile-ls/analysis/syntax"
)

// TestReadingOneByOne holds that BuildKit reads an instruction alone as it reads it in its file.
func TestReadingOneByOne(t *testing.T) {
	for _, file := range corpus.Dockerfiles(t) {
		whole, err := parser.Parse(strings.NewReader(file.Text))
		if err != nil {
			t.Errorf("%s: %v", file.Name, err)
			continue
		}
		m := New(syntax.ParseAsBuildKit(file.Text), nil)
		for i, node := range whole.AST.Children {
			command, err := instructions.ParseInstruction(node)
			got := m.Instructions[i].Reading
			if (err != nil) != (got.Err != nil) {
				t.Errorf("%s:%d: in its file %v, alone %v", file.Name, node.StartLine, err, got.Err)
			}
			if diff := cmp.Diff(command, got.Command, everything, withoutPlace); diff != "" {
				t.Errorf("%s:%d: in its file - alone +\n%s", file.Name, node.StartLine, diff)
			}
		}
	}
}

// TestReadingTogether holds that an instruction which BuildKit has been given with others is read as it is alone: in the
// corpus, and in what is left of its files when they are cut.
func TestReadingTogether(t *testing.T) {
	var texts []string
	for i, file := range corpus.Dockerfiles(t) {
		texts = append(texts, file.Text, file.Text[:len(file.Text)*(i%7)/7])
	}
	together := 0
	for _, src := range texts {
		if readTogether(t, src) {
			together++
		}
	}
	if together < len(texts)/2 {
		t.Errorf("only %d of %d files are read as one", together, len(texts))
	}
}

// FuzzReadingTogether is TestReadingTogether for any text; the seeds are where one instruction would swallow the next.
func FuzzReadingTogether(f *testing.F) {
	for _, src := range []string{
		"FROM a\nRUN b \\\n\nRUN c\nUSER d\n",
		"FROM a\nRUN <<E\nx\nCMD y\n",
		"FROM a\nRUN [\"b\"\nNOSUCH c\nCOPY d\nUSER e",
		"# escape=`\nFROM a\nRUN b `\n  # why\n  c\nUSER d\n",
		"FROM a\r\nRUN b \\\r\n  c\r\nONBUILD USER d\r\nUSER e\r\n",
		"FROM a\nENV A=b\\\n# c\n\n\nUSER d\nUSER d\nRUN e \\",
		"FROM a\nLABEL b=\"c\nUSER d\nRUN " + strings.Repeat("x", 70_000) + "\nUSER e\n",
	} {
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src string) { readTogether(t, src) })
}

// readTogether compares, and reports whether BuildKit was given the whole file at once.
func readTogether(t *testing.T, src string) bool {
	m := New(syntax.Parse(src), nil)
	var keys []readingKey
	for _, inst := range m.Instructions {
		key := readingKey{readingText(m.File, inst.Instruction), m.Escape}
		keys = append(keys, key)
		alone := new(Reading)
		alone.fill(key)
		got := m.Readings[key]
		if diff := cmp.Diff(alone, got, everything, withoutScript, byText, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%q in %q: alone - together +\n%s", key.text, src, diff)
		}
	}
	if len(keys) == 0 {
		return false
	}
	_, ok := parseTogether(keys)
	return ok
}

var withoutScript = cmp.FilterPath(func(p cmp.Path) bool {
	field, ok := p.Last().(cmp.StructField)
	return ok && field.Name() == "script"
}, cmp.Ignore())

// byText compares errors by what they say; what BuildKit suggests is another word each time that it is asked.
var byText = cmp.FilterPath(func(p cmp.Path) bool {
	field, ok := p.Last().(cmp.StructField)
	return ok && field.Name() == "Err"
}, cmp.Transformer("text", func(err error) string {
	said, _, _ := strings.Cut(fmt.Sprint(err), " (did you mean")
	return said
}))

var everything = cmp.Exporter(func(reflect.Type) bool { return true })

// withoutPlace leaves out lines, and the comments above, which a reading of one instruction does not have.
var withoutPlace = cmp.FilterPath(func(p cmp.Path) bool {
	field, ok := p.Last().(cmp.StructField)
	if !ok {
		return false
	}
	switch field.Name() {
	case "script", "location", "comments", "Location", "Comments", "DocComment":
		return true
	}
	return false
}, cmp.Ignore())

func TestStages(t *testing.T) {
	m := New(syntax.Parse("ARG TAG=20\nFROM node:$TAG AS Build\nRUN a\nFROM build\nFROM Build AS\nFROM\nCMD x\n"), nil)
	var got []string
	for _, s := range m.Stages {
		parent := "none"
		if p := m.Parent(s); p != nil {
			parent = p.Name.Text
		}
		image, _ := m.Image(s)
		got = append(got, strings.Join([]string{s.Name.Text, m.Base(s), parent, image.Name, image.Tag}, "|"))
	}
	want := []string{"Build|node:20|none|node|20", "|build|Build|node|20", "|Build|none||", "||none||"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if len(m.Globals) != 1 || len(m.Stages[0].Instructions) != 1 || len(m.Stages[3].Instructions) != 1 {
		t.Errorf("globals %d, instructions %d and %d", len(m.Globals), len(m.Stages[0].Instructions),
			len(m.Stages[3].Instructions))
	}
}

func TestGlobal(t *testing.T) {
	m := New(syntax.Parse("ARG A=1 B\nARG C=${A}2 D=$B E=${B:-3}\nARG A=4\nFROM x\nARG F=5\n"), nil)
	for word, want := range map[string]string{
		"$A": "4", "$C": "12", "$B": "", "x$D": "", "$E": "", "$F": "", "x:${A}-y": "x:4-y", "${A": "", "'$A'": "$A",
	} {
		if got := m.Global(word).Text; got != want {
			t.Errorf("%s is %q, want %q", word, got, want)
		}
	}
}

// TestDoublingValues holds that a chain of build arguments that doubles in length stays small.
func TestDoublingValues(t *testing.T) {
	src := "ARG A0=0123456789\n"
	name := "A0"
	for range 64 {
		src += "ARG " + name + "x=${" + name + "}${" + name + "}\n"
		name += "x"
	}
	m := New(syntax.Parse(src+"FROM $"+name+"\n"), nil)
	if got := m.Base(m.Stages[0]); got != "" {
		t.Errorf("a value of %d bytes is known", len(got))
	}
}
