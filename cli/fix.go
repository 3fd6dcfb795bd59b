package cli

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"

	"github.com/aymanbagabas/go-udiff"
	"github.com/spf13/cobra"

	"dockerfile-ls/analysis/atomicfile"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/rules"
	"dockerfile-ls/analysis/settings"
	"dockerfile-ls/codeactions"
)

// fixing is what fix is asked for.
type fixing struct {
	config      string
	only        []string // names of rules; empty: all of them
	risky, diff bool
}

const fixHelp = `Mend what can be mended safely: in each file named, and in all Dockerfiles below each folder; without a path in
those below the working folder. --rule restricts it to single rules, and makes those of their fixes too that have to
ask a registry; --risky adds their risky ones.
The exit code is 0, with --diff 1 if something would change, and 2 if a file or the configuration cannot be read
or written.`

func fixCommand() *cobra.Command {
	var f fixing
	command := &cobra.Command{
		Use:   "fix [PATH...]",
		Short: "Mend what can be mended safely in Dockerfiles",
		Long:  fixHelp,
		RunE: func(command *cobra.Command, paths []string) error {
			if len(paths) == 0 {
				paths = []string{"."}
			}
			return f.run(command, paths)
		},
	}
	flags := command.Flags()
	flags.StringVar(&f.config, "config", "", "the configuration file; without it "+settings.FileName+" is looked for")
	flags.StringArrayVar(&f.only, "rule", nil, "mend only what this rule finds; may be repeated")
	flags.BoolVar(&f.risky, "risky", false, "make the risky fixes of the rules of --rule too")
	flags.BoolVar(&f.diff, "diff", false, "print what would change, and write nothing")
	return command
}

func (f *fixing) run(command *cobra.Command, paths []string) error {
	if f.risky && len(f.only) == 0 {
		return errors.New("--risky needs --rule: name the rules whose risky fixes are to be made")
	}
	for _, name := range f.only {
		if !slices.ContainsFunc(rules.All(), func(r *lint.Rule) bool { return r.IsCalled(name) }) {
			return unknownRule(name)
		}
	}
	if slices.Contains(paths, "-") {
		return errors.New("stdin cannot be mended: name a file")
	}
	out, problems := command.OutOrStdout(), command.ErrOrStderr()
	configs := newConfigurations(f.config, problems)
	files, failed := (&checking{}).sources(nil, paths, configs)
	if configs.failed {
		return exitCode(2) // nothing is written by settings that are not what the user means
	}
	asker := asker{newResolver(), f.names, f.risky, configs.named().Registry, problems}
	changed, mended := 0, 0
	for _, r := range checkAll(files, watchProgress(problems, len(files))) {
		if r.err == nil {
			var n int
			var asked error
			r.snapshot, asked = asker.ask(command.Context(), r.snapshot, f.mends)
			n, r.err = f.fix(out, r.checked)
			r.err = errors.Join(about(r.path, asked), r.err)
			if mended += n; n > 0 {
				changed++
			}
		}
		if r.err != nil {
			tellError(problems, r.err)
			failed = true
		}
	}
	if !f.diff {
		fmt.Fprintf(out, "%s mended in %s.\n", count(mended, "finding"), count(changed, "file"))
	}
	switch {
	case failed:
		return exitCode(2)
	case f.diff && changed > 0:
		return exitCode(1)
	}
	return nil
}

// fix mends one file, or prints what would change, and returns how many findings are mended.
func (f *fixing) fix(out io.Writer, c checked) (mended int, err error) {
	after, findings := codeactions.FixAll(c.snapshot, f.wants)
	if len(findings) == 0 {
		return 0, nil
	}
	if f.diff {
		patch := udiff.Unified(patchName("a/"+c.path), patchName("b/"+c.path), c.snapshot.Text(), after.Text())
		return len(findings), writePatch(out, patch)
	}
	if err := atomicfile.Replace(filepath.FromSlash(c.path), after.Text()); err != nil {
		return 0, err
	}
	_, err = fmt.Fprintf(out, "%s: %s mended\n", lint.Printable(c.path), count(len(findings), "finding"))
	return len(findings), err
}

func (f *fixing) wants(finding lint.Finding, fix lint.Fix) bool {
	named := len(f.only) == 0 || f.names(finding.Rule)
	return named && (fix.Safe || fix.Asked && fix.Risk == "" || f.risky)
}

// mends reports whether one of the fixes that a finding has is wanted.
func (f *fixing) mends(finding lint.Finding) bool {
	return slices.ContainsFunc(finding.Fixes, func(fix lint.Fix) bool { return f.wants(finding, fix) })
}

// names reports whether a rule is one of --rule.
func (f *fixing) names(rule *lint.Rule) bool { return slices.ContainsFunc(f.only, rule.IsCalled) }
