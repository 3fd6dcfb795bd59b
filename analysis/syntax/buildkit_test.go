package syntax

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/moby/buildkit/frontend/dockerfile/parser"

	"dockerfile-ls/analysis/corpus"
)

// reading is what BuildKit's parser and our tree must agree on for one instruction.
type reading struct {
	Keyword    string
	Original   string
	Flags      []string
	Args       []string
	JSON       bool
	Heredocs   []heredoc
	Start, End int // one-based, BuildKit's lines
	Inner      *reading
}

type heredoc struct {
	Name, Body    string
	FD            uint
	Expand, Chomp bool
}

// buildKitReading reads a Dockerfile with BuildKit's own parser.
func buildKitReading(src string) ([]reading, error) {
	result, err := parser.Parse(strings.NewReader(src))
	if err != nil {
		return nil, err
	}
	var readings []reading
	for _, node := range result.AST.Children {
		readings = append(readings, nodeReading(node))
	}
	return readings, nil
}

func nodeReading(node *parser.Node) reading {
	r := reading{
		Keyword: node.Value, Original: node.Original, JSON: node.Attributes["json"], Start: node.StartLine,
		End: node.EndLine,
	}
	r.Flags = append(r.Flags, node.Flags...)
	for _, h := range node.Heredocs {
		r.Heredocs = append(r.Heredocs, heredoc{h.Name, h.Content, h.FileDescriptor, h.Expand, h.Chomp})
	}
	if node.Next != nil && len(node.Next.Children) == 1 {
		inner := nodeReading(node.Next.Children[0])
		inner.Start, inner.End = 0, 0
		r.Inner = &inner
		return r
	}
	if !Known(node.Value) {
		return r // BuildKit drops the arguments of what it does not know
	}
	for arg := node.Next; arg != nil; arg = arg.Next {
		r.Args = append(r.Args, arg.Value)
	}
	if isKeyValue(node.Value) { // key, value, separator
		r.Args = nil
		for arg := node.Next; arg != nil; arg = arg.Next.Next.Next {
			r.Args = append(r.Args, arg.Value+arg.Next.Next.Value+" "+arg.Next.Value)
		}
	}
	return r
}

func isKeyValue(keyword string) bool {
	return strings.EqualFold(keyword, "ENV") || strings.EqualFold(keyword, "LABEL")
}

// ourReading reads a Dockerfile with the tree.
func ourReading(src string) []reading {
	f := ParseAsBuildKit(src)
	var readings []reading
	for _, inst := range f.Instructions {
		r := instructionReading(f, inst)
		r.Start = 1 + strings.Count(src[:inst.Span.Start], "\n")
		r.End = strings.Count(src[:inst.Extent.End], "\n")
		if !strings.HasSuffix(src[:inst.Extent.End], "\n") {
			r.End++
		}
		readings = append(readings, r)
	}
	return readings
}

func instructionReading(f *File, inst *Instruction) reading {
	r := reading{Keyword: inst.Keyword.Text, Original: inst.Line.Text}
	r.JSON = inst.JSON != nil && !inst.JSON.Unfinished
	for _, flag := range inst.Flags {
		word := "--" + flag.Name.Text
		if flag.HasValue {
			word += "=" + flag.Value.Text
		}
		r.Flags = append(r.Flags, latin1(word))
	}
	for _, h := range inst.Heredocs {
		r.Heredocs = append(r.Heredocs, heredoc{h.Name.Text, h.Body.Of(f.Text), h.FD, h.Expand, h.Chomp})
	}
	if inst.Inner != nil {
		inner := instructionReading(f, inst.Inner)
		inner.Original = inst.Rest.Text
		inner.Heredocs = nil
		r.Inner = &inner
		return r
	}
	if !Known(inst.Keyword.Text) {
		return r
	}
	for _, arg := range inst.Args {
		r.Args = append(r.Args, arg.Text)
	}
	if inst.Name == "ENV" || inst.Name == "LABEL" {
		r.Args = nil
		for _, pair := range inst.Pairs {
			if pair.Legacy {
				r.Args = append(r.Args, pair.Key.Text+" "+pair.Value.Text)
				continue
			}
			r.Args = append(r.Args, runes(pair.Key.Text)+"= "+runes(pair.Value.Text))
		}
	}
	if inst.Name == "ARG" {
		for i := range r.Args {
			r.Args[i] = runes(r.Args[i])
		}
	}
	return r
}

// latin1 is known divergence 1: BuildKit takes each byte of a flag for a character, so that é becomes Ã©. The tree keeps
// what the user wrote.
func latin1(s string) string {
	var out strings.Builder
	for _, c := range []byte(s) {
		out.WriteRune(rune(c))
	}
	return out.String()
}

// runes is known divergence 2: BuildKit replaces invalid UTF-8 in ENV, LABEL and ARG words by U+FFFD, one for each byte.
func runes(s string) string { return string([]rune(s)) }

// compareWithBuildKit returns what differs, or why nothing can be compared.
func compareWithBuildKit(src string) (diff, skipped string) {
	f := ParseAsBuildKit(src)
	theirs, err := buildKitReading(src)
	if err != nil {
		if cause := parseFailure(f); cause == "" {
			return fmt.Sprintf("BuildKit fails with %q and the tree shows nothing", err), ""
		}
		return "", err.Error()
	}
	if cause := parseFailure(f); cause != "" {
		return "BuildKit parses it and the tree shows " + cause, ""
	}
	ours := ourReading(src)
	if hasChain(ours) {
		return "", "known divergence 3: the instruction behind a chained ONBUILD is not read, BuildKit rejects the chain"
	}
	return cmp.Diff(theirs, ours), ""
}

func hasChain(readings []reading) bool {
	for _, r := range readings {
		if r.Inner != nil && strings.EqualFold(r.Inner.Keyword, "ONBUILD") {
			return true
		}
	}
	return false
}

// parseFailure names the facts of the tree for which BuildKit's parser stops.
func parseFailure(f *File) string {
	if len(f.TooLong) > 0 {
		return "a line that is too long"
	}
	for _, d := range f.Directives {
		if d.Repeated {
			return "a repeated directive"
		}
		if d.known() == "escape" && d.Value.Text != `\` && d.Value.Text != "`" {
			return "a bad escape directive"
		}
	}
	if len(f.Instructions) == 0 {
		return "no instruction"
	}
	for _, inst := range f.Instructions {
		if cause := instructionFailure(inst); cause != "" {
			return cause
		}
	}
	return ""
}

func instructionFailure(inst *Instruction) string {
	if inst.Inner != nil {
		if inst.Inner.Name == "ONBUILD" {
			return chainFailure(inst.Inner)
		}
		if cause := instructionFailure(inst.Inner); cause != "" {
			return cause
		}
	}
	for _, h := range inst.Heredocs {
		if !h.Terminated {
			return "an unterminated heredoc"
		}
	}
	if len(inst.BadDelimiters) > 0 {
		return "a bad heredoc delimiter"
	}
	if inst.JSON != nil && inst.JSON.NotString != nil {
		return "an array with something else than strings"
	}
	if inst.Name == "ENV" || inst.Name == "LABEL" {
		for _, pair := range inst.Pairs {
			if !pair.HasValue {
				return "a pair without value"
			}
		}
	}
	return ""
}

// onbuild is no ToUpper: that makes a byte that is not UTF-8 three bytes long.
var onbuild = regexp.MustCompile(`(?i)onbuild`)

// chainFailure reads what the tree does not: the instruction at the end of a chain of ONBUILDs.
func chainFailure(inst *Instruction) string {
	line, end := inst.Line.Text, 0
	for _, at := range onbuild.FindAllStringIndex(line, -1) {
		if strings.TrimSpace(line[end:at[0]]) != "" {
			break
		}
		if rest := line[at[1]:]; rest != "" && strings.TrimLeftFunc(rest, unicode.IsSpace) == rest {
			break
		}
		end = at[1]
	}
	last := ParseAsBuildKit(strings.TrimSpace(line[end:]))
	for _, inst := range last.Instructions {
		return instructionFailure(inst)
	}
	return ""
}

func TestAgainstBuildKitOnCorpus(t *testing.T) {
	for _, file := range corpus.Dockerfiles(t) {
		for name, src := range variants(file.Text) {
			diff, skipped := compareWithBuildKit(src)
			if diff != "" {
				t.Errorf("%s (%s) BuildKit - tree +:\n%s", file.Name, name, diff)
			}
			if skipped != "" && name == "as it is" {
				t.Logf("%s: not compared, both reject it: %s", file.Name, skipped)
			}
		}
	}
}

// variants are a text, and the text in forms that its author did not think of.
func variants(src string) map[string]string {
	return map[string]string{
		"as it is":         src,
		"CRLF":             strings.ReplaceAll(src, "\n", "\r\n"),
		"BOM":              bom + src,
		"no final newline": strings.TrimRight(src, "\n"),
		"backtick":         "# escape=`\n" + strings.ReplaceAll(src, "\\\n", "`\n"),
		"tabs":             strings.ReplaceAll(src, "    ", "\t"),
	}
}

func FuzzAgainstBuildKit(f *testing.F) {
	for _, seed := range seeds {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, src string) {
		diff, _ := compareWithBuildKit(src)
		if diff != "" {
			t.Errorf("BuildKit - tree + for %q:\n%s", src, diff)
		}
	})
}

// seeds hold each construct of the language at least once.
var seeds = []string{
	"00\nONBUILD ONBUILD 0ONBUILDENV 0", "ONBUILD ONBUILD ONBUILDENV 0",
	"FROM a\nCMD [1e999]\n", "RUN <<00\\\n\nCOPY ", "RUN --mount=\\\n  a", "ONBUILD \x85ONBUILD", "FROM a\nUſER x\n",
	"FROM a\nENTRYPOıNT [\"a\"]\n", "FROM a\nHEALTHCHEC\u212a NONE\n", "RUN <<\\\f",
	"RUN a <<E <<A <<-B\nx\nRUN y\nA\n\ty\n\t",
	"FROM node:20 AS build\nRUN --mount=type=secret,id=x,target=/y npm ci && \\\n  # why\n\n  echo hi\nCMD [\"npm\", " +
		"\"start\"]\n",
	"# syntax=docker/dockerfile:1\n# escape=`\n# check=skip=all\nFROM a\nRUN x `\n  y\n",
	"RUN <<A cat <<-\"B\" 3<<'C'\na $x\nA\n\tb\n\tB\nc\nC\nCOPY <<EOF /x\nhi\nEOF\n",
	"ONBUILD RUN <<E\nx\nE\nONBUILD ONBUILD RUN x\nENV a=1 b=\"x y\" c='z' d=\\ e\nENV legacy it is\nLABEL a b\nARG x " +
		"y=${z:-1}\n",
	"HEALTHCHECK --interval=5s CMD [\"a\",\"b\"]\nHEALTHCHECK NONE\nSHELL [\"a\"]\nVOLUME [\"/a b\", \"/c\"]\nEXPOSE 80 " +
		"90/udp\nSTOPSIGNAL 9\n",
	"COPY --from=x --chown=\"a b\":c --link a\\ b c d\nADD [\"a\", \"b\"]\nUSER x\nWORKDIR /a b\nMAINTAINER me " +
		"<a@b>\nFOO bar\n",
	"CMD [\"a\", 1]\nCMD [\"a\", \"b\nCMD [\nCMD [ -f x ] && y\nCMD []\nRUN [\"\\u00e9\", \"\\ud800\"]\n",
	"\uFEFFFROM a\r\nRUN b \\\r\n\r\n  c\r\nRUN <<E\r\nx\r\nE\r\nRUN d\\\\\nRUN \xff \x85 \xa0--x\nENV \xffa=\x80\n\\\nX",
	"RUN echo ${a:-<<E} \"${b#\\x}\" '$c' $d${e/f/g} <<${h}\nRUN x <<E \\\n  y\nz\nE\nRUN <<\nRUN <<<x\nRUN \"<<E\nRUN " +
		"a<<E\n",
	"RUN --x=a\\ b \"q\" -- --y\nRUN --\nRUN --a'b c'=\"d\\\"e\" f\nFROM\nENV\nLABEL a\nONBUILD\nHEALTHCHECK\n",
}

// TestKnownDivergences shows each of the three divergences, so that it is noticed when BuildKit loses one.
func TestKnownDivergences(t *testing.T) {
	for _, c := range []struct{ name, src, theirs, ours string }{
		{"1: flags are read byte by byte", "COPY --chown=é a b\n", "--chown=Ã©", "é"},
		{"2: invalid UTF-8 in pairs is replaced", "ENV a=\xff\n", "\uFFFD", "\xff"},
		{"3: a chained ONBUILD is read", "ONBUILD ONBUILD RUN x\n", "RUN x", ""},
	} {
		result, err := parser.Parse(strings.NewReader(c.src))
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		node := result.AST.Children[0]
		inst := ParseAsBuildKit(c.src).Instructions[0]
		var theirs, ours string
		switch inst.Name {
		case "COPY":
			theirs, ours = node.Flags[0], inst.Flags[0].Value.Text
		case "ENV":
			theirs, ours = node.Next.Next.Value, inst.Pairs[0].Value.Text
		case "ONBUILD":
			theirs = node.Next.Children[0].Next.Children[0].Original
			ours = inst.Inner.Rest.Text
		}
		if theirs != c.theirs || ours != c.ours {
			t.Errorf("%s: BuildKit has %q and the tree %q; want %q and %q", c.name, theirs, ours, c.theirs, c.ours)
		}
	}
}
