package navigate_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dockerfile-ls/analysis/corpus"
	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/golden"
	"dockerfile-ls/analysis/navigate"
	"dockerfile-ls/analysis/text"
)

// everyNth is which files of the corpus the laws are held against; each is read whole and cut off at some places.
var everyNth = flag.Int("every", 5, "hold the laws against every nth file of the corpus")

// TestLaws asks for the names in real files, whole and cut off. The places of a symbol
// lie inside and have its name, each means the same symbol, and no two symbols share one; there is one among the
// places of its definition. A file in which it is renamed means what it did, and is the same again when it is renamed back.
func TestLaws(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	count := &tally{}
	for i, file := range corpus.Dockerfiles(t) {
		if i%*everyNth != 0 {
			continue
		}
		count.check(t, file.Name, file.Text)
		for range 2 {
			at := random.IntN(len(file.Text) + 1)
			count.check(t, fmt.Sprintf("%s, cut off at %d", file.Name, at), file.Text[:at])
		}
	}
	t.Log(count)
	if count.symbols < 100 || count.renamed < 50 || count.oneWay*20 > count.renamed {
		t.Error("the laws were held against too little")
	}
}

func TestLawsInCases(t *testing.T) {
	count := &tally{}
	for file, archive := range golden.Archives(t, "../../testdata/navigate/*.txtar") {
		for _, part := range archive.Files {
			source := strings.Replace(string(part.Data), "<|>", "", 1)
			if strings.HasSuffix(part.Name, ": found") {
				continue
			}
			for at := 0; at <= len(source); at += 7 {
				count.check(t, fmt.Sprintf("%s %s, cut off at %d", file, part.Name, at), source[:at])
			}
			count.check(t, file+" "+part.Name, source)
		}
	}
	t.Log(count)
}

// FuzzLaws holds the laws against any text.
func FuzzLaws(f *testing.F) {
	for _, archive := range golden.Archives(f, "../../testdata/navigate/*.txtar") {
		for _, part := range archive.Files {
			if !strings.HasSuffix(part.Name, ": found") {
				f.Add(strings.Replace(string(part.Data), "<|>", "", 1))
			}
		}
	}
	f.Add("FROM 0!0 AS build\nFROM Build 00000000000000000000000\nFROM 000000000")
	f.Fuzz(func(t *testing.T, source string) {
		if len(source) < 2_000 {
			(&tally{}).check(t, "input", source)
		}
	})
}

type tally struct{ symbols, places, renamed, refused, oneWay int }

func (c *tally) String() string {
	return fmt.Sprintf("%d symbols at %d places; %d renamed, %d of them not back since the name means more, %d not",
		c.symbols, c.places, c.renamed, c.oneWay, c.refused)
}

var word = regexp.MustCompile(`[A-Za-z0-9_][A-Za-z0-9_.-]*`)

func (c *tally) check(t *testing.T, name, source string) {
	t.Helper()
	m := model(source)
	known := map[text.Span]string{}
	for _, at := range word.FindAllStringIndex(source, -1) {
		s := navigate.At(m, at[0])
		if s == nil {
			continue
		}
		if of, seen := known[s.At.Span]; seen {
			if of != key(s) {
				t.Errorf("%s: %v is one of %s and of %s", name, s.At.Span, of, key(s))
			}
			continue
		}
		c.symbols++
		checkSymbol(t, name, source, s)
		for _, p := range s.Places {
			c.places++
			if of, seen := known[p.Span]; seen && of != key(s) {
				t.Errorf("%s: %v is one of %s and of %s", name, p.Span, of, key(s))
			}
			known[p.Span] = key(s)
			other := navigate.At(m, p.Start)
			if other == nil || key(other) != key(s) {
				t.Errorf("%s: %v is a place of %s and means another symbol", name, p.Span, key(s))
			}
		}
		c.rename(t, name, source, s)
	}
}

var (
	oneWay = regexp.MustCompile("is used in line|is an image in line|is line .* of the text|is the id of another")
	odd    = regexp.MustCompile("` is no |` is reserved|` has its meaning from")
)

// key tells symbols apart.
func key(s *navigate.Symbol) string { return fmt.Sprint(s.Kind, s.Name, s.Places) }

func (c *tally) rename(t *testing.T, name, source string, s *navigate.Symbol) {
	t.Helper()
	const to = "zz_1"
	edits, err := s.Rename(to)
	if err != nil || s.Kind == navigate.Stage && dockerfile.CheckStageName(s.Name) != nil {
		c.refused++
		return
	}
	c.renamed++
	renamed, err := text.Apply(source, edits)
	if err != nil {
		t.Errorf("%s: renaming %q: %v", name, s.Name, err)
		return
	}
	if diff := cmp.Diff(meaning(source), meaning(renamed)); diff != "" {
		t.Errorf("%s: renaming %q (%v) changes what the file means:\n%s", name, s.Name, s.Places, diff)
	}
	at := s.At.Start
	for _, e := range edits {
		if e.Start < s.At.Start {
			at += len(e.New) - e.Len()
		}
	}
	back := navigate.At(model(renamed), at)
	if back == nil || back.Name != to {
		t.Errorf("%s: %q is gone when it is renamed", name, s.Name)
		return
	}
	edits, err = back.Rename(s.Name)
	if err != nil && strings.Contains(renamed, s.Name) && oneWay.MatchString(err.Error()) {
		c.oneWay++ // the name had another meaning beside this one
		return
	}
	if err != nil && odd.MatchString(err.Error()) {
		c.oneWay++ // nobody would be let give that name
		return
	}
	if err != nil {
		t.Errorf("%s: %q cannot be renamed back: %v", name, s.Name, err)
		return
	}
	again, err := text.Apply(renamed, edits)
	if err != nil || again != source && !strings.EqualFold(again, source) {
		t.Errorf("%s: %q is not what it was when it is renamed back: %v", name, s.Name, err)
	}
	alike := !slices.ContainsFunc(s.Places, func(p navigate.Place) bool { return !p.Unnamed && p.Of(source) != s.Name })
	if alike && again != source {
		t.Errorf("%s: %q is not the same when it is renamed back", name, s.Name)
	}
}

// meaning is what a renamed file has to mean as well: its instructions, what stages are made of, and the values of words.
func meaning(source string) []string {
	m := model(source)
	var lines []string
	for _, inst := range m.Instructions {
		line := fmt.Sprint(inst.Name, " ", inst.Err == nil, len(inst.Args), len(inst.Heredocs))
		if inst.Name == "FROM" {
			stage := m.StageOf(inst)
			line += parentOf(m, stage)
			if m.Parent(stage) == nil {
				line += m.Base(stage)
			}
		}
		for _, origin := range m.Origins(inst) {
			if origin.Stage != nil {
				line += fmt.Sprint(" of ", origin.Stage.Index)
			} else {
				line += " of " + origin.Text
			}
		}
		switch inst.Name {
		case "COPY", "ADD", "EXPOSE", "WORKDIR", "USER", "VOLUME":
			for _, arg := range inst.Args {
				v := m.Expand(inst, arg.Text)
				if !strings.Contains(arg.Text, "<<") {
					line += fmt.Sprint(" ", v.State, v.Text)
				}
			}
		case "ENV", "LABEL":
			for _, p := range inst.Pairs {
				v := m.Expand(inst, p.Value.Text)
				line += fmt.Sprint(" ", v.State, v.Text)
			}
		}
		lines = append(lines, line)
	}
	return lines
}

func parentOf(m *dockerfile.Model, s *dockerfile.Stage) string {
	if p := m.Parent(s); p != nil {
		return fmt.Sprint(" from ", p.Index)
	}
	return " from outside: "
}
