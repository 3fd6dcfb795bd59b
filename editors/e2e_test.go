package editors

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// runSuites runs editors/e2e/run.sh where nothing is installed and nothing can be, and returns its exit code and its lines.
func runSuites(t *testing.T, suites ...string) (code int, lines []string) {
	t.Helper()
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("SKIPPED, NOT TESTED: there is no bash")
	}
	bare := t.TempDir()
	for _, tool := range []string{"dirname", "readlink", "mktemp", "rm", "tee", "tail", "grep"} {
		program, err := exec.LookPath(tool)
		if err != nil {
			t.Skip("SKIPPED, NOT TESTED: ", err)
		}
		if err := os.Symlink(program, filepath.Join(bare, tool)); err != nil {
			t.Fatal(err)
		}
	}
	command := exec.Command(bash, append([]string{"e2e/run.sh"}, suites...)...)
	command.Env = []string{"PATH=" + bare, "HOME=" + bare}
	out, err := command.CombinedOutput()
	if err != nil && !errors.As(err, new(*exec.ExitError)) {
		t.Fatal(err)
	}
	return command.ProcessState.ExitCode(), strings.Split(strings.TrimSpace(string(out)), "\n")
}

// TestSuitesAreKnown holds that a suite that there is not is an error, and not a run of nothing.
func TestSuitesAreKnown(t *testing.T) {
	for _, name := range []string{"vscode", "nvim=neovim", "vim.sh vim=vim", ""} {
		code, lines := runSuites(t, name)
		if code != 2 || !strings.HasPrefix(lines[0], "there is no suite "+name+": nvim.sh ") {
			t.Errorf("%q: %d, %q", name, code, lines)
		}
	}
}

// TestSkippedSuitesDoNotPass holds that nobody takes for a pass what was not tested.
func TestSkippedSuitesDoNotPass(t *testing.T) {
	code, lines := runSuites(t, "vim.sh", "helix.sh")
	end := strings.Join(lines[max(0, len(lines)-5):], "\n")
	want := regexp.MustCompile(`^skipped: vim.sh as a whole: .*
skipped: helix.sh as a whole: .*
FAILED nothing was tested
2 skipped
0 passed, 1 failed$`)
	if code != 1 || !want.MatchString(end) {
		t.Errorf("%d:\n%s", code, strings.Join(lines, "\n"))
	}
}
