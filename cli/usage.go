package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"dockerfile-ls/analysis/dockerfile"
)

// noArgs refuses whatever is no flag, with the command that may be meant.
func noArgs(command *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if command.HasSubCommands() {
		var names []string
		for _, c := range command.Commands() {
			names = append(names, c.Name())
		}
		if near := dockerfile.Nearest(args[0], names); near != "" {
			return fmt.Errorf("there is no command %s: did you mean %s?", args[0], near)
		}
		return fmt.Errorf("there is no command %s: %s --help lists them", args[0], command.CommandPath())
	}
	return fmt.Errorf("%s takes nothing but flags: leave %s out", command.CommandPath(), strings.Join(args, " "))
}

// oneRule wants the name of one rule.
func oneRule(command *cobra.Command, args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("%s takes one rule: name it as in `%[1]s runs-as-root`; dockerfile-ls rules lists them",
			command.CommandPath())
	}
	return nil
}

// flagError says what is wrong with a flag, and which one may be meant.
func flagError(command *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	if errors.As(err, &unknown) && len(unknown.GetSpecifiedName()) > 1 {
		var names []string
		command.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
		if near := dockerfile.Nearest(unknown.GetSpecifiedName(), names); near != "" {
			return fmt.Errorf("there is no flag --%s: did you mean --%s?", unknown.GetSpecifiedName(), near)
		}
	}
	return fmt.Errorf("%w: %s --help lists the flags", err, command.CommandPath())
}
