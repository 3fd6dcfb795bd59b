// Package cli knows the command line: commands, flags, output and exit codes.
// It must not know what the commands do: each of them calls the package that does.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"
)

// exitCode is the error of a command that has said all there is to say, and only ends with a code that is not 0.
type exitCode int

func (code exitCode) Error() string { return fmt.Sprintf("exit code %d", int(code)) }

// Main runs the command line of the process and returns its exit code: 2 if the command line is wrong or a command fails.
// The files are those that the tour needs.
func Main(files fs.FS) int {
	err := rootCommand(files).ExecuteContext(context.Background())
	if code := exitCode(0); errors.As(err, &code) {
		return int(code)
	}
	if err != nil {
		tellError(os.Stderr, err)
		return 2
	}
	return 0
}

func rootCommand(files fs.FS) *cobra.Command {
	root := &cobra.Command{
		Use:           "dockerfile-ls",
		Short:         "A language server and linter for Dockerfiles",
		Version:       version(),
		Args:          noArgs,
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	// vscode-languageclient appends --stdio to whatever command it is given.
	var log logging
	log.flags(root)
	stdio := root.Flags().Bool("stdio", false, "the same as the command serve")
	root.RunE = func(command *cobra.Command, _ []string) error {
		if !*stdio {
			return command.Help()
		}
		return serve(command.Context(), log)
	}
	root.SetFlagErrorFunc(flagError)
	root.AddCommand(
		checkCommand(),
		explainCommand(),
		fixCommand(),
		formatCommand(),
		hardenCommand(),
		rulesCommand(),
		serveCommand(),
		tourCommand(files),
		versionCommand(),
	)
	return root
}

// version is the release that the binary is built from, or the commit as the Go tool names it.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" || info.Main.Version == "(devel)" {
		return "devel"
	}
	return strings.TrimPrefix(info.Main.Version, "v")
}
