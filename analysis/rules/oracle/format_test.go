package oracle

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/moby/buildkit/solver/pb"
	dockerspec "github.com/moby/docker-image-spec/specs-go/v1"
	"github.com/opencontainers/go-digest"
	sh "mvdan.cc/sh/v3/syntax"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/corpus"
	"dockerfile-ls/analysis/format"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/text"
)

// everyNth is which files of the corpus are laid out as others would have written them too, and in other ways.
var everyNth = flag.Int("every", 10, "TestFormat lays out variants of every nth file of the corpus")

// TestFormat holds that BuildKit makes the same of a file that is laid out: every vertex of the build graph with what it is
// made of, and the configuration of the image, of each stage. A script is what a shell reads of it; all else counts byte
// for byte.
func TestFormat(t *testing.T) {
	other := format.Options{Tabs: true, TabWidth: 8, Case: format.Lower, BlankLines: 2, Arrays: true, Flags: true}
	count := &layoutTally{}
	for i, file := range corpus.Dockerfiles(t) {
		count.compare(t, file.Name, file.Text, format.Default())
		if i%*everyNth != 0 {
			continue
		}
		count.compare(t, file.Name+", otherwise", file.Text, other)
		for variant, source := range layouts(file.Text) {
			count.compare(t, file.Name+" "+variant, source, format.Default())
			count.compare(t, file.Name+" "+variant+", otherwise", source, other)
		}
	}
	t.Logf("%d stages compared: of those laid out %d are the same to the byte, %d to a shell",
		count.compared, count.same, count.scripts)
	if count.same < 100 || count.scripts < 100 {
		t.Error("too little is laid out")
	}
}

// layoutTally counts stages.
type layoutTally struct{ compared, same, scripts int }

func (c *layoutTally) compare(t *testing.T, name, source string, o format.Options) {
	t.Helper()
	s := analysis.New(source, lint.Facts{}, nil)
	edits := format.Format(s.Model(), o)
	laid, err := text.Apply(source, edits)
	if err != nil {
		t.Fatal(err)
	}
	for _, stage := range targets(s) {
		before, ok := convertedAs(source, stage, asWritten)
		if !ok {
			continue
		}
		c.compared++
		if after, _ := convertedAs(laid, stage, asWritten); slices.Equal(before, after) {
			c.same += min(1, len(edits))
			continue
		}
		c.scripts++
		before, _ = convertedAs(source, stage, asShell)
		if after, _ := convertedAs(laid, stage, asShell); !slices.Equal(before, after) {
			t.Errorf("%s, stage %q: BuildKit makes\n%q\nand made\n%q", name, stage, after, before)
		}
	}
}

// layouts are a file as others would have written it.
func layouts(source string) map[string]string {
	return map[string]string{
		"CRLF":     strings.ReplaceAll(source, "\n", "\r\n"),
		"tabs":     strings.ReplaceAll(source, "    ", "\t"),
		"indented": "  " + strings.ReplaceAll(source, "\n", "  \n  "),
		"backtick": "# escape=`\n" + strings.ReplaceAll(strings.ReplaceAll(source, "`", "'"), "\\\n", "`\n"),
	}
}

// convertedAs is what BuildKit makes of a stage: its vertices, each with those that it is made of, and the configuration,
// with scripts as somebody reads them.
func convertedAs(src, stage string, script func(string) string) (made []string, ok bool) {
	graph, config, ok := convert(src, stage)
	if !ok {
		return nil, false
	}
	names := map[string]string{} // what a vertex is, by the digest of its bytes
	for _, raw := range graph.Def {
		var op pb.Op
		if err := op.UnmarshalVT(raw); err != nil {
			panic(err)
		}
		for _, input := range op.Inputs {
			input.Digest = names[input.Digest]
		}
		if source := op.GetSource(); source != nil {
			delete(source.Attrs, "local.unique") // of the build, and not of the file
		}
		if exec := op.GetExec(); exec != nil {
			exec.Meta.Args = lastAs(exec.Meta.Args, script)
		}
		vertex := key(&op)
		names[digest.FromBytes(raw).String()] = digest.FromString(vertex).String()
		made = append(made, vertex)
	}
	return append(made, configAs(config, script)), true
}

// configAs is an image's configuration with its scripts as somebody reads them.
func configAs(config []byte, script func(string) string) string {
	var image dockerspec.DockerOCIImageConfig
	if err := json.Unmarshal(config, &image); err != nil {
		panic(err)
	}
	image.Cmd, image.Entrypoint = lastAs(image.Cmd, script), lastAs(image.Entrypoint, script)
	if image.Healthcheck != nil {
		image.Healthcheck.Test = lastAs(image.Healthcheck.Test, script)
	}
	for i, trigger := range image.OnBuild {
		image.OnBuild[i] = triggered(trigger, script)
	}
	read, err := json.Marshal(image)
	if err != nil {
		panic(err)
	}
	return string(read)
}

// lastAs are the words of a command whose last one may be a script.
func lastAs(words []string, script func(string) string) []string {
	if len(words) > 0 {
		words[len(words)-1] = script(words[len(words)-1])
	}
	return words
}

func asWritten(script string) string { return script }

// asShell is a script as a shell reads it, or as it is where none can.
func asShell(script string) string {
	file, err := sh.NewParser(sh.KeepComments(true)).Parse(strings.NewReader(script), "")
	if err != nil {
		return script
	}
	var out bytes.Buffer
	if err := sh.NewPrinter().Print(&out, file); err != nil {
		return script
	}
	return out.String()
}

// triggered is what BuildKit reads of an instruction behind ONBUILD, which the configuration has as it is written.
func triggered(trigger string, script func(string) string) string {
	result, err := parser.Parse(strings.NewReader(trigger))
	if err != nil {
		return trigger
	}
	node := result.AST.Children[0]
	said := fmt.Sprintf("%s %q %v", strings.ToUpper(node.Value), node.Flags, node.Attributes)
	for word := node.Next; word != nil; word = word.Next {
		said += fmt.Sprintf(" %q", script(word.Value))
	}
	return said
}
