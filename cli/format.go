package cli

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/aymanbagabas/go-udiff"
	"github.com/spf13/cobra"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/atomicfile"
	"dockerfile-ls/analysis/editorconfig"
	"dockerfile-ls/analysis/format"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/settings"
	"dockerfile-ls/analysis/style"
	"dockerfile-ls/analysis/text"
)

// formatting is what format is asked for.
type formatting struct {
	config, stdinName string
	check, diff       bool
}

const formatHelp = `Lay out each file named, and all Dockerfiles below each folder; without a path those below the working folder. Only
keywords and blanks change, and never what is built. - is stdin, which is written to stdout.
How files are laid out is said by format in the configuration, and by .editorconfig where that says nothing.
The exit code is 0, with --check or --diff 1 if something would change, and 2 if a file or the configuration cannot
be read or written.`

func formatCommand() *cobra.Command {
	var f formatting
	command := &cobra.Command{
		Use:   "format [PATH...]",
		Short: "Lay out Dockerfiles: casing, blanks, indentation",
		Long:  formatHelp,
		RunE: func(command *cobra.Command, paths []string) error {
			if len(paths) == 0 {
				paths = []string{"."}
			}
			return f.run(command, paths)
		},
	}
	flags := command.Flags()
	flags.StringVar(&f.config, "config", "", "the configuration file; without it "+settings.FileName+" is looked for")
	flags.BoolVar(&f.check, "check", false, "name the files that would change, and write nothing")
	flags.BoolVar(&f.diff, "diff", false, "print what would change, and write nothing")
	flags.StringVar(&f.stdinName, "stdin-filename", "Dockerfile", "the path that stdin is taken for")
	return command
}

func (f *formatting) run(command *cobra.Command, paths []string) error {
	stdin := slices.Contains(paths, "-")
	if stdin && len(paths) > 1 {
		return errors.New("stdin is laid out alone: leave out the other paths, or -")
	}
	out, problems := command.OutOrStdout(), command.ErrOrStderr()
	configs := newConfigurations(f.config, problems)
	files, failed := (&checking{stdinName: f.stdinName}).sources(command.InOrStdin(), paths, configs)
	if configs.failed {
		return exitCode(2) // nothing is written by settings that are not what the user means
	}
	changed := 0
	for _, file := range files {
		differs, err := f.file(out, file, stdin)
		if err != nil {
			tellError(problems, err)
			failed = true
		} else if differs {
			changed++
		}
	}
	if !f.check && !f.diff && !stdin {
		fmt.Fprintf(out, "%s laid out.\n", count(changed, "file"))
	}
	switch {
	case failed:
		return exitCode(2)
	case (f.check || f.diff) && changed > 0:
		return exitCode(1)
	}
	return nil
}

// file lays out one file, or tells what would change, and reports whether it was laid out otherwise.
func (f *formatting) file(out io.Writer, file source, stdin bool) (differs bool, err error) {
	if file.text == nil {
		source, err := readText(file.path)
		if err != nil {
			return false, err
		}
		file.text = &source
	}
	before := *file.text
	model := analysis.New(before, lint.Facts{}, nil).Model()
	after, err := text.Apply(before, format.Format(model, styleOf(file)))
	if err != nil {
		panic(err) // no two edits are of the same bytes
	}
	name := strings.TrimPrefix(filepath.ToSlash(file.path), "./")
	switch {
	case f.check || f.diff:
		if before == after {
			return false, nil
		}
		if f.diff {
			err = writePatch(out, udiff.Unified(patchName("a/"+name), patchName("b/"+name), before, after))
		} else {
			_, err = fmt.Fprintf(out, "%s: would be laid out\n", lint.Printable(name))
		}
		return true, err
	case stdin:
		_, err = io.WriteString(out, after)
		return before != after, err
	case before == after:
		return false, nil
	}
	if err := atomicfile.Replace(file.path, after); err != nil {
		return false, err
	}
	_, err = fmt.Fprintf(out, "%s: laid out\n", lint.Printable(name))
	return true, err
}

// styleOf is how a file is to be laid out, by its configuration and the .editorconfig files up to the root of its
// repository.
func styleOf(file source) format.Options {
	project := editorconfig.Properties{}
	relative, err := filepath.Abs(file.path)
	if err == nil {
		relative, err = filepath.Rel(file.root, relative)
	}
	if err == nil {
		project = editorconfig.Of(filepath.ToSlash(relative), func(path string) (string, bool) {
			source, err := readText(filepath.Join(file.root, filepath.FromSlash(path)))
			return source, err == nil
		})
	}
	return style.Of(file.config.settings.Format, project, nil)
}
