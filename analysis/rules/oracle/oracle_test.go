package oracle

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/moby/buildkit/client/llb"
	"github.com/moby/buildkit/client/llb/sourceresolver"
	"github.com/moby/buildkit/frontend/dockerfile/dockerfile2llb"
	"github.com/moby/buildkit/solver/pb"
	"github.com/opencontainers/go-digest"
	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"
	"golang.org/x/tools/txtar"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/corpus"
	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/lint"
)

// offline stands in for the registries: every image exists, and its configuration says nothing but a platform. The real
// thing would need the network.
type offline struct{}

func (offline) ResolveImageConfig(
	_ context.Context, ref string, _ sourceresolver.Opt,
) (string, digest.Digest, []byte, error) {
	config, err := json.Marshal(ocispecs.Image{Platform: ocispecs.Platform{OS: "linux", Architecture: "amd64"}})
	return ref, digest.FromBytes(config), config, err
}

// rejected is BuildKit's reason to reject a file, and the line of the instruction, from 1; empty and 0 if there is none.
type rejected struct {
	reason string
	line   int
}

func rejection(src string) (r rejected) {
	defer func() {
		if p := recover(); p != nil {
			r.reason = fmt.Sprint("panic: ", p)
		}
	}()
	caps := pb.Caps.CapSet(pb.Caps.All())
	platform := ocispecs.Platform{OS: "linux", Architecture: "amd64"}
	if m := analysis.New(src, lint.Facts{}, nil).Model(); slices.ContainsFunc(m.Stages, m.Windows) {
		platform.OS = "windows" // as the builder of such a file
	}
	results, err := dockerfile2llb.DockerfileLint(context.Background(), []byte(src), dockerfile2llb.ConvertOpt{
		TargetPlatform: &platform,
		MetaResolver:   offline{},
		LLBCaps:        &caps,
		SourceMap:      &llb.SourceMap{Definition: &llb.Definition{}},
	})
	if err != nil {
		return rejected{reason: err.Error()}
	}
	if results.Error == nil {
		return rejected{}
	}
	r.reason = results.Error.Message
	if ranges := results.Error.Location.GetRanges(); len(ranges) > 0 {
		r.line = int(ranges[0].Start.Line)
	}
	return r
}

// findings are ours that say that BuildKit rejects the file: errors, and the warnings that the build command may keep it
// from doing so.
func findings(src string) (errors, warnings []lint.Finding) {
	for _, f := range analysis.New(src, lint.Facts{}, nil).Findings() {
		switch {
		case f.Severity == lint.Error:
			errors = append(errors, f)
		case f.Rule.Syntax && !strings.Contains(f.Message, "several files"):
			warnings = append(warnings, f)
		}
	}
	return errors, warnings
}

// notTheConverters names the errors that the converter does not see.
func notTheConverters(f lint.Finding) bool {
	switch f.Rule.ID {
	case "curly-quotes", "empty-continuation":
		return true // BuildKit builds something else than what is meant
	case "invalid-directive":
		return strings.Contains(f.Message, "frontend") // whoever loads the frontend rejects its name
	}
	return false
}

// compare says where BuildKit and we disagree; empty if we agree.
func compare(src string) string {
	theirs := rejection(src)
	ours, warnings := findings(src)
	if theirs.reason != "" && len(ours)+len(warnings) == 0 && !needsMore(src, theirs) {
		return fmt.Sprintf("only BuildKit rejects it, in line %d: %s", theirs.line, theirs.reason)
	}
	ours = slices.DeleteFunc(ours, func(f lint.Finding) bool { return notTheConverters(f) || swallowed(src, f) })
	if theirs.reason != "" || len(ours) == 0 {
		return ""
	}
	f := ours[0]
	if plain := withoutTriggers(src); plain != src && behindTrigger(src, f) {
		return compare(plain) // BuildKit reads what stands behind ONBUILD when it is triggered
	}
	return fmt.Sprintf("only we reject it: %s: %s at %q", f.Rule.ID, f.Message, f.Span.Of(src))
}

// swallowed reports whether a finding is about an instruction that BuildKit takes for a part of the one in front of it, and
// people do not, or about that one, which lacks for them what BuildKit finds in the other.
func swallowed(src string, f lint.Finding) bool {
	recovered := false
	for _, inst := range analysis.New(src, lint.Facts{}, nil).Model().Instructions {
		recovered = recovered || inst.Recovered
		if recovered && inst.Extent.Contains(f.Span) {
			return true
		}
	}
	return false
}

// behindTrigger reports whether a finding lies behind an ONBUILD.
func behindTrigger(src string, f lint.Finding) bool {
	for _, inst := range analysis.New(src, lint.Facts{}, nil).Model().Instructions {
		if inst.Inner != nil && inst.Extent.Contains(f.Span) {
			return true
		}
	}
	return false
}

var trigger = regexp.MustCompile(`(?im)^([ \t]*)ONBUILD[ \t]+`)

func withoutTriggers(src string) string { return trigger.ReplaceAllString(src, "$1") }

// needsMore reports whether the file alone does not show a rejection: the instruction has a word with a variable that
// neither the file sets nor scratch lacks, so that a build argument or the base image decides; or a mount whose target
// depends on such a working directory.
func needsMore(src string, r rejected) bool {
	m := analysis.New(src, lint.Facts{}, nil).Model()
	for _, inst := range m.Instructions {
		if strings.Count(src[:inst.Start], "\n")+1 != r.line {
			continue
		}
		if strings.Contains(r.reason, "invalid mount target") && m.Workdir(inst).State == dockerfile.Unknown {
			return true
		}
		return slices.ContainsFunc(expandedWords(inst), func(word string) bool {
			v := m.Expand(inst, word)
			return v.State == dockerfile.Unknown && v.Err == nil
		})
	}
	return false
}

// expandedWords are all words of an instruction in which BuildKit may expand variables.
func expandedWords(inst *dockerfile.Instruction) []string {
	var words []string
	for _, arg := range inst.Args {
		words = append(words, arg.Text)
	}
	for _, pair := range inst.Pairs {
		words = append(words, pair.Key.Text, pair.Value.Text)
	}
	for _, flag := range inst.Flags {
		words = append(words, flag.Value.Text)
		for _, o := range flag.Options {
			words = append(words, o.Value.Text)
		}
	}
	for _, h := range inst.Heredocs {
		words = append(words, inst.Body(h))
	}
	return words
}

func TestCorpus(t *testing.T) {
	rejected := 0
	for _, file := range corpus.Dockerfiles(t) {
		if difference := compare(file.Text); difference != "" {
			t.Errorf("%s: %s", file.Name, difference)
		}
		if rejection(file.Text).reason != "" {
			rejected++
		}
	}
	t.Logf("BuildKit rejects %d", rejected)
}

// TestCuts compares files as they stand while they are typed: cut off at a place, and with the rest of one line gone.
func TestCuts(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	cuts, rejected := 0, 0
	for _, file := range corpus.Dockerfiles(t) {
		for range cutsOfEach {
			at := random.IntN(len(file.Text) + 1)
			_, rest, found := strings.Cut(file.Text[at:], "\n")
			if found {
				rest = "\n" + rest
			}
			for _, src := range []string{file.Text[:at], file.Text[:at] + rest} {
				if difference := compare(src); difference != "" {
					t.Errorf("%s, cut at %d: %s\n%s", file.Name, at, difference, src)
				}
				if cuts++; rejection(src).reason != "" {
					rejected++
				}
			}
		}
	}
	t.Logf("BuildKit rejects %d of %d cuts", rejected, cuts)
}

// cutsOfEach is the number of places at which each file is cut.
const cutsOfEach = 10

// caseTexts are the Dockerfiles of the cases of all rules.
func caseTexts(tb testing.TB) map[string]string {
	files, err := filepath.Glob("../../../testdata/rules/*.txtar")
	if err != nil || len(files) == 0 {
		tb.Fatalf("no cases: %v", err)
	}
	texts := map[string]string{}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			tb.Fatal(err)
		}
		for _, f := range archive.Files {
			if !strings.Contains(f.Name, ":") {
				texts[filepath.Base(file)+" "+f.Name] = string(f.Data)
			}
		}
	}
	return texts
}

func TestCases(t *testing.T) {
	for name, src := range caseTexts(t) {
		if difference := compare(src); difference != "" {
			t.Errorf("%s: %s", name, difference)
		}
		// One instruction at a time, since BuildKit stops at the first that it rejects.
		for _, inst := range analysis.New(src, lint.Facts{}, nil).Model().Instructions {
			single := "FROM scratch AS a\nFROM scratch\nWORKDIR /w\n" + src[inst.Start:inst.End] + "\n"
			if strings.Contains(src, "# escape=") {
				single = "# escape=`\n" + single
			}
			if difference := compare(single); difference != "" {
				t.Errorf("%s: %s\n%s", name, difference, single)
			}
		}
	}
}

func FuzzAgainstConverter(f *testing.F) {
	for _, src := range caseTexts(f) {
		f.Add(src)
	}
	f.Add("FROM a\nRUN \\\nUSER ")
	f.Add("FROM a\nCOPY \\\nENTRYPOINT b")
	f.Fuzz(func(t *testing.T, src string) {
		if difference := compare(src); difference != "" {
			t.Errorf("%q: %s", src, difference)
		}
	})
}
