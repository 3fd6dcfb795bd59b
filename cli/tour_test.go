package cli

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"dockerfile-ls/analysis/golden"
)

// tourFiles are what the binary embeds, by an absolute path: the tests leave this folder.
var tourFiles = func() fs.FS {
	root, err := filepath.Abs("..")
	if err != nil {
		panic(err)
	}
	return os.DirFS(root)
}()

// TestTour holds that the session goes as recorded, and records it with -update.
func TestTour(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	var out, problems bytes.Buffer
	err := tour(t.Context(), &out, &problems, tourFiles)
	transcript, end, _ := strings.Cut(out.String(), "\nThe folder is ")
	golden.Check(t, "../"+tourTranscript, []byte(transcript))
	if err == nil && !strings.Contains(end, "dockerfile-ls serve") {
		t.Errorf("the end is %q", end)
	}
}

// TestTourGoesOtherwise holds that the command notices a session that does not go as recorded.
func TestTourGoesOtherwise(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	files := fstest.MapFS{
		tourFolder + "/Dockerfile": {Data: []byte("FROM scratch\n")},
		tourRegistry:               {Data: []byte("{}")},
		tourTranscript:             {Data: []byte("otherwise")},
	}
	var out, problems bytes.Buffer
	if err := tour(t.Context(), &out, &problems, files); err != exitCode(1) || !strings.Contains(problems.String(), "did not go as recorded") {
		t.Errorf("%v, %s", err, problems.String())
	}
}
