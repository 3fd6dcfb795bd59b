package cli

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"dockerfile-ls/analysis/scanner"
	"dockerfile-ls/server"
)

// logging says what is logged, and where.
type logging struct{ level, file string }

func (l *logging) flags(command *cobra.Command) {
	command.Flags().StringVar(&l.level, "log-level", "info", "the least that is logged: debug, info, warn or error")
	command.Flags().StringVar(&l.file, "log-file", "",
		"a file that the log is appended to; without it the log goes to stderr")
}

func serveCommand() *cobra.Command {
	var log logging
	command := &cobra.Command{
		Use:   "serve",
		Short: "Serve one editor over stdin and stdout (LSP)",
		Args:  noArgs,
		RunE:  func(command *cobra.Command, _ []string) error { return serve(command.Context(), log) },
	}
	command.Flags().Bool("stdio", true, "talk over stdin and stdout, which is the only way there is")
	log.flags(command)
	return command
}

// serve keeps stdout for messages: whatever else is printed goes to stderr, where the log is.
func serve(ctx context.Context, to logging) error {
	log, closeLog, err := to.open()
	if err != nil {
		return err
	}
	defer closeLog()
	out := os.Stdout
	os.Stdout = os.Stderr
	// A client that is gone ends the server by an exit code and a log line, not by a signal.
	signal.Ignore(syscall.SIGPIPE)
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGTERM, os.Interrupt)
	defer stop()
	// Some editors signal the server and then its whole group: the second signal must not take the exit code away.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGTERM, os.Interrupt)
	if code := server.Run(ctx, os.Stdin, out, server.Options{
		Log: log, Version: version(), Resolver: newResolver(), Scanner: scanner.Runner{},
	}); code != 0 {
		return exitCode(code)
	}
	return nil
}

// open opens the log.
func (l logging) open() (log *slog.Logger, done func() error, err error) {
	level, err := l.slogLevel()
	if err != nil {
		return nil, nil, err
	}
	to, done := io.Writer(os.Stderr), func() error { return nil }
	if l.file != "" {
		file, err := os.OpenFile(l.file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			return nil, nil, fmt.Errorf("--log-file: %w", err)
		}
		to, done = file, file.Close
	}
	return slog.New(slog.NewTextHandler(to, &slog.HandlerOptions{Level: level})), done, nil
}

func (l logging) slogLevel() (slog.Level, error) {
	switch strings.ToLower(l.level) {
	case "debug":
		return slog.LevelDebug, nil
	case "info":
		return slog.LevelInfo, nil
	case "warn":
		return slog.LevelWarn, nil
	case "error":
		return slog.LevelError, nil
	}
	return 0, fmt.Errorf("--log-level %s is unknown: write debug, info, warn or error", l.level)
}
