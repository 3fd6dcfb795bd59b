package oracle

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/moby/buildkit/client/llb"
	"github.com/moby/buildkit/client/llb/sourceresolver"
	"github.com/moby/buildkit/frontend/dockerfile/dockerfile2llb"
	"github.com/moby/buildkit/solver/pb"
	"github.com/opencontainers/go-digest"
	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"

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

// errors are our findings that say that BuildKit rejects the file.
func errors(src string) []lint.Finding {
	var found []lint.Finding
	for _, f := range analysis.New(src, nil).Findings() {
		if f.Severity == lint.Error && f.Rule.ID != "curly-quotes" {
			found = append(found, f)
		}
	}
	return found
}

// compare says where BuildKit and we disagree; empty if we agree.
func compare(src string) string {
	reason, ours := rejection(src), errors(src)
	if reason != "" && len(ours) == 0 && !knownGap(reason) {
		return "only BuildKit rejects it: " + reason
	}
	if reason == "" && len(ours) > 0 {
		f := ours[0]
		return fmt.Sprintf("only we reject it: %s: %s at %q", f.Rule.ID, f.Message, f.Span.Of(src))
	}
	return ""
}

// knownGap names what the file alone does not show: values that a build argument or the base image gives.
func knownGap(reason string) bool {
	for _, part := range []string{
		"should not be blank",        // FROM with an ARG that has no default
		"failed to parse stage name", // the same, as a part of the reference
		"empty platform value",       // --platform with an ARG that has no default
		"is not allowed to be unset", // ${x:?}, which the base image may set
		"is not allowed to be empty",
	} {
		if strings.Contains(reason, part) {
			return true
		}
	}
	return false
}

func TestCorpus(t *testing.T) {
	for _, file := range corpus.Dockerfiles(t) {
		if difference := compare(file.Text); difference != "" {
			t.Errorf("%s: %s", file.Name, difference)
		}
	}
}
