package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"dockerfile-ls/analysis/dockerfile"
	"dockerfile-ls/analysis/lint"
	"dockerfile-ls/analysis/rules"
)

func rulesCommand() *cobra.Command {
	var format string
	command := &cobra.Command{
		Use:   "rules",
		Short: "List all rules",
		Args:  noArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			switch format {
			case "text":
				return listRules(command.OutOrStdout())
			case "json":
				return encode(command.OutOrStdout(), jsonRules())
			}
			return fmt.Errorf("--format %s is unknown: write text or json", format)
		},
	}
	command.Flags().StringVar(&format, "format", "text", "text or json")
	return command
}

func listRules(out io.Writer) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, r := range rules.All() {
		fmt.Fprintf(table, "%s\t%s\t%s\n", r.ID, r.Severity, r.Title)
	}
	return table.Flush()
}

// jsonRule is a rule for programs.
type jsonRule struct {
	ID       string   `json:"id"`
	Aliases  []string `json:"aliases"`
	Severity string   `json:"severity"`
	Section  int      `json:"section"` // of the cheat sheet; 0 if it has none
	Syntax   bool     `json:"syntax"`  // BuildKit rejects what it finds, and no configuration switches it off
	Title    string   `json:"title"`
	URL      string   `json:"url"`
}

func jsonRules() []jsonRule {
	list := []jsonRule{}
	for _, r := range rules.All() {
		list = append(list, jsonRule{
			r.ID, append([]string{}, r.Aliases...), r.Severity.String(), r.Section, r.Syntax, r.Title, r.Page(),
		})
	}
	return list
}

func explainCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "explain RULE",
		Short: "Print the documentation of a rule",
		Args:  oneRule,
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return ruleIDs(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(command *cobra.Command, args []string) error {
			all := rules.All()
			i := slices.IndexFunc(all, func(r *lint.Rule) bool { return r.IsCalled(args[0]) })
			if i < 0 {
				return unknownRule(args[0])
			}
			_, err := io.WriteString(command.OutOrStdout(), rules.Page(all[i].ID))
			return err
		},
	}
}

func ruleIDs() []string {
	var ids []string
	for _, r := range rules.All() {
		ids = append(ids, r.ID)
	}
	return ids
}

func unknownRule(name string) error {
	if near := dockerfile.Nearest(strings.ToLower(name), ruleIDs()); near != "" {
		return fmt.Errorf("there is no rule %s: did you mean %s?", name, near)
	}
	return fmt.Errorf("there is no rule %s: dockerfile-ls rules lists them", name)
}

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  noArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			_, err := fmt.Fprintln(command.OutOrStdout(), "dockerfile-ls", version())
			return err
		},
	}
}
