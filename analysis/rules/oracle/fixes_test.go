package oracle

import (
	"context"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/moby/buildkit/client/llb"
	"github.com/moby/buildkit/frontend/dockerfile/dockerfile2llb"
	"github.com/moby/buildkit/frontend/dockerui"
	"github.com/moby/buildkit/solver/pb"
	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"
	"google.golang.org/protobuf/proto"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/corpus"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/project"
	"dockerfile-ls/analysis/project/complete"
	"dockerfile-ls/analysis/text"
	"dockerfile-ls/codeactions"
)

// built is what BuildKit makes of one stage: the vertices of the build graph without their inputs, whose names hang on
// everything in front of them, and the image's configuration.
type built struct {
	ops    []*pb.Op
	config string
}

// convert makes the build graph and the configuration of the image of one stage of a file, by its name, or of the last one;
// false if BuildKit rejects it.
func convert(src, stage string) (graph *pb.Definition, config []byte, ok bool) {
	defer func() {
		if p := recover(); p != nil {
			ok = false
		}
	}()
	caps := pb.Caps.CapSet(pb.Caps.All())
	result, err := dockerfile2llb.Dockerfile2LLB(context.Background(), []byte(src), dockerfile2llb.ConvertOpt{
		Config:         dockerui.Config{Target: stage},
		TargetPlatform: &ocispecs.Platform{OS: "linux", Architecture: "amd64"},
		MetaResolver:   offline{},
		LLBCaps:        &caps,
		SourceMap:      &llb.SourceMap{Definition: &llb.Definition{}},
	})
	if err != nil {
		return nil, nil, false
	}
	definition, err := result.State.Marshal(context.Background())
	if err != nil {
		return nil, nil, false
	}
	if config, err = json.Marshal(result.Image.Config); err != nil {
		panic(err)
	}
	return definition.ToPB(), config, true
}

// build converts a file for one stage.
func build(src string, stage string) (b built, ok bool) {
	graph, config, ok := convert(src, stage)
	if !ok {
		return b, false
	}
	b.config = string(config)
	for _, raw := range graph.Def {
		var op pb.Op
		if err := op.UnmarshalVT(raw); err != nil {
			panic(err)
		}
		op.Inputs = nil
		if source := op.GetSource(); source != nil {
			delete(source.Attrs, "local.unique") // of the build, and not of the file
		}
		b.ops = append(b.ops, &op)
	}
	return b, true
}

// key is the same for the same vertex.
func key(op *pb.Op) string {
	raw, err := proto.MarshalOptions{Deterministic: true}.Marshal(op)
	if err != nil {
		panic(err)
	}
	return string(raw)
}

// difference are the vertices that only one of two graphs has.
func difference(before, after built) (gone, come []*pb.Op) {
	left := map[string]int{}
	for _, op := range after.ops {
		left[key(op)]++
	}
	for _, op := range before.ops {
		if left[key(op)]--; left[key(op)] < 0 {
			gone = append(gone, op)
		}
	}
	left = map[string]int{}
	for _, op := range before.ops {
		left[key(op)]++
	}
	for _, op := range after.ops {
		if left[key(op)]--; left[key(op)] < 0 {
			come = append(come, op)
		}
	}
	return gone, come
}

// TestSafeFixes holds that a safe fix changes exactly what its finding names, in the build graph and in the configuration of
// the image, by what BuildKit itself makes of the file before and after; and that a pragma changes nothing. The corpus's
// projects are completed.
func TestSafeFixes(t *testing.T) {
	root := os.DirFS(corpus.Shared(t, "corpus/dev"))
	compared := map[string]int{}
	for _, file := range corpus.Dockerfiles(t) {
		p, name, err := complete.FromCorpus(root, file.Name)
		if err != nil {
			t.Fatal(err)
		}
		source := string(p.Files[name].Data)
		model := analysis.New(source, lint.Facts{}, nil).Model()
		s := analysis.New(source, lint.Facts{Project: project.Read(p.Files, analysis.Request(model, name, ""))}, nil)
		pragmas := 0
		for _, a := range codeactions.At(s, text.Span{End: len(source)}) {
			pragma := strings.HasPrefix(a.Title, "Ignore ")
			if pragma {
				pragmas++
			}
			if a.Mends == nil || a.Risk != codeactions.Safe || len(a.Edits) == 0 || pragmas > 4 && pragma {
				continue
			}
			after, err := text.Apply(source, a.Edits)
			if err != nil {
				t.Fatal(err)
			}
			rule := a.Mends.Rule.ID
			if pragma {
				rule = "a pragma"
			}
			for _, stage := range targets(s) {
				if compareStage(t, file.Name, a.Title, rule, source, after, stage) {
					compared[rule]++
				}
			}
		}
	}
	t.Logf("pairs of stages compared: %v", compared)
	if compared["a pragma"] < 100 || len(compared) < 4 {
		t.Error("the fixes are not exercised")
	}
}

// targets are the stages that a build can be asked for: the last one, and those with names.
func targets(s *analysis.Snapshot) []string {
	names := []string{""}
	for i, stage := range s.Model().Stages {
		if stage.Name.Text != "" && i+1 < len(s.Model().Stages) {
			names = append(names, stage.Name.Text)
		}
	}
	return names
}

// compareStage is false where BuildKit does not convert the file.
func compareStage(t *testing.T, file, title, rule, source, result, stage string) bool {
	t.Helper()
	before, ok := build(source, stage)
	if !ok {
		return false
	}
	after, ok := build(result, stage)
	if !ok {
		t.Errorf("%s: %s: BuildKit rejects the result", file, title)
		return true
	}
	gone, come := difference(before, after)
	// Two stages may share a vertex before and not after, so that one vertex may have several counterparts.
	for _, op := range gone {
		if !counterpart(rule, op, after.ops) {
			t.Errorf("%s: %s: this is gone:\n%v\nand this has come:\n%v", file, title, op, come)
		}
	}
	for _, op := range come {
		if !counterpart(rule, op, before.ops) {
			t.Errorf("%s: %s: this has come:\n%v\nand this is gone:\n%v", file, title, op, gone)
		}
	}
	if what := changedConfig(before.config, after.config); what != "" && !allowed(rule, what) {
		t.Errorf("%s: %s: changes %s\n%s\n%s", file, title, what, before.config, after.config)
	}
	return true
}

// counterpart reports whether a vertex differs from one of others in nothing but what the fixes of a rule may change.
func counterpart(rule string, op *pb.Op, others []*pb.Op) bool {
	return slices.ContainsFunc(others, func(other *pb.Op) bool { return allowed(rule, changed(op, other)) })
}

// allowed is the table of what the fixes of a rule may change.
func allowed(rule, what string) bool {
	return slices.Contains(map[string][]string{
		"non-deterministic-install":      {"the words of a RUN"},
		"dev-dependencies-in-production": {"the words of a RUN"},
		"copy-without-chown":             {"the owner of a COPY"},
		"node-env-not-production":        {"the environment of a RUN", "Env"},
		"shell-form-command":             {"Cmd", "Entrypoint"},
	}[rule], what)
}

// changed names the one thing in which two vertices differ.
func changed(before, after *pb.Op) string {
	a, b := before.CloneVT(), after.CloneVT()
	switch {
	case a.GetExec() != nil && b.GetExec() != nil:
		words := !slices.Equal(a.GetExec().Meta.Args, b.GetExec().Meta.Args)
		env := !slices.Equal(a.GetExec().Meta.Env, b.GetExec().Meta.Env)
		a.GetExec().Meta.Args, b.GetExec().Meta.Args = nil, nil
		a.GetExec().Meta.Env, b.GetExec().Meta.Env = nil, nil
		switch {
		case key(a) != key(b) || words && env:
			return "more than one thing of a RUN"
		case words:
			return "the words of a RUN"
		}
		return "the environment of a RUN"
	case a.GetFile() != nil && b.GetFile() != nil:
		for _, op := range []*pb.Op{a, b} {
			for _, action := range op.GetFile().Actions {
				if c := action.GetCopy(); c != nil {
					c.Owner = nil
				}
			}
		}
		if key(a) == key(b) {
			return "the owner of a COPY"
		}
		return "more than the owner of a COPY"
	}
	return "a vertex of another kind"
}

// changedConfig names the keys of the image's configuration that are other ones.
func changedConfig(before, after string) string {
	var a, b map[string]json.RawMessage
	if json.Unmarshal([]byte(before), &a) != nil || json.Unmarshal([]byte(after), &b) != nil {
		return "everything"
	}
	var keys []string
	for name := range b {
		if string(a[name]) != string(b[name]) {
			keys = append(keys, name)
		}
	}
	for name := range a {
		if _, stays := b[name]; !stays {
			keys = append(keys, name)
		}
	}
	slices.Sort(keys)
	return strings.Join(slices.Compact(keys), ", ")
}
