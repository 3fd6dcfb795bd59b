package cli

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"dockerfile-ls/analysis/image"
	"dockerfile-ls/analysis/registry"
)

// What the binary carries along for the tour: a project, the steps through the cheat sheet that are laid over it, what
// registries and scanners would say, and how the session goes.
const (
	tourFolder     = "testdata/tour"
	tourProject    = tourFolder + "/project"
	tourRegistry   = tourFolder + "/registry.json"
	tourScan       = tourFolder + "/scan.json"
	tourTranscript = tourFolder + "/transcript.txt"
)

const tourHelp = `Show language server sessions on the Dockerfiles of the cheat sheet: section by section what an editor would show,
and then what each offered fix makes of the first of them. The server runs in this process. No network is asked and
no scanner is run: what they would say is recorded. The exit code is 0 if everything goes as the recorded transcript
says, else 1.`

func tourCommand(files fs.FS) *cobra.Command {
	return &cobra.Command{
		Use:   "tour",
		Short: "Show language server sessions on the Dockerfiles of the cheat sheet",
		Long:  tourHelp,
		Args:  noArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			return tour(command.Context(), command.OutOrStdout(), command.ErrOrStderr(), files)
		},
	}
}

// tour prints the sessions, and compares them with the transcript.
func tour(ctx context.Context, out, problems io.Writer, files fs.FS) error {
	records, err := readRecords(files)
	if err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "dockerfile-ls-tour")
	if err != nil {
		return err
	}
	var transcript bytes.Buffer
	if err := guide(ctx, io.MultiWriter(out, &transcript), files, folder, records); err != nil {
		return errors.Join(err, os.RemoveAll(folder))
	}
	first := filepath.Join(folder, steps(files)[0])
	fmt.Fprintf(out, "\nThe folder is %s: open %s in an editor that runs `dockerfile-ls serve`.\n", first,
		filepath.Join(first, "Dockerfile"))
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

// steps are the folders with the Dockerfiles of the cheat sheet, in their order: each begins with the number of its section.
func steps(files fs.FS) []string {
	entries, _ := fs.ReadDir(files, tourFolder)
	var names []string
	for _, e := range entries {
		if e.IsDir() && e.Name()[0] >= '0' && e.Name()[0] <= '9' {
			names = append(names, e.Name())
		}
	}
	// 10-final stands behind 10a.
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Compare(strings.Replace(a, "-", "~", 1), strings.Replace(b, "-", "~", 1))
	})
	return names
}

// lay makes the folder of a step: the project, with the step's own files over it.
func lay(files fs.FS, step, folder string) error {
	for _, layer := range []string{tourProject, path.Join(tourFolder, step)} {
		err := fs.WalkDir(files, layer, func(name string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			text, err := fs.ReadFile(files, name)
			if err != nil {
				return err
			}
			return os.WriteFile(filepath.Join(folder, path.Base(name)), text, 0o644)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// records are what would be asked and run.
type records struct {
	registry registry.Recorded
	scan     image.Scan
}

func readRecords(files fs.FS) (r records, err error) {
	for name, into := range map[string]any{tourRegistry: &r.registry, tourScan: &r.scan} {
		source, err := fs.ReadFile(files, name)
		if err != nil {
			return r, err
		}
		if err := json.Unmarshal(source, into); err != nil {
			return r, fmt.Errorf("%s: %w", name, err)
		}
	}
	return r, nil
}

// Scan answers with the recorded scan for every image.
func (r records) Scan(_ context.Context, _, reference string) (image.Scan, error) {
	scan := r.scan
	scan.Image = reference
	return scan, nil
}
