package cli

import (
	"context"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"dockerfile-ls/server"
)

func serveCommand() *cobra.Command {
	command := &cobra.Command{
		Use:   "serve",
		Short: "Serve one editor over stdin and stdout (LSP)",
		Args:  cobra.NoArgs,
		RunE:  func(command *cobra.Command, _ []string) error { return serve(command.Context()) },
	}
	command.Flags().Bool("stdio", true, "talk over stdin and stdout, which is the only way there is")
	return command
}

// serve keeps stdout for messages: whatever else is printed goes to stderr, where the log is.
func serve(ctx context.Context) error {
	out := os.Stdout
	os.Stdout = os.Stderr
	// A client that is gone ends the server by an exit code and a log line, not by a signal.
	signal.Ignore(syscall.SIGPIPE)
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	if code := server.Run(ctx, os.Stdin, out, log, version()); code != 0 {
		return exitCode(code)
	}
	return nil
}
