package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"dockerfile-ls/analysis/registry"
)

// tourFolder and tourTranscript are what the binary carries along for the tour.
const (
	tourFolder     = "testdata/tour/app"
	tourRegistry   = "testdata/tour/registry.json"
	tourTranscript = "testdata/tour/transcript.txt"
)

func tourCommand(files fs.FS) *cobra.Command {
	return &cobra.Command{
		Use:   "tour",
		Short: "Show a language server session on the cheat sheet's first Dockerfile",
		Long: "Show a language server session on the cheat sheet's first Dockerfile: what an editor would show, and what each\n" +
			"offered fix makes of it. The server runs in this process. No network is asked: what a registry would say is recorded.\n" +
			"The exit code is 0 if everything goes as the recorded transcript says, else 1.",
		Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			return tour(command.Context(), command.OutOrStdout(), command.ErrOrStderr(), files)
		},
	}
}

// tour prints the session, and compares it with the transcript.
func tour(ctx context.Context, out, problems io.Writer, files fs.FS) error {
	folder, err := os.MkdirTemp("", "dockerfile-ls-tour")
	if err != nil {
		return err
	}
	app, err := fs.Sub(files, tourFolder)
	if err != nil {
		return err
	}
	if err := os.CopyFS(folder, app); err != nil {
		return errors.Join(err, os.RemoveAll(folder))
	}
	record, err := recorded(files)
	if err != nil {
		return errors.Join(err, os.RemoveAll(folder))
	}
	var transcript bytes.Buffer
	if err := guide(ctx, io.MultiWriter(out, &transcript), folder, record); err != nil {
		return errors.Join(err, os.RemoveAll(folder))
	}
	fmt.Fprintf(out, "\nThe folder is %s: open %s in an editor that runs `dockerfile-ls serve`.\n", folder, filepath.Join(folder, "Dockerfile"))
	want, err := fs.ReadFile(files, tourTranscript)
	if err != nil {
		return err
	}
	if !bytes.Equal(transcript.Bytes(), want) {
		fmt.Fprintln(problems, "Error: the session did not go as recorded in", tourTranscript)
		return exitCode(1)
	}
	return nil
}

// recorded is what registries have said when the tour was made.
func recorded(files fs.FS) (record registry.Recorded, err error) {
	source, err := fs.ReadFile(files, tourRegistry)
	if err != nil {
		return nil, err
	}
	return record, json.Unmarshal(source, &record)
}
