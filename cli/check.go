package cli

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"dockerfile-ls/analysis"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/settings"
)

func checkCommand() *cobra.Command {
	var format, config string
	command := &cobra.Command{
		Use:   "check [--format text|json] [--config FILE] PATH...",
		Short: "Print the findings in Dockerfiles",
		Long: "Print the findings in Dockerfiles: of each file named, and of all Dockerfiles below each folder.\n" +
			"The exit code is 0 without findings, 1 with a finding of severity error or warning, 2 if a file or the\n" +
			"configuration cannot be read.",
		Args: cobra.MinimumNArgs(1),
		RunE: func(command *cobra.Command, paths []string) error {
			write, ok := formats()[format]
			if !ok {
				return fmt.Errorf("--format %s is unknown: write text or json", format)
			}
			configs := &configurations{explicit: config, problems: command.ErrOrStderr(), read: map[string]*configuration{}}
			return check(command.OutOrStdout(), paths, configs, write)
		},
	}
	command.Flags().StringVar(&format, "format", "text", "text, as a compiler prints it, or json")
	command.Flags().StringVar(&config, "config", "", "the configuration file; without it "+settings.FileName+" is looked for")
	return command
}

// checked is one file with its findings.
type checked struct {
	path     string // as reached from the path given, with forward slashes
	snapshot *analysis.Snapshot
}

// writer prints all findings in one format.
type writer func(io.Writer, []checked) error

func formats() map[string]writer { return map[string]writer{"text": writeText, "json": writeJSON} }

// check prints the findings; a file that cannot be read is named and does not hide the others.
func check(out io.Writer, paths []string, configs *configurations, write writer) error {
	files, failed := findDockerfiles(paths, configs.problems)
	var results []checked
	for _, path := range files {
		config := configs.of(path)
		if config.settings.Ignored(config.relative(path)) {
			continue
		}
		source, err := os.ReadFile(path)
		if err != nil {
			fmt.Fprintln(configs.problems, "Error:", err)
			failed = true
			continue
		}
		facts := lint.Facts{
			Levels:  config.settings.Levels(config.relative(path)),
			Project: surroundings(path, config, string(source)),
		}
		results = append(results, checked{filepath.ToSlash(path), analysis.New(string(source), facts, nil)})
	}
	if err := write(out, results); err != nil {
		return fmt.Errorf("writing the findings: %w", err)
	}
	switch {
	case failed || configs.failed:
		return exitCode(2)
	case slices.ContainsFunc(results, fails):
		return exitCode(1)
	}
	return nil
}

func fails(c checked) bool {
	return slices.ContainsFunc(c.snapshot.Findings(), func(f lint.Finding) bool { return f.Severity <= lint.Warning })
}

// findDockerfiles returns the files named, and the Dockerfiles below the folders named, sorted and each once.
func findDockerfiles(paths []string, problems io.Writer) (files []string, failed bool) {
	for _, path := range paths {
		path = filepath.Clean(path)
		err := filepath.WalkDir(path, func(file string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil:
				fmt.Fprintln(problems, "Error:", err)
				failed = true
			case entry.IsDir():
				if file != path && analysis.IsForeignFolder(entry.Name()) {
					return fs.SkipDir
				}
			case file == path || analysis.IsDockerfileName(entry.Name()) && entry.Type().IsRegular():
				files = append(files, file)
			}
			return nil
		})
		if err != nil {
			fmt.Fprintln(problems, "Error:", err)
			failed = true
		}
	}
	slices.Sort(files)
	return slices.Compact(files), failed
}

func writeText(out io.Writer, results []checked) error {
	for _, c := range results {
		if _, err := io.WriteString(out, lint.Render(c.path, c.snapshot.Lines(), c.snapshot.Text(), c.snapshot.Findings())); err != nil {
			return err
		}
	}
	return nil
}

// jsonFinding is a finding for programs. Lines and columns are one-based and count code points, a byte order mark not
// included; the end is exclusive.
type jsonFinding struct {
	Path      string   `json:"path"`
	Line      int      `json:"line"`
	Column    int      `json:"column"`
	EndLine   int      `json:"endLine"`
	EndColumn int      `json:"endColumn"`
	Rule      string   `json:"rule"`
	Aliases   []string `json:"aliases"`
	Section   int      `json:"section"`
	Severity  string   `json:"severity"`
	Message   string   `json:"message"`
	Fixable   string   `json:"fixable"` // the most careful fix that is offered: none, safe or risky
}

func writeJSON(out io.Writer, results []checked) error {
	all := []jsonFinding{}
	for _, c := range results {
		for _, f := range c.snapshot.Findings() {
			all = append(all, toJSON(c, f))
		}
	}
	slices.SortStableFunc(all, func(a, b jsonFinding) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Rule, b.Rule))
	})
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(all)
}

func toJSON(c checked, f lint.Finding) jsonFinding {
	j := jsonFinding{
		Path: c.path, Rule: f.Rule.ID, Aliases: f.Rule.Aliases, Section: f.Rule.Section,
		Severity: f.Severity.String(), Message: f.Message, Fixable: fixable(f),
	}
	if j.Aliases == nil {
		j.Aliases = []string{}
	}
	j.Line, j.Column = c.snapshot.Lines().OneBased(f.Start)
	j.EndLine, j.EndColumn = c.snapshot.Lines().OneBased(f.End)
	return j
}

func fixable(f lint.Finding) string {
	if len(f.Fixes) == 0 {
		return "none"
	}
	if slices.ContainsFunc(f.Fixes, func(fix lint.Fix) bool { return fix.Safe }) {
		return "safe"
	}
	return "risky"
}
