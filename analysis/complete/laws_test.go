package complete_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/complete"
	"dockerfile-ls/analysis/corpus"
	"dockerfile-ls/analysis/golden"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/project"
	"dockerfile-ls/analysis/syntax"
	"dockerfile-ls/analysis/text"
)

// everyNth is which files of the corpus the laws are held against, and placesOf at how many places of each.
var (
	everyNth = flag.Int("every", 12, "hold the laws against every nth file of the corpus")
	placesOf = flag.Int("places", 12, "at so many places of each")
)

// TestLaws asks for items at many places of real files: as they are, with the rest of the line gone as while it is typed,
// and
// with the rest of the file gone. Whatever is accepted leaves the other instructions as they are, and no instruction, flag,
// keyword or key is offered that BuildKit rejects where it stands.
func TestLaws(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	count := &tally{}
	for i, file := range corpus.Dockerfiles(t) {
		if i%*everyNth != 0 {
			continue
		}
		for _, at := range somePlaces(random, file.Text) {
			count.check(t, file.Name, file.Text, at)
			if end := strings.IndexByte(file.Text[at:], '\n'); end >= 0 {
				count.check(t, file.Name+", half a line", file.Text[:at]+file.Text[at+end:], at)
			}
			count.check(t, file.Name+", cut off", file.Text[:at], at)
			for _, typed := range []string{" --", " ", "$", "=", ",", " --mount=", " --mount=type=secret,"} {
				count.check(t, file.Name+", and "+typed, file.Text[:at]+typed+file.Text[at:], at+len(typed))
			}
		}
	}
	t.Log(count)
	if count.items < 2000 || count.judged < 200 {
		t.Error("the laws were held against too little")
	}
}

// TestLawsInCases holds them against the cases, of which those that a person would meet are not rare.
func TestLawsInCases(t *testing.T) {
	count := &tally{}
	for file, archive := range golden.Archives(t, "../../testdata/complete/*.txtar") {
		for _, part := range archive.Files {
			if strings.HasSuffix(part.Name, ": offered") || strings.Contains(part.Name, " @ ") {
				continue
			}
			source := strings.Replace(string(part.Data), "<|>", "", 1)
			for at := len(source) % 3; at <= len(source); at += 3 {
				count.check(t, file+" "+part.Name, source, at)
				count.check(t, file+" "+part.Name+", cut off", source[:at], at)
			}
		}
	}
	t.Log(count)
}

// FuzzComplete holds the laws against any text.
func FuzzComplete(f *testing.F) {
	for _, archive := range golden.Archives(f, "../../testdata/complete/*.txtar") {
		for _, part := range archive.Files {
			if !strings.HasSuffix(part.Name, ": offered") && !strings.Contains(part.Name, " @ ") {
				before, after, _ := strings.Cut(string(part.Data), "<|>")
				f.Add(before, after)
			}
		}
	}
	f.Fuzz(func(t *testing.T, before, after string) {
		if len(before)+len(after) < 2_000 {
			(&tally{}).check(t, "input", before+after, len(before))
		}
	})
}

// somePlaces are offsets that people stop at: behind words and signs, at the beginning of lines, and anywhere.
func somePlaces(random *rand.Rand, source string) []int {
	var places []int
	for range *placesOf {
		at := random.IntN(len(source) + 1)
		if random.IntN(3) > 0 {
			if n := strings.IndexAny(source[at:], " =,$/-\n\""); n >= 0 {
				at += n + random.IntN(2)
			}
		}
		places = append(places, at)
	}
	return places
}

type tally struct{ places, items, judged int }

func (c *tally) String() string {
	return fmt.Sprintf("%d items at %d places, %d of them shown to BuildKit", c.items, c.places, c.judged)
}

var disk = fstest.MapFS{
	"Dockerfile": {}, "package.json": {Data: []byte(`{"scripts": {"build": "x", "a:b": "y"}}`)}, "src/index.js": {},
	"a b": {}, "[x]": {}, ".dockerignore": {Data: []byte("*.md\n")}, "b.md": {},
}

func (c *tally) check(t *testing.T, name, source string, at int) {
	t.Helper()
	m := analysis.New(source, lint.Facts{}, nil).Model()
	items := complete.At(complete.Facts{
		Model: m, Images: known, Project: project.Read(disk, analysis.Request(m, "Dockerfile", "")),
	}, at)
	c.places++
	c.items += len(items)
	checkItems(t, name, source, at, items)
	var rejected []complete.Item
	accepted := false
	for i, item := range items {
		if i > 20 && item.Kind != complete.Flag {
			break
		}
		for _, insert := range inserts(item) {
			checkOthers(t, name, source, item, insert)
		}
		ok, known := c.judge(source, item)
		if known && !ok {
			rejected = append(rejected, item)
		}
		accepted = accepted || ok
	}
	for _, item := range rejected {
		if accepted || item.Kind != complete.Keyword { // where all are rejected, something else of the line is wrong
			t.Errorf("%s at %d: BuildKit rejects %q in\n%s", name, at, item.Insert, around(source, item.Start))
		}
	}
}

func around(source string, at int) string {
	return source[max(0, at-200):at] + "<|>" + source[at:min(len(source), at+200)]
}

// inserts are what comes into the file, without and with snippets.
func inserts(item complete.Item) []string {
	if item.Snippet == "" {
		return []string{item.Insert}
	}
	return []string{item.Insert, filled(item.Snippet)}
}

var (
	choice = regexp.MustCompile(`\$\{\d+\|([^,|]*)[^}]*\}`)
	tabs   = regexp.MustCompile(`\$\{\d+:([^}]*)\}`)
	stops  = regexp.MustCompile(`\$\d`)
)

// filled is a snippet that is accepted as it stands.
func filled(snippet string) string {
	text := stops.ReplaceAllString(tabs.ReplaceAllString(choice.ReplaceAllString(snippet, "$1"), "$1"), "")
	return strings.ReplaceAll(text, `\\`, `\`)
}

// checkOthers holds that the instructions in front of what is replaced and those behind it stay, as people and as BuildKit
// read them.
func checkOthers(t *testing.T, name, source string, item complete.Item, insert string) {
	t.Helper()
	result, err := text.Apply(source, []text.Edit{{Span: item.Span, New: insert}})
	if err != nil {
		t.Fatal(err)
	}
	if item.Detail == "ends the here-document" {
		return // it ends the instruction that it belongs to
	}
	if swallows.MatchString(source[item.End:]) && inBlankLine(syntax.Parse(source), item.Span) {
		return // an instruction that waits for another one has taken the next one for it, and gets its own now
	}
	grown := len(insert) - item.Len()
	readings := []func(string) *syntax.File{syntax.Parse, syntax.ParseAsBuildKit}
	if item.Kind == complete.Template || slices.ContainsFunc(syntax.Parse(source).Instructions, isRecovered) {
		readings = readings[:1] // BuildKit reads on where nothing ends what is being typed, and what is accepted may end it
	}
	for _, parse := range readings {
		was, is := parse(source), parse(result)
		before, after := others(was, item.Span), others(is, text.Span{Start: item.Start, End: item.End + grown})
		if !slices.Equal(before, after) {
			t.Errorf("%s: %q changes other instructions in\n%s\nto\n%s", name, insert, around(source, item.Start),
				around(result, item.Start))
			return
		}
	}
}

// swallows matches an instruction behind the rest of a blank line.
var swallows = regexp.MustCompile(
	`^\s*\n\s*(#.*\n\s*)*(?i:ADD|ARG|COPY|ENTRYPOINT|ENV|EXPOSE|FROM|LABEL|RUN|USER|VOLUME|WORKDIR) `,
)

func inBlankLine(f *syntax.File, span text.Span) bool {
	return slices.ContainsFunc(f.Instructions, func(inst *syntax.Instruction) bool {
		return slices.ContainsFunc(inst.BlankLines, func(blank text.Span) bool { return blank.Contains(span) })
	})
}

func isRecovered(inst *syntax.Instruction) bool { return inst.Recovered }

// others are the texts of the instructions that do not touch a span: keyword, flags and arguments, and bodies.
func others(f *syntax.File, span text.Span) []string {
	var list []string
	for _, inst := range f.Instructions {
		if slices.ContainsFunc(inst.BlankLines, func(blank text.Span) bool { return blank.Touches(span) }) {
			continue
		}
		before := inst.Extent.End <= span.Start && strings.HasSuffix(f.Text[:inst.Extent.End], "\n") &&
			(inst.Extent.End < span.Start || !strings.HasSuffix(inst.Of(f.Text), string(f.Escape))) &&
			!slices.ContainsFunc(inst.Heredocs, func(h syntax.Heredoc) bool { return !h.Terminated })
		if inst.Extent.Start > span.End || before {
			list = append(list, inst.Of(f.Text))
		}
	}
	return list
}

// samples are values for flags and keys that have none yet.
var samples = map[string]string{
	"--from": "x", "--chown": "a", "--chmod": "755", "--exclude": "x", "--mount": "type=cache,target=/x",
	"--device":   "a.com/b=c",
	"--platform": "linux/amd64", "--checksum": "sha256:" + strings.Repeat("0", 64), "--network": "none",
	"--security": "sandbox",
	"--interval": "3s", "--timeout": "3s", "--start-period": "3s", "--start-interval": "3s", "--retries": "3",
	"target": "/x", "source": "x", "from": "x", "id": "x", "sharing": "locked", "size": "1m",
	"mode": "0400", "uid": "1", "gid": "1",
	"env": "X",
}

// tails make instructions whole that are being typed.
var tails = []string{"", " a", " a b", " CMD true", "=b"}

// judge asks BuildKit about an instruction, flag, keyword or key: whether it takes the instruction with it, if it takes it
// without, or with one of the tails. It is not known where something else is wrong.
func (c *tally) judge(source string, item complete.Item) (ok, known bool) {
	switch item.Kind {
	case complete.Keyword, complete.Flag, complete.Key:
	default:
		return false, false
	}
	insert := item.Insert
	if item.Snippet != "" && item.Kind == complete.Keyword {
		insert = filled(item.Snippet)
	}
	insert, continued := strings.CutSuffix(insert, ` \`)
	if strings.HasSuffix(insert, "=") {
		insert += samples[item.Label]
	}
	if continued {
		insert += ` \`
	}
	f := syntax.Parse(source)
	i := slices.IndexFunc(f.Instructions, func(inst *syntax.Instruction) bool {
		return inst.Extent.Start <= item.Start && item.End <= max(inst.Extent.End, inst.End)
	})
	isInstruction := item.Kind == complete.Keyword && syntax.Known(item.Label) &&
		(i < 0 || isKeyword(f.Instructions[i], item))
	if i < 0 && !isInstruction {
		return false, false
	}
	var inst *syntax.Instruction
	if i >= 0 {
		inst = f.Instructions[i]
	} else {
		inst = &syntax.Instruction{Span: item.Span, Extent: item.Span}
	}
	if item.Start < inst.Start || item.End > inst.Extent.End || len(inst.Heredocs) > 0 {
		return false, false
	}
	line := source[inst.Start:max(inst.End, item.End)]
	if strings.HasSuffix(line, string(f.Escape)) {
		return false, false
	}
	start, end := item.Start-inst.Start, item.End-inst.Start
	with := line[:start] + insert + line[end:]
	without := line[:start] + line[end:]
	if item.Kind == complete.Key { // with the comma that stands in front
		without = strings.TrimSuffix(line[:start], ",") + line[end:]
		if value := regexp.MustCompile(`^=[^, ]*`).FindString(line[end:]); value != "" {
			return false, false // what is there is another key's value
		}
	}
	if item.Kind == complete.Flag && end < len(line) && line[end] == '=' {
		return false, false
	}
	mounts := item.Kind != complete.Keyword
	if isInstruction {
		c.judged++
		return reads(with, f.Escape, mounts) && inPlace(f, i, item), true
	}
	for _, tail := range tails {
		ok = ok || reads(with+tail, f.Escape, mounts)
		known = known || reads(without+tail, f.Escape, mounts)
	}
	if known {
		c.judged++
	}
	return ok, known
}

func isKeyword(inst *syntax.Instruction, item complete.Item) bool {
	if inst.Inner != nil && inst.Inner.Keyword.Touches(item.Span) {
		return true
	}
	return inst.Keyword.Touches(item.Span)
}

// inPlace says whether an instruction may stand where it does: only ARG in front of the first FROM.
func inPlace(f *syntax.File, i int, item complete.Item) bool {
	if strings.EqualFold(item.Label, "FROM") || strings.EqualFold(item.Label, "ARG") {
		return true
	}
	if i >= 0 && f.Instructions[i].Name == "ONBUILD" && f.Instructions[i].Keyword.End < item.Start {
		return true
	}
	return slices.ContainsFunc(f.Instructions, func(inst *syntax.Instruction) bool {
		return inst.Name == "FROM" && inst.End < item.Start
	})
}

// reads reports whether BuildKit takes the text of one instruction, and its mounts as it reads them when it builds.
func reads(line string, escape byte, mounts bool) bool {
	if escape != '\\' {
		line = "# escape=" + string(escape) + "\n" + line
	}
	result, err := parser.Parse(strings.NewReader(line))
	if err != nil || len(result.AST.Children) != 1 {
		return false
	}
	command, err := instructions.ParseInstruction(result.AST.Children[0])
	if err != nil {
		return false
	}
	if trigger, ok := command.(*instructions.OnbuildCommand); ok {
		inner, err := parser.Parse(strings.NewReader(trigger.Expression))
		if err != nil || len(inner.AST.Children) != 1 {
			return false
		}
		if command, err = instructions.ParseInstruction(inner.AST.Children[0]); err != nil {
			return false
		}
	}
	if run, ok := command.(*instructions.RunCommand); ok && mounts {
		return run.Expand(func(word string) (string, error) { return word, nil }) == nil
	}
	return true
}
