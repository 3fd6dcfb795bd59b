package cli

import (
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/settings"
)

// checking is what check is asked for.
type checking struct {
	format, config, failOn, stdinName string
}

const checkHelp = `Print the findings in Dockerfiles: of each file named, and of all Dockerfiles below each folder; without a path
those below the working folder, and for - what comes on stdin.
The exit code is 0 without findings, 1 with a finding of the severity of --fail-on or worse, 2 if a file or the
configuration cannot be read or a rule has failed.
What a terminal would obey, in file names and in texts, is shown as an escape such as \x1b or \u202e.`

func checkCommand() *cobra.Command {
	var c checking
	command := &cobra.Command{
		Use:   "check [PATH...]",
		Short: "Print the findings in Dockerfiles",
		Long:  checkHelp,
		RunE: func(command *cobra.Command, paths []string) error {
			if len(paths) == 0 {
				paths = []string{"."}
			}
			return c.run(command, paths)
		},
	}
	flags := command.Flags()
	flags.StringVar(&c.format, "format", "text",
		"text, as a compiler prints it; json; sarif; or github, annotations for a workflow")
	flags.StringVar(&c.config, "config", "", "the configuration file; without it "+settings.FileName+" is looked for")
	flags.StringVar(&c.failOn, "fail-on", "warning",
		"the mildest severity that ends with 1: error, warning, information, hint or never")
	flags.StringVar(&c.stdinName, "stdin-filename", "Dockerfile", "the path that stdin is taken for")
	return command
}

// checked is one file with its findings.
type checked struct {
	path     string // as reached from the path given, with forward slashes
	snapshot *analysis.Snapshot
}

// writer prints all findings in one format.
type writer func(io.Writer, []checked) error

// writers are the formats by their names.
func writers() map[string]writer {
	return map[string]writer{
		"text":   func(out io.Writer, results []checked) error { return writeText(out, results, coloured(out)) },
		"json":   writeJSON,
		"sarif":  writeSARIF,
		"github": writeGitHub,
	}
}

// run prints the findings; a file that cannot be read is named and does not hide the others.
func (c *checking) run(command *cobra.Command, paths []string) error {
	out, problems := command.OutOrStdout(), command.ErrOrStderr()
	write, ok := writers()[c.format]
	if !ok {
		return fmt.Errorf("--format %s is unknown: write text, json, sarif or github", c.format)
	}
	worst, ok := failing(c.failOn)
	if !ok {
		return fmt.Errorf("--fail-on %s is unknown: write error, warning, information, hint or never", c.failOn)
	}
	configs := newConfigurations(c.config, problems)
	files, failed := c.sources(command.InOrStdin(), paths, configs)
	results := checkAll(files, watchProgress(problems, len(files)))
	for i, r := range results {
		if r.err != nil {
			tellError(problems, r.err)
			failed = true
		}
		files[i].text = nil
	}
	results = slices.DeleteFunc(results, func(r result) bool { return r.err != nil })
	told := make([]checked, len(results))
	for i, r := range results {
		told[i] = r.checked
		failed = tellFailures(problems, r.path, r.snapshot.Failures()) || failed
	}
	if err := write(out, told); err != nil {
		return fmt.Errorf("writing the findings: %w", err)
	}
	switch {
	case failed || configs.failed:
		return exitCode(2)
	case slices.ContainsFunc(told, func(c checked) bool { return c.fails(worst) }):
		return exitCode(1)
	}
	return nil
}

// tellFailures names the rules that have failed in a file: their findings are missing. It reports whether there are any.
func tellFailures(problems io.Writer, path string, failures []lint.Failure) bool {
	for _, f := range failures {
		tellError(problems, fmt.Errorf(
			"%s: the rule %s has failed, which is a mistake in it: %v", path, f.Rule.ID, f.Reason))
	}
	return len(failures) > 0
}

// failing reads --fail-on.
func failing(name string) (worst lint.Severity, ok bool) {
	if name == "never" {
		return 0, true
	}
	worst, ok = lint.SeverityOf(name)
	return worst, ok && worst != lint.Off
}

func (c checked) fails(worst lint.Severity) bool {
	return slices.ContainsFunc(c.snapshot.Findings(), func(f lint.Finding) bool { return f.Severity <= worst })
}

// source is a file to check.
type source struct {
	path   string
	root   string // the folder that what lies around it is looked for in
	config *configuration
	text   *string // nil: it is read from the disk
}

// sources are the files that the paths name or lead to and that the configuration does not leave out, each once.
func (c *checking) sources(stdin io.Reader, paths []string, configs *configurations) (files []source, failed bool) {
	if configs.explicit != "" {
		configs.load(configs.explicit) // its mistakes are told even if there is nothing to check
	}
	if at := slices.Index(paths, "-"); at >= 0 {
		text, err := io.ReadAll(stdin)
		if err != nil {
			tellError(configs.problems, fmt.Errorf("stdin: %w", err))
			failed = true
		}
		files = append(files, source{c.stdinName, configs.rootOf(c.stdinName), configs.of(c.stdinName), new(string(text))})
		paths = slices.DeleteFunc(slices.Clone(paths), func(p string) bool { return p == "-" })
	}
	found, missing := findDockerfiles(paths, configs.problems)
	for _, path := range found {
		files = append(files, source{path, configs.rootOf(path), configs.of(path), nil})
	}
	files = slices.DeleteFunc(files, func(s source) bool { return s.config.settings.Ignored(s.config.relative(s.path)) })
	return files, failed || missing
}

// result is a file that was checked, or the reason why it was not.
type result struct {
	checked
	err error
}

// checkAll checks files on all cores, in their order.
func checkAll(files []source, progress *progress) []result {
	// It is over in a moment, and its memory is given back then: less collecting is a fifth of the time.
	defer debug.SetGCPercent(debug.SetGCPercent(400))
	results := make([]result, len(files))
	next := make(chan int)
	var workers sync.WaitGroup
	for range min(len(files), runtime.GOMAXPROCS(0)) {
		workers.Go(func() {
			for i := range next {
				results[i] = files[i].check()
				progress.step()
			}
		})
	}
	for i := range files {
		next <- i
	}
	close(next)
	workers.Wait()
	progress.end()
	return results
}

func (s source) check() result {
	if s.text == nil {
		text, err := readText(s.path)
		if err != nil {
			return result{err: err}
		}
		s.text = &text
	}
	snapshot := analysis.New(*s.text, lint.Facts{}, nil)
	snapshot = snapshot.With(lint.Facts{
		Levels:  s.config.settings.Levels(s.config.relative(s.path)),
		Project: surroundings(s.path, s.root, s.config, snapshot.Model(), nil),
	})
	snapshot.Findings() // here, where other cores do the same
	return result{checked: checked{strings.TrimPrefix(filepath.ToSlash(s.path), "./"), snapshot}}
}
