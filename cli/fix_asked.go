package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/image"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/rules"
	"dockerfile-ls/analysis/settings"
	"dockerfile-ls/analysis/text"
	"dockerfile-ls/codeactions"
)

// asker asks registries what the fixes of some rules need.
type asker struct {
	resolver codeactions.Resolver
	names    func(*lint.Rule) bool // the rules
	risky    bool                  // their risky fixes too
	settings settings.Registry
	progress io.Writer
}

// ask returns the file with what registries say of its images. What they do not say is an error, and costs only itself; it
// is none for a finding that is mended by something else then.
func (a asker) ask(ctx context.Context, s *analysis.Snapshot, mended func(lint.Finding) bool) (*analysis.Snapshot, error) {
	var failures error
	known := s.Facts()
	for _, action := range codeactions.At(s, text.Span{End: len(s.Text())}) {
		if action.Asks == nil || action.Mends == nil || !a.names(action.Mends.Rule) ||
			action.Risk == codeactions.Risky && !a.risky {
			continue
		}
		answered, learned, err := action.Answer(s, func(q image.Question) (image.Facts, error) { return a.resolve(ctx, q) })
		known.Images = known.Images.And(learned)
		switch {
		case err == nil && answered.Tells != "":
			fmt.Fprintln(a.progress, lint.Printable(answered.Tells))
		case err != nil && mended(*action.Mends):
			fmt.Fprintln(a.progress, lint.Printable(err.Error()))
		default:
			failures = errors.Join(failures, err)
		}
	}
	if slices.ContainsFunc(rules.All(), func(r *lint.Rule) bool {
		return r.NeedsImages && a.names(r) && known.Levels[r.ID] != lint.Off
	}) {
		for _, ref := range analysis.Images(s.Model()) {
			if ref.Digest == "" {
				continue
			}
			facts, err := a.resolve(ctx, image.Question{Reference: ref})
			if failures = errors.Join(failures, err); err == nil {
				known.Images = known.Images.With(ref, facts)
			}
		}
	}
	return s.With(known), failures
}

// resolve asks one question, and says so.
func (a asker) resolve(ctx context.Context, q image.Question) (image.Facts, error) {
	name := q.Reference.Key()
	if a.settings.Lookups == settings.Never {
		return image.Facts{}, fmt.Errorf("%s has to be asked for, and `registry.lookups` is off", name)
	}
	q.Access = image.Access{Mirrors: a.settings.Mirrors, Insecure: a.settings.Insecure, Timeout: a.settings.Timeout}
	q.Progress = func(host string) { fmt.Fprintf(a.progress, "Asking %s about %s\n", host, name) }
	facts, err := a.resolver.Resolve(ctx, q)
	if err == nil && facts.Kept {
		fmt.Fprintf(a.progress, "%s is what its registry said on %s\n", name, facts.Asked.Local().Format("2006-01-02 15:04"))
	}
	return facts, err
}
