package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/aymanbagabas/go-udiff"
	"github.com/spf13/cobra"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/atomicfile"
	"dockerfile-ls/analysis/image"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/project"
	"dockerfile-ls/analysis/settings"
	"dockerfile-ls/analysis/text"
	"dockerfile-ls/codeactions"
)

// hardened is what harden is asked for.
type hardened struct {
	config     string
	diff, safe bool
}

const hardenHelp = `Make everything that mends a finding: in each file named, and in all Dockerfiles below each folder. What may change more
than it names is made too, and each change is printed with what it may change; --safe leaves those out. Registries are
asked for digests. The .dockerignore is written or completed, and the script that starts gets a handler of signals.
The exit code is 0, with --diff 1 if something would change, and 2 if a file or the configuration cannot be read or
written, a file is none that BuildKit reads, or a registry does not answer.`

func hardenCommand() *cobra.Command {
	var h hardened
	command := &cobra.Command{
		Use:   "harden PATH...",
		Short: "Make everything that mends a finding in Dockerfiles",
		Long:  hardenHelp,
		Args:  someFiles,
		RunE:  h.run,
	}
	flags := command.Flags()
	flags.StringVar(&h.config, "config", "", "the configuration file; without it "+settings.FileName+" is looked for")
	flags.BoolVar(&h.safe, "safe", false, "leave out what may change more than it names")
	flags.BoolVar(&h.diff, "diff", false, "print what would change, and write nothing")
	return command
}

// someFiles wants a path: nobody is to harden all files below a folder by mistake.
func someFiles(command *cobra.Command, paths []string) error {
	switch {
	case len(paths) == 0:
		return fmt.Errorf("%s takes a file or a folder: name it as in `%[1]s Dockerfile`", command.CommandPath())
	case slices.Contains(paths, "-"):
		return errors.New("stdin cannot be hardened: name a file")
	}
	return nil
}

func (h *hardened) run(command *cobra.Command, paths []string) error {
	out, problems := command.OutOrStdout(), command.ErrOrStderr()
	configs := newConfigurations(h.config, problems)
	files, failed := (&checking{}).sources(nil, paths, configs)
	if configs.failed {
		return exitCode(2) // nothing is written by settings that are not what the user means
	}
	asker := asker{newResolver(), nil, false, configs.named().Registry, problems}
	changed := false
	for _, file := range files {
		some, err := h.harden(command.Context(), out, file, asker)
		changed = changed || some
		if err != nil {
			tellError(problems, err)
			failed = true
		}
	}
	switch {
	case failed:
		return exitCode(2)
	case h.diff && changed:
		return exitCode(1)
	}
	return nil
}

// harden hardens one file, or prints what would change, and reports whether there is something. What registries do not say
// is an error, and costs only itself.
func (h *hardened) harden(ctx context.Context, out io.Writer, file source, asker asker) (changed bool, err error) {
	checked := file.check()
	if checked.err != nil {
		return false, checked.err
	}
	result := codeactions.Hardener{
		Look: func(version *analysis.Snapshot, texts map[string]string) *project.Surroundings {
			return surroundings(file.path, file.root, file.config, version.Model(), texts)
		},
		Ask:     asker.ifAllowed(ctx),
		Careful: h.safe,
	}.Harden(checked.snapshot)
	if result.Refused != "" {
		return false, fmt.Errorf("%s: %s", checked.path, result.Refused)
	}
	asks := func(f lint.Finding) bool { return f.Ask != nil }
	if asker.settings.Lookups == settings.Never && slices.ContainsFunc(result.After.Findings(), asks) {
		fmt.Fprintf(asker.progress, "%s: no registry was asked, since `registry.lookups` is off\n",
			lint.Printable(checked.path))
	}
	for _, reason := range result.Unasked {
		err = errors.Join(err, fmt.Errorf("%s: %s", checked.path, reason))
	}
	if len(result.Steps) == 0 {
		return false, err
	}
	if h.diff {
		return true, errors.Join(err, printPatch(out, file, checked.checked, result))
	}
	if wrong := write(file, result); wrong != nil {
		return false, errors.Join(err, wrong)
	}
	_, wrong := io.WriteString(out, report(file, checked.checked, result))
	return true, errors.Join(err, wrong)
}

// ifAllowed asks registries, or is nil where the user has switched that off.
func (a asker) ifAllowed(ctx context.Context) func(image.Question) (image.Facts, error) {
	if a.settings.Lookups == settings.Never {
		return nil
	}
	return func(q image.Question) (image.Facts, error) { return a.resolve(ctx, q) }
}

// printPatch prints what would change, as a patch for the working folder.
func printPatch(out io.Writer, file source, c checked, result codeactions.Hardened) error {
	var patch strings.Builder
	patch.WriteString(udiff.Unified(patchName("a/"+c.path), patchName("b/"+c.path), c.snapshot.Text(), result.After.Text()))
	for _, other := range result.Others {
		after, err := text.Apply(other.Text, other.Edits)
		if err != nil {
			return err
		}
		name := shown(file, other.Path)
		patch.WriteString(udiff.Unified(patchName("a/"+name), patchName("b/"+name), other.Text, after))
	}
	for _, created := range result.Creates {
		patch.WriteString(udiff.Unified("/dev/null", patchName("b/"+shown(file, created.Path)), "", created.Text))
	}
	return writePatch(out, patch.String())
}

// write writes the files, the Dockerfile last: what it reads is there then. An error names what is written already.
func write(file source, result codeactions.Hardened) error {
	var written []string
	put := func(name string, to func(name, text string) error, text string) error {
		if err := to(name, text); err != nil {
			if len(written) > 0 {
				return fmt.Errorf("%w; written before: %s", err, strings.Join(written, ", "))
			}
			return err
		}
		written = append(written, name)
		return nil
	}
	for _, created := range result.Creates {
		path := filepath.Join(file.root, filepath.FromSlash(created.Path))
		if err := put(path, atomicfile.Create, created.Text); err != nil {
			return err
		}
	}
	for _, other := range result.Others {
		after, err := text.Apply(other.Text, other.Edits)
		if err != nil {
			return err
		}
		name := filepath.Join(file.root, filepath.FromSlash(other.Path))
		if now, err := os.ReadFile(name); err != nil || string(now) != other.Text {
			return errors.Join(err, fmt.Errorf("%s has changed meanwhile", name))
		}
		if err := put(name, atomicfile.Replace, after); err != nil {
			return err
		}
	}
	if len(result.Edits) == 0 {
		return nil
	}
	return put(filepath.FromSlash(file.path), atomicfile.Replace, result.After.Text())
}

// shown is how a file is reached from the working folder, with forward slashes.
func shown(file source, name string) string {
	whole := filepath.Join(file.root, filepath.FromSlash(name))
	if working, err := os.Getwd(); err == nil {
		if short, err := filepath.Rel(working, whole); err == nil {
			whole = short
		}
	}
	return filepath.ToSlash(whole)
}

// report says what was changed, one thing in each line, and what the user has to do besides.
func report(file source, c checked, result codeactions.Hardened) string {
	var lines strings.Builder
	fmt.Fprintf(&lines, "%s: %s\n", lint.Printable(c.path), count(len(result.Steps), "change"))
	for _, step := range result.Steps {
		fmt.Fprintf(&lines, "  %s\n", lint.Printable(step.Title))
	}
	for _, created := range result.Creates {
		fmt.Fprintf(&lines, "%s is made.\n", lint.Printable(shown(file, created.Path)))
	}
	for _, other := range result.Others {
		fmt.Fprintf(&lines, "%s is changed.\n", lint.Printable(shown(file, other.Path)))
	}
	if result.Tells != "" {
		lines.WriteString(printableLines(result.Tells) + "\n")
	}
	return lines.String()
}
