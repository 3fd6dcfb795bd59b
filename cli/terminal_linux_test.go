package cli

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
	"unsafe"
)

// terminal opens both ends of a terminal.
func terminal(t *testing.T) (screen, program *os.File) {
	t.Helper()
	screen, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("SKIPPED, NOT TESTED: no terminal can be made: %v", err)
	}
	t.Cleanup(func() { screen.Close() })
	var number, unlock int32
	for request, value := range map[uintptr]*int32{syscall.TIOCGPTN: &number, syscall.TIOCSPTLCK: &unlock} {
		_, _, errno := syscall.Syscall(syscall.SYS_IOCTL, screen.Fd(), request, uintptr(unsafe.Pointer(value)))
		if errno != 0 {
			t.Fatal(errno)
		}
	}
	program, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	check(t, err)
	t.Cleanup(func() { program.Close() })
	return screen, program
}

// TestPatchOnTerminal holds that a terminal obeys nothing of a patch.
func TestPatchOnTerminal(t *testing.T) {
	run(t, map[string]string{"Dockerfile": "FROM scratch\n# \x1b[2J\u202e\nCMD a b\n"})
	screen, program := terminal(t)
	root := rootCommand(tourFiles)
	root.SetOut(program)
	root.SetArgs([]string{"fix", "--diff"})
	if err := root.Execute(); err != exitCode(1) {
		t.Error(err)
	}
	lines := bufio.NewScanner(screen)
	for lines.Scan() && !strings.HasPrefix(lines.Text(), "+CMD") {
		if strings.HasPrefix(lines.Text(), " #") {
			if got := strings.TrimRight(lines.Text(), "\r"); got != ` # \x1b[2J\u202e` {
				t.Errorf("%q", got)
			}
			return
		}
	}
	t.Error("the line did not come")
}
