//go:build unix

package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// limitFiles keeps the process from writing more than so many bytes into a file, as on a disk that is full.
func limitFiles(bytes string) {
	most, err := strconv.ParseUint(bytes, 10, 32)
	if err == nil {
		err = syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: most, Max: most})
	}
	if err != nil {
		panic(err)
	}
}

// TestFullDisk holds that what cannot be written is said, costs nothing that was there, and leaves nothing behind; and that
// what registries say and what is logged can do without a disk.
func TestFullDisk(t *testing.T) {
	long := strings.Repeat("# long\n", 500)
	for title, test := range map[string]struct {
		limit                      int
		args, says, fails, changed string
		code                       int
	}{
		"fix": {
			2000, "fix", "1 finding mended in 1 file.\n", "write Dockerfile: file too large", "work/small.Dockerfile", 2,
		},
		"harden": {
			2500, "harden --config=settings.yaml Dockerfile", "", "file too large; written before: ",
			"work/.dockerignore work/server.js", 2,
		},
		"nothing fits": {
			10, "harden --config=settings.yaml Dockerfile", "", "file too large", "", 2,
		},
		"the cache": {
			20, "fix --diff --rule=base-image-without-digest Dockerfile", "+FROM ", "", "ran/docker-credential-test", 1,
		},
	} {
		t.Run(title, func(t *testing.T) {
			files := unhardened()
			files["Dockerfile"] = long + strings.Replace(files["Dockerfile"], "node:24-alpine", "HOST/node:24", 1)
			if title == "fix" {
				files["small.Dockerfile"] = "FROM scratch\nCMD a b\n"
			}
			m := newMachine(t, withOneImage, files)
			m.limit = test.limit
			before := m.state()
			got := m.run(strings.Fields(test.args)...)
			got.stderr = strings.ReplaceAll(got.stderr, m.root+"/", "")
			if changed := strings.Join(m.changed(before), " "); changed != test.changed {
				t.Errorf("changed %q, want %q", changed, test.changed)
			}
			if got.code != test.code || !strings.Contains(got.stdout, test.says) ||
				!strings.Contains(got.stderr, test.fails) {
				t.Errorf("%+v", got)
			}
		})
	}
}

// TestFullLog holds that a session goes on when its log cannot be written any more.
func TestFullLog(t *testing.T) {
	m := newMachine(t, nil, unhardened())
	m.limit = 300
	log := filepath.Join(m.root, "log")
	s := m.serve(object{}, "--log-level=debug", "--log-file="+log)
	s.open()
	for range 20 {
		check(t, s.client.Call(t.Context(), "textDocument/diagnostic", object{"textDocument": s.document()}, nil))
	}
	s.end()
	if info, err := os.Stat(log); err != nil || info.Size() != 300 {
		t.Error(fmt.Sprint(err, info.Size()))
	}
}
