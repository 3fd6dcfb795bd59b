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
	"dockerfile-ls/codeactions"
)

// asker asks registries what the fixes of some rules need.
type asker struct {
	resolver codeactions.Resolver
	names    func(*lint.Rule) bool // the rules
	settings settings.Registry
	progress io.Writer
}

// ask returns the file with what registries say of its images. What they do not say is an error, and costs only itself.
func (a asker) ask(ctx context.Context, before *analysis.Snapshot) (after *analysis.Snapshot, err error) {
	after = before
	for _, ref := range a.wanted(before) {
		if a.settings.Lookups == settings.Never {
			return after, errors.Join(err, fmt.Errorf("%s has to be asked for, and `registry.lookups` is off", ref.Key()))
		}
		facts, failure := a.resolver.Resolve(ctx, image.Question{
			Reference: ref,
			Access:    image.Access{Mirrors: a.settings.Mirrors, Insecure: a.settings.Insecure, Timeout: a.settings.Timeout},
			Progress:  func(host string) { fmt.Fprintf(a.progress, "Asking %s about %s\n", host, ref.Key()) },
		})
		if failure != nil {
			err = errors.Join(err, failure)
			continue
		}
		if facts.Kept {
			fmt.Fprintf(a.progress, "%s is what its registry said on %s\n", ref.Key(), facts.Asked.Local().Format("2006-01-02 15:04"))
		}
		known := after.Facts()
		known.Images = known.Images.With(ref, facts)
		after = after.With(known)
	}
	return after, err
}

// wanted are the images that the rules want to know of, each once: those that findings name, and those with a digest for a
// rule that finds nothing before.
func (a asker) wanted(s *analysis.Snapshot) []image.Reference {
	var list []image.Reference
	add := func(ref image.Reference) {
		if !slices.ContainsFunc(list, func(r image.Reference) bool { return r.Key() == ref.Key() }) {
			list = append(list, ref)
		}
	}
	for _, f := range s.Findings() {
		if f.Ask != nil && a.names(f.Rule) {
			add(f.Ask.Image)
		}
	}
	if slices.ContainsFunc(rules.All(), func(r *lint.Rule) bool { return r.NeedsImages && a.names(r) }) {
		for _, ref := range analysis.Images(s.Model()) {
			if ref.Digest != "" {
				add(ref)
			}
		}
	}
	return list
}
