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
	"dockerfile-ls/analysis/lint"
)

// offline stands in for the registries: every image exists, and its configuration says nothing but a platform. The real
// thing would need the network.
type offline struct{}

func (offline) ResolveImageConfig(_ context.Context, ref string, _ sourceresolver.Opt) (string, digest.Digest, []byte, error) {
	config, err := json.Marshal(ocispecs.Image{Platform: ocispecs.Platform{OS: "linux", Architecture: "amd64"}})
	return ref, digest.FromBytes(config), config, err
}

// rejection is BuildKit's reason to reject a file, or empty.
func rejection(src string) (reason string) {
	defer func() {
		if p := recover(); p != nil {
			reason = fmt.Sprint("panic: ", p)
		}
	}()
	caps := pb.Caps.CapSet(pb.Caps.All())
	platform := ocispecs.Platform{OS: "linux", Architecture: "amd64"}
	results, err := dockerfile2llb.DockerfileLint(context.Background(), []byte(src), dockerfile2llb.ConvertOpt{
		TargetPlatform: &platform,
		MetaResolver:   offline{},
		LLBCaps:        &caps,
		SourceMap:      &llb.SourceMap{Definition: &llb.Definition{}},
	})
	if err != nil {
		return err.Error()
	}
	if results.Error != nil {
		return results.Error.Message
	}
	return ""
}

// errors are our findings that say that BuildKit rejects the file when it parses, reads or converts it.
func errors(src string) []lint.Finding {
	snapshot := analysis.New(src, lint.Facts{}, nil)
	var found []lint.Finding
	for _, f := range snapshot.Findings() {
		if f.Severity == lint.Error {
			found = append(found, f)
		}
	}
	return found
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
	reason, ours := rejection(src), errors(src)
	if reason != "" && len(ours) == 0 && !knownGap(src, reason) {
		return "only BuildKit rejects it: " + reason
	}
	ours = slices.DeleteFunc(ours, notTheConverters)
	if reason != "" || len(ours) == 0 {
		return ""
	}
	f := ours[0]
	if plain := withoutTriggers(src); plain != src {
		return compare(plain) // BuildKit reads what stands behind ONBUILD when it is triggered
	}
	return fmt.Sprintf("only we reject it: %s: %s at %q", f.Rule.ID, f.Message, f.Span.Of(src))
}

var trigger = regexp.MustCompile(`(?im)^([ \t]*)ONBUILD[ \t]+`)

func withoutTriggers(src string) string { return trigger.ReplaceAllString(src, "$1") }

// knownGap names what the file alone does not show, because a build argument or the base image decides it: any value
// with a variable, but not how the variable is written; and a mount without target, which replaces the working directory.
func knownGap(src, reason string) bool {
	if strings.Contains(reason, "invalid mount target") {
		return true
	}
	unset := strings.Contains(reason, "is not allowed to be") // ${x:?}
	return strings.Contains(src, "$") && (unset || !aboutWriting.MatchString(reason))
}

// aboutWriting matches BuildKit's errors about how quotes and variables are written.
var aboutWriting = regexp.MustCompile(`failed to process|substitution|while looking for matching|syntax error`)

func TestCorpus(t *testing.T) {
	rejected := 0
	for _, file := range corpus.Dockerfiles(t) {
		if difference := compare(file.Text); difference != "" {
			t.Errorf("%s: %s", file.Name, difference)
		}
		if rejection(file.Text) != "" {
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
				if cuts++; rejection(src) != "" {
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
	f.Fuzz(func(t *testing.T, src string) {
		if difference := compare(src); difference != "" {
			t.Errorf("%q: %s", src, difference)
		}
	})
}
